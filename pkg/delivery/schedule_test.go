package delivery

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseSchedule(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []time.Duration
	}{
		"delays of all units":       {"5s,5m,2h", []time.Duration{5 * time.Second, 5 * time.Minute, 2 * time.Hour}},
		"one delay":                 {"250ms", []time.Duration{250 * time.Millisecond}},
		"at once":                   {"0s", []time.Duration{0}},
		"spaces around them":        {" 5s , 5m ", []time.Duration{5 * time.Second, 5 * time.Minute}},
		"the standard one":          {"standard", StandardSchedule()},
		"as long as is allowed":     {"720h", []time.Duration{720 * time.Hour}},
		"as many as are allowed":    {strings.Repeat("0,", 99) + "0", make([]time.Duration, 100)},
		"compound delays are fine ": {"1h30m", []time.Duration{90 * time.Minute}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseSchedule(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for name, tt := range map[string]struct{ text, value string }{
		"nothing":              {"", ""},
		"no unit":              {"5s,5", "5"},
		"a word":               {"5s,soon", "soon"},
		"a gap":                {"5s,,5m", ""},
		"a comma at the end":   {"5s,", ""},
		"a negative delay":     {"5s,-5m", "-5m"},
		"longer than allowed":  {"721h", "721h"},
		"more than allowed":    {strings.Repeat("0,", 100) + "7s", "7s"},
		"standard and another": {"standard,5s", "standard"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			_, err := ParseSchedule(tt.text)
			var refused *OptionError
			if !errors.As(err, &refused) || refused.Option != "schedule" || refused.Value != tt.value {
				t.Errorf("got %v, want an OptionError about %q", err, tt.value)
			}
		})
	}
}

func TestStandardScheduleIsTheOneOfStandardWebhooks(t *testing.T) {
	want := "5s 5m0s 30m0s 2h0m0s 5h0m0s 10h0m0s 14h0m0s 20h0m0s 24h0m0s"
	var got []string
	for _, delay := range StandardSchedule() {
		got = append(got, delay.String())
	}
	if strings.Join(got, " ") != want {
		t.Errorf("got %v", got)
	}
}
