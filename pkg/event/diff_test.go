package event_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/event"
)

func TestDiffTells(t *testing.T) {
	type d = event.Difference
	for name, test := range map[string]struct {
		before, after string
		want          []event.Difference
	}{
		"nothing of equal bodies":                {`{"a":1,"b":[{}]}`, `{"a":1,"b":[{}]}`, nil},
		"nothing of order, spacing and escapes":  {`{"a":"<é","b":{"c":1,"d":[]}}`, "{ \"b\" : {\"d\":[ ], \"c\":1},\n\"a\":\"\\u003c\\u00e9\"}", nil},
		"a value that changed":                   {`{"a":1,"b":2}`, `{"a":1,"b":3}`, []d{{"b", "changed", "2", "3"}}},
		"a number that is written differently":   {`{"a":1.0}`, `{"a":1}`, []d{{"a", "changed", "1.0", "1"}}},
		"a value of another type":                {`{"a":"1"}`, `{"a":1}`, []d{{"a", "changed", `"1"`, "1"}}},
		"null, which is not absent":              {`{"a":null}`, `{}`, []d{{"a", "removed", "null", ""}}},
		"an object that became an array":         {`{"a":{}}`, `{"a":[]}`, []d{{"a", "changed", "{}", "[]"}}},
		"what was removed, what was added":       {`{"x":{"y":1},"z":0}`, `{"n":[1, 2],"z":0}`, []d{{"x", "removed", `{"y":1}`, ""}, {"n", "added", "", "[1, 2]"}}},
		"the order of the first body":            {`{"c":1,"b":1,"a":1}`, `{"a":2,"b":2,"n":2,"c":2}`, []d{{"c", "changed", "1", "2"}, {"b", "changed", "1", "2"}, {"a", "changed", "1", "2"}, {"n", "added", "", "2"}}},
		"a value deep inside":                    {`{"a":{"b":[0,{"c":true}]}}`, `{"a":{"b":[0,{"c":false}]}}`, []d{{"a.b.1.c", "changed", "true", "false"}}},
		"an item at the beginning":               {`[2,3]`, `[1,2,3]`, []d{{"0", "added", "", "1"}}},
		"an item in the middle that is gone":     {`[1,2,3,4]`, `[1,3,4]`, []d{{"1", "removed", "2", ""}}},
		"an item at the end":                     {`[1,{"a":1}]`, `[1,{"a":1},{"a":2}]`, []d{{"2", "added", "", `{"a":2}`}}},
		"one of equal items":                     {`[1,1,1]`, `[1,1]`, []d{{"2", "removed", "1", ""}}},
		"an item that changed and one more":      {`[{"a":1,"b":0}]`, `[{"a":2,"b":0},5]`, []d{{"0.a", "changed", "1", "2"}, {"1", "added", "", "5"}}},
		"a name with a dot and a backslash":      {`{"a.b":{"c\\":1}}`, `{"a.b":{"c\\":2}}`, []d{{`a\.b.c\\`, "changed", "1", "2"}}},
		"the body itself":                        {`1`, `{}`, []d{{"", "changed", "1", "{}"}}},
		"a name that is empty at its own object": {`{"":1}`, `{"":2}`, []d{{`""`, "changed", "1", "2"}}},
		"an empty name further inside":           {`{"a":{"":{"b":1}}}`, `{"a":{"":{"b":2}}}`, []d{{`a."".b`, "changed", "1", "2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := event.Diff([]byte(test.before), []byte(test.after))
			if err != nil || got.More {
				t.Fatalf("More %v, error %v", got.More, err)
			}
			if diff := cmp.Diff(test.want, got.Differences); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDiffIsBounded(t *testing.T) {
	var many strings.Builder
	for i := range 1001 {
		fmt.Fprintf(&many, `"%s%d":{"a":1},`, strings.Repeat("n", 4000), i)
	}
	got, err := event.Diff([]byte("{"+strings.TrimSuffix(many.String(), ",")+"}"), []byte("{}"))
	if err != nil || len(got.Differences) != 1000 || !got.More {
		t.Fatalf("%d differences, more %v, error %v; want 1000 and more", len(got.Differences), got.More, err)
	}
	for _, d := range got.Differences {
		if len(d.Path) > 400 {
			t.Fatalf("a path has %d bytes", len(d.Path))
		}
	}
	deep := func(bottom string) []byte { return []byte(strings.Repeat("[", 60) + bottom + strings.Repeat("]", 60)) }
	if got, err = event.Diff(deep("1"), deep("2")); err != nil || len(got.Differences) != 1 || got.Differences[0].Path != strings.TrimSuffix(strings.Repeat("0.", 60), ".") {
		t.Errorf("60 levels deep: %+v, %v", got, err)
	}
}

func TestDiffRefusesWhatIsNoJSON(t *testing.T) {
	good := []byte("{}")
	for _, bad := range []string{"", "{", "\xff", strings.Repeat("[", 65) + strings.Repeat("]", 65), `{"a":1,"a":2}`} {
		for _, pair := range [][2][]byte{{good, []byte(bad)}, {[]byte(bad), good}} {
			if _, err := event.Diff(pair[0], pair[1]); !errors.Is(err, event.ErrMalformedBody) {
				t.Errorf("Diff(%q, %q) = %v", pair[0], pair[1], err)
			}
		}
	}
}

// Two bodies differ in nothing exactly where encoding/json reads the same from both, and a body differs from another in as
// much as the other does from it.
func FuzzDiff(f *testing.F) {
	f.Add(`{"a":[1,2,{"b":null}]}`, `{"a":[2,{"b":""}],"c":1e2}`)
	f.Add(`[1,1,1]`, `[1,1]`)
	f.Add(`{"a":"\ud800"}`, `{"a":"\ufffd"}`)
	f.Fuzz(func(t *testing.T, before, after string) {
		there, err := event.Diff([]byte(before), []byte(after))
		if err != nil {
			return
		}
		back, err := event.Diff([]byte(after), []byte(before))
		if err != nil || len(there.Differences) != len(back.Differences) || there.More != back.More {
			t.Fatalf("%q to %q: %+v, and back %+v, %v", before, after, there, back, err)
		}
		if same := reflect.DeepEqual(read(t, before), read(t, after)); same != (len(there.Differences) == 0) {
			t.Fatalf("%q to %q are the same: %v, but %+v", before, after, same, there)
		}
	})
}

func read(t *testing.T, body string) (v any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func ExampleDiff() {
	found, err := event.Diff(
		[]byte(`{"id":"evt_1","data":{"owner":"0xa","tags":["art"]}}`),
		[]byte(`{"id":"evt_1","data":{"tags":["new","art"],"owner":"0xb"}}`))
	if err != nil {
		panic(err)
	}
	for _, d := range found.Differences {
		fmt.Println(d.Change, d.Path, d.Before, d.After)
	}
	// Output:
	// changed data.owner "0xa" "0xb"
	// added data.tags.0  "new"
}
