package receiver

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// What Options without a number mean.
const (
	DefaultMaxBody     = 5 << 20 // bytes
	DefaultRememberIDs = 10_000
)

// Options say what a [Handler] accepts and whom it tells. The zero value accepts every event, signed or not.
type Options struct {
	Verifier    *signature.Verifier // nil accepts every signature and none, and leaves Receipt.Verified false
	Schemas     *event.Schemas      // what drift is reported against; nil reports none and refuses data of other types
	Path        string              // the one path that webhooks are taken at, others are answered with 404; empty is any
	MaxBody     int64               // bytes of a body as sent; 0 is DefaultMaxBody
	RememberIDs int                 // how many accepted event ids are remembered to spot duplicates; 0 is DefaultRememberIDs
	Seen        []string            // event ids that were accepted before the handler was made, oldest first

	// Handle is called once for each request, from the request's goroutine and before the answer is written: what the sender
	// sees acknowledged has been kept, forwarded and shown. It may change the answer, by the fields of the receipt or by
	// [Receipt.Postpone], and must be safe for concurrent use. Its context is that of the request, which ends when the sender
	// leaves. May be nil.
	Handle func(context.Context, *Receipt)
	Now    func() time.Time // the clock that signatures are judged by; nil is time.Now
}

// Handler receives webhooks at whatever path it is mounted. Create it with [New]; it is safe for concurrent use. Apart from
// the remembered ids it keeps nothing of a request once that is answered.
type Handler struct {
	options Options
	seen    *memory
}

// New returns a Handler that does as options say.
func New(options Options) *Handler {
	if options.MaxBody <= 0 {
		options.MaxBody = DefaultMaxBody
	}
	if options.RememberIDs <= 0 {
		options.RememberIDs = DefaultRememberIDs
	}
	if options.Handle == nil {
		options.Handle = func(context.Context, *Receipt) {}
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	h := &Handler{options: options, seen: newMemory(options.RememberIDs)}
	for _, id := range options.Seen {
		h.seen.repeated(id)
	}
	h.options.Seen = nil
	return h
}

// ServeHTTP examines a request, has it handled and answers.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived := h.options.Now()
	receipt := Receipt{Request: captureHead(r, arrived)}
	switch {
	case h.options.Path != "" && r.URL.Path != h.options.Path:
		receipt.Refuse(http.StatusNotFound, "no webhooks are taken at this path")
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		receipt.Refuse(http.StatusMethodNotAllowed, "method not allowed, use POST")
	default:
		receipt.Request.Body, receipt.BodyErr = readBody(w, r, h.options.MaxBody)
		receipt.Judged = receipt.BodyErr == nil
		h.judge(&receipt)
	}
	receipt.Duration = h.options.Now().Sub(arrived)
	h.options.Handle(r.Context(), &receipt)
	if receipt.postponed && !receipt.Duplicate {
		h.seen.forget(receipt.Event.ID)
	}
	write(w, receipt)
}

// judge fills in what there is to learn of a request whose body was read, or should have been.
func (h *Handler) judge(r *Receipt) {
	if r.BodyErr != nil {
		r.Refuse(bodyStatus(r.BodyErr))
		return
	}
	h.verify(r)
	wellFormed := h.decode(r)
	switch {
	case r.VerifyErr != nil:
		r.Refuse(http.StatusUnauthorized, r.VerifyErr.Error())
	case !wellFormed:
		r.Refuse(http.StatusBadRequest, r.DecodeErr.Error())
	default:
		r.Duplicate = h.seen.repeated(r.Event.ID)
		r.accept()
	}
}

// verify takes the time after the body was read: a sender must not stretch a signature's life by dribbling.
func (h *Handler) verify(r *Receipt) {
	if h.options.Verifier == nil {
		return
	}
	lines := r.Request.Values(signature.HeaderName)
	r.Verdict, r.VerifyErr = h.options.Verifier.Verify(lines, r.Request.Body, h.options.Now())
	r.Verified = r.VerifyErr == nil
}
