package capture

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestAFormatIsRecognisedByItsFirstBytes(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want Format
	}{
		"a record":                        {`{"kind":"request","version":1}`, FormatNDJSON},
		"a record of another kind":        {`{"status":200,"kind":"attempt"}`, FormatNDJSON},
		"an archive":                      {"{\n \"log\": {\n  \"version\": \"1.2\"", FormatHAR},
		"a byte order mark before one":    {"\ufeff{\"log\":{", FormatHAR},
		"a message":                       {"POST /webhooks/pocketbook HTTP/1.1\r\n", FormatHTTP},
		"a message after empty lines":     {"\r\n\nPOST / HTTP/2\n", FormatHTTP},
		"a command":                       {"curl http://localhost:3000", FormatCurl},
		"a command with the prompt on it": {"$ curl -d x localhost", FormatCurl},
		"a command by its path":           {"/usr/bin/curl localhost", FormatCurl},
		"a command on Windows":            {`C:\Windows\System32\curl.exe "http://localhost"`, FormatCurl},
		"a command with an environment":   {"HTTPS_PROXY= curl localhost", FormatCurl},
		"a script":                        {"#!/bin/sh\n# send it\n\ncurl localhost", FormatCurl},
		"a command that feeds curl":       {"printf '{}' | curl --data-binary @- localhost", FormatCurl},
		"a bare body":                     {`{"id":"evt_1","type":"a","data":{"log":{},"kind":""}}`, FormatAuto},
		"a body called log":               {`{"log":"x"}`, FormatAuto},
		"a list":                          {`[{"kind":"request"}]`, FormatAuto},
		"a URL":                           {"http://curl.se", FormatAuto},
		"an answer":                       {"HTTP/1.1 200 OK\r\n", FormatAuto},
		"UTF-16":                          {"\xff\xfe{\x00", FormatAuto},
		"binary junk":                     {"\x00\x01\x02\xff\xfe", FormatAuto},
	} {
		t.Run(name, func(t *testing.T) {
			reader := NewReader(strings.NewReader(tt.text), ReaderOptions{Name: "x"})
			_, err := reader.Next()
			if reader.Format() != tt.want {
				t.Errorf("recognised as %q", reader.Format())
			}
			if tt.want != FormatAuto {
				return
			}
			if invalid, ok := errors.AsType[*DecodeError](err); !ok || !errors.Is(err, ErrUnknownFormat) || invalid.Name != "x" {
				t.Errorf("got %v", err)
			}
			if _, err := reader.Next(); !errors.Is(err, io.EOF) {
				t.Errorf("after that: %v", err)
			}
		})
	}
}

func TestAnEmptyInputIsInNoFormat(t *testing.T) {
	for _, text := range []string{"", " \r\n\t", "\ufeff"} {
		reader := NewReader(strings.NewReader(text), ReaderOptions{})
		if _, err := reader.Next(); !errors.Is(err, ErrEmpty) {
			t.Errorf("%q: got %v", text, err)
		}
		if _, err := reader.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("%q: after that: %v", text, err)
		}
	}
}

func TestAFormatThatIsNone(t *testing.T) {
	if _, err := NewReader(strings.NewReader("x"), ReaderOptions{Format: "yaml"}).Next(); !errors.Is(err, ErrUnknownFormat) {
		t.Errorf("got %v", err)
	}
	for _, format := range []Format{"yaml", FormatAuto} {
		if _, err := NewWriter(nil, WriterOptions{Format: format}); !errors.Is(err, ErrUnknownFormat) {
			t.Errorf("%q: got %v", format, err)
		}
	}
}

// FuzzDetect reads anything as every format: it ends, and every error says what was wrong.
func FuzzDetect(f *testing.F) {
	f.Add("{\"log\":{\"entries\":[{}]}}")
	f.Add("\ufeffPOST / HTTP/1.1\n\n")
	f.Add("||a")
	f.Add("curl ^\"a^\" ^\n-d ^\"^\n\n^\"")
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range append(Formats(), FormatAuto) {
			_, errs := readAll(text, ReaderOptions{Format: format, MaxBody: 1 << 10})
			if len(errs) > len(text)+1 {
				t.Fatalf("%s: %d errors of %d bytes", format, len(errs), len(text))
			}
			for _, err := range errs {
				if invalid, ok := errors.AsType[*DecodeError](err); !ok || invalid.Reason == "" {
					t.Fatalf("%s: %v", format, err)
				}
			}
		}
	})
}
