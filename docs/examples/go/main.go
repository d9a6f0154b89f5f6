// Command go receives Pocketbook webhooks with net/http.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

// run serves until the process is asked to end, and lets the requests under way finish.
func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	reader, err := newReader()
	if err != nil {
		return err
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/pocketbook", &webhook{reader: reader, seen: map[string]bool{}})
	server := &http.Server{Handler: mux, ReadTimeout: 30 * time.Second} // a dribbling sender cannot hold a connection
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	log.Printf("listening on http://localhost:%d/webhooks/pocketbook", listener.Addr().(*net.TCPAddr).Port)
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	return server.Shutdown(drain)
}

// newReader verifies with the secret of the environment, and with the one before it while it is rotated.
func newReader() (*event.Reader, error) {
	secret, err := signature.NewSecret(os.Getenv("POCKETBOOK_WEBHOOK_SECRET"))
	if err != nil {
		return nil, errors.New("set POCKETBOOK_WEBHOOK_SECRET")
	}
	options := signature.Options{Secret: secret}
	if old := os.Getenv("POCKETBOOK_WEBHOOK_SECRET_OLD"); old != "" {
		if options.Previous, err = signature.NewSecret(old); err != nil {
			return nil, err
		}
	}
	verifier, err := signature.NewVerifier(options)
	if err != nil {
		return nil, err
	}
	return event.NewReader(event.ReaderOptions{Verifier: verifier})
}

// webhook takes deliveries. The same event may arrive more than once. Memory is enough to learn with; in production,
// insert the id under a unique key of your database, in the transaction that queues the work.
type webhook struct {
	reader *event.Reader

	mu   sync.Mutex
	seen map[string]bool
	ids  []string // of seen, the oldest first
}

func (h *webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	received, err := h.reader.Read(r.Header, r.Body, time.Now())
	if err != nil {
		refuse(w, err)
		return
	}
	// Answer at once: Pocketbook waits 30 seconds at most, then delivers again.
	if h.isNew(received.Event.ID) {
		go handle(received.Event)
	}
	answer(w, http.StatusOK, map[string]any{"received": true})
}

func refuse(w http.ResponseWriter, err error) {
	var refused *signature.VerifyError
	switch {
	case errors.As(err, &refused):
		answer(w, http.StatusUnauthorized, map[string]any{"error": "Invalid signature"})
	case errors.Is(err, event.ErrBodyTooLarge):
		answer(w, http.StatusRequestEntityTooLarge, map[string]any{"error": "Body too large"})
	default:
		answer(w, http.StatusBadRequest, map[string]any{"error": "Not an event"})
	}
}

func answer(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a sender that has gone gets no answer
}

func (h *webhook) isNew(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seen[id] {
		return false
	}
	if len(h.ids) == 10_000 {
		delete(h.seen, h.ids[0])
		h.ids = h.ids[1:]
	}
	h.seen[id] = true
	h.ids = append(h.ids, id)
	return true
}

func handle(e event.Event) {
	switch data := e.Data.(type) {
	case *event.CertificateMinted:
		log.Printf("handled %s %s token %s belongs to %s", e.Type, e.ID, data.TokenID, data.Owner)
	case *event.VoucherMinted:
		log.Printf("handled %s %s voucher %s was claimed by %s", e.Type, e.ID, data.ReferenceNumber, data.MintedBy)
	default: // types that Pocketbook adds later arrive here, as event.Unknown
		log.Printf("handled %s %s", e.Type, e.ID)
	}
}
