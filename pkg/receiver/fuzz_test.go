package receiver_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// Whatever arrives is answered with one of four statuses and JSON, and only what was signed is received.
func FuzzHandler(f *testing.F) {
	now := time.Unix(1_700_000_000, 0)
	key := secret(f, "whsec_a")
	handler := receiver.New(receiver.Options{
		Verifier: verifier(f, signature.Options{Secret: key}),
		Schemas:  schemas(f),
		MaxBody:  64 << 10,
		Now:      func() time.Time { return now },
	})
	for _, body := range []string{minted, "", "{", "[[[[", `{"id":"a","type":"voucher.created","created":1,"data":{"expiry":{}}}`} {
		f.Add(sign(f, []byte(body), now, key), []byte(body), true)
		f.Add("t=1700000000,v1=00", []byte(body), false)
	}
	f.Fuzz(func(t *testing.T, header string, body []byte, signIt bool) {
		if signIt {
			header = sign(t, body, now, key)
		}
		req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		req.Header[signature.HeaderName] = []string{header}
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, req)

		if !json.Valid(rec.Body.Bytes()) {
			t.Fatalf("answered %q, which is not JSON", rec.Body)
		}
		switch rec.Code {
		case http.StatusOK:
			mac := hmac.New(sha256.New, []byte("whsec_a"))
			mac.Write(append([]byte("1700000000."), body...))
			if !strings.Contains(strings.ToLower(header), hex.EncodeToString(mac.Sum(nil))) {
				t.Fatalf("received %q under %q", body, header)
			}
		case http.StatusBadRequest, http.StatusUnauthorized, http.StatusRequestEntityTooLarge:
		default:
			t.Fatalf("answered %d", rec.Code)
		}
		if signIt && rec.Code == http.StatusUnauthorized {
			t.Fatalf("refused %q under %q", body, header)
		}
	})
}
