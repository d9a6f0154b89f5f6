package capture_test

import (
	"os"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

func ExampleWriteCurl() {
	request := capture.Request{
		Method: "POST",
		URL:    "http://localhost:3000/webhooks/pocketbook",
		Header: []capture.Field{
			{Name: "User-Agent", Value: "pbhook/1.0"},
			{Name: "Content-Type", Value: "application/json"},
		},
		Body: []byte(`{"id":"evt_1","type":"certificate.minted"}`),
	}
	if err := capture.WriteCurl(os.Stdout, request); err != nil {
		panic(err)
	}
	// Output:
	// curl -sS -i -X POST --url http://localhost:3000/webhooks/pocketbook \
	//   -H 'User-Agent: pbhook/1.0' \
	//   -H 'Content-Type: application/json' \
	//   -H Accept: \
	//   --data-raw '{"id":"evt_1","type":"certificate.minted"}'
}
