package signature_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// vectors were computed with openssl: printf '1700000000.%s' "$body" | openssl dgst -sha256 -hmac whsec_test_secret
var vectors = []struct {
	name, body, mac string
}{
	{"an event", `{"id":"evt_1","type":"a.b"}`, "a09a163a363451999eb6f14efc57810aaa61b574bda01da7ccf18b301d95d26c"},
	{"an empty body", "", "316b9ab98c15bfa039d243f3196acee619cf29749a91a634e6a8154e2f7b6727"},
}

const (
	vectorSecret = "whsec_test_secret"
	vectorT      = "1700000000"
)

func TestVectors(t *testing.T) {
	key, at := secret(t, vectorSecret), time.Unix(1700000000, 0)
	for _, vector := range vectors {
		t.Run(vector.name, func(t *testing.T) {
			body := []byte(vector.body)
			if mac := key.MAC(vectorT, body); hex.EncodeToString(mac[:]) != vector.mac {
				t.Errorf("MAC = %x, want %s", mac, vector.mac)
			}
			header := "t=" + vectorT + ",v1=" + vector.mac
			if got := sign(t, body, at, key); got != header {
				t.Errorf("Sign = %s, want %s", got, header)
			}
			result, err := newVerifier(t, signature.Options{Secret: key}).Verify([]string{header}, body, at)
			if err != nil || !result.SignatureValid || !result.TimeValid {
				t.Errorf("Verify = %+v, %v, want both findings valid", result, err)
			}
		})
	}
}

func TestMACIsTheHMACOfBodiesOfEveryLength(t *testing.T) {
	key := secret(t, vectorSecret)
	body := bytes.Repeat([]byte("0123456789abcde"), 300)
	for length := range body {
		reference := hmac.New(sha256.New, []byte(vectorSecret))
		reference.Write([]byte(vectorT + "."))
		reference.Write(body[:length])
		if got := key.MAC(vectorT, body[:length]); !hmac.Equal(got[:], reference.Sum(nil)) {
			t.Fatalf("MAC of %d bytes = %x, want %x", length, got, reference.Sum(nil))
		}
	}
}
