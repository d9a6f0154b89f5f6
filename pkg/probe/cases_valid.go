package probe

import (
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// rawBody is the remedy that most cases about the bytes of a body share.
const rawBody = "verify the bytes of the request as they arrived, before anything parses, trims or decodes them"

func validCases() []Case {
	valid := func(id string, severity Severity, title, sends, why string, write func(*sheet) draft) Case {
		return Case{
			ID: "ok." + id, Title: title, Group: GroupValid, Severity: severity, Sends: sends, Wants: "2xx", Why: why,
			Fix: rawBody, RawBody: true, want: wantAccepted, stage: stageAccept, make: write,
		}
	}
	plain := valid("compact", Critical, "A valid event must be accepted", "an event as Pocketbook sends it, once for each event type",
		"Events that are refused never arrive, and Pocketbook delivers them again and again.",
		func(s *sheet) draft { return s.signed(s.body()) })
	plain.stage = stageGate
	plain.Fix = "accept every event whose signature holds; check that the endpoint has the signing secret of this webhook and that it verifies the raw body"
	upper := valid("case", High, "The header's name must count in any case", "the signature header written X-WEBHOOK-SIGNATURE",
		"Header names have no case (RFC 9110, section 5.1), and proxies rewrite it: HTTP/2 knows lower case only.",
		func(s *sheet) draft {
			d := s.signed(s.body())
			for i, field := range d.request.Header {
				if field.Name == signature.HeaderName {
					d.request.Header[i].Name = strings.ToUpper(field.Name)
				}
			}
			return d
		})
	upper.RawBody = false
	upper.Fix = "look the header up without regard to case, by the function that the framework has for it"
	return []Case{
		plain,
		valid("pretty", Critical, "An indented body must be accepted", "a body indented by two spaces",
			"White space is part of what was signed. Whoever parses the body and writes it anew verifies another text.",
			func(s *sheet) draft { return s.signed(indented(compact(s.body()))) }),
		valid("numbers", High, "Numbers must keep the text they were sent in", "the numbers 1.0, 1e2 and one of twenty digits",
			"A parser turns 1.0 into 1 and rounds long numbers, so the text that is verified is no longer the one that was signed.",
			func(s *sheet) draft { return s.signed(s.holding(`[1.0,1e2,12345678901234567890]`)) }),
		valid("unicode", High, "Escapes and emoji must keep the text they were sent in", `the escapes \u00e9 and \/, and an emoji`,
			"A parser turns escapes into characters, and a serialiser may turn characters into escapes.",
			func(s *sheet) draft { return s.signed(s.holding(`"\u00e9 \/ 😀"`)) }),
		valid("intkeys", High, "Keys must keep their order", `an object with the keys "2" and "1", in this order`,
			"JavaScript puts keys that are numbers first and in order, other languages sort all keys or shuffle them.",
			func(s *sheet) draft { return s.signed(s.holding(`{"2":"b","1":"a"}`)) }),
		valid("dupkeys", Medium, "A key that comes twice must do no harm", "an object in which a key comes twice",
			"JSON allows it (RFC 8259, section 4). A parser keeps one of the two, and one that refuses makes Pocketbook deliver again.",
			func(s *sheet) draft { return s.signed(s.holding(`{"twice":1,"twice":2}`)) }),
		valid("newline", High, "A line feed at the end of the body must be kept", "a body that ends in a line feed",
			"The line feed is part of what was signed. Reading line by line or trimming loses it.",
			func(s *sheet) draft { return s.signed(append(s.body(), '\n')) }),
		valid("crlf", Medium, "Carriage returns in the body must be kept", "a body whose lines end in CR LF",
			"Carriage returns are part of what was signed. Text modes and form decoders turn them into line feeds.",
			func(s *sheet) draft { return s.signed(crlf(compact(s.body()))) }),
		upper,
	}
}

func headerCases() []Case {
	header := func(id string, severity Severity, title, sends, why, fix string, value func(s *sheet, t, good, bad string) string) Case {
		return Case{
			ID: id, Title: title, Group: GroupHeader, Severity: severity, Sends: sends, Wants: "2xx", Why: why, Fix: fix,
			want: wantAccepted, stage: stageAccept,
			make: func(s *sheet) draft {
				body, t := s.body(), s.t()
				return s.headed(body, value(s, t, s.mac(t, body), s.wrongMAC(body)))
			},
		}
	}
	const (
		everyV1 = "collect every v1 of the header and accept the event if any of them matches; a map keeps only one of them"
		rotates = "While a secret is rotated, a delivery carries a v1 for the old and one for the new secret. An endpoint that looks at one of them refuses every event until it has the other secret."
		skips   = "split each part at its first equals sign, take t and v1, and pass over every other name"
	)
	return []Case{
		header("hdr.order", Medium, "The header's parts must be taken in any order", "v1 before t",
			"The format is a list of names and values. An endpoint that counts on their order breaks with the sender's next release.",
			"read the parts by name, not by place",
			func(_ *sheet, t, good, _ string) string { return "v1=" + good + ",t=" + t }),
		header("rot.first", High, "A good v1 before a bad one must be found", "t, a good v1, then a bad one", rotates, everyV1,
			func(_ *sheet, t, good, bad string) string { return "t=" + t + ",v1=" + good + ",v1=" + bad }),
		header("rot.last", High, "A good v1 behind a bad one must be found", "t, a bad v1, then a good one", rotates, everyV1,
			func(_ *sheet, t, good, bad string) string { return "t=" + t + ",v1=" + bad + ",v1=" + good }),
		header("fwd.scheme", High, "Schemes beside v1 must be passed over", "t, v0, v1 and v2",
			"A sender introduces a new scheme beside the old one. An endpoint that refuses what it does not know is cut off on that day.", skips,
			func(_ *sheet, t, good, bad string) string {
				return "t=" + t + ",v0=" + bad + ",v1=" + good + ",v2=" + bad
			}),
		header("fwd.equals", Info, "A value with equals signs must be passed over", "t, v1 and v2=abc==",
			"Base64 ends in equals signs. Whoever splits at every one of them breaks on a scheme that uses it.", skips,
			func(_ *sheet, t, good, _ string) string { return "t=" + t + ",v1=" + good + ",v2=abc==" }),
	}
}

func timeCases() []Case {
	at := func(id string, severity Severity, title, sends, why, fix string, want want, shift time.Duration) Case {
		c := Case{
			ID: "time." + id, Title: title, Group: GroupTime, Severity: severity, Sends: sends, Wants: "4xx", Why: why, Fix: fix,
			want: want, stage: stageRefuse,
			make: func(s *sheet) draft { return s.signedAt(s.body(), s.now.Add(shift)) },
		}
		if want == wantAccepted {
			c.Wants, c.stage = "2xx", stageAccept
		}
		c.edge = -6*time.Minute < shift && shift < 0
		return c
	}
	const tolerance = "accept t from 300 seconds ago to 300 seconds ahead, by a clock that is set by NTP"
	milliseconds := at("ms", Medium, "A time in milliseconds must be refused", "t in milliseconds, signed",
		"In milliseconds t lies 50,000 years ahead. Whoever accepts it does not check the future, or not the time at all.",
		"check that t is at most 12 digits and not over 300 seconds ahead", wantRefused, 0)
	milliseconds.make = func(s *sheet) draft {
		body, t := s.body(), s.t()+"000"
		return s.headed(body, "t="+t+",v1="+s.mac(t, body))
	}
	return []Case{
		at("240", Medium, "An event signed 240 s ago must be accepted", "an event signed 240 seconds ago",
			"The guide tolerates five minutes, which queues and clocks that differ use up.", tolerance, wantAccepted, -240*time.Second),
		at("330", Critical, "An event signed 330 s ago must be refused", "an event signed 330 seconds ago",
			"Without a limit whoever gets hold of one delivery can replay it for ever.", tolerance, wantRefused, -330*time.Second),
		at("future", Medium, "An event signed 600 s ahead must be refused", "an event signed 600 seconds ahead",
			"A delivery from the future stays valid longer than five minutes, so it can be replayed for longer.",
			"take the absolute difference of t and now", wantRefused, 600*time.Second),
		milliseconds,
		{
			ID: "time.fast", Title: "Valid events must be answered within 5 s", Group: GroupTime, Severity: High,
			Sends: "nothing of its own; the answers to all valid events count", Wants: "95 of 100 answers under 5 s, none over 30 s",
			Why: "Pocketbook wants an answer within 5 seconds and gives up after 30. An event that timed out is delivered again.",
			Fix: "answer 2xx as soon as the event is stored, and handle it afterwards in a queue or background job",
		},
	}
}
