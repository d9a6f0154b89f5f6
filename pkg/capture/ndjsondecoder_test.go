package capture

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadNDJSONOfOtherPrograms(t *testing.T) {
	plain := Request{Method: "POST", URL: "http://localhost/", Header: []Field{{"X-A", "1"}}, Body: []byte("a\n")}
	for name, tt := range map[string]struct {
		line string
		want Request
	}{
		"keys sorted by jq":            {`{"body":"a\n","headers":[["X-A","1"]],"kind":"request","method":"POST","url":"http://localhost/","version":1}`, plain},
		"spaces as Python writes":      {`{"kind": "request", "version": 1, "method": "POST", "url": "http://localhost/", "headers": [["X-A", "1"]], "body": "a\n"}`, plain},
		"escapes where none are due":   {`{"kind":"request","version":1,"method":"\u0050OST","url":"http:\/\/localhost/","headers":[["X-A","\u0031"]],"body":"\u0061\n"}`, plain},
		"keys that are not known":      {`{"kind":"request","version":1,"method":"POST","url":"http://localhost/","headers":[["X-A","1"]],"body":"a\n","Body":"b","new":{"body":"c"}}`, plain},
		"a CR before the line break":   {`{"kind":"request","version":1,"method":"POST","url":"http://localhost/","headers":[["X-A","1"]],"body":"a\n"}` + "\r", plain},
		"a byte order mark":            {"\ufeff" + `{"kind":"request","version":1,"method":"POST","url":"http://localhost/","headers":[["X-A","1"]],"body":"a\n"}`, plain},
		"a pair of surrogates":         {`{"kind":"request","version":1,"method":"GET","url":"","body":"\ud83c\udf93"}`, Request{Method: "GET", Body: []byte("🎓")}},
		"a time with an offset":        {`{"kind":"request","version":1,"time":"2025-01-15T11:50:00+01:00","method":"GET","url":""}`, Request{Method: "GET", Time: time.Date(2025, 1, 15, 10, 50, 0, 0, time.UTC)}},
		"a header of base64":           {`{"kind":"request","version":1,"method":"GET","url":"","headersBase64":[["WA==","6Q=="]]}`, Request{Method: "GET", Header: []Field{{"X", "\xe9"}}}},
		"empty lines before and after": {"\n\n" + `{"kind":"request","version":1,"method":"GET","url":""}` + "\n\n", Request{Method: "GET"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, errs := readAll(tt.line, ReaderOptions{})
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			if diff := cmp.Diff([]Request{tt.want}, got, exactly); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestABadLineIsNamedAndReadingGoesOn(t *testing.T) {
	good := `{"kind":"request","version":1,"method":"GET","url":""}`
	for name, tt := range map[string]struct{ line, reason string }{
		"cut off":                          {good[:20], "is not JSON"},
		"two on one line":                  {good + good, "is not JSON"},
		"a list":                           {`[1]`, "is not a JSON object"},
		"no kind":                          {`{"version":1}`, `has no "kind"`},
		"a version to come":                {`{"kind":"request","version":2}`, "is of version 2, and versions up to 1 are known"},
		"no version":                       {`{"kind":"request"}`, `has no "version" that is a whole number`},
		"no method":                        {`{"kind":"request","version":1,"url":""}`, `has no "method"`},
		"a body that is no text":           {`{"kind":"request","version":1,"method":"GET","url":"","body":{}}`, `has "body" that is not text, or holds half a surrogate pair`},
		"half a surrogate pair":            {`{"kind":"request","version":1,"method":"GET","url":"","body":"\ud83c"}`, `has "body" that is not text, or holds half a surrogate pair`},
		"half a pair before a letter":      {`{"kind":"request","version":1,"method":"GET","url":"","body":"\ud83c\u0041"}`, `has "body" that is not text, or holds half a surrogate pair`},
		"a control character among others": {`{"kind":"request","version":1,"method":"GET","url":"","body":"0123456789` + "\x01" + `0123456789"}`, "is not JSON"},
		"bytes that are not UTF-8":         {`{"kind":"request","version":1,"method":"GET","url":"","body":"` + "\xe9" + `"}`, "is not UTF-8"},
		"a control character":              {`{"kind":"request","version":1,"method":"GET","url":"","body":"` + "\x01" + `"}`, "is not JSON"},
		"two bodies":                       {`{"kind":"request","version":1,"method":"GET","url":"","body":"","bodyBase64":""}`, `has both "body" and "bodyBase64"`},
		"the same key twice":               {`{"kind":"request","version":1,"method":"GET","url":"","body":"a","body":"b"}`, `has "body" twice`},
		"base64 that is none":              {`{"kind":"request","version":1,"method":"GET","url":"","bodyBase64":"%"}`, `has "bodyBase64" that is not base64`},
		"a header line of three":           {`{"kind":"request","version":1,"method":"GET","url":"","headers":[["a","b","c"]]}`, `has "headers" with something other than a name and a value`},
		"headers by name":                  {`{"kind":"request","version":1,"method":"GET","url":"","headers":{"a":"b"}}`, `has "headers" that is not a list`},
		"a time of day":                    {`{"kind":"request","version":1,"time":"noon","method":"GET","url":""}`, `has a "time" that is not RFC 3339: "noon"`},
		"a body over the limit":            {`{"kind":"request","version":1,"method":"GET","url":"","body":"` + strings.Repeat("a", 101) + `"}`, "the body is longer than 100 bytes"},
		"a line longer than any may be":    {`{"kind":"request","version":1,"method":"GET","url":"","x":"` + strings.Repeat("a", 2<<20) + `"}`, "the line is longer than 1049176 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			got, errs := readAll(good+"\n"+tt.line+"\n"+good, ReaderOptions{Name: "c.ndjson", MaxBody: 100})
			if len(got) != 2 || len(errs) != 1 {
				t.Fatalf("got %d requests and errors %v", len(got), errs)
			}
			want := &DecodeError{Name: "c.ndjson", Format: FormatNDJSON, Line: 2, Reason: tt.reason}
			invalid, _ := errors.AsType[*DecodeError](errs[0])
			if strings.Contains(tt.reason, "longer") != errors.Is(invalid, ErrTooLarge) {
				t.Errorf("is too large: %v", errors.Is(invalid, ErrTooLarge))
			}
			invalid.Err = nil
			if diff := cmp.Diff(want, invalid); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRecordsOfOtherKindsAreCounted(t *testing.T) {
	text := `{"kind":"attempt","status":200}` + "\n" + `{"kind":"request","version":1,"method":"GET","url":""}` + "\n" + `{"kind":"summary"}`
	reader := NewReader(strings.NewReader(text), ReaderOptions{})
	if got, err := reader.Next(); err != nil || got.Method != http.MethodGet {
		t.Fatal(got, err)
	}
	if _, err := reader.Next(); !errors.Is(err, io.EOF) || reader.Skipped() != 2 {
		t.Errorf("got %v and %d skipped", err, reader.Skipped())
	}
}

// endless repeats a line until it has given so many bytes.
type endless struct {
	line []byte
	left int
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p, e.line[e.at:])
	e.at = (e.at + n) % len(e.line)
	e.left -= n
	return n, nil
}

func TestALongStreamIsReadInFlatMemory(t *testing.T) {
	line := written(t, FormatNDJSON, event())
	size := 64 << 20
	if testing.Short() {
		size = 4 << 20
	}
	size -= size % len(line)
	reader := NewReader(&endless{line: []byte(line), left: size}, ReaderOptions{})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n := 0
	for _, err := range reader.All() {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if n != size/len(line) {
		t.Errorf("read %d of %d", n, size/len(line))
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<20 {
		t.Errorf("%d bytes are still held after %d", grown, size)
	}
	runtime.KeepAlive(reader)
}

func TestRequestsOfOneStreamStayAsTheyAre(t *testing.T) {
	var want []Request
	for i := range 1000 {
		request := event()
		request.Time = request.Time.Add(time.Duration(i) * 100 * time.Millisecond)
		request.URL += strings.Repeat("/", i%3)
		request.RemoteAddr = strings.Repeat("1", i%5)
		request.Header[i%7].Value += strings.Repeat("x", i%11)
		request.Header = request.Header[:i%8]
		request.Body = append(request.Body, bytes.Repeat([]byte{byte(i)}, i%97*(i%61))...)
		want = append(want, request)
	}
	got, errs := readAll(written(t, FormatNDJSON, want...), ReaderOptions{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for i := range got {
		_ = append(got[i].Body, "written over what follows"...)
		_ = append(got[i].Header, Field{"Written", "over"})
	}
	if diff := cmp.Diff(want, got, exactly); diff != "" {
		t.Error(diff)
	}
}

func TestAnAnswerComesBeforeTheNextLine(t *testing.T) {
	in, out := io.Pipe()
	defer out.Close()
	go func() {
		for _, part := range []string{`{"ki`, `nd":"request","version":1,"method":"GET","url":""}` + "\n"} {
			_, _ = io.WriteString(out, part)
		}
	}()
	if got, err := NewReader(in, ReaderOptions{}).Next(); err != nil || got.Method != http.MethodGet {
		t.Error(got, err)
	}
}

// event is a delivery as a receiver of ours writes it down: a body of about 300 bytes and seven header lines.
func event() Request {
	return Request{
		Method: "POST", URL: "http://localhost:3000/webhooks/pocketbook", Proto: "HTTP/1.1",
		Header: []Field{
			{"Host", "localhost:3000"}, {"User-Agent", "Pocketbook-Webhooks/1.0"}, {"Content-Length", "305"},
			{"Accept", "*/*"}, {"Content-Type", "application/json"}, {"Accept-Encoding", "gzip"},
			{"X-Webhook-Signature", "t=1700000000,v1=a09a163a363451999eb6f14efc57810aaa61b574bda01da7ccf18b301d95d26c"},
		},
		Body: []byte(`{"id":"evt_1234567890","type":"certificate.minted","created":1640995300,"data":{"certificateId":"507f1f77bcf86cd799439011",` +
			`"tokenId":"123456","transactionHash":"0xabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd",` +
			`"owner":"0x1234567890123456789012345678901234567890","mintedAt":"2025-01-15T10:35:00Z"}}`),
		Time:       time.Date(2025, 1, 15, 10, 50, 0, 123456789, time.UTC),
		RemoteAddr: "127.0.0.1:50514",
	}
}

func TestBothWaysOfReadingARecordAgree(t *testing.T) {
	requests := corpus()
	requests["an event"] = event()
	for name, request := range requests {
		t.Run(name, func(t *testing.T) {
			agree(t, []byte(strings.TrimSuffix(written(t, FormatNDJSON, request), "\n")))
		})
	}
}

// agree holds that what plainRecords read, anyRecord reads as the same, and that what encoding/json finds in a body is
// what both find, unless they refuse it.
func agree(t *testing.T, line []byte) {
	t.Helper()
	var records plainRecords
	records.request([]byte(strings.TrimSpace(written(t, FormatNDJSON, event()))), DefaultMaxBody)
	plain, ok := records.request(line, DefaultMaxBody)
	slow, err := anyRecord(line, DefaultMaxBody)
	if ok && err != nil {
		t.Fatalf("plainly read, but %v: %q", err, line)
	}
	if ok {
		if diff := cmp.Diff(slow, plain, exactly); diff != "" {
			t.Fatal(diff)
		}
	}
	if err == nil {
		var fields map[string]any
		if err := json.Unmarshal(line, &fields); err != nil {
			t.Fatalf("read, but %v", err)
		}
		body, _ := fields["body"].(string)
		if binary, ok := fields["bodyBase64"].(string); ok {
			decoded, _ := base64.StdEncoding.DecodeString(binary)
			body = string(decoded)
		}
		if !bytes.Equal([]byte(body), slow.Body) {
			t.Fatalf("body %q, and for encoding/json %q", slow.Body, body)
		}
	}
}

func FuzzNDJSON(f *testing.F) {
	for _, request := range corpus() {
		if len(request.Body) < 4096 {
			var line bytes.Buffer
			if err := WriteNDJSON(&line, request); err != nil {
				f.Fatal(err)
			}
			f.Add(bytes.TrimSpace(line.Bytes()))
		}
	}
	f.Add([]byte(`{"kind":"request","version":1,"method":"GET","url":"","headersBase64":[["WA==","6Q=="]],"bodyBase64":"/w=="}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if len(line) == 0 || line[0] != '{' {
			return
		}
		agree(t, line)
		lawHolds(t, FormatNDJSON, string(line))
	})
}

// lawHolds reads text, writes what was read, and reads it again: the same, as far as the format carries it.
func lawHolds(t *testing.T, format Format, text string) {
	t.Helper()
	options := ReaderOptions{Format: format, MaxBody: 64 << 10}
	requests, _ := readAll(text, options)
	for _, request := range requests {
		var out bytes.Buffer
		writer, err := NewWriter(&out, WriterOptions{Format: format})
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Write(request); err != nil {
			continue // not every request that can be read can be written, as EncodeError says
		}
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
		again, errs := readAll(out.String(), ReaderOptions{Format: format})
		if len(errs) > 0 {
			t.Fatalf("%v\nread from %q\nwritten as %q", errs, text, out.String())
		}
		if diff := cmp.Diff([]Request{carried(format, request)}, again, exactly); diff != "" {
			t.Fatalf("%s\nread from %q\nwritten as %q", diff, text, out.String())
		}
	}
}

func TestASlowSourceIsRecognisedByteForByte(t *testing.T) {
	text := written(t, FormatHAR, event())
	reader := NewReader(iotest.OneByteReader(strings.NewReader(text)), ReaderOptions{})
	if got, err := reader.Next(); err != nil || !cmp.Equal(got, event(), exactly) {
		t.Error(got, err)
	}
}
