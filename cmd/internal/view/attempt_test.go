package view

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// shown is what a view without colour writes on Out.
func shown(t *testing.T, options Options, show func(*View) error) string {
	t.Helper()
	var out bytes.Buffer
	nothing := func(string) (string, bool) { return "", false }
	options.Out, options.Err = ui.New(&out, ui.Never, nothing), ui.New(&bytes.Buffer{}, ui.Never, nothing)
	if err := show(New(options)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestASlowAnswerIsWarnedOf(t *testing.T) {
	for duration, slow := range map[time.Duration]bool{
		delivery.SlowAfter:                    false,
		delivery.SlowAfter + time.Millisecond: true,
	} {
		attempt := delivery.Attempt{Number: 1, Status: 200, Duration: duration}
		text := shown(t, Options{}, func(v *View) error { return v.Attempt(delivery.Message{}, attempt) })
		if strings.Contains(text, "slow: Pocketbook wants an answer within 5 s") != slow {
			t.Errorf("%v: %s", duration, text)
		}
		record := shown(t, Options{JSON: true}, func(v *View) error { return v.Attempt(delivery.Message{}, attempt) })
		if strings.Contains(record, `"slow":true`) != slow {
			t.Errorf("%v: %s", duration, record)
		}
	}
}
