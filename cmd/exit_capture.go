package cmd

import (
	"errors"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// explainCapture is about captured requests and what was found of them.
func explainCapture(err error) (code int, message, hint string) {
	var (
		refused *refusedError
		undated *noArrivalError
		nothing *noRequestError
		strict  *signature.StrictError
		decode  *capture.DecodeError
		encode  *capture.EncodeError
	)
	switch {
	case errors.As(err, &refused):
		return exitSignature, "", refusedHint(refused)
	case errors.As(err, &strict):
		return exitUsage, "", "use the secret as Pocketbook gave it, or leave out --strict"
	case errors.As(err, &undated):
		return exitUsage, "", "give the time with --at 2026-01-15T10:30:00Z, or leave it out with --ignore-time"
	case errors.Is(err, errNothingSigned):
		return exitUsage, "", "take the log where the deliveries arrive, such as of a proxy before your server; it is the sender who signs"
	case errors.As(err, &nothing), errors.Is(err, capture.ErrEmpty):
		return exitUsage, "", "give it captured requests, or a body and its --signature HEADER"
	case errors.Is(err, capture.ErrUnknownFormat):
		return exitUsage, "", "name one with --format (" + formatNames() + "); a bare body needs its --signature HEADER"
	case errors.As(err, &decode):
		return exitUsage, "", "is it whole, and of the format that --format says?"
	case errors.As(err, &encode):
		return exitFailure, "", "another --to format can hold it"
	}
	return exitSuccess, "", ""
}

func refusedHint(e *refusedError) string {
	switch {
	case e.score.Invalid == 0 && e.score.Dated:
		return "the signature is right, only its time is not: --at received judges it as of its arrival"
	case e.score.Invalid == 0:
		return "the signature is right, only its time is not: --at TIME judges it as of its arrival, --ignore-time leaves the time out"
	case e.score.Unsigned == e.score.Invalid:
		return "the signature comes in the header X-Webhook-Signature: capture requests with their headers"
	case e.score.Proven == e.score.Invalid:
		return "the cause is proven: see the fix above"
	case e.score.Unexplained > 0:
		return "the secret was taken from " + e.source + "; --explain N searches for the cause of more of them"
	}
	return "the secret was taken from " + e.source
}

func formatNames() string {
	var names []string
	for _, format := range capture.Formats() {
		names = append(names, string(format))
	}
	return strings.Join(names, ", ")
}
