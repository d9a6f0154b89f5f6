package receiver_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

const head = "POST / HTTP/1.1\r\nHost: localhost\r\n"

func TestServerClosesASenderThatDribblesItsHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := serveInMemory(t, receiver.Options{}, receiver.Limits{})
		began := time.Now()
		conn, closed := network.dial()
		defer conn.Close()
		go io.Copy(io.Discard, conn)
		dribble(conn, "", head+strings.Repeat("X-Slow: 1\r\n", 100))
		if took := (<-closed).Sub(began); took != 5*time.Second {
			t.Errorf("closed after %v, want 5s", took)
		}
	})
}

func TestServerAnswersAndClosesASenderThatDribblesItsBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := serveInMemory(t, receiver.Options{}, receiver.Limits{})
		began := time.Now()
		conn, closed := network.dial()
		defer conn.Close()
		var sender sync.WaitGroup
		defer sender.Wait()
		sender.Go(func() { dribble(conn, head+"Content-Length: 1000\r\n\r\n", strings.Repeat(" ", 1000)) })
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != http.StatusRequestTimeout || time.Since(began) != 15*time.Second {
			t.Errorf("answered %d after %v, want 408 after 15s", resp.StatusCode, time.Since(began))
		}
		io.Copy(io.Discard, conn)
		<-closed
	})
}

func TestServerClosesAnIdleConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := serveInMemory(t, receiver.Options{}, receiver.Limits{})
		began := time.Now()
		conn, closed := network.dial()
		defer conn.Close()
		go io.Copy(io.Discard, conn)
		fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(minted), minted)
		if took := (<-closed).Sub(began); took != 60*time.Second {
			t.Errorf("closed after %v, want 60s", took)
		}
	})
}

func TestServerClosesASenderThatDoesNotReadItsAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := serveInMemory(t, receiver.Options{}, receiver.Limits{WriteTimeout: 20 * time.Second})
		began := time.Now()
		conn, closed := network.dial()
		defer conn.Close()
		fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(minted), minted)
		if took := (<-closed).Sub(began); took != 20*time.Second {
			t.Errorf("closed after %v, want 20s", took)
		}
	})
}

func TestServerClosesConnectionsAboveItsCapUntilOneEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := serveInMemory(t, receiver.Options{}, receiver.Limits{MaxConnections: 2})
		began := time.Now()
		first, firstClosed := network.dial()
		second, _ := network.dial()
		defer second.Close()
		third, thirdClosed := network.dial()
		defer third.Close()
		if took := (<-thirdClosed).Sub(began); took != 0 {
			t.Errorf("the third connection was closed after %v, want at once", took)
		}
		expectAnswer(t, second, "beside the first")

		first.Close()
		<-firstClosed
		synctest.Wait()
		fourth, _ := network.dial()
		defer fourth.Close()
		expectAnswer(t, fourth, "in the place of the first")
	})
}

func expectAnswer(t *testing.T, conn net.Conn, where string) {
	t.Helper()
	go fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(minted), minted)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%s: %v, %v, want 200", where, resp, err)
	}
}

func TestAConnectionThatIsTakenOverNoLongerCounts(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.Config = receiver.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
	}), receiver.Limits{MaxConnections: 1})
	server.Start()
	defer server.Close()
	for range 3 {
		resp, err := http.Post(server.URL, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusNoContent {
			t.Errorf("answered %d", resp.StatusCode)
		}
	}
}

func TestServerRefusesAHeaderAboveItsLimit(t *testing.T) {
	b := serve(t, receiver.Options{})
	status, _ := b.post(t, strings.Repeat("x", 64<<10), []byte(minted))
	if status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("answered %d to a header of 64 KiB, want 431", status)
	}
}

func TestASenderCannotStretchASignatureByDribbling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := secret(t, "whsec_a")
		receipts := make(chan receiver.Receipt, 1)
		network := serveInMemory(t, receiver.Options{
			Verifier: verifier(t, signature.Options{Secret: key}),
			Handle:   func(_ context.Context, r *receiver.Receipt) { receipts <- *r },
		}, receiver.Limits{})
		conn, _ := network.dial()
		defer conn.Close()
		go io.Copy(io.Discard, conn)

		signed := sign(t, []byte(minted), time.Now().Add(-299*time.Second), key)
		fmt.Fprintf(conn, "%s%s: %s\r\nContent-Length: %d\r\n\r\n", head, signature.HeaderName, signed, len(minted))
		io.WriteString(conn, minted[:1])
		<-time.After(2 * time.Second)
		io.WriteString(conn, minted[1:])

		got := <-receipts
		if got.Verdict.Age != 301*time.Second || got.Status != http.StatusUnauthorized {
			t.Errorf("judged at an age of %v and answered %d, want 301s and 401", got.Verdict.Age, got.Status)
		}
		if got.Duration != 2*time.Second {
			t.Errorf("Duration = %v, want 2s", got.Duration)
		}
	})
}
