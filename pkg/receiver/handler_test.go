package receiver_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestHandlerAnswers(t *testing.T) {
	now := time.Now()
	current, previous, other := secret(t, "whsec_current"), secret(t, "whsec_previous"), secret(t, "whsec_other")
	deep := `{"id":"evt_1","type":"x","created":1,"data":{"a":` + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000) + `}}`

	tests := []struct {
		name   string
		body   string
		header func(body []byte) string
		status int
		reason error
	}{
		{"a signed event is received", minted, by(t, now, current), 200, nil},
		{"the previous secret is accepted during a rotation", minted, by(t, now, previous), 200, nil},
		{"a rotated sender may put the new signature first", minted, by(t, now, current, other), 200, nil},
		{"a rotated sender may put the new signature last", minted, by(t, now, other, current), 200, nil},
		{"an event type that is not documented yet is received", `{"id":"evt_1","type":"a.b","created":1,"data":{}}`, by(t, now, current), 200, nil},
		{"an event signed 299 seconds ago is received", minted, by(t, now.Add(-299*time.Second), current), 200, nil},
		{"no signature is refused", minted, header(""), 401, signature.ErrMissingHeader},
		{"a malformed signature is refused", minted, header("foo"), 401, signature.ErrMalformedHeader},
		{"another secret is refused", minted, by(t, now, other), 401, signature.ErrNoMatch},
		{"an event signed ten minutes ago is refused", minted, by(t, now.Add(-10*time.Minute), current), 401, signature.ErrTooOld},
		{"an event signed ten minutes ahead is refused", minted, by(t, now.Add(10*time.Minute), current), 401, signature.ErrInFuture},
		{"a signed empty body is malformed", "", by(t, now, current), 400, event.ErrMalformedBody},
		{"a signed body that is not JSON is malformed", "{", by(t, now, current), 400, event.ErrMalformedBody},
		{"a signed body without an id is malformed", `{"type":"a.b","created":1,"data":{}}`, by(t, now, current), 400, event.ErrMalformedBody},
		{"a signed body with two ids is malformed", `{"id":"a","id":"b","type":"a.b","created":1,"data":{}}`, by(t, now, current), 400, event.ErrMalformedBody},
		{"a signed body with a name twice in its data is received", `{"id":"a","type":"a.b","created":1,"data":{"x":1,"x":2}}`, by(t, now, current), 200, nil},
		{"a signed body nested 30,000 deep is malformed", deep, by(t, now, current), 400, event.ErrMalformedBody},
		{"a bad signature comes before a malformed body", "{", by(t, now, other), 401, signature.ErrNoMatch},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := serve(t, receiver.Options{
				Verifier: verifier(t, signature.Options{Secret: current, Previous: previous}),
				Schemas:  schemas(t),
				Now:      func() time.Time { return now },
			})
			status, answer := b.post(t, tt.header([]byte(tt.body)), []byte(tt.body))
			got := b.only(t)
			if status != tt.status || got.Status != tt.status {
				t.Fatalf("answered %d %s, recorded %d, want %d", status, answer, got.Status, tt.status)
			}
			if answer != string(got.Answer) {
				t.Errorf("answered %s, recorded %s", answer, got.Answer)
			}
			if string(got.Request.Body) != tt.body {
				t.Errorf("recorded body %.200q, want %.200q", got.Request.Body, tt.body)
			}
			if err := errors.Join(got.VerifyErr, got.DecodeErr); !errors.Is(err, tt.reason) {
				t.Errorf("reason %v, want %v", err, tt.reason)
			}
			if want := tt.status != 401; got.Verified != want {
				t.Errorf("Verified = %t, want %t", got.Verified, want)
			}
			if success := strings.Contains(answer, `"received":true`); success != (tt.status == 200) {
				t.Errorf("answer %s does not fit %d", answer, status)
			}
		})
	}
}

