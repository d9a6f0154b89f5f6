package exec

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// DefaultTimeout is how long a program may take to print the URL when [Provider.Timeout] is zero.
const DefaultTimeout = 30 * time.Second

// Provider opens tunnels by way of one program.
type Provider struct {
	// Command is the program and its arguments, in which [PlaceholderPort], [PlaceholderAddress] and [PlaceholderURL] stand
	// for the local end.
	Command []string
	// URL finds the URL in a line that the program prints: its first group, or all of it. A match without a scheme gets
	// http://. Nil takes the first URL, or HOST:PORT after "listening at", that is not one of this machine.
	URL *regexp.Regexp
	// PublicURL is the URL when the program does not print it.
	PublicURL string
	// Timeout is how long the program may take to print the URL; 0 is [DefaultTimeout].
	Timeout time.Duration
}

// NoURLError says that a program runs, but has printed no URL.
type NoURLError struct {
	Program string
	After   time.Duration
	Said    []string // the last lines that it wrote
}

func (e *NoURLError) Error() string {
	return fmt.Sprintf("%s printed no URL within %v%s", e.Program, e.After, quoted(e.Said))
}

// Name is "exec".
func (p Provider) Name() string { return "exec" }

// Caps tells that a program is needed, and that the URL is stable if it was given.
func (p Provider) Caps() tunnel.Caps {
	return tunnel.Caps{NeedsBinary: true, StableURL: p.PublicURL != ""}
}

// Open starts the program and waits for the URL. It returns a [*tunnel.OptionError], [*NotFoundError], [*ExitError] or
// [*NoURLError].
func (p Provider) Open(ctx context.Context, o tunnel.Options) (tunnel.Session, error) {
	if len(p.Command) == 0 || p.Command[0] == "" || !leadsHere(p.Command) {
		return nil, &tunnel.OptionError{
			Option: "tunnel command", Value: strings.Join(p.Command, " "), Reason: "does not hold {port}, {address} or {url}",
		}
	}
	if p.PublicURL != "" && toURL(p.PublicURL) == "" {
		return nil, &tunnel.OptionError{Option: "public URL", Value: p.PublicURL, Reason: "is not https://HOST"}
	}
	listener, err := o.Loopback(ctx)
	if err != nil {
		return nil, err
	}
	return tunnel.NewSession(ctx, listener, p.connector(listener.Addr()), o)
}

func (p Provider) connector(local net.Addr) tunnel.Connect {
	command := fill(p.Command, local)
	timeout := cmp.Or(p.Timeout, DefaultTimeout)
	return func(ctx context.Context) (tunnel.Link, error) {
		l := &link{given: toURL(p.PublicURL), pattern: p.URL, found: make(chan struct{})}
		process, err := Start(command, l.hear)
		if err != nil {
			return nil, err
		}
		l.Process = process
		if l.given != "" {
			return l, nil
		}
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		select {
		case <-l.found:
			return l, nil
		case <-process.Ended():
			err = process.Wait()
		case <-timer.C:
			err = &NoURLError{Program: command[0], After: timeout, Said: process.Said()}
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		_ = process.Close()
		return nil, err
	}
}

// link is a program that runs and has told its URL.
type link struct {
	*Process

	given   string
	pattern *regexp.Regexp
	found   chan struct{} // closed once url is set

	mu  sync.Mutex
	url string
}

// hear takes the newest URL: programs that reconnect by themselves may print another one.
func (l *link) hear(line string) {
	url := findURL(l.pattern, line)
	if url == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.url == "" {
		close(l.found)
	} else if l.pattern == nil {
		return // what follows may be any link
	}
	l.url = url
}

func (l *link) URL() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return cmp.Or(l.given, l.url)
}

// Ping has nobody to ask: a program that runs is taken to be connected.
func (l *link) Ping(context.Context) error { return nil }

// findURL returns the URL in a line; empty when it holds none.
func findURL(pattern *regexp.Regexp, line string) string {
	if pattern != nil {
		match := pattern.FindStringSubmatch(line)
		if match == nil {
			return ""
		}
		return toURL(match[min(1, len(match)-1)])
	}
	if _, at, ok := strings.Cut(line, "listening at "); ok { // bore names no scheme
		if found := toURL(at); strings.Contains(at, ":") && !strings.ContainsAny(at, " /") && !isLocal(found) {
			return found
		}
	}
	for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\"'<>()[]|,;", r) }) {
		if i := strings.Index(word, "http"); i >= 0 {
			if found := toURL(word[i:]); strings.Contains(word, "://") && !isLocal(found) {
				return found
			}
		}
	}
	return ""
}

// toURL returns scheme, host and path of a text that is an HTTP URL, or may have been meant as one; empty otherwise.
func toURL(text string) string {
	if text != "" && !strings.Contains(text, "://") {
		text = "http://" + text
	}
	found, err := url.Parse(strings.TrimRight(text, "./"))
	if err != nil || found.Scheme != "http" && found.Scheme != "https" || found.Hostname() == "" || found.User != nil {
		return ""
	}
	found.RawQuery, found.Fragment = "", ""
	return found.String()
}

func isLocal(text string) bool {
	found, err := url.Parse(text)
	if err != nil || found.Hostname() == "" || found.Hostname() == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(found.Hostname())
	return err == nil && (ip.IsLoopback() || ip.IsUnspecified() || ip.IsPrivate())
}
