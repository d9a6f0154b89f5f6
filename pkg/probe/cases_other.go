package probe

import (
	"net/http"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

func networkCases() []Case {
	derived := func(id, title, sends, wants, why, fix string) Case {
		return Case{ID: "net." + id, Title: title, Group: GroupNetwork, Severity: High, Sends: sends, Wants: wants, Why: why, Fix: fix}
	}
	const nothing = "nothing of its own; the first request tells"
	return []Case{
		derived("https", "The endpoint must be reached over HTTPS", nothing, "https://, or a loopback address",
			"Pocketbook requires HTTPS. Over plain HTTP everybody on the way reads the events and can replay them.",
			"serve the endpoint over HTTPS, and register its https:// URL"),
		derived("cert", "The certificate must be valid", nothing, "a chain to a trusted root, for this host, within its dates",
			"A sender that checks certificates, as it should, delivers nothing to an endpoint whose certificate is not valid.",
			"renew the certificate, and serve it with its intermediate certificates; let a tool renew it from now on"),
		derived("redirect", "A delivery must not be redirected", nothing, "no 3xx",
			"A redirect is a failed delivery: to follow it would carry the signed event to another place.",
			"register the final URL: with the right scheme, host and slash at the end"),
	}
}

func eventCases() []Case {
	coming := func(id string, severity Severity, title, sends, why, fix string, write func(*sheet) draft) Case {
		return Case{
			ID: "ev." + id, Title: title, Group: GroupEvents, Severity: severity, Sends: sends, Wants: "2xx", Why: why, Fix: fix,
			want: wantAccepted, stage: stageAccept, make: write,
		}
	}
	return []Case{
		coming("unknown", High, "A new event type must be accepted", "an event of the type artwork.framed, which there is not yet",
			"Pocketbook adds types. An endpoint that refuses what it does not handle has it delivered again and again.",
			"answer 2xx to every type, and pass over those that are not handled", func(s *sheet) draft {
				return s.signed(s.form.finish(set(s.event, "type", `"artwork.framed"`)))
			}),
		coming("extra", Medium, "New fields must be accepted", "an event with new fields, one of them called __proto__",
			"Pocketbook adds fields. A schema that allows no others breaks on that day, and __proto__ must not reach a prototype.",
			"ignore fields that are not known; never merge a payload into an object of your own", func(s *sheet) draft {
				body := s.form.finish(set(set(s.event, "pbhook", `{"new":true}`), "data.pbhook", "true"))
				proto := s.form.finish([]byte(`,"__proto__":{"admin":true}}`))
				return s.signed(append(body[:len(body)-1:len(body)-1], proto...))
			}),
	}
}

func repeatCases() []Case {
	return []Case{{
		ID: "idem.dup", Title: "An event that comes again must be accepted, and handled once", Group: GroupRepeats, Severity: High,
		Sends: "an event twice, then another ten times at once", Wants: "2xx to each; each event handled once",
		Why:   "Pocketbook delivers again whenever an answer is lost or late. A repeated event that is refused comes back, one that is handled twice mints, pays or mails twice.",
		Fix:   "insert the event's id under a unique key in the transaction that does the work, and answer 2xx if it is there already",
		want:  wantAccepted,
		stage: stageRepeat,
	}}
}

func httpCases() []Case {
	method := func(name string, write func(*sheet) draft) Case {
		return Case{
			ID: "meth." + strings.ToLower(name), Title: name + " must not be taken for a delivery", Group: GroupHTTP, Severity: Medium,
			Sends: name, Wants: "404 or 405",
			Why:  "Deliveries are POST. An endpoint that acts on other methods can be called by links, crawlers and caches.",
			Fix:  "route POST alone to the handler, and answer 405 to the rest",
			want: wantNoMethod, stage: stageRisky, make: write,
		}
	}
	framed := func(id, title, sends, why, fix string, f framing, framing ...capture.Field) Case {
		return Case{
			ID: "http." + id, Title: title, Group: GroupHTTP, Severity: Medium, Sends: sends, Wants: "2xx", Why: why, Fix: fix,
			want: wantAccepted, stage: stageAccept,
			make: func(s *sheet) draft {
				d := s.signed(s.body())
				d.framing = f
				d.request.Header = append(d.request.Header, framing...)
				return d
			},
		}
	}
	chunked := framed("chunked", "A chunked body must be accepted", "the body in chunks, without Content-Length",
		"Proxies and HTTP libraries send bodies in chunks (RFC 9112, section 7.1).",
		"read the body to its end, and not as many bytes as Content-Length says", frameChunked,
		capture.Field{Name: "Transfer-Encoding", Value: "chunked"})
	plain := chunked.make
	chunked.make = func(s *sheet) draft {
		d := plain(s)
		d.request = without(d.request, "Content-Length")
		return d
	}
	return []Case{
		method(http.MethodGet, func(s *sheet) draft {
			d := s.unsigned(nil)
			d.request = without(d.request, "Content-Length", "Content-Type")
			d.request.Method = http.MethodGet
			return d
		}),
		method(http.MethodPut, func(s *sheet) draft {
			d := s.signed(s.body())
			d.request.Method = http.MethodPut
			return d
		}),
		chunked,
		framed("expect", "A sender that waits for 100 Continue must be answered", "Expect: 100-continue, and the body after a second at the latest",
			"Some senders ask before they send a body (RFC 9110, section 10.1.1).",
			"let the server answer 100 Continue, as most do on their own; a proxy before it may have to be told", frameExpect,
			capture.Field{Name: "Expect", Value: "100-continue"}),
		framed("slow", "A body that takes a second to arrive must be accepted", "the body in ten pieces, over one second",
			"Networks are slow at times. An endpoint that reads once and takes what is there verifies half a body.",
			"read the body to its end; let the time limit for a request be at least ten seconds", frameSlow),
	}
}

func bodyCases() []Case {
	sized := func(id string, severity Severity, title, sends string, size int) Case {
		return Case{
			ID: "size." + id, Title: title, Group: GroupBodies, Severity: severity, Sends: sends, Wants: "2xx",
			Why:  "An event of a bulk job holds a link for each voucher, so it grows with the job.",
			Fix:  "raise the body limit of the framework and of the proxy before it to 1 MiB",
			want: wantAccepted, stage: stageAccept,
			make: func(s *sheet) draft { return s.signed(s.form.finish(padded(s.event, size))) },
		}
	}
	risky := func(id, title, sends, why, fix string, want want, write func(*sheet) draft) Case {
		c := refused(id, GroupBodies, Medium, title, sends, why, fix, write)
		c.want, c.stage = want, stageRisky
		return c
	}
	depth := risky("body.depth", "Deep nesting must not take the endpoint down", "an event with 30,000 nested arrays, signed",
		"A parser that calls itself for every level runs out of stack: an exception that nobody catches, or the end of the process.",
		"catch what the parser throws and answer 400", wantNoCrash,
		func(s *sheet) draft { return s.signed(s.holding(nested(30_000))) })
	depth.Wants = "any answer but 5xx"
	flood := risky("size.5m", "An unsigned body of 5 MiB must be refused at once", "a body of 5 MiB without a signature",
		"Nobody who cannot sign should be able to fill memory or keep the endpoint busy.",
		"limit the body to about 1 MiB, and answer 413 above that", wantRefused,
		func(s *sheet) draft { return s.unsigned(s.form.finish(padded(s.event, 5<<20))) })
	flood.Wants, flood.fast = "4xx within 5 s", true
	return []Case{
		sized("90k", Medium, "A body of 90 KiB must be accepted", "a body of 90 KiB, signed", 90<<10),
		sized("256k", Info, "A body of 256 KiB must be accepted", "a body of 256 KiB, signed", 256<<10),
		flood,
		risky("body.empty", "An empty body must be refused", "no body at all, signed",
			"Nothing is no event. A 500 has it delivered again.",
			"answer 400 to what is no event, whatever the parser says of it", wantRefused,
			func(s *sheet) draft { return s.signed(nil) }),
		risky("body.malformed", "A body that is no JSON must be refused", "a body that is cut off in the middle, signed",
			"What cannot be read cannot have been handled: 2xx says that it was, and a 500 has it delivered again.",
			"catch what the parser throws and answer 400", wantRefused,
			func(s *sheet) draft {
				body := s.body()
				return s.signed(body[:len(body)/2])
			}),
		depth,
	}
}

func endCases() []Case {
	return []Case{{
		ID: "end.alive", Title: "The endpoint must still accept valid events", Group: GroupEnd, Severity: Critical,
		Sends: "an event as Pocketbook sends it, after all others", Wants: "2xx",
		Why:  "What anybody can send must not take the endpoint down, nor have it refuse the real sender.",
		Fix:  "read the endpoint's log around the cases that got no answer; catch every error of a request within the request",
		want: wantAccepted, stage: stageEnd,
		make: func(s *sheet) draft { return s.signed(s.body()) },
	}}
}
