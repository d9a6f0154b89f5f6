package cmd_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// obeyed is what a terminal would act upon or hide, beside the end of a line.
var obeyed = regexp.MustCompile(`[\x00-\x09\x0b-\x1f\x7f-\x{9f}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{feff}]`)

// TestNothingASenderWritesIsObeyedByTheTerminal sends raw requests, for net/http's client would refuse most of them. What is
// behind answers in the same way.
func TestNothingASenderWritesIsObeyedByTheTerminal(t *testing.T) {
	const evil = "\x1b]0;owned\a\x1b[2J\u202e\r\x9b31m\u009bowned"
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("X-Owned", "owned\u202e\x9b31m")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, evil)
	}))
	defer behind.Close()
	event := `{"id":"evt_owned\u001b[2J\u202e","type":"owned.\u001b]0;owned\u0007","created":1,"data":{"owned\u202e":"\u009b2J` + "\u202e" + `"}}`
	secret, err := signature.NewSecret(scriptSecret)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signature.Sign([]byte(event), time.Now(), secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, show := range []string{"full", "headers", "data", "line"} {
		t.Run(show, func(t *testing.T) {
			screen := new(lockedText)
			l := listenTo(t, screen, ":0", "--show", show, "-f", behind.URL, "--history", "none")
			for _, request := range []struct{ method, header, body string }{
				{"POST", signature.HeaderName + ": " + signed, event},
				{"POST", signature.HeaderName + ": t=owned\u202e,v1=\x9b31m", event},
				{"POST", "Content-Type: owned\x9b31m", evil},
				{"OWNED", "Content-Encoding: owned\u202e", evil},
			} {
				sendRaw(t, l.opened[0], request.method+" /owned\x9b31m%1b[2J\u202e?%0d\u202e HTTP/1.1\r\nHost: localhost\r\nX-Owned: \x9b2J\u202e\u009b\r\n"+
					request.header, request.body)
			}
			shown := screen.String() + l.said()
			if strings.Count(shown, "owned") < 4 {
				t.Errorf("what was sent is not shown: %q", shown)
			}
			if at := obeyed.FindStringIndex(shown); at != nil {
				t.Errorf("the terminal is sent %q", shown[max(0, at[0]-60):min(len(shown), at[1]+20)])
			}
			if !utf8.ValidString(shown) {
				t.Errorf("the terminal is sent bytes that are no text: %q", shown)
			}
		})
	}
}

// sendRaw puts a request on the wire as it stands, and waits for the whole answer.
func sendRaw(t *testing.T, to net.Addr, head, body string) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", to.String(), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "%s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body); err != nil {
		t.Fatal(err)
	}
	if answer, err := io.ReadAll(conn); err != nil || len(answer) == 0 {
		t.Fatalf("answered %q, %v", answer, err)
	}
}

// lockedText is text that several write to.
type lockedText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
