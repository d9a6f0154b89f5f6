package event_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/pocketbook-studio/pbhook/fixtures"
	"github.com/pocketbook-studio/pbhook/pkg/event"
)

// Whatever Decode takes is what encoding/json finds under the exact names, is written back as something that it takes again, and is the same from then on.
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
		var members map[string]json.RawMessage // exact names, of which the envelope has none twice
		if err := json.Unmarshal(body, &members); err != nil {
			t.Fatalf("decoded what is not a JSON object, %q: %v", body, err)
		}
		var id string
		if err := json.Unmarshal(members["id"], &id); err != nil || id != first.ID {
			t.Fatalf("the id %s was decoded as %q", members["id"], first.ID)
		}
		if unknown, ok := first.Data.(event.Unknown); ok && !bytes.Equal(unknown.Raw, members["data"]) {
			t.Fatalf("the data %s was kept as %s", members["data"], unknown.Raw)
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
