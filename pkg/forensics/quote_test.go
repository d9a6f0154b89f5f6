package forensics_test

import (
	"bytes"
	"testing"
)

func TestABodyThatWasWrittenDownByAProgramIsReadBack(t *testing.T) {
	const signed = `{"id":"evt_1","note":"it's \\ fine","n":1}`
	for _, test := range []struct{ name, signed, received, want string }{
		{"Python's repr of bytes", signed, `b'{"id":"evt_1","note":"it\'s \\\\ fine","n":1}'`, "wrap.python"},
		{"Python's repr of bytes that are not ASCII", "{\"n\":\"é\\n\"}\n\t", `b'{"n":"\xc3\xa9\\n"}\n\t'`, "wrap.python"},
		{"Python's repr in double quotes", "it's", `b"it's"`, "wrap.python"},
		{"signed as Python's repr", `b'{"id":"evt_1","note":"it\'s \\\\ fine","n":1}'`, signed, "wrap.python-signed"},
		{"signed as Python's repr, not ASCII", `b'{"n":"\xc3\xa9"}\r\n'`, "{\"n\":\"é\"}\r\n", "wrap.python-signed"},
		{"signed as Python's repr in double quotes", `b"it's"`, "it's", "wrap.python-signed"},
		{"single quotes of a command prompt", signed, "'" + signed + "'", "wrap.quotes"},
		{"double quotes of a spreadsheet", signed, `"` + signed + `"`, "wrap.quotes"},
		{"quotes escaped in a log", `{"a":"b\"c"}`, `{\"a\":\"b\\\"c\"}`, "wrap.escaped"},
		{"chunks that were left in", `{"a":1}`, "3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\n\r\n", "wrap.chunked"},
		{"the parsed body of a function's event", signed, `{"version":"2.0","body":` + signed + `}`, "wrap.event"},
		{"a form in which only a space was encoded", `{"a":"b c"}`, `{"a":"b+c"}`, "wrap.url-partly"},
		{"a form", `{"a":"b c"}`, `%7B%22a%22%3A%22b+c%22%7D`, "wrap.url"},
		{"two line breaks that are gone", signed + "\n\n", signed, "body.newline-removed"},
		{"a CR that is gone", signed + "\r", signed, "body.newline-removed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := explain(t, []byte(test.signed), []byte(test.received))
			if got := verdict(report); got != test.want || !bytes.Equal(report.Signed, []byte(test.signed)) {
				t.Errorf("found %q over %q, want %q", got, report.Signed, test.want)
			}
		})
	}
}

func TestABrokenPythonLiteralIsNone(t *testing.T) {
	for _, received := range []string{`b'`, `b''`, `b'\'`, `b'\x'`, `b'\xzz'`, `b'a"`, `c'a'`} {
		if report := explain(t, []byte("other"), []byte(received)); report.Proven != nil {
			t.Errorf("proven %+v of %q", report.Proven, received)
		}
	}
}
