package capture

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// exactly compares bytes and header lines at once; nil and empty are the same.
var exactly = cmp.Options{cmp.Comparer(bytes.Equal), cmp.Comparer(slices.Equal[[]Field])}

// readAll reads text to its end, and goes on behind errors.
func readAll(text string, options ReaderOptions) (requests []Request, errs []error) {
	for request, err := range NewReader(strings.NewReader(text), options).All() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		requests = append(requests, request)
	}
	return requests, errs
}

func written(t testing.TB, format Format, requests ...Request) string {
	t.Helper()
	var out strings.Builder
	writer, err := NewWriter(&out, WriterOptions{Format: format, Version: "1.0"})
	if err != nil {
		t.Fatal(err)
	}
	for _, request := range requests {
		if err := writer.Write(request); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// carried is what a format can hold of a request: the law of a codec is that reading what was written gives this.
//
//   - NDJSON and HAR hold all of it.
//   - HTTP holds neither scheme nor user nor fragment, time nor peer; Host is there, and the framing is put right unless
//     it can be told from the body.
//   - curl holds the URL whole, but neither protocol nor framing; blanks around a value are lost to both.
func carried(format Format, r Request) Request {
	if format == FormatNDJSON || format == FormatHAR {
		return r
	}
	authority, target, _ := splitURL(r.URL)
	host := Field{"Host", withoutUserinfo(authority)}
	out := Request{Method: r.Method, URL: r.URL, Body: r.Body}
	length, hasLength := Field{"Content-Length", strconv.Itoa(len(r.Body))}, false
	for _, field := range r.Header {
		field.Value = strings.Trim(field.Value, " \t")
		switch {
		case strings.EqualFold(field.Name, "Transfer-Encoding"):
		case format == FormatHTTP && keepsLength(r):
			out.Header = append(out.Header, field)
			hasLength = true
		case strings.EqualFold(field.Name, "Content-Length"):
			if format == FormatHTTP && !hasLength {
				out.Header = append(out.Header, Field{field.Name, length.Value})
				hasLength = true
			}
		case format == FormatCurl && strings.EqualFold(field.Name, "Host") && field.Value == host.Value:
		default:
			out.Header = append(out.Header, field)
		}
	}
	if len(out.Values("Host")) == 0 {
		out.Header = append([]Field{host}, out.Header...)
	}
	if format == FormatHTTP {
		out.Proto = "HTTP/1.1"
		out.URL = "http://" + out.Values("Host")[0] + target
		if !hasLength {
			out.Header = append(out.Header, length)
		}
	}
	return out
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	for _, format := range Formats() {
		for name, request := range corpus() {
			t.Run(string(format)+"/"+name, func(t *testing.T) {
				var out bytes.Buffer
				writer, err := NewWriter(&out, WriterOptions{Format: format})
				if err != nil {
					t.Fatal(err)
				}
				if err := writer.Write(request); err != nil {
					if refused, ok := errors.AsType[*EncodeError](err); ok && format == FormatHAR && refused.Reason == "is not UTF-8" {
						return
					}
					t.Fatal(err)
				}
				if err := writer.Close(); err != nil {
					t.Fatal(err)
				}
				got, errs := readAll(out.String(), ReaderOptions{})
				if len(errs) > 0 {
					t.Fatalf("%v\n%.2000s", errs, out.String())
				}
				if diff := cmp.Diff([]Request{carried(format, request)}, got, exactly); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestManyRequestsAreReadOneAfterAnother(t *testing.T) {
	first := Request{Method: "POST", URL: "http://localhost:3000/a", Body: []byte("{}\n")}
	second := Request{Method: "POST", URL: "http://localhost:3000/b", Header: []Field{{"X-A", "1"}}, Body: []byte("a\x00\nPOST / HTTP/1.1\n")}
	third := Request{Method: "POST", URL: "http://localhost:3000/c", Header: []Field{{"Content-Length", "2"}}, Body: []byte("{\n}\n")}
	fourth := Request{Method: "POST", URL: "http://localhost:3000/d", Header: []Field{{"Content-Length", "9"}}, Body: []byte("{")}
	fifth := Request{Method: "POST", URL: "http://localhost:3000/e"}
	for _, format := range Formats() {
		t.Run(string(format), func(t *testing.T) {
			text := written(t, format, first, second, third, fourth, fifth)
			reader := NewReader(iotest.OneByteReader(strings.NewReader(text)), ReaderOptions{})
			var got []Request
			for request, err := range reader.All() {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, request)
			}
			want := []Request{carried(format, first), carried(format, second), carried(format, third), carried(format, fourth), carried(format, fifth)}
			if diff := cmp.Diff(want, got, exactly); diff != "" {
				t.Error(diff)
			}
			if reader.Format() != format {
				t.Errorf("recognised as %q", reader.Format())
			}
			if _, err := reader.Next(); !errors.Is(err, io.EOF) {
				t.Errorf("after the end: %v", err)
			}
		})
	}
}

func TestAnErrorOfTheSourceIsNoEnd(t *testing.T) {
	broken := errors.New("broken pipe")
	text := written(t, FormatNDJSON, Request{Method: "POST", URL: "http://localhost/"})
	for _, format := range Formats() {
		reader := NewReader(io.MultiReader(strings.NewReader(written(t, format, Request{Method: "POST", URL: "http://localhost/"})[:12]), iotest.ErrReader(broken)),
			ReaderOptions{Name: "x", Format: format})
		for range 2 {
			if _, err := reader.Next(); !errors.Is(err, broken) || !strings.Contains(err.Error(), "read x") {
				t.Errorf("%s: got %v", format, err)
			}
		}
	}
	reader := NewReader(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), ReaderOptions{})
	if _, err := reader.Next(); err != nil {
		t.Errorf("a whole request before the error: %v", err)
	}
}
