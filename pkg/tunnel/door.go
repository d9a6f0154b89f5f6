package tunnel

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"
)

// DoorOptions say what a [Door] lets through. The zero value lets through POST requests to any path.
type DoorOptions struct {
	Path        string  // the one path that is open; empty opens every one
	MaxBody     int64   // bytes; 0 is [DefaultMaxBody]
	Rate        float64 // requests per second that go on for long; 0 is [DefaultRate]
	Burst       int     // how many may come at once; 0 is [DefaultBurst]
	Concurrency int     // requests under way at the same time; 0 is [DefaultConcurrency]
	Now         func() time.Time
}

// What DoorOptions without a number mean.
const (
	DefaultMaxBody     = 5 << 20
	DefaultRate        = 100
	DefaultBurst       = 500
	DefaultConcurrency = 128
)

// probePath is where a door answers its own [Door.Confirm].
const probePath = "/.well-known/pbhook-probe/"

// Door is what stands between a public URL and the handler of webhooks. It answers what is no POST with 405, other paths with
// 404, bodies above the limit with 413, and what is too much with 429 and Retry-After, after which a sender of webhooks
// tries again. Its answers are JSON and hold nothing of the request. Create it with [NewDoor]; it is safe for concurrent
// use.
type Door struct {
	next    http.Handler
	options DoorOptions
	limiter *rate.Limiter
	slots   chan struct{}
	// A stranger who answers everything with 200 doesn't know the answer, so the probe can't take it for this process.
	question, answer string
}

// NewDoor returns a door before next.
func NewDoor(next http.Handler, o DoorOptions) *Door {
	o.MaxBody = cmp.Or(o.MaxBody, DefaultMaxBody)
	o.Rate = cmp.Or(o.Rate, DefaultRate)
	o.Burst = cmp.Or(o.Burst, DefaultBurst)
	o.Concurrency = cmp.Or(o.Concurrency, DefaultConcurrency)
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Door{
		next:     next,
		options:  o,
		limiter:  rate.NewLimiter(rate.Limit(o.Rate), o.Burst),
		slots:    make(chan struct{}, o.Concurrency),
		question: rand.Text(),
		answer:   rand.Text(),
	}
}

// ServeHTTP lets a request through or answers it.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if wait := d.admit(); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		refuse(w, http.StatusTooManyRequests, "too many requests")
		return
	}
	switch {
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, "method not allowed, use POST")
	case d.isProbe(r.URL.Path):
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, d.answer)
	case d.options.Path != "" && r.URL.Path != d.options.Path:
		refuse(w, http.StatusNotFound, "not found")
	case r.ContentLength > d.options.MaxBody:
		refuse(w, http.StatusRequestEntityTooLarge, "body too large")
	default:
		d.pass(w, r)
	}
}

// admit returns how long to stay away when too much came already.
func (d *Door) admit() time.Duration {
	now := d.options.Now()
	turn := d.limiter.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait > 0 {
		turn.CancelAt(now)
	}
	return wait
}

func (d *Door) pass(w http.ResponseWriter, r *http.Request) {
	select {
	case d.slots <- struct{}{}:
	default:
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusTooManyRequests, "too many requests at the same time")
		return
	}
	defer func() { <-d.slots }()
	r.Body = http.MaxBytesReader(w, r.Body, d.options.MaxBody)
	d.next.ServeHTTP(w, r)
}

func (d *Door) isProbe(path string) bool {
	return subtle.ConstantTimeCompare([]byte(path), []byte(probePath+d.question)) == 1
}

// refuse answers and has the connection closed, so that nothing more of the body is read.
func refuse(w http.ResponseWriter, status int, reason string) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Connection", "close")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": reason})
}
