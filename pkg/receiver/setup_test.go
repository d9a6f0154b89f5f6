package receiver_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pocketbook-studio/pbhook/fixtures"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a receiver on a real port, and what it recorded.
type bench struct {
	url string

	mu       sync.Mutex
	receipts []receiver.Receipt
}

func serve(t testing.TB, options receiver.Options) *bench {
	t.Helper()
	b := new(bench)
	handle := options.Handle
	options.Handle = func(ctx context.Context, r *receiver.Receipt) {
		if handle != nil {
			handle(ctx, r)
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.receipts = append(b.receipts, *r)
	}
	server := httptest.NewUnstartedServer(receiver.New(options))
	server.Config = receiver.NewServer(server.Config.Handler, receiver.Limits{})
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	b.url = server.URL + "/webhooks/pocketbook?from=test"
	return b
}

// only returns the receipt of the one request there was.
func (b *bench) only(t *testing.T) receiver.Receipt {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.receipts) != 1 {
		t.Fatalf("recorded %d receipts, want 1", len(b.receipts))
	}
	return b.receipts[0]
}

func (b *bench) post(t testing.TB, header string, body []byte) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, b.url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != "" {
		req.Header.Set(signature.HeaderName, header)
	}
	return do(t, req)
}

func do(t testing.TB, req *http.Request) (int, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

func secret(t testing.TB, value string) signature.Secret {
	t.Helper()
	s, err := signature.NewSecret(value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func verifier(t testing.TB, options signature.Options) *signature.Verifier {
	t.Helper()
	v, err := signature.NewVerifier(options)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func sign(t testing.TB, body []byte, at time.Time, secrets ...signature.Secret) string {
	t.Helper()
	header, err := signature.Sign(body, at, secrets[0], secrets[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return header
}

func schemas(t testing.TB) *event.Schemas {
	t.Helper()
	s, err := event.LoadSchemas(fixtures.FS())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const minted = `{"id":"evt_1234567891","type":"certificate.minted","created":1640995300,"data":{` +
	`"certificateId":"507f1f77bcf86cd799439011","tokenId":"123456",` +
	`"transactionHash":"0xabcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789",` +
	`"owner":"0x1234567890123456789012345678901234567890","mintedAt":"2025-01-15T10:35:00Z"}}`
