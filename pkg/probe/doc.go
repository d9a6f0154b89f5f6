// Package probe attacks a webhook endpoint to tell whether it is safe to ship: it sends what Pocketbook sends, what careless
// proxies make of it and what forgers try, and gives a verdict for every case from the endpoint's answers alone.
//
//	prober, err := probe.New(probe.Options{
//		Endpoint: "http://localhost:3000/webhooks/pocketbook",
//		Secret:   secret,
//		Events:   messages, // documented samples, for example
//	})
//	…
//	fmt.Println("at most", prober.Plan().Max, "requests")
//	report := prober.Run(ctx, nil)
//	for _, result := range report.Failed() {
//		fmt.Println(result.Case.ID, result.Reason)
//	}
//
// A verdict has to mean something, so the run is built around a control: a plain valid event. Unless that is accepted, to
// refuse a forgery proves nothing, and the cases that expect a refusal are [Inconclusive]. It is sent again after every
// group of cases and beside every failure: an endpoint that has gone down, blocks the sender or fails on everything is told
// apart from one that fails on the case. What went wrong is sent once more before it counts, but for a forgery that was
// accepted and an answer that did not come in time.
//
// The number of requests is bounded before the first is sent ([Plan.Max]), each has a deadline, and of each answer 4 KiB are
// kept and 1 MiB is read. Redirects are never followed. Every event has an id that begins with [EventPrefix].
package probe