func by(t *testing.T, at time.Time, secrets ...signature.Secret) func([]byte) string {
	return func(body []byte) string { return sign(t, body, at, secrets...) }
}

func header(value string) func([]byte) string { return func([]byte) string { return value } }

func TestHandlerTakesNothingButPOST(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		t.Run(method, func(t *testing.T) {
			b := serve(t, receiver.Options{})
			req, err := http.NewRequest(method, b.url, strings.NewReader(minted))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != "POST" {
				t.Errorf("answered %d with Allow %q, want 405 with POST", resp.StatusCode, resp.Header.Get("Allow"))
			}
			if got := b.only(t); got.Request.Method != method || got.Request.Body != nil {
				t.Errorf("recorded %s with body %q, want %s and none", got.Request.Method, got.Request.Body, method)
			}
		})
	}
}

func TestHandlerWithoutVerifierMarksEventsUnverified(t *testing.T) {
	b := serve(t, receiver.Options{})
	if status, answer := b.post(t, "t=1,v1=00", []byte(minted)); status != 200 {
		t.Fatalf("answered %d %s, want 200", status, answer)
	}
	got := b.only(t)
	if got.Verified || got.VerifyErr != nil {
		t.Errorf("Verified = %t, VerifyErr = %v, want false and nil", got.Verified, got.VerifyErr)
	}
	if data, ok := got.Event.Data.(*event.CertificateMinted); !ok || data.TokenID != "123456" {
		t.Errorf("data = %#v, want the minted certificate", got.Event.Data)
	}
}

func TestHandlerShowsWhatAForgedRequestClaims(t *testing.T) {
	b := serve(t, receiver.Options{Verifier: verifier(t, signature.Options{Secret: secret(t, "whsec_a")}), Schemas: schemas(t)})
	b.post(t, "", []byte(strings.Replace(minted, `"123456"`, `7`, 1)))
	got := b.only(t)
	if got.Event.ID != "evt_1234567891" || got.Event.Type != event.TypeCertificateMinted {
		t.Errorf("claims %q %q, want those of the body", got.Event.ID, got.Event.Type)
	}
	if got.Violations != nil || got.Unknown != nil || got.Duplicate {
		t.Errorf("reported drift %v %v, duplicate %t of a body nobody vouches for", got.Violations, got.Unknown, got.Duplicate)
	}
}

func TestHandlerReportsDriftAndReceivesTheEvent(t *testing.T) {
	tests := []struct {
		name, old, new string
		violations     []event.Violation
		unknown        []string
		decodes        bool
	}{
		{"nothing", `"tokenId"`, `"tokenId"`, nil, nil, true},
		{"a new field", `"tokenId"`, `"chainId":137,"tokenId"`, nil, []string{"data.chainId"}, true},
		{"a field of another type", `"123456"`, `123456`,
			[]event.Violation{{Path: "data.tokenId", Expected: "string", Got: "number 123456"}}, nil, false},
		{"a field that went away", `"tokenId":"123456",`, ``,
			[]event.Violation{{Path: "data.tokenId", Expected: "string", Got: "nothing"}}, nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			key := secret(t, "whsec_a")
			b := serve(t, receiver.Options{Verifier: verifier(t, signature.Options{Secret: key}), Schemas: schemas(t)})
			body := []byte(strings.Replace(minted, tt.old, tt.new, 1))
			if status, answer := b.post(t, sign(t, body, time.Now(), key), body); status != 200 {
				t.Fatalf("answered %d %s, want 200", status, answer)
			}
			got := b.only(t)
			if diff := cmp.Diff(tt.violations, got.Violations); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.unknown, got.Unknown); diff != "" {
				t.Errorf("unknown fields (-want +got):\n%s", diff)
			}
			if got.Event.ID != "evt_1234567891" || got.Event.Type != event.TypeCertificateMinted || got.Event.Created != 1640995300 {
				t.Errorf("event = %+v, want the envelope of the body", got.Event)
			}
			if decodes := got.DecodeErr == nil; decodes != tt.decodes {
				t.Errorf("DecodeErr = %v, want one: %t", got.DecodeErr, !tt.decodes)
			}
		})
	}
}

