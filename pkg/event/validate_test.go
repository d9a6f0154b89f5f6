package event_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/fixtures"
	"github.com/pocketbook-studio/pbhook/pkg/event"
)

// validMinted is a certificate.minted event that its schema accepts, with one field replaced.
func validMinted(field, value string) []byte {
	fields := map[string]string{
		"certificateId":   `"507f1f77bcf86cd799439011"`,
		"tokenId":         `"123456"`,
		"transactionHash": `"0x` + strings.Repeat("ab", 32) + `"`,
		"owner":           `"0x` + strings.Repeat("12", 20) + `"`,
		"mintedAt":        `"2025-01-15T10:35:00Z"`,
	}
	fields[field] = value
	var members []string
	for name, value := range fields {
		if value != "" {
			members = append(members, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return []byte(minted("{" + strings.Join(members, ",") + "}"))
}

func TestValidateTells(t *testing.T) {
	schemas := load(t, fixtures.FS())
	for name, test := range map[string]struct {
		body []byte
		want []event.Violation
	}{
		"nothing of a valid event": {validMinted("tokenId", `"7"`), nil},
		"nothing of a new field":   {validMinted("network", `{"chain":137}`), nil},
		"an absent field":          {validMinted("owner", ""), []event.Violation{{"data.owner", "string", "nothing"}}},
		"a number for text":        {validMinted("tokenId", "7"), []event.Violation{{"data.tokenId", "string", "number 7"}}},
		"null for text":            {validMinted("tokenId", "null"), []event.Violation{{"data.tokenId", "string", "null"}}},
		"an object for text":       {validMinted("tokenId", `{"a":1}`), []event.Violation{{"data.tokenId", "string", "object"}}},
		"text of another format":   {validMinted("owner", `"0x12"`), []event.Violation{{"data.owner", "evm-address (0x and 40 hex digits)", `string "0x12"`}}},
		"a time without a zone":    {validMinted("mintedAt", `"2025-01-15T10:35:00"`), []event.Violation{{"data.mintedAt", "date-time (such as 2025-01-15T10:30:00Z)", `string "2025-01-15T10:35:00"`}}},
		"a body that is no object": {[]byte(`[]`), []event.Violation{{"", "object", "array"}}},
		"everything, in order of paths": {[]byte(`{"type":"voucher.minted","created":1640995300000,"data":{"tokenId":[],"owner":true}}`), []event.Violation{
			{"created", "unix-time (seconds since 1970)", "number 1640995300000"},
			{"data.certificateId", "string", "nothing"},
			{"data.mintedAt", "string", "nothing"},
			{"data.owner", "string", "boolean true"},
			{"data.tokenId", "string", "array"},
			{"data.transactionHash", "string", "nothing"},
			{"id", "string", "nothing"},
			{"type", `string "certificate.minted"`, `string "voucher.minted"`},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := schemas.Validate(event.TypeCertificateMinted, test.body)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateHoldsATypeWithoutASchemaToTheEnvelope(t *testing.T) {
	schemas := load(t, fixtures.FS())
	for name, test := range map[string]struct {
		body string
		want []event.Violation
	}{
		"anything in data": {`{"id":"evt_1","type":"certificate.frozen","created":1,"data":{"tokenId":7}}`, nil},
		"no data":          {`{"id":"evt_1","type":"certificate.frozen","created":1}`, []event.Violation{{"data", "object", "nothing"}}},
		"an odd id":        {`{"id":"1","type":"certificate.frozen","created":1,"data":{}}`, []event.Violation{{"id", "event-id (evt_ and letters, digits, _ or -)", `string "1"`}}},
		"an empty type":    {`{"id":"evt_1","type":"","created":1,"data":{}}`, []event.Violation{{"type", "at least 1 characters", `string ""`}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := schemas.Validate("certificate.frozen", []byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateWordsEachKeyword(t *testing.T) {
	for keyword, test := range map[string]struct{ schema, body, expected, got string }{
		"enum":                  {`{"enum":["a",1,null]}`, `"b"`, `string "a" or number 1 or null`, `string "b"`},
		"type, several":         {`{"type":["string","number"]}`, `true`, "number or string", "boolean true"},
		"minimum":               {`{"minimum":1}`, `0`, "at least 1", "number 0"},
		"maximum":               {`{"maximum":2.5}`, `3`, "at most 5/2", "number 3"},
		"pattern":               {`{"pattern":"^a$"}`, `"b"`, "text that matches ^a$", `string "b"`},
		"minLength":             {`{"minLength":2}`, `"b"`, "at least 2 characters", `string "b"`},
		"maxLength":             {`{"maxLength":2}`, `"bcd"`, "at most 2 characters", `string "bcd"`},
		"minItems":              {`{"minItems":1}`, `[]`, "what JSON Schema asks with minItems", "array"},
		"anyOf":                 {`{"anyOf":[{"type":"string"},{"type":"null"}]}`, `7`, "what JSON Schema asks with anyOf", "number 7"},
		"false":                 {`false`, `7`, "nothing", "number 7"},
		"a long value, cut":     {`{"type":"null"}`, `"` + strings.Repeat("é", 100) + `"`, "null", `string "` + strings.Repeat("é", 60) + `…"`},
		"escapes, made visible": {`{"type":"null"}`, `"\u001b[31m\u202e"`, "null", `string "\x1b[31m\u202e"`},
	} {
		t.Run(keyword, func(t *testing.T) {
			got, err := load(t, layer(map[string]string{"x": test.schema})).Validate("x", []byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]event.Violation{{Expected: test.expected, Got: test.got}}, got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateNamesMembersThatASchemaForbids(t *testing.T) {
	schemas := load(t, layer(map[string]string{"x": `{"properties":{"a":true},"additionalProperties":false}`}))
	got, err := schemas.Validate("x", []byte(`{"c":1,"a":1,"b":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]event.Violation{{"b", "nothing", "array"}, {"c", "nothing", "number 1"}}, got); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
}

func TestValidateListsFiftyViolationsAtMost(t *testing.T) {
	schemas := load(t, layer(map[string]string{"x": `{"items":{"type":"string"}}`}))
	got, err := schemas.Validate("x", []byte("["+strings.Repeat("1,", 10_000)+"1]"))
	if err != nil || len(got) != 50 {
		t.Errorf("%d violations, error %v", len(got), err)
	}
}

func TestValidateRefusesWhatDecodeRefuses(t *testing.T) {
	schemas := load(t, fixtures.FS())
	for _, body := range []string{"", "{}{}", `{"id":1,"id":1}`, strings.Repeat("[", 30_000)} {
		if _, err := schemas.Validate(event.TypeCertificateMinted, []byte(body)); !errors.Is(err, event.ErrMalformedBody) {
			t.Errorf("%.20s: error %v", body, err)
		}
		if got := schemas.Unknown(event.TypeCertificateMinted, []byte(body)); got != nil {
			t.Errorf("%.20s: unknown %v", body, got)
		}
	}
}

func TestViolationReadsAsASentence(t *testing.T) {
	for want, violation := range map[string]event.Violation{
		"data.tokenId: expected string, got number 7": {"data.tokenId", "string", "number 7"},
		"body: expected object, got array":            {"", "object", "array"},
	} {
		if got := violation.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestUnknownTells(t *testing.T) {
	schemas := load(t, fixtures.FS())
	for name, test := range map[string]struct {
		typ  event.Type
		body string
		want []string
	}{
		"nothing of documented fields":     {event.TypeCertificateMinted, string(validMinted("tokenId", `"7"`)), nil},
		"new fields, sorted":               {event.TypeCertificateMinted, `{"v":1,"data":{"owner":"","network":{"a":1},"chain":1}}`, []string{"data.chain", "data.network", "v"}},
		"another case of a field":          {event.TypeCertificateMinted, `{"ID":1,"data":{"TokenID":1}}`, []string{"ID", "data.TokenID"}},
		"nothing of free-form metadata":    {event.TypeCertificateCreated, `{"data":{"metadata":{"mine":1,"attributes":[{"display":1}]}}}`, nil},
		"new fields inside documented":     {event.TypeBulkJobCompleted, `{"data":{"voucherLinks":{"voucher_failed":[]}}}`, []string{"data.voucherLinks.voucher_failed"}},
		"nothing inside an unknown type":   {"certificate.frozen", `{"id":1,"data":{"a":1}}`, nil},
		"an unknown type's envelope":       {"certificate.frozen", `{"id":1,"version":2}`, []string{"version"}},
		"nothing where the type is broken": {event.TypeCertificateMinted, `{"data":[{"a":1}]}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, schemas.Unknown(test.typ, []byte(test.body))); diff != "" {
				t.Errorf("paths (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnknownNamesANewFieldOfManyItemsOnceAndFiftyFieldsAtMost(t *testing.T) {
	schemas := load(t, layer(map[string]string{"x": `{"items":{"type":"object","properties":{"a":true}}}`}))
	if diff := cmp.Diff([]string{"#.b"}, schemas.Unknown("x", []byte(`[{"a":1},{"b":1},{"b":2}]`))); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	var many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&many, `"n%d":1,`, i)
	}
	if got := schemas.Unknown("x", []byte("[{"+many.String()+`"a":1}]`)); len(got) != 50 {
		t.Errorf("%d paths", len(got))
	}
}
