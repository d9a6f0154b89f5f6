package view

import (
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// labels is a progress line that keeps what it is called.
type labels []string

func (*labels) Add(int)                 {}
func (l *labels) Describe(label string) { *l = append(*l, label) }
func (*labels) Done()                   {}

func TestARunThatEndsSaysSoUntilItHas(t *testing.T) {
	var said labels
	progress := &LoadProgress{bar: &said}
	progress.Show(delivery.Progress{Sent: 5, OK: 3})
	progress.Ending()
	progress.Show(delivery.Progress{Sent: 6, OK: 3})
	want := labels{"sending, 2 failed", "waiting for the last answers, Ctrl-C again ends at once"}
	if len(said) != len(want) || said[0] != want[0] || said[1] != want[1] {
		t.Errorf("the line said %q, want %q", said, want)
	}
}
