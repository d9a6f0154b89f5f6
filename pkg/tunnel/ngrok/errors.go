package ngrok

import (
	"errors"
	"regexp"
	"strings"

	"golang.ngrok.com/ngrok/v2"
)

// ServiceError is a refusal of ngrok's.
type ServiceError struct {
	Code    string // "ERR_NGROK_105"; https://ngrok.com/docs/errors explains each
	Message string // in one line, without the token
}

func (e *ServiceError) Error() string { return "ngrok refuses: " + e.Message + " (" + e.Code + ")" }

// Permanent is true but for an earlier connection of the same account that ngrok has not given up yet.
func (e *ServiceError) Permanent() bool {
	const tooManySessions, endpointOnline = "ERR_NGROK_108", "ERR_NGROK_334"
	return e.Code != tooManySessions && e.Code != endpointOnline
}

// ConnectError says that ngrok was not reached.
type ConnectError struct{ Err error }

func (e *ConnectError) Error() string { return "no connection to ngrok: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *ConnectError) Unwrap() error { return e.Err }

// refusal returns what ngrok refused with; nil when the error is not ngrok's.
func refusal(err error, token Token) *ServiceError {
	if err == nil {
		return nil
	}
	pattern := regexp.MustCompile(`ERR_NGROK_[0-9]+`)
	text, code := err.Error(), ""
	if known, ok := errors.AsType[ngrok.Error](err); ok {
		text, code = known.Error(), known.Code()
	}
	// Disconnects carry the text alone.
	if code == "" {
		code = pattern.FindString(text)
	}
	if code == "" {
		return nil
	}
	var lines []string
	for line := range strings.Lines(token.hide(text)) {
		if line = strings.TrimSpace(line); line != "" && line != code {
			lines = append(lines, line)
		}
	}
	return &ServiceError{Code: code, Message: strings.Join(lines, " ")}
}
