package capture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFromBody(t *testing.T) {
	signed := []Field{{"X-Webhook-Signature", "t=1,v1=ab"}}
	for name, tt := range map[string]struct {
		signature string
		want      []Field
	}{
		"the value":                    {"t=1,v1=ab", signed},
		"the whole line":               {"x-webhook-signature: t=1,v1=ab\r\n", signed},
		"a value with a colon in it":   {"t=1,v1=a:b", []Field{{"X-Webhook-Signature", "t=1,v1=a:b"}}},
		"none":                         {"", nil},
		"a line without a value to it": {"X-Webhook-Signature:", nil},
	} {
		t.Run(name, func(t *testing.T) {
			want := Request{Method: "POST", Header: tt.want, Body: []byte("{}\n")}
			if diff := cmp.Diff(want, FromBody([]byte("{}\n"), tt.signature), exactly); diff != "" {
				t.Error(diff)
			}
		})
	}
}
