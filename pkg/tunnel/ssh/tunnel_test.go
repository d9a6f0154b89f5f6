package ssh_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ssh"
)

func TestARequestComesThroughAndItsAnswerGoesBack(t *testing.T) {
	s := sish(t)
	session := open(t, s.provider(), tunnel.Options{}, echo)
	if session.URL() != "https://hooks.tuns.example" {
		t.Errorf("URL() = %q, want the https one that the server wrote", session.URL())
	}
	link := <-s.arrived
	body := bytes.Repeat([]byte("0123456789abcdef"), 10<<20/16)
	response := link.post(t, body)
	got, err := io.ReadAll(response.Body)
	if err != nil || !bytes.Equal(got, body) {
		t.Errorf("%d bytes came back, %v, want the %d that were sent", len(got), err, len(body))
	}
	if from := response.Header.Get("X-From"); from != "visitor.example:0" {
		t.Errorf("the sender is %q, want the name that the server gave", from)
	}
	if listens, commands := s.seen(); !slices.Equal(listens, []string{"hooks:80"}) || !slices.Equal(commands, []string{""}) {
		t.Errorf("asked to listen on %v and run %q, want hooks:80 and a shell", listens, commands)
	}
}

func TestTheURLIsFoundInWhatServersWrite(t *testing.T) {
	for _, test := range []struct {
		name, host, says, want, command string
	}{
		{
			"localhost.run in JSON", "localhost.run",
			`{"connection_id": "4f4b", "event": "authn", "message": "see https://localhost.run/docs/"}` + "\n" +
				`{"connection_id": "4f4b", "event": "tcpip-forward", "authz_code": "OK", "address": "ab12cd.lhr.life", "listen_host": "localhost"}` + "\n",
			"https://ab12cd.lhr.life", "--output json",
		},
		{
			"localhost.run in text", "localhost.run",
			"Follow your favourite reverse tunnel at [https://twitter.com/localhost_run].\r\n\r\n" +
				"** your connection id is 4f4b, please mention it if you send me a message about an issue. **\r\n\r\n" +
				"ab12cd.lhr.life tunneled with tls termination, https://ab12cd.lhr.life\r\n",
			"https://ab12cd.lhr.life", "--output json",
		},
		{
			"serveo", "serveo.net",
			"\x1b[32mForwarding HTTP traffic from \x1b[0mhttps://59614f9c-35.serveousercontent.com\n",
			"https://59614f9c-35.serveousercontent.com", "",
		},
		{
			"pinggy", "a.pinggy.io",
			"You are not authenticated.\nYour tunnel will expire in 60 minutes. Upgrade at https://dashboard.pinggy.io\n\n" +
				"http://rnabc-1-2.a.free.pinggy.link\nhttps://rnabc-1-2.a.free.pinggy.link\n",
			"https://rnabc-1-2.a.free.pinggy.link", "",
		},
		{"sish on a port", "sish.example", "HTTPS: https://hooks.sish.example:8443\n", "https://hooks.sish.example:8443", ""},
		{"a server with http alone", "sish.example", "HTTP: http://hooks.sish.example\n", "http://hooks.sish.example", ""},
		{"https before http", "sish.example", "HTTPS: https://a.example\nHTTP: http://a.example\n", "https://a.example", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				s.says = func(string, uint32) string { return test.says }
				provider := s.provider()
				provider.Destination, provider.Remote = ssh.Destination{User: "ada", Host: test.host}, ssh.Remote{}
				session, err := provider.Open(t.Context(), tunnel.Options{})
				if err != nil {
					t.Fatal(err)
				}
				defer session.Close()
				if session.URL() != test.want {
					t.Errorf("URL() = %q, want %q", session.URL(), test.want)
				}
				if _, commands := s.seen(); !slices.Equal(commands, []string{test.command}) {
					t.Errorf("commands = %q, want %q", commands, test.command)
				}
			})
		})
	}
}

func TestAURLThatChangesIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.says = func(string, uint32) string { return "HTTPS: https://one.example\n" }
		session := open(t, s.provider(), tunnel.Options{}, echo)
		await(t, session, tunnel.StateReady)
		io.WriteString((<-s.arrived).session, "HTTPS: https://two.example\n")
		if status := await(t, session, tunnel.StateReady); status.URL != "https://two.example" || session.URL() != status.URL {
			t.Errorf("ready at %q, URL() = %q, want https://two.example", status.URL, session.URL())
		}
	})
}

