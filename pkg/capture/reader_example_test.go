package capture_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

func ExampleReader() {
	pasted := `curl http://localhost:3000/webhooks/pocketbook \
  -H 'Content-Type: application/json' \
  -H 'X-Webhook-Signature: t=1700000000,v1=a09a163a363451999eb6f14efc57810aaa61b574bda01da7ccf18b301d95d26c' \
  --data-raw '{"id":"evt_1","type":"a.b"}'`

	reader := capture.NewReader(strings.NewReader(pasted), capture.ReaderOptions{})
	for request, err := range reader.All() {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%s: %s %s\n%s\n", reader.Format(), request.Method, request.URL, request.Body)
	}
	// Output:
	// curl: POST http://localhost:3000/webhooks/pocketbook
	// {"id":"evt_1","type":"a.b"}
}

func ExampleRedact() {
	request := capture.FromBody([]byte(`{"recipientName": "John Doe", "tokenId": "7"}`), "t=1700000000,v1=a09a163a")
	redacted, found := capture.Redact(request)
	fmt.Printf("%s\n%s\n", redacted.Values("X-Webhook-Signature"), redacted.Body)
	fmt.Printf("%d name, %d signature\n", found.Names, found.Signatures)
	// Output:
	// [t=1700000000,v1=00000000]
	// {"recipientName": "Redacted Name", "tokenId": "7"}
	// 1 name, 1 signature
}

func ExampleNewWriter() {
	writer, err := capture.NewWriter(os.Stdout, capture.WriterOptions{Format: capture.FormatNDJSON})
	if err != nil {
		panic(err)
	}
	for _, body := range []string{`{"id":"evt_1"}`, `{"id":"evt_2"}`} {
		if err := writer.Write(capture.FromBody([]byte(body), "")); err != nil {
			panic(err)
		}
	}
	if err := writer.Close(); err != nil {
		panic(err)
	}
	// Output:
	// {"kind":"request","version":1,"method":"POST","url":"","headers":[],"body":"{\"id\":\"evt_1\"}"}
	// {"kind":"request","version":1,"method":"POST","url":"","headers":[],"body":"{\"id\":\"evt_2\"}"}
}
