package ui_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

func TestSanitizeMakesVisibleWhatATerminalObeysOrHides(t *testing.T) {
	for name, test := range map[string]struct{ in, want string }{
		"clean text stays":                    {"héllo, 世界 👋 ✓", "héllo, 世界 👋 ✓"},
		"nothing stays nothing":               {"", ""},
		"a colour sequence":                   {"\x1b[31mred\x1b[0m", `\u001b[31mred\u001b[0m`},
		"a title by OSC and BEL":              {"\x1b]0;owned\a", `\u001b]0;owned\u0007`},
		"a hyperlink by OSC 8":                {"\x1b]8;;http://x\x1b\\y", `\u001b]8;;http://x\u001b\y`},
		"carriage return":                     {"safe\rOVER", `safe\rOVER`},
		"newline and tab":                     {"a\nb\tc", `a\nb\tc`},
		"backspace, form feed, vertical tab":  {"a\bb\fc\vd", `a\bb\fc\u000bd`},
		"null and delete":                     {"a\x00b\x7f", `a\u0000b\u007f`},
		"CSI as one C1 rune":                  {"\u009b31m", `\u009b31m`},
		"CSI as one raw byte":                 {"\x9b31m", `\x9b31m`},
		"next line":                           {"a\u0085b", `a\u0085b`},
		"right-to-left override":              {"gnp.\u202eexe", `gnp.\u202eexe`},
		"isolates and marks":                  {"\u2066a\u2069\u200e\u200f\u061c", `\u2066a\u2069\u200e\u200f\u061c`},
		"zero width and byte order mark":      {"a\u200bb\u200dc\ufeff", `a\u200bb\u200dc\ufeff`},
		"line and paragraph separators":       {"a\u2028b\u2029", `a\u2028b\u2029`},
		"soft hyphen":                         {"a\u00adb", `a\u00adb`},
		"invisible tags beyond the first 64k": {"a\U000e0041", `a\udb40\udc41`},
		"bytes that are not UTF-8":            {"a\xff\xc3", `a\xff\xc3`},
		"the replacement character itself":    {"a\ufffd", "a\ufffd"},
		"a backslash is only a backslash":     {`\u001b`, `\u001b`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ui.Sanitize(test.in); got != test.want {
				t.Errorf("Sanitize(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func TestSanitizeTextKeepsLinesAndTabsAlone(t *testing.T) {
	got := ui.SanitizeText("a\tb\r\nc\x1b[2J\n")
	if want := "a\tb\\r\nc\\u001b[2J\n"; got != want {
		t.Errorf("SanitizeText = %q, want %q", got, want)
	}
}

func TestSanitizeLineGivesOneBoundedLine(t *testing.T) {
	for name, test := range map[string]struct {
		in    string
		limit int
		want  string
	}{
		"short text stays":                      {"not found", 20, "not found"},
		"text of just the limit stays":          {"12345", 5, "12345"},
		"one rune more ends in an ellipsis":     {"123456", 5, "1234…"},
		"wide runes count as one":               {"世界世界", 3, "世界…"},
		"white space folds into one space":      {"{\n  \"a\":\t1\r\n}\n", 40, `{ "a": 1 }`},
		"white space at the end needs no room":  {"12345 \n", 5, "12345"},
		"a carriage return alone is shown":      {"a\rb", 20, `a\rb`},
		"an escape is never cut in its middle":  {"ab\x1bcd", 6, "ab…"},
		"an escape that fits is whole":          {"ab\x1b", 8, `ab\u001b`},
		"a limit of one leaves the ellipsis":    {"ab", 1, "…"},
		"one rune fits a limit of one":          {"a", 1, "a"},
		"a limit of nothing gives nothing":      {"ab", 0, ""},
		"a limit below nothing gives nothing":   {"ab", -1, ""},
		"nothing stays nothing":                 {"", 10, ""},
		"white space alone is nothing":          {" \n\t ", 10, ""},
		"a first escape too long is left out":   {"\x1b[0m", 3, "…"},
		"a folded space counts before the word": {"ab cd", 4, "ab…"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ui.SanitizeLine(test.in, test.limit); got != test.want {
				t.Errorf("SanitizeLine(%q, %d) = %q, want %q", test.in, test.limit, got, test.want)
			}
		})
	}
}

// dangerous are runes that must never reach a terminal from outside; the list is written apart from the code under test.
const dangerous = "\x00\x07\b\x1b\r\x7f\u0080\u0085\u009b\u009d\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029" +
	"\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"

func FuzzSanitize(f *testing.F) {
	for _, seed := range []string{
		"plain", "\x1b]0;t\x07", "\u009b2J", "\x9b\x9d", "a\r\nb", dangerous, "\xf0\x9f\x91", "👩‍👧", `{"a":"\u001b"}`, "\U000e0041",
	} {
		f.Add(seed, 10)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		line := ui.SanitizeLine(s, limit)
		for what, got := range map[string]string{
			"Sanitize": ui.Sanitize(s), "SanitizeText": ui.SanitizeText(s), "SanitizeLine": line,
		} {
			if strings.ContainsAny(got, dangerous) {
				t.Errorf("%s(%q) = %q still has a control", what, s, got)
			}
			if !utf8.ValidString(got) {
				t.Errorf("%s(%q) = %q is not UTF-8", what, s, got)
			}
			if again := ui.SanitizeText(got); again != got {
				t.Errorf("%s(%q) = %q changes when it is sanitised again: %q", what, s, got, again)
			}
		}
		if strings.ContainsAny(ui.Sanitize(s), "\n\t") || strings.ContainsAny(line, "\n\t") {
			t.Errorf("a line of %q is more than one", s)
		}
		if n := utf8.RuneCountInString(line); n > max(limit, 0) {
			t.Errorf("SanitizeLine(%q, %d) has %d runes", s, limit, n)
		}
	})
}

func BenchmarkSanitize(b *testing.B) {
	for name, text := range map[string]string{
		"clean":   strings.Repeat(`{"id":"evt_01","type":"certificate.minted"}`, 100),
		"hostile": strings.Repeat("\x1b[31mred\u202e", 300),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				ui.Sanitize(text)
			}
		})
	}
}
