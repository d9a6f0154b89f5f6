package event_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/fixtures"
	"github.com/pocketbook-studio/pbhook/pkg/event"
)

func TestInspectTells(t *testing.T) {
	schemas := load(t, fixtures.FS())
	drifted := `{"tokenId":7,"network":"polygon"}`
	for name, test := range map[string]struct {
		body       string
		event      event.Event
		malformed  bool
		violations []string
		unknown    []string
	}{
		"an event of a type that is not documented": {
			`{"id":"evt_1","type":"a.b","created":1,"data":{"x":1},"v":2}`,
			event.Event{ID: "evt_1", Type: "a.b", Created: 1, Data: event.Unknown{Raw: json.RawMessage(`{"x":1}`)}},
			false, nil, []string{"v"},
		},
		"data that does not fit its type as unknown": {
			minted(drifted),
			event.Event{
				ID: "evt_1", Type: event.TypeCertificateMinted, Created: 1640995300,
				Data: event.Unknown{Raw: json.RawMessage(drifted)},
			},
			true, []string{"data.certificateId", "data.mintedAt", "data.owner", "data.tokenId", "data.transactionHash"}, []string{"data.network"},
		},
		"nothing but the envelope of half an event": {
			`{"id":"evt_1","type":"a.b","created":"now","data":{},"v":2}`, event.Event{ID: "evt_1", Type: "a.b"}, true, nil, nil,
		},
		"nothing of what is no object": {`["v"]`, event.Event{}, true, nil, nil},
		"nothing of what is no JSON":   {`{"v":`, event.Event{}, true, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := schemas.Inspect([]byte(test.body))
			if diff := cmp.Diff(test.event, got.Event); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
			if errors.Is(got.Err, event.ErrMalformedBody) != test.malformed {
				t.Errorf("error %v", got.Err)
			}
			var paths []string
			for _, violation := range got.Violations {
				paths = append(paths, violation.Path)
			}
			if diff := cmp.Diff(test.violations, paths); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.unknown, got.Unknown); diff != "" {
				t.Errorf("unknown (-want +got):\n%s", diff)
			}
		})
	}
}

// sameApart checks that one call tells what the calls it stands for tell.
func sameApart(t *testing.T, schemas *event.Schemas, body []byte) {
	t.Helper()
	got := schemas.Inspect(body)
	decoded, err := event.Decode(body)
	if diff := cmp.Diff(reason(err), reason(got.Err)); diff != "" {
		t.Fatalf("error (-Decode +Inspect):\n%s", diff)
	}
	if err == nil {
		if diff := cmp.Diff(decoded, got.Event); diff != "" {
			t.Fatalf("event (-Decode +Inspect):\n%s", diff)
		}
	}
	if got.Event.Data == nil {
		if err == nil || got.Violations != nil || got.Unknown != nil {
			t.Fatalf("no event, but %+v", got)
		}
		return
	}
	violations, err := schemas.Validate(got.Event.Type, body)
	if diff := cmp.Diff(violations, got.Violations); err != nil || diff != "" {
		t.Fatalf("error %v, violations (-Validate +Inspect):\n%s", err, diff)
	}
	if diff := cmp.Diff(schemas.Unknown(got.Event.Type, body), got.Unknown); diff != "" {
		t.Fatalf("unknown (-Unknown +Inspect):\n%s", diff)
	}
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func FuzzInspect(f *testing.F) {
	schemas := load(f, fixtures.FS())
	for _, body := range []string{
		string(validMinted("tokenId", `"7"`)), string(validMinted("tokenId", `7`)), minted(`{"owner":"0x","\u006eew":[{"a":1}]}`),
		`{"id":"evt_1","type":"bulk_job.completed","created":1,"data":{"totalCount":1e2,"voucherLinks":{"x":[],"voucher_all":[1]}}}`,
		`{"id":"evt_1","type":"a.b","created":1,"data":{"a":[1e2,"<&>",null]},"v":true}`, `[]`, `{"id":1,"id":2}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) { sameApart(t, schemas, body) })
}

func BenchmarkInspect(b *testing.B) {
	schemas := load(b, fixtures.FS())
	body := compactSample(b, event.TypeCertificateMinted)
	b.ReportAllocs()
	for b.Loop() {
		if found := schemas.Inspect(body); found.Err != nil {
			b.Fatal(found.Err)
		}
	}
}
