package ssh

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

const maxLine = 8 << 10 // bytes of a line of the server's that are looked at

const (
	// urlLines are the lines with which servers tell of the URL: localhost.run, serveo, sish, and pinggy in this order. The
	// pages of help that they mention as well are in none of these places.
	urlLines = `(?i)tunneled with tls termination, ` + anyURL + `$` +
		`|^forwarding (?:https? )?(?:traffic )?from ` + anyURL + `(?:\s|$)` +
		`|^https?: +` + anyURL + `$` +
		`|^` + anyURL + `$`
	anyURL = `(https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)/?`
)

// announcement is what a server writes into the session: somewhere in it, the URL.
type announcement struct {
	said    *tunnel.Transcript
	lines   *regexp.Regexp // of URLs
	changed chan struct{}  // has an element when url was set

	mu  sync.Mutex
	url string
}

func newAnnouncement() *announcement {
	return &announcement{
		said:    tunnel.NewTranscript(),
		lines:   regexp.MustCompile(urlLines),
		changed: make(chan struct{}, 1),
	}
}

// read takes in what the server writes until it ends. It goes on after the URL was found: services give a new one to a
// connection that lasts, and what nobody reads would stop the connection in the end.
func (a *announcement) read(text io.Reader) {
	lines := bufio.NewReaderSize(text, maxLine)
	for {
		line, err := lines.ReadSlice('\n')
		if url := a.findURL(a.said.Hear(string(line))); url != "" {
			a.tell(url)
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

// tell prefers https: some services name both, in either order.
func (a *announcement) tell(url string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if rest, ok := strings.CutPrefix(url, "http://"); ok && a.url == "https://"+rest {
		return
	}
	a.url = url
	select {
	case a.changed <- struct{}{}:
	default:
	}
}

func (a *announcement) found() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.url
}

// findURL returns the URL that a line tells of; empty when it tells of none.
func (a *announcement) findURL(line string) string {
	if strings.HasPrefix(line, "{") {
		return a.findInEvent(line)
	}
	match := a.lines.FindStringSubmatch(line)
	if match == nil {
		return ""
	}
	return strings.ToLower(strings.Join(match[1:], "")) // all groups but one are empty
}

// findInEvent reads an event of localhost.run, which writes one JSON object a line when asked to.
func (a *announcement) findInEvent(line string) string {
	var event struct{ Event, Address string }
	if json.Unmarshal([]byte(line), &event) != nil || event.Event != "tcpip-forward" || event.Address == "" {
		return ""
	}
	return a.findURL("https://" + event.Address)
}
