package history_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

func Example() {
	ctx := context.Background()
	store, err := history.OpenMemory(ctx, history.Options{})
	if err != nil {
		log.Fatal(err)
	}

	_, err = store.Add(ctx, history.Record{
		Capture: capture.Request{
			Method: "POST",
			URL:    "http://localhost:3000/webhooks/pocketbook",
			Header: []capture.Field{{Name: "Content-Type", Value: "application/json"}},
			Body:   []byte(`{"id":"evt_1","type":"certificate.minted","created":1640995300,"data":{}}`),
			Time:   time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		},
		EventID:   "evt_1",
		EventType: "certificate.minted",
		Signature: history.SignatureValid,
		Source:    history.SourceListen,
	})
	if err != nil {
		log.Fatal(err)
	}

	for record, err := range store.List(ctx, history.Query{Types: []string{"certificate.*"}, Limit: 10}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(record.Capture.Time.Format(time.DateTime), record.EventType, record.Signature)
	}
	record, err := store.Get(ctx, "last")
	fmt.Println(record.EventID, err)
	fmt.Println(store.Close())
	// Output:
	// 2026-01-02 03:04:05 certificate.minted valid
	// evt_1 <nil>
	// <nil>
}
