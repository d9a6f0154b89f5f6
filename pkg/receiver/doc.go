// Package receiver is the receiving end of Pocketbook webhooks as an [http.Handler]: it bounds a request, verifies its
// signature, checks the event against the documented schema, spots a delivery that was seen before, has it handled and
// answers.
//
//	handler := receiver.New(receiver.Options{
//		Verifier: verifier,
//		Handle: func(ctx context.Context, r *receiver.Receipt) {
//			if r.Status == http.StatusOK && queue.Put(ctx, r.Event) != nil {
//				r.Postpone("queue is full")
//			}
//		},
//	})
//	server := receiver.NewServer(handler, receiver.Limits{})
//
// What it answers follows the Pocketbook webhook guide, section Getting Started: a 2xx as soon as the event is taken, so
// that Pocketbook doesn't deliver it again.
//
//	200  {"received":true}   signed, and an event; a repeated or drifted one as well
//	400  {"error":"…"}       signed, but not an event, or a body that broke off
//	401  {"error":"…"}       not signed, badly signed, or signed too long ago or ahead
//	404, 405, 408, 413       another path or method than POST, a body that came too slowly or is too large
//	503                      postponed by Handle, with Retry-After
package receiver
