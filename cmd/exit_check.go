package cmd

import (
	"errors"

	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// explainCheck is about checks of an endpoint.
func explainCheck(err error) (code int, message, hint string) {
	var (
		blocked  *blockedError
		remote   *remoteError
		pattern  *probe.PatternError
		severity *probe.SeverityError
		baseline *probe.BaselineError
	)
	switch {
	case errors.As(err, &blocked) && blocked.reason.Kind == probe.BlockedUnreachable:
		return exitUnreachable, "", blocked.reason.Remedy
	case errors.As(err, &blocked):
		return exitCheck, "", blocked.reason.Remedy
	case errors.As(err, &remote):
		return exitUsage, "", "pass --yes if the endpoint is yours to attack"
	case errors.As(err, &pattern):
		return exitUsage, "", "pbhook check list shows the cases"
	case errors.As(err, &severity):
		return exitUsage, "", "give --fail-on one of critical, high, medium and info"
	case errors.As(err, &baseline):
		return exitUsage, "", "write a new one with --write-baseline"
	}
	return exitSuccess, "", ""
}
