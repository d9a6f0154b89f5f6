package signature_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func ExampleSign() {
	secret, err := signature.NewSecret("whsec_test_secret")
	if err != nil {
		fmt.Println(err)
		return
	}
	header, err := signature.Sign([]byte(`{"id":"evt_1","type":"a.b"}`), time.Unix(1700000000, 0), secret)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(signature.HeaderName+":", header)
	// Output:
	// X-Webhook-Signature: t=1700000000,v1=a09a163a363451999eb6f14efc57810aaa61b574bda01da7ccf18b301d95d26c
}

// While a secret is being replaced, a receiver accepts the new one and the one before it.
func ExampleVerifier_Verify_rotation() {
	current, _ := signature.NewSecret("whsec_new_secret")
	previous, _ := signature.NewSecret("whsec_test_secret")
	verifier, err := signature.NewVerifier(signature.Options{Secret: current, Previous: previous})
	if err != nil {
		fmt.Println(err)
		return
	}

	// From the request: r.Header.Values(signature.HeaderName), its body as it came, and time.Now().
	headers := []string{"t=1700000000,v1=a09a163a363451999eb6f14efc57810aaa61b574bda01da7ccf18b301d95d26c"}
	body := []byte(`{"id":"evt_1","type":"a.b"}`)
	now := time.Unix(1700000012, 0)

	result, err := verifier.Verify(headers, body, now)
	fmt.Println(err == nil, "by the", result.By, "secret,", result.Age, "old")
	// Output:
	// true by the previous secret, 12s old
}

// Signature and time are both judged, so one error tells all that is wrong.
func ExampleVerifyError() {
	secret, _ := signature.NewSecret("whsec_test_secret")
	verifier, _ := signature.NewVerifier(signature.Options{Secret: secret})
	headers := []string{"t=1700000000,v1=a09a163a363451999eb6f14efc57810aaa61b574bda01da7ccf18b301d95d26c"}

	_, err := verifier.Verify(headers, []byte(`{ "id": "evt_1", "type": "a.b" }`), time.Unix(1700000600, 0))
	fmt.Println(errors.Is(err, signature.ErrNoMatch), errors.Is(err, signature.ErrTooOld))
	fmt.Println(err)
	// Output:
	// true true
	// no signature matches: 1 v1 tried under the secret; timestamp is too old: t=1700000000 is 10m0s old, 5m0s is tolerated
}

// A secret shows no more than its end, whatever prints it.
func ExampleSecret() {
	secret, err := signature.NewSecret("whsec_1234567890abcdef")
	fmt.Println(secret, err)
	fmt.Printf("%+v\n", struct{ Secret signature.Secret }{secret})
	// Output:
	// whsec_…cdef <nil>
	// {Secret:whsec_…cdef}
}
