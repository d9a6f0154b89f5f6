package capture

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestWriteNDJSONIsTheDocumentedObject(t *testing.T) {
	request := Request{
		Method:     "POST",
		URL:        "http://localhost:3000/hooks?a=1&b=<2>",
		Proto:      "HTTP/1.1",
		Header:     []Field{{"Host", "localhost:3000"}, {"X-A", "1"}, {"X-A", "2"}},
		Body:       []byte(`{"id":"evt_1"}`),
		Time:       time.Date(2025, 1, 15, 10, 50, 0, 123456789, time.UTC),
		RemoteAddr: "127.0.0.1:50514",
	}
	want := `{"kind":"request","version":1,"time":"2025-01-15T10:50:00.123456789Z","method":"POST",` +
		`"url":"http://localhost:3000/hooks?a=1&b=<2>","proto":"HTTP/1.1",` +
		`"headers":[["Host","localhost:3000"],["X-A","1"],["X-A","2"]],` +
		`"body":"{\"id\":\"evt_1\"}","remoteAddr":"127.0.0.1:50514"}` + "\n"
	var got strings.Builder
	if err := WriteNDJSON(&got, request); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestWriteNDJSONKeepsEveryByte(t *testing.T) {
	for name, request := range corpus() {
		t.Run(name, func(t *testing.T) {
			var line strings.Builder
			if err := WriteNDJSON(&line, request); err != nil {
				t.Fatal(err)
			}
			if strings.Count(line.String(), "\n") != 1 {
				t.Errorf("not one line: %q", line.String())
			}
			var got record
			if err := json.Unmarshal([]byte(line.String()), &got); err != nil {
				t.Fatal(err)
			}
			body := string(got.BodyBase64)
			if got.Body != nil {
				body = *got.Body
			}
			if body != string(request.Body) {
				t.Errorf("body: got %q, want %q", body, request.Body)
			}
			var header []Field
			for _, pair := range got.Headers {
				header = append(header, Field{pair[0], pair[1]})
			}
			for _, pair := range got.HeadersBase64 {
				header = append(header, Field{string(pair[0]), string(pair[1])})
			}
			if diff := cmp.Diff(request.Header, header, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWriteNDJSONRefusesWhatJSONWouldChange(t *testing.T) {
	var refused *EncodeError
	for part, request := range map[string]Request{
		"url":    {Method: "POST", URL: "http://localhost/caf\xe9"},
		"method": {Method: "P\xe9", URL: "http://localhost/"},
	} {
		if err := WriteNDJSON(&strings.Builder{}, request); !errors.As(err, &refused) || refused.Part != part {
			t.Errorf("%s: got error %v", part, err)
		}
	}
}
