package event_test

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// newHandler answers Pocketbook's deliveries. While the secret is rotated it takes signatures of both, so that no
// delivery is lost between the change at Pocketbook and the change here.
func newHandler(current, previous signature.Secret, logger *log.Logger) (http.Handler, error) {
	verifier, err := signature.NewVerifier(signature.Options{Secret: current, Previous: previous})
	if err != nil {
		return nil, err
	}
	reader, err := event.NewReader(event.ReaderOptions{Verifier: verifier})
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		received, err := reader.Read(r.Header, r.Body, time.Now())
		if err != nil {
			http.Error(w, "refused", statusOf(err))
			return
		}
		switch data := received.Event.Data.(type) {
		case *event.CertificateMinted:
			logger.Printf("token %s belongs to %s (signed by the %s secret)", data.TokenID, data.Owner, received.Signature.By)
		case *event.VoucherCreated:
			name, _ := data.Metadata.Text("recipientName")
			logger.Printf("%s may claim %s", name, data.ReferenceNumber)
		case event.Unknown:
			logger.Printf("no use for %s yet", received.Event.Type)
		}
		w.WriteHeader(http.StatusOK)
	}), nil
}

func statusOf(err error) int {
	var refused *signature.VerifyError
	switch {
	case errors.As(err, &refused):
		return http.StatusUnauthorized
	case errors.Is(err, event.ErrBodyTooLarge):
		return http.StatusRequestEntityTooLarge
	default:
		return http.StatusBadRequest
	}
}

// A handler that verifies, decodes and switches on the type, with two secrets during a rotation.
func Example() {
	current, _ := signature.NewSecret("whsec_1234567890abcdef")
	previous, _ := signature.NewSecret("whsec_fedcba0987654321")
	stranger, _ := signature.NewSecret("whsec_0000000000000000")
	handler, err := newHandler(current, previous, log.New(os.Stdout, "", 0))
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()

	minted := `{"id":"evt_1234567891","type":"certificate.minted","created":1640995300,"data":{"tokenId":"123456",` +
		`"owner":"0x1234567890123456789012345678901234567890"}}`
	voucher := `{"id":"evt_1234567894","type":"voucher.created","created":1640995600,"data":{` +
		`"referenceNumber":"PB-ABC123","metadata":{"recipientName":"John Doe"}}}`
	for _, delivery := range []struct {
		body   string
		secret signature.Secret
	}{{minted, current}, {minted, previous}, {voucher, current}, {minted, stranger}} {
		status, err := deliver(server.URL, delivery.body, delivery.secret)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(status)
	}
	// Output:
	// token 123456 belongs to 0x1234567890123456789012345678901234567890 (signed by the current secret)
	// 200 OK
	// token 123456 belongs to 0x1234567890123456789012345678901234567890 (signed by the previous secret)
	// 200 OK
	// John Doe may claim PB-ABC123
	// 200 OK
	// 401 Unauthorized
}

// deliver posts a body as Pocketbook does.
func deliver(url, body string, secret signature.Secret) (status string, err error) {
	line, err := signature.Sign([]byte(body), time.Now(), secret)
	if err != nil {
		return "", err
	}
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(signature.HeaderName, line)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	return response.Status, response.Body.Close()
}
