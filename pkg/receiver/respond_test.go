package receiver_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

func TestParseResponses(t *testing.T) {
	tests := map[string]struct {
		want   receiver.Responses
		reason string
	}{
		"":                {nil, ""},
		"500":             {receiver.Responses{{500, 1}}, ""},
		"500@20%, 429@5%": {receiver.Responses{{500, .2}, {429, .05}}, ""},
		"500@60%,503@40%": {receiver.Responses{{500, .6}, {503, .4}}, ""},
		"500@60%,503@41%": {nil, `"503@41%" brings the shares above`},
		"500@0.2":         {nil, "not a percentage"},
		"500@NaN%":        {nil, "not a percentage"},
		"500@-1%":         {nil, "not a percentage"},
		"199":             {nil, "no status"},
		"600":             {nil, "no status"},
		"bad@5%":          {nil, "no status"},
		"500,":            {nil, "no status"},
	}
	for text, tt := range tests {
		got, err := receiver.ParseResponses(text)
		var failed *receiver.ResponseError
		if tt.reason != "" && (!errors.As(err, &failed) || !strings.Contains(err.Error(), tt.reason)) {
			t.Errorf("%q: error %v, want one with %q", text, err, tt.reason)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || tt.reason == "" && err != nil {
			t.Errorf("%q: %v %s", text, err, diff)
		}
	}
}

func TestResponsesAreDrawnByTheirShares(t *testing.T) {
	responses := receiver.Responses{{500, .2}, {429, .05}}
	for random, want := range map[float64]int{0: 500, .19: 500, .21: 429, .24: 429, .26: 0, .99: 0} {
		got, ok := responses.Draw(random)
		if got != want || ok != (want != 0) {
			t.Errorf("%v draws %d %t, want %d", random, got, ok, want)
		}
	}
}
