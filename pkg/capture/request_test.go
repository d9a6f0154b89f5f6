package capture

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An event reader asks for this method and takes an http.Header or a Request alike.
var _, _ interface{ Values(string) []string } = Request{}, http.Header{}

func TestValues(t *testing.T) {
	request := Request{Header: []Field{{"X-A", "1"}, {"x-a", "2"}, {"X-B", "3"}, {"X-A", ""}}}
	for name, tt := range map[string]struct {
		ask  string
		want []string
	}{
		"every line of a name in wire order": {"X-A", []string{"1", "2", ""}},
		"lower case finds upper case":        {"x-b", []string{"3"}},
		"a name that is not there is nil":    {"X-C", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, request.Values(tt.ask)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFieldsAreSortedByNameAndKeepTheOrderOfTheirValues(t *testing.T) {
	got := Fields(http.Header{"X-B": {"2", "1"}, "Date": {"today"}, "X-A": nil})
	if diff := cmp.Diff([]Field{{"Date", "today"}, {"X-B", "2"}, {"X-B", "1"}}, got); diff != "" {
		t.Error(diff)
	}
}
