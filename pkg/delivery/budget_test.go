package delivery

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBudgets(t *testing.T) {
	limit := func(text string) ErrorLimit {
		limit, err := ParseErrorLimit(text)
		if err != nil {
			t.Fatal(err)
		}
		return limit
	}
	run := func(p95 time.Duration, sent, ok int64) Report {
		return Report{Sent: sent, OK: ok, Latency: Latencies{Samples: ok, P95: p95}}
	}
	for name, tt := range map[string]struct {
		budget Budget
		report Report
		want   []Excess
	}{
		"no budget allows everything":         {Budget{}, run(time.Hour, 10, 0), nil},
		"at the p95":                          {Budget{MaxP95: time.Second}, run(time.Second, 10, 10), nil},
		"over the p95":                        {Budget{MaxP95: time.Second}, run(2*time.Second, 10, 10), []Excess{{"p95", "1s", "2s"}}},
		"no answer has no p95":                {Budget{MaxP95: time.Second}, run(0, 10, 0), []Excess{{"p95", "1s", "without any answer"}}},
		"no error where none is allowed":      {Budget{MaxErrors: limit("0")}, run(0, 10, 10), nil},
		"one error where none is allowed":     {Budget{MaxErrors: limit("0")}, run(0, 10, 9), []Excess{{"errors", "0", "1 of 10"}}},
		"as many errors as are allowed":       {Budget{MaxErrors: limit("2")}, run(0, 10, 8), nil},
		"one more":                            {Budget{MaxErrors: limit("2")}, run(0, 10, 7), []Excess{{"errors", "2", "3 of 10"}}},
		"a share that is kept":                {Budget{MaxErrors: limit("10%")}, run(0, 10, 9), nil},
		"a share that is exceeded":            {Budget{MaxErrors: limit("10%")}, run(0, 10, 8), []Excess{{"errors", "10%", "2 of 10"}}},
		"a small share of a small number":     {Budget{MaxErrors: limit("1%")}, run(0, 10, 9), []Excess{{"errors", "1%", "1 of 10"}}},
		"a share of a half percent":           {Budget{MaxErrors: limit("0.5%")}, run(0, 1000, 995), nil},
		"every error of all":                  {Budget{MaxErrors: limit("100%")}, run(0, 10, 0), nil},
		"both at once":                        {Budget{MaxP95: time.Second, MaxErrors: limit("0")}, run(2*time.Second, 10, 9), []Excess{{"p95", "1s", "2s"}, {"errors", "0", "1 of 10"}}},
		"nothing was sent and nothing failed": {Budget{MaxErrors: limit("0")}, Report{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.budget.Check(tt.report)
			if tt.want == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var exceeded *BudgetError
			if !errors.As(err, &exceeded) {
				t.Fatalf("got %v, want a BudgetError", err)
			}
			if diff := cmp.Diff(tt.want, exceeded.Exceeded); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestErrorLimitsThatAreRefused(t *testing.T) {
	for _, text := range []string{"", "-1", "1.5", "few", "%", "-1%", "101%", "NaN%", "Inf%", "1%%", " 1", "99999999999999999999"} {
		var refused *OptionError
		if _, err := ParseErrorLimit(text); !errors.As(err, &refused) || refused.Option != "max errors" {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
