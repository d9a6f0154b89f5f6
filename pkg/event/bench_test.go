package event_test

import (
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/pocketbook-studio/pbhook/fixtures"
	"github.com/pocketbook-studio/pbhook/pkg/event"
)

func BenchmarkLoadSchemas(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := event.LoadSchemas(fixtures.FS()); err != nil {
			b.Fatal(err)
		}
	}
}

// What exact names and bounds cost beside encoding/json, which has neither.
func BenchmarkDecode(b *testing.B) {
	body := compactSample(b, event.TypeCertificateMinted)
	b.Run("event", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := event.Decode(body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var minted struct {
				ID      string                  `json:"id"`
				Type    event.Type              `json:"type"`
				Created int64                   `json:"created"`
				Data    event.CertificateMinted `json:"data"`
			}
			if err := json.Unmarshal(body, &minted); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkValidate(b *testing.B) {
	schemas, err := event.LoadSchemas(fixtures.FS())
	if err != nil {
		b.Fatal(err)
	}
	body := compactSample(b, event.TypeCertificateMinted)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schemas.Validate(event.TypeCertificateMinted, body); err != nil {
			b.Fatal(err)
		}
	}
}

func compactSample(tb testing.TB, t event.Type) []byte {
	tb.Helper()
	body, err := fs.ReadFile(fixtures.FS(), "events/"+string(t)+".json")
	if err != nil {
		tb.Fatal(err)
	}
	e, err := event.Decode(body)
	if err != nil {
		tb.Fatal(err)
	}
	if body, err = event.Encode(e); err != nil {
		tb.Fatal(err)
	}
	return body
}
