package pocketbook_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
)

func ExampleClient_Register() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":{"webhookId":"wh_1","secret":"whsec_1234567890abcdef"}}`)
	}))
	defer api.Close()

	token, err := pocketbook.NewToken("eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl")
	if err != nil {
		panic(err)
	}
	client, err := pocketbook.New(pocketbook.Options{URL: api.URL, Token: token})
	if err != nil {
		panic(err)
	}
	defer client.Close()

	webhook, err := client.Register(context.Background(), pocketbook.Registration{
		URL:    "https://example.com/webhooks/pocketbook",
		Events: event.Types(),
		Active: true,
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(webhook.ID, webhook.Secret)
	// Output: wh_1 whsec_…cdef
}
