package history_test

import (
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

func TestLostBody(t *testing.T) {
	announced := []capture.Field{{Name: "content-length", Value: "6000000"}}
	tests := []struct {
		name   string
		record history.Record
		want   string
	}{
		{"too large", history.Record{Source: history.SourceListen, Capture: capture.Request{Header: announced}, Answer: history.Answer{Status: 413}}, "was too large"},
		{"too large, in chunks", history.Record{Source: history.SourceTunnel, Answer: history.Answer{Status: 413}}, "was too large"},
		{"too slow", history.Record{Source: history.SourceListen, Capture: capture.Request{Header: announced}, Answer: history.Answer{Status: 408}}, "took too long to arrive"},
		{"cut short", history.Record{Source: history.SourceListen, Capture: capture.Request{Header: announced}, Answer: history.Answer{Status: 400}}, "broke off"},
		{"no answer", history.Record{Source: history.SourceListen, Capture: capture.Request{Header: announced}}, "broke off"},
		{"none was sent", history.Record{Source: history.SourceListen, Capture: capture.Request{Header: []capture.Field{{Name: "Content-Length", Value: "0"}}}, Answer: history.Answer{Status: 401}}, ""},
		{"none was announced", history.Record{Source: history.SourceListen, Answer: history.Answer{Status: 401}}, ""},
		{"the server behind found it too large", history.Record{Source: history.SourceListen, Answer: history.Answer{Status: 413}, Forwards: []history.Forward{{Status: 413}}}, ""},
		{"one that is there", history.Record{Source: history.SourceListen, Capture: capture.Request{Header: announced, Body: []byte("{}")}, Answer: history.Answer{Status: 413}}, ""},
		{"a capture that was imported", history.Record{Source: history.SourceImport, Capture: capture.Request{Header: announced}}, ""},
	}
	for _, tt := range tests {
		if got := tt.record.LostBody(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
