package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
)

// The exit codes, the same for every verb.
const (
	exitSuccess     = 0
	exitFailure     = 1
	exitUsage       = 2
	exitSignature   = 3
	exitStatus      = 4
	exitUnreachable = 5
	exitCheck       = 6
	exitInterrupted = 130
)

// exitCode is one line of the table of exit codes, as every help page shows it.
type exitCode struct {
	code    int
	meaning string
}

func exitCodes() []exitCode {
	return []exitCode{
		{exitSuccess, "success"},
		{exitFailure, "other failure"},
		{exitUsage, "usage"},
		{exitSignature, "signature invalid or outside tolerance"},
		{exitStatus, "endpoint answered outside 2xx"},
		{exitUnreachable, "endpoint unreachable: DNS, TLS, timeout, refused"},
		{exitCheck, "check, assertion or budget failed"},
		{exitInterrupted, "interrupted"},
	}
}

var (
	errInterrupted = errors.New("interrupted")
	errEmptySecret = errors.New("the signing secret is empty")
)

// diagnose is the one table from errors to what a person is told and how the process ends.
func diagnose(err error) view.Problem {
	problem := view.Problem{Code: exitFailure, Message: err.Error()}
	for _, explain := range []func(error) (code int, message, hint string){
		explainRun, explainUsage, explainRegister, explainConfig, explainHistory, explainPayload, explainCapture, explainCheck,
		explainApp, explainTunnel, explainEndpoint, explainFile,
	} {
		code, message, hint := explain(err)
		if code == exitSuccess {
			continue
		}
		problem.Code, problem.Hint = code, hint
		if message != "" {
			problem.Message = message
		}
		break
	}
	return problem
}

// explainRun is about runs that were ended early.
func explainRun(err error) (code int, message, hint string) {
	if errors.Is(err, errInterrupted) || errors.Is(err, context.Canceled) {
		return exitInterrupted, "interrupted", ""
	}
	return exitSuccess, "", ""
}

func explainUsage(err error) (code int, message, hint string) {
	if usage, ok := errors.AsType[usageError](err); ok {
		return exitUsage, "", nearestHint(usage.nearest, usage.command+" --help shows how it is used")
	}
	if value, ok := errors.AsType[*valueError](err); ok {
		return exitUsage, "", "correct " + value.flag + "; --help shows what it takes"
	}
	return exitSuccess, "", ""
}

// explainFile is about files and folders of the user.
func explainFile(err error) (code int, message, hint string) {
	if refused, ok := errors.AsType[*listenError](err); ok {
		return exitFailure, "", "is " + refused.address + " an address of this machine, and a port that you may use?"
	}
	if metrics, ok := errors.AsType[*metricsError](err); ok {
		return exitFailure, "", "give --metrics another address than " + metrics.address + ", such as :0"
	}
	if taken, ok := errors.AsType[*portTakenError](err); ok {
		return exitFailure, "", takenHint(taken)
	}
	if exists, ok := errors.AsType[*existsError](err); ok {
		return exitFailure, "", "move " + exists.path + " away, or name another one"
	}
	path, ok := errors.AsType[*fs.PathError](err)
	if !ok {
		return exitSuccess, "", ""
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return exitUsage, path.Path + " does not exist", missingHint(path.Path)
	case isFolder(path):
		return exitUsage, path.Path + " is a folder", "name the files in it: " + path.Path + "/*"
	case errors.Is(err, fs.ErrPermission):
		return exitFailure, path.Path + " may not be opened", "check who owns it and who may read it"
	}
	return exitFailure, fmt.Sprintf("%s: %v", path.Path, path.Err), "name another file"
}

// missingHint is about a path with nothing at its end.
func missingHint(path string) string {
	if filepath.IsAbs(path) {
		return "check how the path is written"
	}
	return "check the path; it is relative to the working directory"
}

// isFolder knows it by looking where the system has no error of that name for a read, such as Windows.
func isFolder(path *fs.PathError) bool {
	if errors.Is(path, syscall.EISDIR) {
		return true
	}
	info, err := os.Stat(path.Path)
	return path.Op == "read" && err == nil && info.IsDir()
}

func takenHint(e *portTakenError) string {
	free := "let a free port be chosen with --port auto"
	if e.by != "" {
		return "end it, or " + free
	}
	return "see what listens there (lsof -i :" + e.port + ", on Windows netstat -ano), or " + free
}
