package ui_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

func plain() *ui.Terminal { return ui.New(&bytes.Buffer{}, ui.Never, environment()) }

func TestWrapBreaksAtSpacesWithinTheWidth(t *testing.T) {
	for name, test := range map[string]struct {
		text          string
		indent, width int
		want          string
	}{
		"text that fits is one line":         {"one two", 2, 20, "  one two"},
		"longer text is broken":              {"one two three", 2, 9, "  one two\n  three"},
		"a flag is not broken at its dashes": {"use --secret-file here", 0, 12, "use\n--secret-file\nhere"},
		"a word too long stays whole":        {"x https://example.com/long y", 0, 10, "x\nhttps://example.com/long\ny"},
		"wide runes count double":            {"世界 世界", 0, 8, "世界\n世界"},
		"paragraphs stay apart":              {"one\n\ntwo", 1, 20, " one\n\n two"},
		"an indented line stays as it is":    {"run:\n  pbhook demo --all", 1, 8, " run:\n   pbhook demo --all"},
		"no width at all still shows words":  {"one two", 2, 0, "  one\n  two"},
		"nothing is one empty line":          {"", 4, 20, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, ui.Wrap(test.text, test.indent, test.width)); diff != "" {
				t.Errorf("Wrap differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTableAlignsColumnsByWhatIsSeen(t *testing.T) {
	coloured := ui.New(&bytes.Buffer{}, ui.Always, environment())
	got := coloured.Table([]string{"TYPE", "TEXT"}, [][]string{
		{coloured.Accent("a"), "first"},
		{"世界", "second"},
		{"long.name", ""},
		{"short row"},
	})
	want := "\x1b[2mTYPE\x1b[0m        \x1b[2mTEXT\x1b[0m\n" +
		"\x1b[36ma\x1b[0m           first\n" +
		"世界        second\n" +
		"long.name\n" +
		"short row\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Table differs (-want +got):\n%s", diff)
	}
}

func TestTableOutsideATerminalBreaksNoRow(t *testing.T) {
	term := ui.New(&bytes.Buffer{}, ui.Never, environment("COLUMNS=20"))
	long := strings.Repeat("word ", 30) + "end"
	if got, want := term.Table(nil, [][]string{{"a", long}}), "a   "+long+"\n"; got != want {
		t.Errorf("Table = %q, want %q", got, want)
	}
	if got := term.Table(nil, nil); got != "" {
		t.Errorf("an empty table is %q", got)
	}
}

func TestJSONIsShownInItsOrderWithItsNumbers(t *testing.T) {
	body := `{"z":1.50e+3,"a":[],"m":{"k":[1,{"x":null}],"e":{}},"big":12345678901234567890,"s":"a\"b\\","t":true}`
	want := `{
  "z": 1.50e+3,
  "a": [],
  "m": {
    "k": [
      1,
      {
        "x": null
      }
    ],
    "e": {}
  },
  "big": 12345678901234567890,
  "s": "a\"b\\",
  "t": true
}`
	if diff := cmp.Diff(want, plain().JSON([]byte(body))); diff != "" {
		t.Errorf("JSON differs (-want +got):\n%s", diff)
	}
}

func TestJSONColoursKeysStringsNumbersAndWords(t *testing.T) {
	got := ui.New(&bytes.Buffer{}, ui.Always, environment()).JSON([]byte(`{"k" : "v", "n": [-1, false]}`))
	want := "{\n  \x1b[36m\"k\"\x1b[0m: \x1b[32m\"v\"\x1b[0m,\n  \x1b[36m\"n\"\x1b[0m: [\n" +
		"    \x1b[33m-1\x1b[0m,\n    \x1b[33mfalse\x1b[0m\n  ]\n}"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("JSON differs (-want +got):\n%s", diff)
	}
}

func TestJSONFromOutsideIsSanitisedAndStaysJSON(t *testing.T) {
	shown := plain().JSON([]byte("{\"a\u202e\":\"\u009b31m\x7f\"}"))
	if want := "{\n  \"a\\u202e\": \"\\u009b31m\\u007f\"\n}"; shown != want {
		t.Errorf("JSON = %q, want %q", shown, want)
	}
	if !json.Valid([]byte(shown)) {
		t.Errorf("%s is no JSON any more", shown)
	}
}

func TestABodyThatIsNotJSONIsShownAsText(t *testing.T) {
	for name, test := range map[string]struct{ in, want string }{
		"an error page":       {"<h1>\x1b[31mno\x1b[0m</h1>\n\n", `<h1>\u001b[31mno\u001b[0m</h1>`},
		"broken JSON":         {`{"a":`, `{"a":`},
		"nothing":             {"", ""},
		"two documents":       {"{}\n{}", "{}\n{}"},
		"not UTF-8":           {"\xff\xfe", `\xff\xfe`},
		"brackets beyond all": {strings.Repeat("[", 20_000), strings.Repeat("[", 20_000)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := plain().JSON([]byte(test.in)); got != test.want {
				t.Errorf("JSON(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func TestALongBodyIsShownInPart(t *testing.T) {
	for name, body := range map[string]string{
		"text":               strings.Repeat("é", 40_000),
		"one long string":    `"` + strings.Repeat("é", 40_000) + `"`,
		"many values":        "[" + strings.Repeat("1,", 40_000) + "1]",
		"deep but valid":     strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + strings.Repeat(" ", 60_000),
		"ends in a wide run": strings.Repeat("x", 64<<10-1) + "世界",
	} {
		t.Run(name, func(t *testing.T) {
			got := plain().JSON([]byte(body))
			head, tail, _ := strings.Cut(got, "\n… ")
			var rest int
			if _, err := fmt.Sscanf(tail, "%d more bytes", &rest); err != nil || rest < len(body)-64<<10 || rest > len(body)-64<<10+3 {
				t.Errorf("ends in %q for a body of %d bytes", tail, len(body))
			}
			if strings.Contains(head, `\x`) {
				t.Error("a rune was cut in its middle")
			}
			if len(got) > 4<<20 {
				t.Errorf("%d bytes are shown", len(got))
			}
		})
	}
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":"\""}]}`, `[]`, `"\\"`, `  {"a" :1 } `, "{\"\x9b\":\"\u202e\"}", `{`, "\x1b"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		shown := plain().JSON(body)
		if strings.ContainsAny(shown, dangerous) {
			t.Fatalf("JSON(%q) = %q still has a control", body, shown)
		}
		if len(body) > 60<<10 || !json.Valid(body) {
			return
		}
		var want bytes.Buffer
		if err := json.Indent(&want, []byte(ui.SanitizeText(string(body))), "", "  "); err != nil {
			return // bytes that were not UTF-8 are shown as \xff, which JSON does not know
		}
		var got bytes.Buffer
		if err := json.Indent(&got, []byte(shown), "", "  "); err != nil {
			t.Fatalf("JSON(%q) = %q, which is no JSON: %v", body, shown, err)
		}
		if strings.TrimSpace(got.String()) != strings.TrimSpace(want.String()) {
			t.Fatalf("JSON(%q) = %q, want %q", body, got.String(), want.String())
		}
	})
}

func ExampleTerminal_Table() {
	out := ui.New(&bytes.Buffer{}, ui.Never, os.LookupEnv)
	fmt.Print(out.Table([]string{"TYPE", "WHEN"}, [][]string{
		{"certificate.minted", "a certificate is on chain"},
		{"voucher.claimed", "somebody claimed a voucher"},
	}))
	// Output:
	// TYPE                 WHEN
	// certificate.minted   a certificate is on chain
	// voucher.claimed      somebody claimed a voucher
}
