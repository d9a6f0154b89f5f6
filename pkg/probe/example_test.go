package probe_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// A receiver that verifies nothing accepts forgeries of every kind.
func Example() {
	endpoint := httptest.NewServer(receiver.New(receiver.Options{}))
	defer endpoint.Close()
	secret, err := signature.NewSecret("whsec_example")
	if err != nil {
		fmt.Println(err)
		return
	}
	prober, err := probe.New(probe.Options{
		Endpoint: endpoint.URL,
		Secret:   secret,
		Events: []delivery.Message{{
			Type: "certificate.burned",
			Body: []byte(`{"id":"evt_1","type":"certificate.burned","created":1640995500,"data":{"tokenId":"123456"}}`),
		}},
		Select: []string{"ok.compact", "auth.none", "auth.body"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	report := prober.Run(context.Background(), nil)
	for _, result := range report.Results {
		fmt.Printf("%s: %s\n", result.Case.ID, result.Verdict)
	}
	fmt.Println("grade", report.Grade())
	// Output:
	// ok.compact: passed
	// auth.none: failed
	// auth.body: failed
	// grade F
}
