package capture

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// filler gives the same byte again and again, and counts.
type filler struct {
	c     byte
	given int
}

func (e *filler) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.c
	}
	e.given += len(p)
	return len(p), nil
}

func TestInputWithoutEndIsGivenUp(t *testing.T) {
	for name, test := range map[string]struct {
		format Format
		begin  string
		fill   byte
	}{
		"a request line":          {FormatHTTP, "", 'a'},
		"a header line":           {FormatHTTP, "POST / HTTP/1.1\r\nX: ", 'a'},
		"a body of one line":      {FormatHTTP, "POST / HTTP/1.1\r\n\r\n", 'a'},
		"a chunk size":            {FormatHTTP, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", '0'},
		"a string of a HAR":       {FormatHAR, `{"log":{"entries":[{"comment":"`, 'a'},
		"a quoted word":           {FormatCurl, "curl -H '", 'a'},
		"a word":                  {FormatCurl, "curl -H ", 'a'},
		"a here-document":         {FormatCurl, "curl -d @- localhost <<END\n", 'a'},
		"a line for a cmd prompt": {FormatCurl, "curl ^\"", 'a'},
	} {
		t.Run(name, func(t *testing.T) {
			source := &filler{c: test.fill}
			// More than this is no bound at all, and would end the test by its memory.
			all := io.MultiReader(strings.NewReader(test.begin), io.LimitReader(source, 64<<20))
			_, err := NewReader(all, ReaderOptions{Format: test.format, MaxBody: 1 << 10}).Next()
			if !errors.Is(err, ErrTooLarge) || source.given > 4<<20 {
				t.Errorf("gave up after %d bytes: %v", source.given, err)
			}
		})
	}
}

func TestABodyTooLongForAnArgumentIsPiped(t *testing.T) {
	for size, want := range map[int]bool{maxArgument: false, maxArgument + 1: true} {
		var command strings.Builder
		if err := WriteCurl(&command, Request{Method: "POST", URL: "http://localhost/", Body: []byte(strings.Repeat("a", size))}); err != nil {
			t.Fatal(err)
		}
		if piped := strings.HasPrefix(command.String(), "printf "); piped != want {
			t.Errorf("%d bytes: piped %t, want %t", size, piped, want)
		}
	}
}
