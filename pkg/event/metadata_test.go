package event_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/event"
)

func TestMetadataText(t *testing.T) {
	metadata := event.Metadata(`{"Name":"other","name":"that","name":"this","age":7,"none":null}`)
	for name, test := range map[string]struct {
		member, want string
		found        bool
	}{
		"takes the exact name":         {"name", "this", true},
		"does not take another case":   {"NAME", "", false},
		"takes strings only":           {"age", "", false},
		"takes null for absent":        {"none", "", false},
		"says when there is no member": {"email", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got, found := metadata.Text(test.member); got != test.want || found != test.found {
				t.Errorf("%q, %t; want %q, %t", got, found, test.want, test.found)
			}
		})
	}
	for _, metadata := range []event.Metadata{nil, event.Metadata(`null`), event.Metadata(`[]`), event.Metadata(`{`)} {
		if got, found := metadata.Text("name"); found {
			t.Errorf("%q holds no name, but gave %q", metadata, got)
		}
	}
}

func TestMetadataInto(t *testing.T) {
	type own struct {
		Course  string `json:"course"`
		Skipped string `json:"-"`
		Untyped any    `json:"untyped"`
		More    []struct {
			Level *int `json:"level"`
		} `json:"more"`
	}
	level := 3
	metadata := event.Metadata(`{"COURSE":"no","course":"Go","-":"no","Skipped":"no","":"no","untyped":{"n":12345678901234567890},` +
		`"more":[{"level":3,"Level":1},{"level":null}]}`)
	want := own{Course: "Go", Untyped: map[string]any{"n": json.Number("12345678901234567890")}}
	want.More = make([]struct {
		Level *int `json:"level"`
	}, 2)
	want.More[0].Level = &level
	var got own
	if err := metadata.Into(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("target (-want +got):\n%s", diff)
	}
}

func TestMetadataIntoLeavesTheTargetWhereThereIsNone(t *testing.T) {
	got := event.VoucherMetadata{RecipientName: "John Doe"}
	for _, metadata := range []event.Metadata{nil, event.Metadata(`{}`), event.Metadata(`null`)} {
		if err := metadata.Into(&got); err != nil || got.RecipientName != "John Doe" {
			t.Errorf("%q: %+v, error %v", metadata, got, err)
		}
	}
}

func TestMetadataIntoRefuses(t *testing.T) {
	var target event.VoucherMetadata
	for name, test := range map[string]struct {
		metadata event.Metadata
		want     event.BodyError
	}{
		"another JSON type": {event.Metadata(`7`), event.BodyError{Path: "data.metadata", Expected: "object", Got: "number 7"}},
		"a member of another JSON type": {event.Metadata(`{"recipientName":[]}`),
			event.BodyError{Path: "data.metadata.recipientName", Expected: "string", Got: "array"}},
		"what is not JSON": {event.Metadata(`{`), event.BodyError{Expected: "JSON", Got: "a fault at byte 1: unexpected end of JSON input"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got *event.BodyError
			if err := test.metadata.Into(&target); !errors.As(err, &got) {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("evidence (-want +got):\n%s", diff)
			}
		})
	}
	for _, target := range []any{nil, target, (*event.VoucherMetadata)(nil)} {
		var invalid *json.InvalidUnmarshalError
		if err := event.Metadata(`{}`).Into(target); !errors.As(err, &invalid) {
			t.Errorf("into %#v: error %v", target, err)
		}
	}
}

func TestExpiryIsUnixSecondsAsText(t *testing.T) {
	got, err := event.Expiry("1672531200").Time()
	if want := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC); err != nil || got != want {
		t.Errorf("%v, error %v; want %v", got, err, want)
	}
	for _, wrong := range []event.Expiry{"", "2023-01-01", "1672531200.5"} {
		if got, err := wrong.Time(); err == nil {
			t.Errorf("%q was read as %v", wrong, got)
		}
	}
}
