package event_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/pocketbook-studio/pbhook/fixtures"
	"github.com/pocketbook-studio/pbhook/pkg/event"
)

// Whatever Decode takes is JSON, is written back as something that it takes again, and is the same from then on.
func FuzzDecode(f *testing.F) {
	for _, t := range event.Types() {
		body, err := fs.ReadFile(fixtures.FS(), "events/"+string(t)+".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	for _, body := range []string{
		`{"id":"evt_1","ID":"evt_2","type":"a.b","created":1,"data":{"a":[1e2,"<&>\u2028",null]}}`,
		minted(`{"tokenId":null,"mintedAt":"2025-01-15T10:35:00.123456789+23:59","new":{}}`),
		minted(`{"owner":"\ud800"}`),
		`{"id":"evt_1","type":"voucher.created","created":-1,"data":{"metadata":{"b":1,"a":"\u003c"},"expiry":""}}`,
	} {
		f.Add([]byte(body))
	}
	schemas := load(f, fixtures.FS())
	f.Fuzz(func(t *testing.T, body []byte) {
		first, err := event.Decode(body)
		if err != nil {
			return
		}
		if !json.Valid(body) {
			t.Fatalf("decoded what is not JSON: %q", body)
		}
		once := encode(t, first)
		second, err := event.Decode(once)
		if err != nil {
			t.Fatalf("decode what was encoded, %s: %v", once, err)
		}
		if twice := encode(t, second); !bytes.Equal(once, twice) {
			t.Fatalf("encoded first as %s, then as %s", once, twice)
		}
		if _, err := schemas.Validate(first.Type, body); err != nil {
			t.Fatalf("validate what was decoded: %v", err)
		}
		schemas.Unknown(first.Type, body)
	})
}

func encode(t *testing.T, e event.Event) []byte {
	t.Helper()
	body, err := event.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
