package capture

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// opened reads a file of testdata: chromium.har and chromium-copy-as-curl.* by the developer tools of Chromium 156 (the
// line breaks of the .cmd are made CRLF, as the clipboard of Windows has them), mitmproxy.har by mitmproxy 8.1.1,
// netcat.http by OpenBSD's nc. Every event in them was signed with whsec_test_secret.
func opened(t *testing.T, name string) []Request {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var requests []Request
	for request, err := range NewReader(file, ReaderOptions{Name: name}).All() {
		if err != nil {
			t.Fatal(err)
		}
		requests = append(requests, request)
	}
	return requests
}

// isSigned reports whether the body is, byte for byte, the one that was signed.
func isSigned(r Request) bool {
	signature := strings.Join(r.Values("X-Webhook-Signature"), "")
	mac := hmac.New(sha256.New, []byte("whsec_test_secret"))
	mac.Write([]byte("1700000000."))
	mac.Write(r.Body)
	return signature == "t=1700000000,v1="+hex.EncodeToString(mac.Sum(nil))
}

func TestWhatRealProgramsCapturedIsExact(t *testing.T) {
	for name, tt := range map[string]struct {
		requests, signed int
		url              string
	}{
		"chromium.har":              {4, 2, "http://127.0.0.1:3911/webhooks/pocketbook?a=1"},
		"mitmproxy.har":             {4, 1, "http://127.0.0.1:3911/webhooks/pocketbook"},
		"chromium-copy-as-curl.sh":  {2, 2, "http://127.0.0.1:3911/webhooks/pocketbook?a=1"},
		"chromium-copy-as-curl.cmd": {1, 1, "http://127.0.0.1:3911/odd"},
		"netcat.http":               {1, 1, "http://127.0.0.1:3922/webhooks/pocketbook"},
	} {
		t.Run(name, func(t *testing.T) {
			requests := opened(t, name)
			signed := 0
			for _, request := range requests {
				if isSigned(request) {
					signed++
				}
			}
			if len(requests) != tt.requests || signed != tt.signed {
				t.Fatalf("%d requests, %d signed: %q", len(requests), signed, requests)
			}
			if first := requests[0]; first.Method != http.MethodPost || first.URL != tt.url {
				t.Errorf("got %s %s", first.Method, first.URL)
			}
		})
	}
}

func TestReadHARsOfBrowsersAndProxies(t *testing.T) {
	for _, name := range []string{"chromium.har", "mitmproxy.har"} {
		requests := opened(t, name)
		var binary *Request
		for i, request := range requests {
			if strings.HasSuffix(request.URL, "/binary") {
				binary = &requests[i]
			}
			if request.Time.Year() != 2026 || request.Proto != "HTTP/1.1" || len(request.Header) < 4 {
				t.Errorf("%s: got %v %s %q", name, request.Time, request.Proto, request.Header)
			}
		}
		if binary == nil || string(binary.Body) != "caf\xe9\x00\x01" {
			t.Errorf("%s: the binary body is %q", name, binary.Body)
		}
	}
}

