package forward_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

// hangUp ends a connection after so much of an answer.
func hangUp(t *testing.T, w http.ResponseWriter, begun string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.WriteString(conn, begun)
	conn.Close()
}

// TestAConnectionThatWasClosedWhileIdleIsReplaced has the target close a connection as it is used for the second time, which is
// what a target looks like that closed it a moment before.
func TestAConnectionThatWasClosedWhileIdleIsReplaced(t *testing.T) {
	for name, tt := range map[string]struct {
		begun    string // of the second answer on the first connection
		then     http.HandlerFunc
		ok       bool
		requests int
	}{
		"another one answers":                {"", ok, true, 3},
		"another one does not either":        {"", func(w http.ResponseWriter, _ *http.Request) { hangUp(t, w, "") }, false, 3},
		"an answer that has begun is no end": {"HTTP/1.1 200", ok, false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			turn := 0
			target := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if len(r.Header.Values("Idempotency-Key")) > 0 {
					t.Error("what net/http is told is sent to the target")
				}
				switch turn++; turn {
				case 1:
				case 2:
					hangUp(t, w, tt.begun)
				default:
					tt.then(w, r)
				}
			})
			f := newForwarder(t, forward.Options{Routes: to(target.url)})
			if first := f.Forward(t.Context(), event("evt_1")).Answers[0]; !first.OK() {
				t.Fatalf("first answer %+v", first)
			}
			second := f.Forward(t.Context(), event("evt_2")).Answers[0]
			if second.OK() != tt.ok || second.Attempts != 1 {
				t.Errorf("ok %t after %d attempts, error %v", second.OK(), second.Attempts, second.Err)
			}
			if got := len(target.got()); got != tt.requests {
				t.Errorf("the target was sent %d requests, want %d", got, tt.requests)
			}
		})
	}
}
