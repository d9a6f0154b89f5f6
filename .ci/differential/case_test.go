package differential

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"
)

// delivery is what both verifiers are given, at the time that is now for both.
type delivery struct {
	header    string
	body      string
	secret    string
	tolerance time.Duration
	now       time.Time
	shapes    []string // how it was made
}

func (d delivery) String() string {
	header := d.header
	if len(header) > 400 {
		header = header[:400] + "…"
	}
	return fmt.Sprintf("%q: header %q body %q secret %q tolerance %v now %d.%03d",
		d.shapes, header, d.body, d.secret, d.tolerance, d.now.Unix(), d.now.Nanosecond()/1e6)
}

// draft is a delivery that is still in parts, so that shapes can be laid over it.
type draft struct {
	delivery
	rand   *rand.Rand
	parts  []string
	signed int64 // what t says, in seconds
}

func newDraft(r *rand.Rand, now time.Time) *draft {
	d := &draft{rand: r, delivery: delivery{
		body:      pick(r, bodies),
		secret:    pick(r, secrets),
		tolerance: webhook.DefaultTolerance,
		now:       now,
	}}
	d.sign(now.Unix() + int64(pick(r, ages)))
	return d
}

// sign makes the parts anew, by the SDK's own signer, for a t that both write alike.
func (d *draft) sign(seconds int64) {
	d.signed = seconds
	d.parts = []string{"t=" + strconv.FormatInt(seconds, 10), "v1=" + d.mac()}
}

func (d *draft) mac() string {
	return hex.EncodeToString(webhook.ComputeSignature(time.Unix(d.signed, 0), []byte(d.body), d.secret))
}

// signText signs t as pbhook reads it, letter by letter; the SDK signs the number that it means.
func (d *draft) signText() {
	for _, part := range d.parts {
		if text, ok := strings.CutPrefix(part, "t="); ok {
			mac := hmac.New(sha256.New, []byte(d.secret))
			mac.Write([]byte(text + "." + d.body))
			d.edit("v1", func(string) string { return "v1=" + hex.EncodeToString(mac.Sum(nil)) })
		}
	}
}

// forgery is a well-formed v1 that does not match.
func (d *draft) forgery() string {
	sum := make([]byte, 32)
	for i := range sum {
		sum[i] = byte(d.rand.Uint32())
	}
	return "v1=" + hex.EncodeToString(sum)
}

// edit changes the first part of that name.
func (d *draft) edit(name string, change func(value string) string) {
	for i, part := range d.parts {
		if value, ok := strings.CutPrefix(part, name+"="); ok {
			d.parts[i] = change(value)
			return
		}
	}
}

func (d *draft) insert(part string) {
	at := d.rand.IntN(len(d.parts) + 1)
	d.parts = append(d.parts[:at], append([]string{part}, d.parts[at:]...)...)
}

func (d *draft) finish() delivery {
	d.header = strings.Join(d.parts, ",")
	return d.delivery
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

var (
	ages    = []int{0, 0, 0, 0, -1, -60, -299, 1, 60, 299, 300}
	secrets = []string{"whsec_1234567890abcdef", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "plain", "whsec_x\n", `"whsec_x"`}
	bodies  = []string{
		`{"id":"evt_1234567890","type":"certificate.minted"}`, `{"a":1.5}`, "", "{}\n", "{\r\n}\r\n",
		"\ufeff{}", "{\"n\":\"\xe9\"}", "{\"n\":\"é😀\"}", "\x00",
	}
)
