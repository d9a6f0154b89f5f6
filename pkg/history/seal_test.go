package history

import "testing"

// What is on disk was sealed by an earlier pbhook, maybe on another machine.
func TestSealIsTheSameOnEveryMachine(t *testing.T) {
	got := seal("evt_1", int64(1_700_000_000_123), int64(-1), nil, "", []byte("{}"), []byte{})
	if want := int64(0xc949f3e9); got != want {
		t.Errorf("got %#x, want %#x", got, want)
	}
}
