package event_test

import (
	"fmt"
	"log"
	"time"

	"github.com/pocketbook-studio/pbhook/fixtures"
	"github.com/pocketbook-studio/pbhook/pkg/event"
)

// A body from a queue was verified before it was put there.
func ExampleDecode() {
	decoded, err := event.Decode([]byte(`{"id":"evt_1","type":"certificate.frozen","created":1640995200,"data":{"by":"court"}}`))
	if err != nil {
		log.Fatal(err)
	}
	if unknown, ok := decoded.Data.(event.Unknown); ok {
		fmt.Printf("%s, at %s: %s\n", decoded.Type, time.Unix(decoded.Created, 0).UTC().Format(time.DateTime), unknown.Raw)
	}
	// Output:
	// certificate.frozen, at 2022-01-01 00:00:00: {"by":"court"}
}

// An event of a test's own is written as Pocketbook writes one, and can be signed and sent as it is.
func ExampleEncode() {
	body, err := event.Encode(event.Event{
		ID: "evt_1", Type: event.TypeCertificateBurned, Created: 1640995500,
		Data: &event.CertificateBurned{
			CertificateID: "507f1f77bcf86cd799439011", TokenID: "123456", TransactionHash: "0xburned",
			BurnedAt: time.Date(2025, 1, 15, 10, 45, 0, 0, time.UTC),
		},
	})
	fmt.Println(string(body), err)
	// Output:
	// {"id":"evt_1","type":"certificate.burned","created":1640995500,"data":{"certificateId":"507f1f77bcf86cd799439011","tokenId":"123456","transactionHash":"0xburned","burnedAt":"2025-01-15T10:45:00Z"}} <nil>
}

// What breaks the schema of a type, and what the schema has not heard of.
func ExampleSchemas() {
	schemas, err := event.LoadSchemas(fixtures.FS())
	if err != nil {
		log.Fatal(err)
	}
	body := []byte(`{"id":"evt_1","type":"bulk_job.failed","created":1640995200,` +
		`"data":{"jobId":13,"error":"Processing error occurred","code":7}}`)
	violations, err := schemas.Validate(event.TypeBulkJobFailed, body)
	if err != nil {
		log.Fatal(err)
	}
	for _, violation := range violations {
		fmt.Println(violation)
	}
	fmt.Println("new:", schemas.Unknown(event.TypeBulkJobFailed, body))
	// Output:
	// data.failedAt: expected string, got nothing
	// data.jobId: expected string, got number 13
	// new: [data.code]
}

func ExampleMetadata_Into() {
	metadata := event.Metadata(`{"recipientEmail":"user@example.com","recipientName":"John Doe","course":"Go"}`)
	var mine struct {
		Name   string `json:"recipientName"`
		Course string `json:"course"`
	}
	if err := metadata.Into(&mine); err != nil {
		log.Fatal(err)
	}
	fmt.Println(mine.Name, "took", mine.Course)
	// Output: John Doe took Go
}