func TestReadHAREntries(t *testing.T) {
	for name, tt := range map[string]struct {
		request string
		want    Request
		reason  string
	}{
		"without a body": {`"method":"GET","url":"u"`, Request{Method: "GET", URL: "u"}, ""},
		"a body in base64": {
			`"method":"POST","url":"u","postData":{"text":"/wA=","encoding":"base64"}`, Request{Method: "POST", URL: "u", Body: []byte("\xff\x00")}, "",
		},
		"a form of which only the fields were kept": {
			`"method":"POST","url":"u","postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"a b","value":"1&2"},{"name":"c"}]}`,
			Request{Method: "POST", URL: "u", Body: []byte("a+b=1%262&c=")}, "",
		},
		"pseudo-headers of HTTP/2": {
			`"method":"GET","url":"u","httpVersion":"http/2.0","headers":[{"name":":path","value":"/"},{"name":"a","value":"b","_x":1}]`,
			Request{Method: "GET", URL: "u", Proto: "HTTP/2.0", Header: []Field{{"a", "b"}}}, "",
		},
		"a POST that sent nothing": {`"method":"POST","url":"u","bodySize":0`, Request{Method: "POST", URL: "u"}, ""},
		"accents that are meant, with their length in bytes": {
			`"method":"POST","url":"u","headers":[{"name":"content-length","value":"5"}],"postData":{"mimeType":"","text":"café"}`,
			Request{Method: "POST", URL: "u", Header: []Field{{"content-length", "5"}}, Body: []byte("café")}, "",
		},
		"a body that was left out":        {`"method":"POST","url":"u","bodySize":-1`, Request{}, "has no body: it was left out of the archive"},
		"a body left out by its length":   {`"method":"GET","url":"u","headers":[{"name":"content-length","value":"5"}],"bodySize":0`, Request{}, "has no body: it was left out of the archive"},
		"an upload of files":              {`"method":"POST","url":"u","postData":{"mimeType":"multipart/form-data","params":[{"name":"a"}]}`, Request{}, "has no body: it was left out of the archive"},
		"a coding that is not known":      {`"method":"POST","url":"u","postData":{"text":"x","encoding":"rot13"}`, Request{}, `has a body in the unknown encoding "rot13"`},
		"a body that has lost its bytes":  {`"method":"POST","url":"u","postData":{"text":"\ud83c"}`, Request{}, "has a body that is not text, or holds half a surrogate pair"},
		"no url":                          {`"method":"POST"`, Request{}, "has no request with a method and a url"},
		"a header line that is no object": {`"method":"GET","url":"u","headers":[["a","b"]]`, Request{}, "has a header line without a name and a value"},
		"a body over the limit":           {`"method":"POST","url":"u","postData":{"text":"` + strings.Repeat("x", 101) + `"}`, Request{}, "the body is longer than 100 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			text := `{"log":{"pages":[{"x":[]}],"entries":[{"request":{` + tt.request + `}},{"request":{"method":"GET","url":"after"}}]}}`
			got, errs := readAll(text, ReaderOptions{Name: "x.har", MaxBody: 100})
			want := []Request{tt.want, {Method: "GET", URL: "after"}}
			if tt.reason != "" {
				want = want[1:]
				invalid, _ := errors.AsType[*DecodeError](errors.Join(errs...))
				if invalid == nil || invalid.Reason != tt.reason || invalid.Entry != 1 || invalid.Name != "x.har" {
					t.Errorf("got %v", errs)
				}
				if missing := strings.Contains(tt.reason, "left out"); missing != errors.Is(invalid, ErrBodyMissing) {
					t.Errorf("is missing: %v", !missing)
				}
			} else if len(errs) > 0 {
				t.Fatal(errs)
			}
			if diff := cmp.Diff(want, got, exactly); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadHARRefuses(t *testing.T) {
	entry := `{"request":{"method":"GET","url":"u"}}`
	for name, tt := range map[string]struct {
		text, reason string
		before       int
	}{
		"an archive that was cut":     {`{"log":{"entries":[` + entry, "is not JSON", 1},
		"an entry that was cut":       {`{"log":{"entries":[` + entry + `,{"request`, "is not JSON", 1},
		"an entry that is not UTF-8":  {`{"log":{"entries":[` + entry + `,{"request":{"method":"GET","url":"` + "\xe9" + `"}}]}}`, "is not UTF-8", 1},
		"a log without entries":       {`{"log":{"version":"1.2"}}`, "is no HAR: it has no list log.entries", 0},
		"entries that are no list":    {`{"log":{"entries":{}}}`, "is no HAR: it has no list log.entries", 0},
		"an entry that has no end":    {`{"log":{"entries":[` + entry + `,{"x":"` + strings.Repeat("x", 2<<20) + `"}]}}`, "an entry is longer than 1049176 bytes", 1},
		"a depth that has no end":     {`{"log":{"entries":[` + entry + `,` + strings.Repeat("[", 1<<20), "is not JSON", 1},
		"a depth before the entries":  {`{"log":{"x":` + strings.Repeat("[", 1<<20), "is not JSON", 0},
		"what is not JSON after all":  {`{"log":{} x`, "is no HAR: it has no list log.entries", 0},
		"a key that differs by case":  {`{"log":{"Entries":[` + entry + `]}}`, "is no HAR: it has no list log.entries", 0},
		"a method that differs so":    {`{"log":{"entries":[{"request":{"Method":"GET","url":"u"}}]}}`, "has no request with a method and a url", 0},
		"nothing but an opened brace": {`{`, "is no HAR: it has no list log.entries", 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, errs := readAll(tt.text, ReaderOptions{Format: FormatHAR, MaxBody: 100})
			invalid, _ := errors.AsType[*DecodeError](errors.Join(errs...))
			if len(got) != tt.before || len(errs) != 1 || invalid == nil || invalid.Reason != tt.reason {
				t.Errorf("got %d requests, then %v", len(got), errs)
			}
		})
	}
}

func TestTheLimitIsOfOneEntry(t *testing.T) {
	entry := `{"request":{"method":"GET","url":"u"},"response":"` + strings.Repeat("x", 1<<19) + `"}`
	text := `{"log":{"entries":[` + entry + strings.Repeat(","+entry, 5) + `]}}`
	if got, errs := readAll(text, ReaderOptions{MaxBody: 100}); len(got) != 6 || len(errs) > 0 {
		t.Errorf("got %d requests, %v", len(got), errs)
	}
}

func TestWriteHARIsAnArchive(t *testing.T) {
	request := Request{
		Method: "POST", URL: "http://localhost:3000/hooks?a=1&b=%20#c", Proto: "HTTP/1.1",
		Header: []Field{{"Content-Type", "application/json"}}, Body: []byte(`{"a":"<é>"}`),
		Time: time.Date(2025, 1, 15, 10, 50, 0, 123456789, time.UTC), RemoteAddr: "127.0.0.1:50514",
	}
	want := `{"log":{"version":"1.2","creator":{"name":"pbhook","version":"1.0"},"entries":[
{"startedDateTime":"2025-01-15T10:50:00.123456789Z","time":0,"request":{"method":"POST","url":"http://localhost:3000/hooks?a=1&b=%20#c",` +
		`"httpVersion":"HTTP/1.1","cookies":[],"headers":[{"name":"Content-Type","value":"application/json"}],` +
		`"queryString":[{"name":"a","value":"1"},{"name":"b","value":" "}],` +
		`"postData":{"mimeType":"application/json","text":"{\"a\":\"<é>\"}"},"headersSize":-1,"bodySize":12},` +
		`"response":{"status":0,"statusText":"","httpVersion":"","cookies":[],"headers":[],"content":{"size":0,"mimeType":"x-unknown"},` +
		`"redirectURL":"","headersSize":-1,"bodySize":-1},"cache":{},"timings":{"send":0,"wait":0,"receive":0},"_remoteAddr":"127.0.0.1:50514"}
]}}
`
	if diff := cmp.Diff(want, written(t, FormatHAR, request)); diff != "" {
		t.Error(diff)
	}
	for _, requests := range [][]Request{nil, {request, request}} {
		if text := written(t, FormatHAR, requests...); !json.Valid([]byte(text)) {
			t.Errorf("%d requests: %s", len(requests), text)
		}
	}
}

func FuzzHAR(f *testing.F) {
	for _, request := range corpus() {
		if len(request.Body) < 256 && checkHAR(request) == nil {
			f.Add(written(f, FormatHAR, request))
		}
	}
	f.Add(`{"log":{"pages":[{}],"entries":[{"startedDateTime":"2025-01-15T10:50:00.123Z","request":{"method":"POST","url":"http://u",` +
		`"httpVersion":"http/2.0","headers":[{"name":":path","value":"/"},{"name":"A","value":"b"}],"bodySize":2,` +
		`"postData":{"mimeType":"","text":"/wA=","encoding":"base64","params":[]}}}]}}`)
	f.Fuzz(func(t *testing.T, text string) { lawHolds(t, FormatHAR, text) })
}
