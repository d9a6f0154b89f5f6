package event_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

var now = time.Unix(1640995200, 0)

func newSecret(t *testing.T, value string) signature.Secret {
	t.Helper()
	secret, err := signature.NewSecret(value)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func newReader(t *testing.T, options signature.Options, maxBody int64) *event.Reader {
	t.Helper()
	verifier, err := signature.NewVerifier(options)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := event.NewReader(event.ReaderOptions{Verifier: verifier, MaxBody: maxBody})
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

func signed(t *testing.T, body string, at time.Time, secret signature.Secret) http.Header {
	t.Helper()
	line, err := signature.Sign([]byte(body), at, secret)
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	header.Set(signature.HeaderName, line)
	return header
}

func TestReadGivesTheEventItsSignatureAndTheSignedBytes(t *testing.T) {
	current, previous := newSecret(t, "whsec_current"), newSecret(t, "whsec_previous")
	reader := newReader(t, signature.Options{Secret: current, Previous: previous}, 0)
	body := minted(` { "tokenId" : "7" } `)
	for by, secret := range map[signature.Holder]signature.Secret{signature.Current: current, signature.Previous: previous} {
		t.Run(by.String(), func(t *testing.T) {
			got, err := reader.Read(signed(t, body, now, secret), iotest.OneByteReader(strings.NewReader(body)), now)
			if err != nil {
				t.Fatal(err)
			}
			want := event.Event{ID: "evt_1", Type: event.TypeCertificateMinted, Created: 1640995300,
				Data: &event.CertificateMinted{TokenID: "7"}}
			if diff := cmp.Diff(want, got.Event); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
			if got.Signature.By != by || string(got.Body) != body {
				t.Errorf("by %v, body %q", got.Signature.By, got.Body)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	secret, stranger := newSecret(t, "whsec_current"), newSecret(t, "whsec_stranger")
	cut := errors.New("connection reset")
	reader := newReader(t, signature.Options{Secret: secret}, 200)
	good, broken := minted(`{}`), `{"id":"evt_1"`
	large := good + strings.Repeat(" ", 201-len(good))
	for name, test := range map[string]struct {
		header  http.Header
		body    io.Reader
		want    error
		hasBody bool
	}{
		"a body without a signature":    {http.Header{}, strings.NewReader(good), signature.ErrMissingHeader, true},
		"a signature of another secret": {signed(t, good, now, stranger), strings.NewReader(good), signature.ErrNoMatch, true},
		"a signature that is old":       {signed(t, good, now.Add(-time.Hour), secret), strings.NewReader(good), signature.ErrTooOld, true},
		"a forged body that is broken":  {signed(t, broken, now, stranger), strings.NewReader(broken), signature.ErrNoMatch, true},
		"a signed body that is broken":  {signed(t, broken, now, secret), strings.NewReader(broken), event.ErrMalformedBody, true},
		"a body that is too large":      {signed(t, large, now, secret), strings.NewReader(large), event.ErrBodyTooLarge, false},
		"a body that breaks off":        {signed(t, good, now, secret), io.MultiReader(strings.NewReader(good), iotest.ErrReader(cut)), cut, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := reader.Read(test.header, test.body, now)
			if !errors.Is(err, test.want) {
				t.Fatalf("error %v, want %v", err, test.want)
			}
			if diff := cmp.Diff(event.Event{}, got.Event); diff != "" {
				t.Errorf("an event beside the error (-want +got):\n%s", diff)
			}
			if (got.Body != nil) != test.hasBody {
				t.Errorf("body %q", got.Body)
			}
		})
	}
}

func TestReadTellsOfTheSignatureWhenItRefuses(t *testing.T) {
	secret := newSecret(t, "whsec_current")
	body := minted(`{}`)
	got, err := newReader(t, signature.Options{Secret: secret}, 0).
		Read(signed(t, body, now.Add(-time.Hour), secret), strings.NewReader(body), now)
	if err == nil || !got.Signature.SignatureValid || got.Signature.TimeValid {
		t.Errorf("%+v, error %v", got.Signature, err)
	}
}

func TestReadBoundsTheBody(t *testing.T) {
	secret := newSecret(t, "whsec_current")
	for name, test := range map[string]struct {
		max   int64
		size  int
		limit int64 // 0 if the body is taken
	}{
		"at the limit":              {200, 200, 0},
		"one byte over":             {200, 201, 200},
		"at the default":            {0, event.DefaultMaxBody, 0},
		"one byte over the default": {-1, event.DefaultMaxBody + 1, event.DefaultMaxBody},
		"without a limit":           {math.MaxInt64, event.DefaultMaxBody + 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			body := minted(`{}`)
			body += strings.Repeat(" ", test.size-len(body))
			source := strings.NewReader(body + strings.Repeat(" ", 1000))
			if test.limit == 0 {
				source = strings.NewReader(body)
			}
			_, err := newReader(t, signature.Options{Secret: secret}, test.max).Read(signed(t, body, now, secret), source, now)
			var evidence *event.BodyTooLargeError
			switch {
			case test.limit == 0 && err != nil:
				t.Error(err)
			case test.limit != 0 && (!errors.As(err, &evidence) || evidence.Limit != test.limit):
				t.Errorf("error %v, want a limit of %d", err, test.limit)
			}
			if read := len(body) + 1000 - source.Len(); test.limit != 0 && int64(read) > test.limit+1 {
				t.Errorf("%d bytes were read of a body limited to %d", read, test.limit)
			}
		})
	}
}

func TestThereIsNoReaderWithoutAVerifier(t *testing.T) {
	if reader, err := event.NewReader(event.ReaderOptions{}); !errors.Is(err, event.ErrNoVerifier) || reader != nil {
		t.Errorf("%v, error %v", reader, err)
	}
}

func TestNoErrorOfReadShowsTheSecret(t *testing.T) {
	secret := newSecret(t, "whsec_verysecretvalue")
	reader := newReader(t, signature.Options{Secret: secret}, 0)
	received, err := reader.Read(http.Header{}, bytes.NewReader(nil), now)
	if err == nil {
		t.Fatal("an unsigned body was read")
	}
	if shown := fmt.Sprintf("%v %+v %#v %+v", err, received, err, reader); strings.Contains(shown, "verysecret") {
		t.Errorf("the secret is in %s", shown)
	}
}