func TestHandlerWithoutSchemasRefusesDataOfAnotherType(t *testing.T) {
	b := serve(t, receiver.Options{})
	status, answer := b.post(t, "", []byte(strings.Replace(minted, `"123456"`, `123456`, 1)))
	if got := b.only(t); status != 400 || !errors.Is(got.DecodeErr, event.ErrMalformedBody) {
		t.Errorf("answered %d %s with DecodeErr %v, want 400 with %v", status, answer, got.DecodeErr, event.ErrMalformedBody)
	}
}

// The handler is called without a network, whose reads and writes would hide a race from the detector.
func TestHandlerMarksTenParallelDeliveriesOfOneEventButOneAsDuplicates(t *testing.T) {
	key := secret(t, "whsec_a")
	var first atomic.Int64
	handler := receiver.New(receiver.Options{
		Verifier: verifier(t, signature.Options{Secret: key}),
		Handle: func(_ context.Context, r *receiver.Receipt) {
			if !r.Duplicate {
				first.Add(1)
			}
		},
	})
	header := sign(t, []byte(minted), time.Now(), key)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(minted))
			req.Header.Set(signature.HeaderName, header)
			rec := httptest.NewRecorder()
			handler.ServeHTTP(rec, req)
			if rec.Code != http.StatusOK {
				t.Errorf("answered %d %s, want 200", rec.Code, rec.Body)
			}
		})
	}
	wg.Wait()
	if first.Load() != 1 {
		t.Errorf("%d of 10 deliveries counted as the first, want 1", first.Load())
	}
}

func TestHandlerIsNotMadeToForgetAnEventByForgedOnes(t *testing.T) {
	key := secret(t, "whsec_a")
	b := serve(t, receiver.Options{Verifier: verifier(t, signature.Options{Secret: key}), RememberIDs: 1})
	b.post(t, "", []byte(minted))
	b.post(t, sign(t, []byte(minted), time.Now(), key), []byte(minted))
	b.post(t, "", []byte(`{"id":"evt_forged","type":"a.b","created":1,"data":{}}`))
	b.post(t, sign(t, []byte(minted), time.Now(), key), []byte(minted))
	var got []bool
	for _, r := range b.receipts {
		got = append(got, r.Duplicate)
	}
	if diff := cmp.Diff([]bool{false, false, false, true}, got); diff != "" {
		t.Errorf("duplicates (-want +got):\n%s", diff)
	}
}

func TestHandlerRemembersAsManyIDsAsItWasTold(t *testing.T) {
	b := serve(t, receiver.Options{RememberIDs: 2})
	for _, id := range []string{"a", "b", "a", "c", "b", "a", "a"} {
		b.post(t, "", []byte(`{"id":"evt_`+id+`","type":"a.b","created":1,"data":{}}`))
	}
	var got []bool
	for _, r := range b.receipts {
		got = append(got, r.Duplicate)
	}
	// a, b are new; a repeats; c pushes out a; b repeats; a is new again and pushes out b; a repeats.
	if diff := cmp.Diff([]bool{false, false, true, false, true, false, true}, got); diff != "" {
		t.Errorf("duplicates (-want +got):\n%s", diff)
	}
}

// The oldest goes first, time and again.
func TestHandlerForgetsTheOldestIDs(t *testing.T) {
	b := serve(t, receiver.Options{RememberIDs: 3})
	for _, id := range []string{"a", "b", "c", "d", "e", "c", "d", "e"} {
		b.post(t, "", []byte(`{"id":"evt_`+id+`","type":"a.b","created":1,"data":{}}`))
	}
	for i, r := range b.receipts {
		if r.Duplicate != (i >= 5) {
			t.Errorf("request %d, %s: duplicate %t", i, r.Event.ID, r.Duplicate)
		}
	}
}

