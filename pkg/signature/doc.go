// Package signature signs webhook bodies as Pocketbook does and verifies such signatures.
//
// A delivery carries one header (Pocketbook webhook guide, section "Signature Format"):
//
//	X-Webhook-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<raw body>">
//
// A receiver makes one [Verifier] when it starts and calls [Verifier.Verify] for each request:
//
//	secret, err := signature.NewSecret(os.Getenv("POCKETBOOK_WEBHOOK_SECRET"))
//	…
//	verifier, err := signature.NewVerifier(signature.Options{Secret: secret})
//	…
//	result, err := verifier.Verify(r.Header.Values(signature.HeaderName), body, time.Now())
//	if err != nil {
//		// refuse with 401; result still tells what held and what did not
//	}
//
// Three rules keep a receiver safe and are not left to it: the body is the bytes that were on the wire, never
// re-encoded JSON; every v1 of the header is tried under every secret in constant time, so a rotation of secrets breaks
// nothing; signature and time are both judged on every delivery, and both findings are reported.
//
// While a secret is being replaced, give the old one as [Options.Previous]; a sender signs with both by passing both to
// [Sign].
//
// Everything here is pure: no clock is read, nothing is logged, and a [Secret] shows itself only to [Secret.Reveal].
package signature
