package signature_test

import (
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func secret(t testing.TB, value string) signature.Secret {
	t.Helper()
	key, err := signature.NewSecret(value)
	if err != nil {
		t.Fatalf("NewSecret(%q): %v", value, err)
	}
	return key
}

func newVerifier(t testing.TB, options signature.Options) *signature.Verifier {
	t.Helper()
	verifier, err := signature.NewVerifier(options)
	if err != nil {
		t.Fatalf("NewVerifier: %v", err)
	}
	return verifier
}

func sign(t testing.TB, body []byte, at time.Time, key signature.Secret, more ...signature.Secret) string {
	t.Helper()
	header, err := signature.Sign(body, at, key, more...)
	if err != nil {
		t.Fatalf("Sign: %v", err)
	}
	return header
}
