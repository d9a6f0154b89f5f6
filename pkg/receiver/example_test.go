package receiver_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func ExampleHandler() {
	secret, err := signature.NewSecret("whsec_1234567890abcdef")
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier, err := signature.NewVerifier(signature.Options{Secret: secret})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler := receiver.New(receiver.Options{
		Verifier: verifier,
		Handle: func(_ context.Context, r *receiver.Receipt) {
			fmt.Println(r.Event.Type, r.Event.ID, "verified:", r.Verified, "duplicate:", r.Duplicate)
		},
	})
	server := httptest.NewServer(handler) // or receiver.NewServer(handler, receiver.Limits{}).Serve(listener)
	defer server.Close()

	const body = `{"id":"evt_1","type":"artwork.framed","created":1700000000,"data":{}}`
	signed, err := signature.Sign([]byte(body), time.Now(), secret)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		req, err := http.NewRequest(http.MethodPost, server.URL+"/webhooks/pocketbook", strings.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Header.Set(signature.HeaderName, signed)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		resp.Body.Close()
		fmt.Println(resp.Status)
	}
	// Output:
	// artwork.framed evt_1 verified: true duplicate: false
	// 200 OK
	// artwork.framed evt_1 verified: true duplicate: true
	// 200 OK
}
