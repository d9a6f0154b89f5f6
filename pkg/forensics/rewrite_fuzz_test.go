package forensics

import (
	"bytes"
	"encoding/json"
	"hash/maphash"
	"reflect"
	"testing"
)

// FuzzRewrites holds every rewrite to its laws on any body: it appends, it keeps to its bound, it leaves the body alone,
// it says what happened, and where it writes JSON anew the JSON means the same.
func FuzzRewrites(f *testing.F) {
	for _, body := range []string{
		`{"a":"é\/<b>\u2028","b":[1.50,1e400,-0,{}],"10":1,"9":null,"a":"\ud834\udd1e"}`, "{\n  \"a\": 1\r\n}\r\n", `"\"x\""`,
		"b'\\xc3\\xa9'", "H4sIAA==", "\x1f\x8b\x08", "x\x9c\x03\x00", "a=%7B%7D+", `{"body":"e30=","isBase64Encoded":true}`,
		`{"type":"Buffer","data":[1,2,255]}`, "\xff\xfe{\x00}\x00", "3\r\n{\"a\r\n0\r\n\r\n", "{\\\"a\\\":1}", "", " ", "\u0308é", "\xed\xa0\x80", `[[[[]]]]`,
	} {
		f.Add([]byte(body))
	}
	all := rewrites(learn([][]byte{[]byte(`{"b":1,"a":{"10":1,"9":2}}`)}))
	styles, seed := escapings(), maphash.MakeSeed()
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 4<<10 {
			t.Skip()
		}
		before := bytes.Clone(body)
		from := inspect(body, styles, seed, nil)
		for _, rewrite := range all {
			const prefix = "prefix"
			out, ok := rewrite.apply([]byte(prefix), from)
			if !bytes.Equal(body, before) {
				t.Fatalf("%q changed the body", rewrite.names)
			}
			if !ok {
				continue
			}
			made, found := bytes.CutPrefix(out, []byte(prefix))
			if !found || len(made) > 4*growth(len(body)) {
				t.Fatalf("%q made %d bytes of %d, prefix kept: %t", rewrite.names, len(made), len(body), found)
			}
			if change := rewrite.describe(made, body); change.ID == "" || change.Cause == "" || change.Dimension != DimensionBody {
				t.Fatalf("%q says %+v", rewrite.names, change)
			}
			if rewrite.kind == kindForm && !reflect.DeepEqual(meaning(t, made), meaning(t, body)) {
				t.Fatalf("%q made %s of %s", rewrite.names, made, body)
			}
		}
	})
}

func meaning(t *testing.T, text []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

// FuzzReadTargets holds the lenient reading of headers to its bounds.
func FuzzReadTargets(f *testing.F) {
	f.Add("t=1700000000,v1=a09a163a363451999eb6f14efc57810aaa61b574bda01da7ccf18b301d95d26c", "T:1;V1:\"x\"")
	f.Add("X-Webhook-Signature: 't%3D1,v1%3Dsha256=a'", "t=1,t=2,v1=,v1==,,=")
	f.Fuzz(func(t *testing.T, first, second string) {
		read := readTargets([]string{first, second})
		if len(read.targets) > maxTargets {
			t.Fatalf("%d targets", len(read.targets))
		}
		for _, target := range read.targets {
			if len(target.sums) == 0 || len(target.sums) != len(target.changes) {
				t.Fatalf("%d sums, %d changes", len(target.sums), len(target.changes))
			}
			for i, sum := range target.sums {
				if len(sum) != target.algorithm.size || len(target.changes[i]) != target.cost {
					t.Fatalf("a sum of %d bytes under %+v, cost %d", len(sum), target.algorithm, target.cost)
				}
			}
		}
	})
}
