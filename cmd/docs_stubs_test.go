package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"mvdan.cc/sh/v3/interp"

	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// exec runs a program, or what an archive alone can call:
//
//	api :PORT                  an API of Pocketbook's, which registers webhooks
//	receiver :PORT [last-v1]   a receiver with the secret whsec_demo, which tells at /handled how many events took effect; with
//	                           last-v1 it reads the header into a map, and so keeps one v1 alone
//	example NAME               prints the folder of an example of this project, under the tag e2e with what it needs
func (d *docTerminal) exec(ctx context.Context, args []string) error {
	var handler http.Handler
	switch args[0] {
	case "api":
		handler = http.HandlerFunc(answerAsGuide)
	case "receiver":
		counting, err := newCountingReceiver(len(args) > 2 && args[2] == "last-v1")
		if err != nil {
			return err
		}
		handler = counting
	case "example":
		_, err := fmt.Fprintln(interp.HandlerCtx(ctx).Stdout, exampleFolder(d.t, args[1]))
		return err
	default:
		return interp.DefaultExecHandler(10*time.Second)(ctx, args)
	}
	listener, err := net.Listen("tcp", args[1])
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler}
	d.t.Cleanup(func() { _ = server.Close() })
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stubs[strings.TrimPrefix(args[1], ":")] = server
	go func() { _ = server.Serve(listener) }()
	return nil
}

// answerAsGuide registers a webhook as Pocketbook's guide shows, for those whose token begins as one.
func answerAsGuide(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer eyJ") {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error": "Invalid token"}`)
		return
	}
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, `{"data":{"webhookId":"507f1f77bcf86cd799439011","secret":"whsec_1234567890abcdef"}}`)
}

// countingReceiver counts the events that it accepted, each once.
type countingReceiver struct {
	verifying http.Handler
	lastV1    bool

	mu      sync.Mutex
	handled map[string]bool
}

func newCountingReceiver(lastV1 bool) (*countingReceiver, error) {
	secret, err := signature.NewSecret("whsec_demo")
	if err != nil {
		return nil, err
	}
	verifier, err := signature.NewVerifier(signature.Options{Secret: secret})
	if err != nil {
		return nil, err
	}
	return &countingReceiver{
		verifying: receiver.New(receiver.Options{Verifier: verifier, Now: time.Now}),
		lastV1:    lastV1, handled: map[string]bool{},
	}, nil
}

func (c *countingReceiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/handled" {
		c.mu.Lock()
		defer c.mu.Unlock()
		fmt.Fprint(w, len(c.handled))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if header := r.Header.Get(signature.HeaderName); c.lastV1 && header != "" {
		parts := map[string]string{}
		for part := range strings.SplitSeq(header, ",") {
			scheme, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			parts[scheme] = value
		}
		r.Header.Set(signature.HeaderName, "t="+parts["t"]+",v1="+parts["v1"])
	}
	accepted := &statusWriter{ResponseWriter: w}
	c.verifying.ServeHTTP(accepted, r)
	var event struct{ ID string }
	if json.Unmarshal(body, &event) == nil && accepted.status == http.StatusOK {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.handled[event.ID] = true
	}
}

// statusWriter keeps the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}
