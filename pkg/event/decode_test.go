package event_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/event"
)

// minted is a certificate.minted event with data of the caller's.
func minted(data string) string {
	return `{"id":"evt_1","type":"certificate.minted","created":1640995300,"data":` + data + `}`
}

func TestDecodeReads(t *testing.T) {
	withData := func(data any) event.Event {
		return event.Event{ID: "evt_1", Type: event.TypeCertificateMinted, Created: 1640995300, Data: data}
	}
	for name, test := range map[string]struct {
		body string
		want event.Event
	}{
		"a documented type as its Go type": {
			minted(`{"tokenId":"7","mintedAt":"2025-01-15T10:35:00Z"}`),
			withData(&event.CertificateMinted{TokenID: "7", MintedAt: time.Date(2025, 1, 15, 10, 35, 0, 0, time.UTC)}),
		},
		"the milliseconds that JavaScript writes": {
			minted(`{"mintedAt":"2025-01-15T10:35:00.250Z"}`),
			withData(&event.CertificateMinted{MintedAt: time.Date(2025, 1, 15, 10, 35, 0, 250e6, time.UTC)}),
		},
		"absent and null fields as zero": {
			minted(`{"tokenId":null,"mintedAt":null}`), withData(&event.CertificateMinted{}),
		},
		"the last of a field that comes twice": {
			minted(`{"tokenId":"7","a":[{},{"b":{"c":1,"c":1}}],"tokenId":"8"}`), withData(&event.CertificateMinted{TokenID: "8"}),
		},
		"new fields as if they were not there": {
			minted(`{"tokenId":"7","network":{"chain":["polygon"]}}`), withData(&event.CertificateMinted{TokenID: "7"}),
		},
		"escaped names as what they spell": {
			minted(`{"\u0074okenId":"7"}`), withData(&event.CertificateMinted{TokenID: "7"}),
		},
		"space around and between": {
			" \r\n\t" + minted(` { "tokenId" :
				"7" } `) + "\n ", withData(&event.CertificateMinted{TokenID: "7"}),
		},
		"an unknown type with its data as it stood": {
			`{"id":"evt_1","type":"certificate.frozen","created":5,"data": { "by" : 1.50 } }`,
			event.Event{ID: "evt_1", Type: "certificate.frozen", Created: 5,
				Data: event.Unknown{Raw: json.RawMessage(`{ "by" : 1.50 }`)}},
		},
		"the exact name beside another case in the envelope": {
			`{"ID":"evt_2","id":"evt_1","Id":"evt_3","TYPE":"x","type":"certificate.minted","created":1640995300,` +
				`"Created":1,"data":{},"DATA":{"tokenId":"8"}}`,
			withData(&event.CertificateMinted{}),
		},
		"the exact name beside another case in the data": {
			minted(`{"TokenID":"8","tokenId":"7","TOKENID":"9"}`), withData(&event.CertificateMinted{TokenID: "7"}),
		},
		"nothing from a name in another case": {
			minted(`{"TokenID":"8","Owner":"0x1"}`), withData(&event.CertificateMinted{}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := event.Decode([]byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeNamesTheEventThatItRefuses(t *testing.T) {
	got, err := event.Decode([]byte(`{"id":"evt_1","type":"a.b"}`))
	want := event.Event{ID: "evt_1", Type: "a.b"}
	if diff := cmp.Diff(want, got); err == nil || diff != "" {
		t.Errorf("error %v, event (-want +got):\n%s", err, diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	nested := func(levels int) string {
		return minted(`{"a":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + `}`)
	}
	for name, test := range map[string]struct {
		body, path, expected, got string
	}{
		"nothing at all":             {"", "", "JSON", "a fault at byte 0: unexpected end of JSON input"},
		"half an event":              {`{"id":"evt_1",`, "", "JSON", "a fault at byte 14: unexpected end of JSON input"},
		"another event behind":       {minted(`{}`) + minted(`{}`), "", "JSON", "a fault at byte 74: invalid character '{' after top-level value"},
		"a bracket behind":           {minted(`{}`) + "}", "", "JSON", "a fault at byte 74: invalid character '}' after top-level value"},
		"bytes that are not UTF-8":   {minted("{\"a\":\"\xff\"}"), "", "JSON in UTF-8", "bytes that are not UTF-8"},
		"a comma before a bracket":   {minted(`{"a":1,}`), "", "JSON", "a fault at byte 78: invalid character '}' looking for beginning of object key string"},
		"an array":                   {`[]`, "", "object", "array"},
		"a string":                   {`"evt_1"`, "", "object", `string "evt_1"`},
		"no id":                      {`{"type":"a","created":1,"data":{}}`, "id", "text", "nothing"},
		"an id in another case only": {`{"ID":"evt_1","type":"a","created":1,"data":{}}`, "id", "text", "nothing"},
		"an empty id":                {`{"id":"","type":"a","created":1,"data":{}}`, "id", "text", `string ""`},
		"a number as id":             {`{"id":1,"type":"a","created":1,"data":{}}`, "id", "string", "number 1"},
		"an empty type":              {`{"id":"evt_1","type":"","created":1,"data":{}}`, "type", "text", `string ""`},
		"no created":                 {`{"id":"evt_1","type":"a","data":{}}`, "created", "integer", "nothing"},
		"created null":               {`{"id":"evt_1","type":"a","created":null,"data":{}}`, "created", "integer", "null"},
		"created as text":            {`{"id":"evt_1","type":"a","created":"1","data":{}}`, "created", "integer", `string "1"`},
		"created beyond 64 bits":     {`{"id":"evt_1","type":"a","created":9223372036854775808,"data":{}}`, "created", "integer", "number 9223372036854775808"},
		"no data":                    {`{"id":"evt_1","type":"a","created":1}`, "data", "object", "nothing"},
		"data that is an array":      {minted(`[]`), "data", "object", "array"},
		"a field of another type":    {minted(`{"tokenId":7}`), "data.tokenId", "string", "number 7"},
		"an item of another type": {`{"id":"evt_1","type":"bulk_job.completed","created":1,"data":{"voucherLinks":{"voucher_all":["",7]}}}`,
			"data.voucherLinks.voucher_all.1", "string", "number 7"},
		"a time that is none":        {minted(`{"mintedAt":"yesterday"}`), "data.mintedAt", "date-time", `string "yesterday"`},
		"an id twice":                {`{"id":"evt_1","id":"evt_2","type":"a","created":1,"data":{}}`, "id", "one member of that name", "a second one"},
		"an id twice, once escaped":  {`{"id":"evt_1","\u0069d":"evt_2","type":"a","created":1,"data":{}}`, "id", "one member of that name", "a second one"},
		"8,000 levels":               {nested(8_000), "data.a" + strings.Repeat(".0", 62), "at most 64 levels", "more"},
		"too many levels":            {nested(63), "data.a" + strings.Repeat(".0", 62), "at most 64 levels", "more"},
		"30,000 levels":              {nested(30_000), "", "JSON", "a fault at byte 10074: invalid character '[' exceeded max depth"},
		"too many values":            {minted(`{"a":[` + strings.Repeat("0,", 1<<18) + `0]}`), "data.a.262138", "at most 262144 values", "more"},
		"a number that is too long":  {minted(`{"a":` + strings.Repeat("9", 129) + `}`), "data.a", "a number within bounds", "number " + strings.Repeat("9", 60) + "…"},
		"a number that is too large": {minted(`{"a":1e999999999}`), "data.a", "a number within bounds", "number 1e999999999"},
		"a number that is too small": {minted(`{"a":1e-999999999}`), "data.a", "a number within bounds", "number 1e-999999999"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := event.Decode([]byte(test.body))
			if !errors.Is(err, event.ErrMalformedBody) {
				t.Fatalf("error %v, want %v", err, event.ErrMalformedBody)
			}
			want := &event.BodyError{Path: test.path, Expected: test.expected, Got: test.got}
			var evidence *event.BodyError
			if !errors.As(err, &evidence) {
				t.Fatalf("error %v carries no evidence", err)
			}
			if diff := cmp.Diff(want, evidence); diff != "" {
				t.Errorf("evidence (-want +got):\n%s", diff)
			}
			if got.Data != nil {
				t.Errorf("data %v beside the error", got.Data)
			}
		})
	}
}

func TestDecodeTakesTheDeepestBodyThatIsAllowed(t *testing.T) {
	const below = 62 // the envelope and the data are two levels
	body := minted(`{"a":` + strings.Repeat("[", below) + strings.Repeat("]", below) + `}`)
	if _, err := event.Decode([]byte(body)); err != nil {
		t.Error(err)
	}
}

func TestNamesAreUniqueAmongHundreds(t *testing.T) {
	var members strings.Builder
	for i := range 300 {
		fmt.Fprintf(&members, `"n%d":0,`, i)
	}
	for last, want := range map[string]error{"n299": event.ErrMalformedBody, "N299": nil} {
		_, err := event.Decode([]byte(`{"id":"evt_1","type":"a.b","created":1,"data":{},` + members.String() + `"` + last + `":0}`))
		if !errors.Is(err, want) {
			t.Errorf("%s: error %v, want %v", last, err, want)
		}
	}
}

// An id that is remembered to spot repeated deliveries must not keep its body with it.
func TestWhatIsKeptOfAnEventDoesNotKeepItsBody(t *testing.T) {
	padding := strings.Repeat(" ", 1<<20)
	var kept []event.Event
	before := heap()
	for range 16 {
		decoded, err := event.Decode([]byte(minted(`{"tokenId":"123456"}`) + padding))
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, decoded)
	}
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("%d events keep %d KiB, want at most 4,096", len(kept), grown>>10)
	}
	runtime.KeepAlive(kept)
}

func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func TestBodyErrorNamesThePlaceAndQuotesLittle(t *testing.T) {
	long := strings.Repeat("n", 100_000)
	_, err := event.Decode(fmt.Appendf(nil, `{"%[1]s":1,"%[1]s":1}`, long))
	want := "event body: " + long[:60] + "…: expected one member of that name, got a second one"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestAnEventInsideOtherJSONIsDecodedTheSameWay(t *testing.T) {
	var queue []event.Event
	if err := json.Unmarshal([]byte("["+minted(`{"tokenId":"7"}`)+"]"), &queue); err != nil {
		t.Fatal(err)
	}
	want := []event.Event{{ID: "evt_1", Type: event.TypeCertificateMinted, Created: 1640995300,
		Data: &event.CertificateMinted{TokenID: "7"}}}
	if diff := cmp.Diff(want, queue); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestEncodeKeepsUnknownDataAndEscapesNothing(t *testing.T) {
	const body = `{"id":"evt_1","type":"a.b","created":1,"data":{"b":"<&>","a":1.50,"A":1e2}}`
	decoded, err := event.Decode([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := event.Encode(decoded)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(body, string(encoded)); diff != "" {
		t.Errorf("encoded (-want +got):\n%s", diff)
	}
}