func TestHandlerRemembersTenThousandIDsUnlessToldOtherwise(t *testing.T) {
	seen := []string{"evt_forgotten", "evt_1234567891"}
	for i := range 9_999 {
		seen = append(seen, fmt.Sprintf("evt_%d", i))
	}
	b := serve(t, receiver.Options{Seen: seen})
	b.post(t, "", []byte(minted))
	b.post(t, "", []byte(`{"id":"evt_forgotten","type":"a.b","created":1,"data":{}}`))
	if oldest, older := b.receipts[0], b.receipts[1]; !oldest.Duplicate || older.Duplicate {
		t.Errorf("the oldest of 10,000 is a duplicate: %t; the one before it: %t", oldest.Duplicate, older.Duplicate)
	}
}

func TestARefusalHasNoLinesOfTheAnswerBefore(t *testing.T) {
	b := serve(t, receiver.Options{Handle: func(_ context.Context, r *receiver.Receipt) {
		r.Postpone("queue is full")
		r.Refuse(http.StatusGone, "no more of these")
	}})
	resp, err := http.Post(b.url, "application/json", strings.NewReader(minted))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusGone || resp.Header.Get("Retry-After") != "" {
		t.Errorf("answered %d with Retry-After %q", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
}

func TestWhatIsPostponedComesAgainAsTheFirst(t *testing.T) {
	full := true
	b := serve(t, receiver.Options{Handle: func(_ context.Context, r *receiver.Receipt) {
		if full {
			r.Postpone("queue is full")
		}
	}})
	resp, err := http.Post(b.url, "application/json", strings.NewReader(minted))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") != "5" {
		t.Errorf("answered %d with Retry-After %q, want 503 with 5", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
	full = false
	b.post(t, "", []byte(minted))
	full = true
	b.post(t, "", []byte(minted))
	full = false
	b.post(t, "", []byte(minted))
	var got []bool
	for _, r := range b.receipts {
		got = append(got, r.Duplicate)
	}
	// The second is the first that is taken, and stays so when a duplicate of it is postponed.
	if diff := cmp.Diff([]bool{false, false, true, true}, got); diff != "" {
		t.Errorf("duplicates (-want +got):\n%s", diff)
	}
}

func TestHandleMayAnswerWithItsOwn(t *testing.T) {
	b := serve(t, receiver.Options{Handle: func(_ context.Context, r *receiver.Receipt) {
		r.Status, r.Answer = http.StatusTeapot, []byte("short and stout")
		r.Header = []capture.Field{{Name: "Content-Type", Value: "text/plain"}, {Name: "X-Pot", Value: "1"}, {Name: "X-Pot", Value: "2"}}
	}})
	resp, err := http.Post(b.url, "application/json", strings.NewReader(minted))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusTeapot || string(answer) != "short and stout" {
		t.Errorf("answered %d %q %v", resp.StatusCode, answer, err)
	}
	want := http.Header{"Content-Type": {"text/plain"}, "X-Pot": {"1", "2"}, "X-Content-Type-Options": {"nosniff"}}
	for name, lines := range want {
		if diff := cmp.Diff(lines, resp.Header.Values(name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestHandlerKnowsWhatWasSeenBeforeItWasMade(t *testing.T) {
	b := serve(t, receiver.Options{RememberIDs: 2, Seen: []string{"evt_old", "evt_1234567891", "evt_new"}})
	b.post(t, "", []byte(minted))
	b.post(t, "", []byte(strings.Replace(minted, "evt_1234567891", "evt_old", 1)))
	if !b.receipts[0].Duplicate || b.receipts[1].Duplicate {
		t.Errorf("duplicates %t and %t, want the newer alone", b.receipts[0].Duplicate, b.receipts[1].Duplicate)
	}
}
