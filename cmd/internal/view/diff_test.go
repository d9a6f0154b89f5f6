package view_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/forensics"
)

// shownDiff is the part of a report that shows two bodies, on a screen of so many columns.
func shownDiff(t *testing.T, d forensics.Diff, columns int) string {
	t.Helper()
	var out bytes.Buffer
	terminal := ui.New(&out, ui.Never, func(name string) (string, bool) { return strconv.Itoa(columns), name == "COLUMNS" })
	report := forensics.Report{Diff: &d, Proven: &forensics.Finding{Cause: "cause"}}
	if err := view.New(view.Options{Out: terminal, Err: terminal}).Verdict(view.Verdict{Report: &report}); err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(out.String(), "received\n")
	return strings.TrimRight(text, "\n")
}

func TestADiffFitsTheScreenAndMarksTheDifference(t *testing.T) {
	long := strings.Repeat("x", 40)
	for _, test := range []struct {
		name    string
		diff    forensics.Diff
		columns int
		want    string
	}{
		{"a byte behind the end", forensics.Diff{Offset: 2, Signed: []byte("{}"), Received: []byte("{}\n"), SignedLen: 2, ReceivedLen: 3}, 80, `
  signed    {}
              ^
  received  {}\n`},
		{"the second byte of a character", forensics.Diff{Offset: 2, Signed: []byte("aé,"), Received: []byte("aê,"), SignedLen: 4, ReceivedLen: 4}, 80, `
  signed    aé,
             ^
  received  aê,`},
		{"behind wide characters", forensics.Diff{Offset: 6, Signed: []byte("日本1"), Received: []byte("日本2"), SignedLen: 7, ReceivedLen: 7}, 80, `
  signed    日本1
                ^
  received  日本2`},
		{"in the middle of a long body, on a narrow screen", forensics.Diff{
			Offset: 100, Start: 60, Signed: []byte(long + "1" + long), Received: []byte(long + "\x00" + long), SignedLen: 500, ReceivedLen: 500,
		}, 42, `
  signed    …xxxxxxxxx1xxxxxxxxxxxxxxxxxx…
                      ^
  received  …xxxxxxxxx\u0000xxxxxxxxxxxxx…`},
		{"near the end, where what is before has more room", forensics.Diff{
			Offset: 100, Start: 60, Signed: []byte(long + "1"), Received: []byte(long + "22"), SignedLen: 101, ReceivedLen: 102,
		}, 42, `
  signed    …xxxxxxxxxxxxxxxxxxxxxxxxxxx1
                                        ^
  received  …xxxxxxxxxxxxxxxxxxxxxxxxxxx22`},
		{"a secret in the body", forensics.Diff{
			Offset: 13, Signed: []byte("whsec_abcdefg1"), Received: []byte("whsec_abcdefg2"), SignedLen: 14, ReceivedLen: 14,
		}, 80, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := shownDiff(t, test.diff, test.columns)
			if test.want == "" {
				if strings.Contains(got, "abcdefg") {
					t.Errorf("a secret is shown:\n%s", got)
				}
				return
			}
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), got); diff != "" {
				t.Errorf("diff (-want +got):\n%s", diff)
			}
			for line := range strings.Lines(got) {
				if wide := ui.Columns(strings.TrimSuffix(line, "\n")); wide > test.columns {
					t.Errorf("%d columns: %q", wide, line)
				}
			}
		})
	}
}
