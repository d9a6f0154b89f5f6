package ngrok_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ngrok"
)

func serve(t *testing.T, provider ngrok.Provider) (session tunnel.Session, ended chan error) {
	t.Helper()
	session, err := provider.Open(t.Context(), tunnel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ended = make(chan error, 1)
	go func() {
		ended <- session.Serve(context.Background(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "%s sent ", r.RemoteAddr)
			io.Copy(w, r.Body)
		}))
	}()
	return session, ended
}

func TestARequestComesThroughNgrok(t *testing.T) {
	s := startService(t)
	session, ended := serve(t, s.provider(t))
	if session.URL() != "https://chosen.ngrok.example" {
		t.Errorf("URL() = %q", session.URL())
	}
	agent := <-s.arrived
	for _, body := range []string{"", `{"id":"evt_1"}`, strings.Repeat("x", 1<<20)} {
		if got := agent.post(t, body); got != "198.51.100.7:4000 sent "+body {
			t.Errorf("%.60q came back, %d bytes of %d", got, len(got), len(body))
		}
	}
	session.Close()
	if err := <-ended; err != nil {
		t.Errorf("Serve() = %v", err)
	}
}

func TestTheDomainIsAskedFor(t *testing.T) {
	for _, domain := range []string{"hooks.ngrok.example", "https://hooks.ngrok.example/"} {
		s := startService(t)
		provider := s.provider(t)
		provider.Domain = domain
		session, ended := serve(t, provider)
		if session.URL() != "https://hooks.ngrok.example" || !provider.Caps().StableURL {
			t.Errorf("URL() = %q", session.URL())
		}
		session.Close()
		<-ended
	}
}

func TestWithoutATokenNothingIsTried(t *testing.T) {
	if _, err := (ngrok.Provider{}).Open(t.Context(), tunnel.Options{}); !errors.Is(err, ngrok.ErrNoToken) {
		t.Errorf("Open() = %v, want ErrNoToken", err)
	}
	for _, value := range []string{"", " \n", "two words", "a\x00b"} {
		if _, err := ngrok.NewToken(value); !errors.Is(err, ngrok.ErrNoToken) {
			t.Errorf("NewToken(%q) = %v, want ErrNoToken", value, err)
		}
	}
}

func TestATokenThatNgrokRefusesEndsTheAttempt(t *testing.T) {
	s := startService(t)
	provider := s.provider(t)
	s.token = "another"
	_, err := provider.Open(t.Context(), tunnel.Options{})
	var refused *ngrok.ServiceError
	if !errors.As(err, &refused) || refused.Code != "ERR_NGROK_105" || !refused.Permanent() {
		t.Fatalf("Open() = %v, want a permanent *ServiceError", err)
	}
	if text := err.Error(); strings.Contains(text, provider.Token.Reveal()) || strings.Contains(text, "\n") {
		t.Errorf("the error shows the token, or several lines: %q", text)
	}
}

func TestADomainThatNgrokRefusesEndsTheAttempt(t *testing.T) {
	s := startService(t)
	s.refuse("The endpoint 'https://hooks.ngrok.example' is already online.\nERR_NGROK_334")
	_, err := s.provider(t).Open(t.Context(), tunnel.Options{})
	var refused *ngrok.ServiceError
	if !errors.As(err, &refused) || refused.Code != "ERR_NGROK_334" || refused.Permanent() {
		t.Errorf("Open() = %v, want a *ServiceError that may pass", err)
	}
}

func TestADomainThatCannotBeOne(t *testing.T) {
	s := startService(t)
	for _, domain := range []string{"http://hooks.example", "tcp://1.tcp.ngrok.io:80", "hooks.example/path", "a b", "https://", "u:p@hooks.example"} {
		provider := s.provider(t)
		provider.Domain = domain
		var option *tunnel.OptionError
		if _, err := provider.Open(t.Context(), tunnel.Options{}); !errors.As(err, &option) {
			t.Errorf("%s: Open() = %v, want an *OptionError", domain, err)
		}
	}
}

func TestNgrokThatIsNotThere(t *testing.T) {
	s := startService(t)
	provider := s.provider(t)
	s.listener.Close()
	var failed *ngrok.ConnectError
	if _, err := provider.Open(t.Context(), tunnel.Options{}); !errors.As(err, &failed) {
		t.Errorf("Open() = %v, want a *ConnectError", err)
	}
}

func TestAServerThatIsNotNgrokIsRefused(t *testing.T) {
	s := startService(t)
	provider := s.provider(t)
	provider.ConnectCAs = nil
	var failed *ngrok.ConnectError
	if _, err := provider.Open(t.Context(), tunnel.Options{}); !errors.As(err, &failed) {
		t.Errorf("Open() = %v, want a *ConnectError", err)
	}
}

func TestALostConnectionIsMadeAgain(t *testing.T) {
	s := startService(t)
	session, ended := serve(t, s.provider(t))
	<-s.arrived
	s.drop()
	agent := <-s.arrived
	if got := agent.post(t, "again"); !strings.HasSuffix(got, "again") {
		t.Errorf("%q came back", got)
	}
	session.Close()
	if err := <-ended; err != nil {
		t.Errorf("Serve() = %v", err)
	}
}

func TestARefusalLaterEndsTheTunnel(t *testing.T) {
	s := startService(t)
	session, ended := serve(t, s.provider(t))
	<-s.arrived
	s.mu.Lock()
	s.refusal = "Your account is suspended.\nERR_NGROK_3004"
	s.mu.Unlock()
	s.drop()
	var refused *ngrok.ServiceError
	if err := <-ended; !errors.As(err, &refused) || refused.Code != "ERR_NGROK_3004" {
		t.Errorf("Serve() = %v, want a *ServiceError", err)
	}
	session.Close()
}

func TestATokenIsNeverShown(t *testing.T) {
	token, err := ngrok.NewToken(" 2abcDEFghi_0123456789\n")
	if err != nil || token.Reveal() != "2abcDEFghi_0123456789" {
		t.Fatalf("NewToken() = %v, %v", token, err)
	}
	provider := ngrok.Provider{Token: token}
	encoded, _ := json.Marshal(provider)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("open", "token", token, "provider", provider)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x %d", token, token, token, token, token, token, token),
		fmt.Sprintf("%v %+v %#v", provider, provider, provider), string(encoded), log.String(),
	} {
		if strings.Contains(text, "2abcDEF") || strings.Contains(text, fmt.Sprintf("%x", "2abcDEF")) {
			t.Errorf("the token is shown: %s", text)
		}
	}
	if token.String() != "…6789" {
		t.Errorf("String() = %q, want the last four characters", token.String())
	}
}