func TestAServerThatDoesNotSayTheURLIsQuoted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.says = func(string, uint32) string {
			return "\x1b[31mThe subdomain hooks is taken\x1b[0m, see https://example.com/help\n"
		}
		_, err := s.provider().Open(t.Context(), tunnel.Options{})
		var none *ssh.NoURLError
		if !errors.As(err, &none) || !strings.HasSuffix(err.Error(), "it said: The subdomain hooks is taken, see https://example.com/help") {
			t.Errorf("Open() = %v, want a *NoURLError that quotes the server", err)
		}
	})
}

func TestAPublicURLThatWasGivenNeedsNoSession(t *testing.T) {
	s := newServer(t)
	provider := s.provider()
	provider.Remote = ssh.Remote{Host: "127.0.0.1"}
	provider.PublicURL = "http://my.example:{port}/in"
	session := open(t, provider, tunnel.Options{}, echo)
	if session.URL() != "http://my.example:40123/in" {
		t.Errorf("URL() = %q, want the port that the server chose", session.URL())
	}
	if _, commands := s.seen(); commands != nil {
		t.Errorf("ran %q on a server of one's own, want nothing", commands)
	}
}

func TestALostConnectionIsMadeAgainOnTheSamePort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		provider := s.provider()
		provider.Remote = ssh.Remote{Host: "127.0.0.1"}
		provider.PublicURL = "http://my.example:{port}"
		session := open(t, provider, tunnel.Options{}, echo)
		await(t, session, tunnel.StateReady)
		(<-s.arrived).Close()
		if status := await(t, session, tunnel.StateReconnecting); status.Attempt != 1 || status.Err == nil {
			t.Errorf("status = %+v, want the first attempt and why", status)
		}
		if status := await(t, session, tunnel.StateReady); status.URL != "http://my.example:40123" {
			t.Errorf("ready at %q, want the same URL", status.URL)
		}
		response := (<-s.arrived).post(t, []byte("again"))
		if got, _ := io.ReadAll(response.Body); string(got) != "again" {
			t.Errorf("through the new connection came %q", got)
		}
		if listens, _ := s.seen(); !slices.Equal(listens, []string{"127.0.0.1:0", "127.0.0.1:40123"}) {
			t.Errorf("asked to listen on %v, want the chosen port the second time", listens)
		}
	})
}

func TestAHalfOpenConnectionIsFoundWithin25Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sish(t)
		session := open(t, s.provider(), tunnel.Options{}, echo)
		ready := await(t, session, tunnel.StateReady)
		time.Sleep(time.Minute) // pings are answered meanwhile, by a refusal
		synctest.Wait()
		if len(session.Status()) != 0 {
			t.Fatalf("news of a tunnel that is well: %+v", <-session.Status())
		}
		(<-s.arrived).wire.stall()
		began := time.Now()
		lost := await(t, session, tunnel.StateReconnecting)
		if took := lost.At.Sub(began); took > 25*time.Second || lost.Err == nil {
			t.Errorf("found after %v because of %v, want within 25s", took, lost.Err)
		}
		if again := await(t, session, tunnel.StateReady); again.URL != ready.URL {
			t.Errorf("ready at %q, want %q again", again.URL, ready.URL)
		}
	})
}

func TestAServerThatDoesNotListenIsAnError(t *testing.T) {
	s := newServer(t)
	s.refuse = true
	_, err := s.provider().Open(t.Context(), tunnel.Options{})
	var refused *ssh.ForwardError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "tuns.example:22 refuses to listen on hooks:80") {
		t.Errorf("Open() = %v, want a *ForwardError", err)
	}
}

func TestAServerThatSaysNothingIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.mute = true
		began := time.Now()
		_, err := s.provider().Open(t.Context(), tunnel.Options{})
		var failed *ssh.ConnectError
		if !errors.As(err, &failed) || time.Since(began) != 20*time.Second {
			t.Errorf("Open() = %v after %v, want a *ConnectError after 20s", err, time.Since(began))
		}
	})
}

func TestAServerThatIsNotThereIsNamedOnce(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	at := listener.Addr().(*net.TCPAddr)
	_, err = ssh.Provider{Destination: ssh.Destination{User: "ada", Host: "127.0.0.1", Port: at.Port}}.Open(t.Context(), tunnel.Options{})
	if want := "no SSH connection to " + at.String() + ": connection refused"; err == nil || err.Error() != want {
		t.Errorf("Open() = %v, want %q", err, want)
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("Open() = %v, want it to wrap the cause", err)
	}
}

func TestOpeningCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.mute = true
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.provider().Open(ctx, tunnel.Options{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Open() = %v, want context.DeadlineExceeded", err)
		}
	})
}

func TestASenderThatDribblesIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sish(t)
		open(t, s.provider(), tunnel.Options{}, echo)
		channel := (<-s.arrived).connect(t)
		began := time.Now()
		fmt.Fprint(channel, "POST / HTTP/1.1\r\nHost: x\r\n")
		io.Copy(io.Discard, channel)
		if took := time.Since(began); took < 5*time.Second || took > 6*time.Second {
			t.Errorf("closed after %v, want 5s", took)
		}
	})
}

func TestASenderThatReadsNothingIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sish(t)
		written := make(chan error, 1)
		open(t, s.provider(), tunnel.Options{}, func(w http.ResponseWriter, _ *http.Request) {
			_, err := w.Write(make([]byte, 16<<20))
			written <- err
		})
		channel := (<-s.arrived).connect(t)
		defer channel.Close()
		began := time.Now()
		fmt.Fprint(channel, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
		if err := <-written; err == nil || time.Since(began) != time.Minute {
			t.Errorf("writing ended with %v after %v, want an error after 60s", err, time.Since(began))
		}
	})
}

func TestAConnectionServesOneRequestAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sish(t)
		open(t, s.provider(), tunnel.Options{}, echo)
		channel := (<-s.arrived).connect(t)
		var answers strings.Builder
		done := make(chan struct{})
		go func() {
			defer close(done)
			io.Copy(&answers, channel)
		}()
		for i := range 3 {
			fmt.Fprintf(channel, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n%d", i)
			time.Sleep(time.Second) // the server waits for the next request with a deadline, and ends that wait early
		}
		channel.CloseWrite()
		<-done
		if got := strings.Count(answers.String(), "HTTP/1.1 200 OK"); got != 3 {
			t.Errorf("%d answers, want 3: %s", got, answers.String())
		}
	})
}

func TestAnAnswerIsWholeAlthoughTheBodyWasNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sish(t)
		open(t, s.provider(), tunnel.Options{}, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		})
		response := (<-s.arrived).post(t, make([]byte, 1<<20))
		if response.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("answered %d, want 413", response.StatusCode)
		}
	})
}

func TestASenderThatIsStillSendingIsNotCutOffBeforeItHasReadTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sish(t)
		open(t, s.provider(), tunnel.Options{}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
		channel := (<-s.arrived).connect(t)
		fmt.Fprint(channel, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100000000\r\n\r\n")
		if answer, err := io.ReadAll(channel); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 404") {
			t.Errorf("answer = %q, %v, want a whole 404", answer, err)
		}
		answered := time.Now()
		for {
			time.Sleep(10 * time.Millisecond)
			if _, err := channel.Write(make([]byte, 1000)); err != nil {
				break
			}
		}
		if took := time.Since(answered); took < 500*time.Millisecond || took > 600*time.Millisecond {
			t.Errorf("cut off %v after the answer, want 500ms", took)
		}
	})
}

func TestTooManyConnectionsAreRefused(t *testing.T) {
	s := sish(t)
	open(t, s.provider(), tunnel.Options{}, echo)
	link := <-s.arrived
	for range 128 {
		channel := link.connect(t)
		defer channel.Close()
	}
	if _, _, err := link.OpenChannel("forwarded-tcpip", nil); err == nil || !strings.Contains(err.Error(), "resource shortage") {
		t.Errorf("one more: %v, want it refused", err)
	}
}

func TestAServerCanOpenNothingElse(t *testing.T) {
	s := sish(t)
	open(t, s.provider(), tunnel.Options{}, echo)
	link := <-s.arrived
	for _, kind := range []string{"session", "direct-tcpip", "x11", "auth-agent@openssh.com", "forwarded-streamlocal@openssh.com"} {
		if _, _, err := link.OpenChannel(kind, nil); err == nil {
			t.Errorf("the server could open a channel of type %s", kind)
		}
	}
}

func TestASenderWithoutANameComesThrough(t *testing.T) {
	s := sish(t)
	open(t, s.provider(), tunnel.Options{}, echo)
	link := <-s.arrived
	for _, payload := range [][]byte{nil, {1, 2, 3}, []byte("\x00\x00\x00\x01a\x00\x00\x00P\x00\x00\x00\x04\x1b[2J\x00\x00\x00\x00")} {
		channel, requests, err := link.OpenChannel("forwarded-tcpip", payload)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for range requests {
			}
		}()
		fmt.Fprint(channel, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
		answer, _ := io.ReadAll(channel)
		if !strings.Contains(string(answer), "X-From: unknown:0\r\n") {
			t.Errorf("answer to a sender %q: %s", payload, answer)
		}
	}
}
