package cmd

import (
	"errors"

	"github.com/pocketbook-studio/pbhook/cmd/internal/launch"
)

// explainApp is about an app that is started for a run.
func explainApp(err error) (code int, message, hint string) {
	var (
		taken    *launch.TakenError
		exited   *launch.ExitedError
		notReady *launch.NotReadyError
		target   *launch.TargetError
	)
	switch {
	case errors.As(err, &taken):
		return exitFailure, "", "stop what listens there, or say where your app listens with --wait-for"
	case errors.As(err, &exited):
		return exitUnreachable, "", "--start takes a line for the shell that runs until it is ended; what it printed is above"
	case errors.As(err, &notReady):
		return exitUnreachable, "", "--wait gives it more time, --wait-for says where it listens; what it printed is above"
	case errors.As(err, &target):
		return exitUsage, "", "--wait-for takes :3000, localhost:3000 or http://localhost:3000/health"
	}
	return exitSuccess, "", ""
}
