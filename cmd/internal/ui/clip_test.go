package ui_test

import (
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

func TestClipKeepsToItsColumns(t *testing.T) {
	for _, test := range []struct {
		text       string
		width      int
		end, start string
	}{
		{"abcdef", 6, "abcdef", "abcdef"},
		{"abcdef", 5, "abcd…", "…cdef"},
		{"日本語です", 10, "日本語です", "日本語です"},
		{"日本語です", 8, "日本語…", "…語です"},
		{"日本語です", 2, "…", "…"},
		{"abcdef", 1, "…", "…"},
		{"abcdef", 0, "", ""},
		{"abcdef", -1, "", ""},
		{"", 0, "", ""},
	} {
		if got := ui.ClipEnd(test.text, test.width); got != test.end {
			t.Errorf("ClipEnd(%q, %d) = %q, want %q", test.text, test.width, got, test.end)
		}
		if got := ui.ClipStart(test.text, test.width); got != test.start {
			t.Errorf("ClipStart(%q, %d) = %q, want %q", test.text, test.width, got, test.start)
		}
		if got := ui.Columns(ui.ClipEnd(test.text, test.width)); got > max(0, test.width) {
			t.Errorf("ClipEnd(%q, %d) takes %d columns", test.text, test.width, got)
		}
	}
}
