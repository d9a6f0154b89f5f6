package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// An endpoint that is down for a moment gets the event by the second attempt.
func ExampleClient_Deliver() {
	attempts := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if attempts++; attempts == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()

	secret, err := signature.NewSecret("whsec_test_secret")
	if err != nil {
		panic(err)
	}
	client, err := delivery.New(delivery.Options{Endpoint: server.URL, Secret: secret})
	if err != nil {
		panic(err)
	}
	defer client.Close()

	message := delivery.Message{ID: "evt_1", Type: "certificate.minted", Body: []byte(`{"id":"evt_1"}`)}
	policy := delivery.Policy{Retries: 3, TimeScale: 0.001}
	outcome := client.Deliver(context.Background(), message, policy, delivery.Observer{Ended: func(a delivery.Attempt) {
		fmt.Println("attempt", a.Number, "status", a.Status)
		if a.Next != nil {
			fmt.Println("again in", a.Next.Delay)
		}
	}})
	fmt.Println("delivered:", outcome.OK())
	// Output:
	// attempt 1 status 503
	// again in 5s
	// attempt 2 status 200
	// delivered: true
}

// The type of an error says what happened, its fields where.
func ExampleDelivery_Err() {
	secret, err := signature.NewSecret("whsec_test_secret")
	if err != nil {
		panic(err)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	client, err := delivery.New(delivery.Options{Endpoint: gone.URL, Secret: secret, Timeout: time.Second})
	if err != nil {
		panic(err)
	}
	defer client.Close()
	gone.Close()

	outcome := client.Deliver(context.Background(), delivery.Message{Body: []byte(`{}`)}, delivery.Policy{}, delivery.Observer{})
	var unreachable *delivery.UnreachableError
	if errors.As(outcome.Err(), &unreachable) {
		fmt.Println(unreachable.Kind, "at", unreachable.Host)
	}
	// Output:
	// refused at 127.0.0.1
}
