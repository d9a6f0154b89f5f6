package ssh

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
)

// ConnectError says that no connection to a server came about.
type ConnectError struct {
	Address string // HOST:PORT
	Err     error
}

func (e *ConnectError) Error() string {
	cause := e.Err
	// The address is said already, and which call failed is of no use.
	if operation, ok := errors.AsType[*net.OpError](cause); ok {
		cause = operation.Err
	}
	if call, ok := errors.AsType[*os.SyscallError](cause); ok {
		cause = call.Err
	}
	return fmt.Sprintf("no SSH connection to %s: %v", e.Address, cause)
}

// Unwrap gives the cause.
func (e *ConnectError) Unwrap() error { return e.Err }

// HostKey is the key that a server showed.
type HostKey struct {
	Address     string // HOST:PORT
	Type        string // "ssh-ed25519", …
	Fingerprint string // "SHA256:…", as ssh-keygen -l prints it
}

// UnknownHostError says that nothing vouches for the key of a server.
type UnknownHostError struct{ Key HostKey }

func (e *UnknownHostError) Error() string {
	return fmt.Sprintf("the host key of %s is not known: %s %s", e.Key.Address, e.Key.Type, e.Key.Fingerprint)
}

// Permanent is true.
func (e *UnknownHostError) Permanent() bool { return true }

// HostKeyError says that a server showed another key than the one that it is known by: it was set up anew, or somebody
// stands between.
type HostKeyError struct {
	Key     HostKey
	Known   []string // where the known keys stand, as FILE:LINE
	Given   []string // fingerprints that were given, when none of them is the key's and no file knows the server
	Revoked bool     // the key itself is marked as revoked in Known
}

func (e *HostKeyError) Error() string {
	key := e.Key.Type + " " + e.Key.Fingerprint
	known := strings.Join(e.Known, ", ")
	switch {
	case e.Revoked:
		return fmt.Sprintf("the host key of %s is revoked by %s: %s", e.Key.Address, known, key)
	case len(e.Given) > 0:
		return fmt.Sprintf("the host key of %s is %s, and not %s", e.Key.Address, key, strings.Join(e.Given, " or "))
	default:
		return fmt.Sprintf("the host key of %s has changed to %s; %s has another one", e.Key.Address, key, known)
	}
}

// Permanent is true.
func (e *HostKeyError) Permanent() bool { return true }

// AuthError says that a server does not let the user in.
type AuthError struct {
	Destination Destination
	Allowed     []string // methods that the server takes: "publickey", …
	Offered     []string // keys that it refused, as file names and comments
}

func (e *AuthError) Error() string {
	offered := "no key was offered"
	if len(e.Offered) > 0 {
		offered = "it refused " + strings.Join(e.Offered, ", ")
	}
	return fmt.Sprintf("%s does not let %s in: %s", e.Destination.address(), e.Destination.User, offered)
}

// Permanent is true.
func (e *AuthError) Permanent() bool { return true }

// LockedKeyError says that a key is protected by a passphrase that nobody gave.
type LockedKeyError struct {
	File string
	Err  error // nil when nobody could be asked
}

func (e *LockedKeyError) Error() string {
	text := "the key " + e.File + " is protected by a passphrase"
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the error of asking, or of the last passphrase.
func (e *LockedKeyError) Unwrap() error { return e.Err }

// Permanent is true.
func (e *LockedKeyError) Permanent() bool { return true }

// ForwardError says that a server does not listen for us.
type ForwardError struct {
	Address string // HOST:PORT of the server
	Remote  Remote
	Said    []string // the last lines that the server wrote
}

func (e *ForwardError) Error() string {
	return fmt.Sprintf("%s refuses to listen on %s%s", e.Address, e.Remote, quoted(e.Said))
}

// NoURLError says that a server forwards, but told of no URL.
type NoURLError struct {
	Address string
	Said    []string // the last lines that the server wrote
}

func (e *NoURLError) Error() string {
	return fmt.Sprintf("%s did not say at which URL it forwards%s", e.Address, quoted(e.Said))
}

// Permanent is true: a server that has none to tell needs to be given one.
func (e *NoURLError) Permanent() bool { return len(e.Said) == 0 }

func quoted(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return "; it said: " + strings.Join(lines, " / ")
}
