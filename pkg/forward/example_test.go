package forward_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

// Vouchers go to a server of their own as well; the sender gets the answer of the first.
func Example() {
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprintf(w, "%d bytes under %s", len(body), r.Header.Get("X-Webhook-Signature"))
	}))
	defer shop.Close()
	vouchers := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer vouchers.Close()

	route, err := forward.ParseRoute("voucher.*=" + vouchers.URL)
	if err != nil {
		panic(err)
	}
	forwarder, err := forward.New(forward.Options{Routes: []forward.Route{{Target: shop.URL}, route}})
	if err != nil {
		panic(err)
	}
	defer forwarder.Close()

	run := forwarder.Start(context.Background(), forward.Delivery{
		ID: "evt_1", Type: "voucher.minted",
		Request: capture.Request{
			Header: []capture.Field{{Name: "X-Webhook-Signature", Value: "t=1640995700,v1=5257a8"}},
			Body:   []byte(`{"id":"evt_1"}`),
		},
	})
	first := run.First()
	fmt.Println(first.Status, string(first.Body))
	fmt.Println(len(run.Wait().Answers), "servers have it")
	// Output:
	// 202 14 bytes under t=1640995700,v1=5257a8
	// 2 servers have it
}

// Faults are injected by chance, and by the same chance with the same seed.
func ExampleParseFaults() {
	faults, err := forward.ParseFaults("delay=2s@10%,status=500")
	if err != nil {
		panic(err)
	}
	for _, fault := range faults {
		fmt.Printf("%v for %g%% of all deliveries\n", fault, 100*fault.Share)
	}
	// Output:
	// delay=2s for 10% of all deliveries
	// status=500 for 100% of all deliveries
}
