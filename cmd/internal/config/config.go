// Package config reads pbhook's settings from the command line, the environment and two files, and finds the signing
// secret.
//
// A setting is taken from the first place that has it: a flag, a PBHOOK_ variable, .pbhook.yaml in the working directory,
// the user's config.yaml. In one file the chosen profile goes before the top level:
//
//	to: http://localhost:3000/webhooks/pocketbook
//	profiles:
//	  staging:
//	    to: https://staging.example.com/webhooks/pocketbook
//	    secret-source: keyring
//	    headers:
//	      X-Env: staging
//
// [Load] gives the settings, each with its origin; [ResolveSecret] and [ResolveToken] find what is secret; [Set] edits a file
// and keeps its comments. No secret is ever part of an error or of what prints a value of this package.
package config

import (
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ngrok"
)

// Host is what this package needs of the process. LookupEnv is required.
type Host struct {
	LookupEnv func(string) (string, bool)
	Stdin     io.Reader // for a secret from standard input or a prompt
	Stderr    io.Writer // for the prompt
	Dir       string    // working directory; empty is the process's own
	GOOS      string    // which system's paths and permissions count; empty is the one pbhook was built for
	Keyring   Keyring   // nil is the system's
}

func (h Host) os() string {
	if h.GOOS == "" {
		return runtime.GOOS
	}
	return h.GOOS
}

// env gives a variable's value, or nothing; an empty variable counts as one that is not set.
func (h Host) env(name string) string {
	value, _ := h.LookupEnv(name)
	return value
}

// Config is the merged settings; what nobody set is zero. It holds secrets but does not print them.
type Config struct {
	Profile   string // the profile in use, empty if none
	To        string // URL of the endpoint
	Timeout   time.Duration
	Tolerance time.Duration
	Color     string // auto, always or never
	Output    string // text or json
	Fixtures  string // folder; a relative one of a file has been resolved against that file's folder
	History   string // file of the history, or NoHistory; a relative one of a file has been resolved as Fixtures
	Keep      string // how much of the history is kept
	APIURL    string // of Pocketbook's API; empty is its own
	Headers   []Header
	Warnings  []Warning
	Files     []string // those that were read, the strongest first

	secret, previous signature.Secret
	token            pocketbook.Token
	ngrok            ngrok.Token
	keyring          bool // secret-source: keyring
	values           []Value
	profiles         []ProfileSecret
}

// Header is one header that every delivery carries.
type Header struct{ Name, Value string }

// String gives the header as a line, with its value hidden if the name says that it is a credential.
func (h Header) String() string { return h.Name + ": " + shownHeader(h.Name, h.Value) }

// GoString gives what String does.
func (h Header) GoString() string { return h.String() }

// Value is one setting as it is shown: secrets and credentials are hidden.
type Value struct {
	Key  string // as in a file: to, secret, headers.X-Env
	Text string
	From string // where it was set: --to, PBHOOK_TO, or file:line
}

// Format writes the shown values under every verb, because the fields may hold credentials in a URL or a header.
func (c Config) Format(f fmt.State, _ rune) { fmt.Fprint(f, c.values) }

// Values lists every setting that is in force with its origin, in the order of [Keys].
func (c Config) Values() []Value { return c.values }

// credential gives the secret that a key has in the settings, or nothing.
func (c Config) credential(key string) string {
	switch key {
	case keyToken:
		return c.token.Reveal()
	case keyNgrok:
		return c.ngrok.Reveal()
	}
	return c.secret.Reveal()
}
