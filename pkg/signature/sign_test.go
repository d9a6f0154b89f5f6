package signature_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestSignWithTwoSecretsPutsTheNewOneFirst(t *testing.T) {
	current, previous := secret(t, "whsec_new"), secret(t, "whsec_old")
	body := []byte(rowBody)
	want := "t=" + vectorT + ",v1=" + hexOf(current.MAC(vectorT, body)) + ",v1=" + hexOf(previous.MAC(vectorT, body))
	if got := sign(t, body, time.Unix(rowNow, 0), current, previous); got != want {
		t.Errorf("Sign = %s, want %s", got, want)
	}
}

func TestSignCutsTheTimeToTheSecond(t *testing.T) {
	key := secret(t, vectorSecret)
	whole := sign(t, nil, time.Unix(rowNow, 0), key)
	if got := sign(t, nil, time.Unix(rowNow, 999_999_999), key); got != whole {
		t.Errorf("Sign = %s, want %s", got, whole)
	}
}

func TestSignRefuses(t *testing.T) {
	key, now := secret(t, vectorSecret), time.Unix(rowNow, 0)
	var none signature.Secret
	for _, test := range []struct {
		name string
		at   time.Time
		key  signature.Secret
		more []signature.Secret
		want error
	}{
		{"no secret", now, none, nil, signature.ErrEmptySecret},
		{"an empty second secret", now, key, []signature.Secret{none}, signature.ErrEmptySecret},
		{"the zero time", time.Time{}, key, nil, signature.ErrTimeRange},
		{"the epoch itself", time.Unix(0, 999_999_999), key, nil, signature.ErrTimeRange},
		{"a t of thirteen digits", time.Unix(1_000_000_000_000, 0), key, nil, signature.ErrTimeRange},
		{"seventeen secrets", now, key, make([]signature.Secret, 16), signature.ErrTooManySecrets},
		{"the first second", time.Unix(1, 0), key, nil, nil},
		{"the last second", time.Unix(999_999_999_999, 0), key, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			header, err := signature.Sign(nil, test.at, test.key, test.more...)
			if !errors.Is(err, test.want) || (err == nil) != (header != "") {
				t.Errorf("Sign = %q, %v, want %v", header, err, test.want)
			}
		})
	}
}
