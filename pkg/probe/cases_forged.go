package probe

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func refused(id string, group Group, severity Severity, title, sends, why, fix string, write func(*sheet) draft) Case {
	return Case{
		ID: id, Title: title, Group: group, Severity: severity, Sends: sends, Wants: "4xx", Why: why, Fix: fix,
		want: wantRefused, stage: stageRefuse, make: write,
	}
}

func forgeryCases() []Case {
	forged := func(id string, severity Severity, title, sends, why, fix string, write func(*sheet) draft) Case {
		return refused("auth."+id, GroupForgery, severity, title, sends, why, fix, write)
	}
	const (
		compute = "compute HMAC-SHA256 of t, a full stop and the raw body under the whole secret, and compare it with each v1 in constant time"
		anybody = "Whoever knows the URL can send events that never happened."
	)
	return []Case{
		forged("none", Critical, "An event without a signature must be refused", "a valid event without the signature header",
			anybody, "refuse with 401 when the header is missing", func(s *sheet) draft { return s.unsigned(s.body()) }),
		forged("garbage", High, "A header that is no signature must be refused", "the signature header with the value foo",
			anybody, "refuse with 401 what has no t and no v1", func(s *sheet) draft { return s.headed(s.body(), "foo") }),
		forged("secret", Critical, "A signature under another secret must be refused", "an event signed with another secret",
			anybody, compute, func(s *sheet) draft {
				body := s.body()
				return s.headed(body, "t="+s.t()+",v1="+s.wrongMAC(body))
			}),
		forged("body", Critical, "A body that was changed must be refused", "a body of which one byte was changed after it was signed",
			"Whoever gets hold of one delivery can change what it says.", compute, func(s *sheet) draft {
				d := s.signed(s.body())
				d.request.Body = changed(d.request.Body)
				return d
			}),
		forged("bodyonly", Critical, "A signature of the body alone must be refused", "a MAC of the body without t",
			"If t is not signed it can be set anew, and an old delivery is valid again.", compute, func(s *sheet) draft {
				body := s.body()
				return s.headed(body, "t="+s.t()+",v1="+s.macOf(body))
			}),
		forged("tswap", Critical, "An old signature under a new time must be refused", "a signature from 400 seconds ago under the t of now",
			"If t is not signed it can be set anew, and an old delivery is valid again.", compute, func(s *sheet) draft {
				body := s.body()
				old := s.signedAt(body, s.now.Add(-400*time.Second)).request.Values(signature.HeaderName)[0]
				_, v1, _ := strings.Cut(old, ",")
				return s.headed(body, "t="+s.t()+","+v1)
			}),
		forged("v0", Critical, "A signature under another scheme alone must be refused", "the right MAC as v0, and no v1",
			"A scheme that is weaker, or for tests, must not be enough for whoever wants to forge.", "accept v1 and nothing else", func(s *sheet) draft {
				body := s.body()
				return s.headed(body, "t="+s.t()+",v0="+s.mac(s.t(), body))
			}),
		forged("emptykey", Critical, "A signature under an empty secret must be refused", "an event signed with the empty secret",
			"An endpoint whose secret is not set verifies with an empty one, and so can everybody sign.",
			"refuse to start without a secret", func(s *sheet) draft {
				body := s.body()
				mac := signature.Secret{}.MAC(s.t(), body)
				return s.headed(body, "t="+s.t()+",v1="+hex.EncodeToString(mac[:]))
			}),
		forged("shift", High, "A time that holds a part of the body must be refused",
			"a signature over <now>.{.<event>, with t=<now>.{ and the event as the body",
			"t and body are joined by a full stop. Where t may hold anything, the same signature covers another body than the one that was signed.",
			"accept t only as 1 to 12 digits, before anything is computed", func(s *sheet) draft {
				t, body := s.t()+".{", s.body()
				return s.headed(body, "t="+t+",v1="+s.mac(t, body))
			}),
	}
}

// changed puts another digit or letter in the place of the last one, so that the body stays JSON.
func changed(body []byte) []byte {
	out := slices.Clone(body)
	for i := len(out) - 1; i >= 0; i-- {
		switch c := out[i]; {
		case '0' <= c && c < '9', 'a' <= c && c < 'f':
			out[i]++
			return out
		case c == '9', c == 'f':
			out[i]--
			return out
		}
	}
	return append(out, ' ')
}

func malformedCases() []Case {
	malformed := func(id string, severity Severity, title, sends, why, fix string, write func(*sheet) draft) Case {
		return refused("mal."+id, GroupMalformed, severity, title, sends, why, fix, write)
	}
	return []Case{
		malformed("not", Medium, "A signature without a time must be refused", "v1 without t",
			"Without a time nothing says how old the delivery is.", "refuse with 401 when there is no t", func(s *sheet) draft {
				body := s.body()
				return s.headed(body, "v1="+s.mac(s.t(), body))
			}),
		malformed("nan", Medium, "A time that is no number must be refused", "t=abc, signed",
			"In JavaScript every comparison with NaN is false, so a check such as age > 300 lets it through: the delivery never grows old.",
			"accept t only as 1 to 12 digits", func(s *sheet) draft {
				body := s.body()
				return s.headed(body, "t=abc,v1="+s.mac("abc", body))
			}),
		malformed("short", High, "A signature that was cut short must be refused", "the first 62 of the 64 digits of v1",
			"Whoever compares prefixes can be fed shorter and shorter ones, until a guess is enough.",
			"accept v1 only as 64 hex digits", func(s *sheet) draft {
				body := s.body()
				return s.headed(body, "t="+s.t()+",v1="+s.mac(s.t(), body)[:62])
			}),
		malformed("latin1", Medium, "A signature outside ASCII must be refused", "v1 of 64 bytes that are not ASCII",
			"Functions that compare text in constant time may fail on it. An error that nobody catches is a 500, and a way to fill the log.",
			"decode v1 from hex before it is compared, and answer 401 where that fails", func(s *sheet) draft {
				return s.headed(s.body(), "t="+s.t()+",v1="+strings.Repeat("\xe9", 64))
			}),
	}
}
