package delivery

import (
	"errors"
	"math"
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2025, 1, 15, 10, 50, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		text  string
		want  time.Duration
		found bool
	}{
		"seconds":                      {"120", 2 * time.Minute, true},
		"none":                         {"0", 0, true},
		"a day is honoured":            {"86400", 24 * time.Hour, true},
		"more is cut to a day":         {"86401", 24 * time.Hour, true},
		"more than fits is cut too":    {"99999999999999999999", 24 * time.Hour, true},
		"a date":                       {"Wed, 15 Jan 2025 10:51:30 GMT", 90 * time.Second, true},
		"a date in the old form":       {"Wednesday, 15-Jan-25 10:51:30 GMT", 90 * time.Second, true},
		"a date gone by means now":     {"Wed, 15 Jan 2025 10:49:00 GMT", 0, true},
		"a date too far is cut":        {"Wed, 15 Jan 2031 10:49:00 GMT", 24 * time.Hour, true},
		"no header":                    {"", 0, false},
		"a negative number":            {"-5", 0, false},
		"a fraction":                   {"1.5", 0, false},
		"a word":                       {"soon", 0, false},
		"seconds with a unit":          {"5s", 0, false},
		"digits that are not in ASCII": {"٣", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := ParseRetryAfter(tt.text, now)
			if got != tt.want || found != tt.found {
				t.Errorf("got %v, %v", got, found)
			}
		})
	}
}

func FuzzRetryAfterIsBounded(f *testing.F) {
	for _, text := range []string{"120", "Wed, 15 Jan 2025 10:51:30 GMT", "", "-1", "9999999999999999999999"} {
		f.Add(text, int64(1736938200))
	}
	f.Fuzz(func(t *testing.T, text string, now int64) {
		delay, found := ParseRetryAfter(text, time.Unix(now%(1<<40), 0))
		if delay < 0 || delay > maxRetryAfter || !found && delay != 0 {
			t.Errorf("%q gives %v", text, delay)
		}
	})
}

func TestWhenTheNextAttemptFollows(t *testing.T) {
	policy := Policy{Retries: 3, Schedule: []time.Duration{time.Second, time.Minute}}
	with := func(change func(*Policy)) Policy { p := policy; change(&p); return p }
	failed := func(number, status int, retryAfter ...string) Attempt {
		return Attempt{Number: number, Status: status, Header: http.Header{"Retry-After": retryAfter}, Err: &StatusError{Status: status}}
	}
	for name, tt := range map[string]struct {
		policy  Policy
		attempt Attempt
		want    *Wait
	}{
		"the first delay after the first attempt":    {policy, failed(1, 500), &Wait{Delay: time.Second, Sleep: time.Second}},
		"the second after the second":                {policy, failed(2, 500), &Wait{Delay: time.Minute, Sleep: time.Minute}},
		"the last repeats":                           {policy, failed(3, 500), &Wait{Delay: time.Minute, Sleep: time.Minute}},
		"none when the retries are used up":          {policy, failed(4, 500), nil},
		"none without retries":                       {Policy{}, failed(1, 500), nil},
		"the standard schedule when there is none":   {Policy{Retries: 1}, failed(1, 500), &Wait{Delay: 5 * time.Second, Sleep: 5 * time.Second}},
		"none after success":                         {policy, Attempt{Number: 1, Status: 200}, nil},
		"none after 410":                             {policy, failed(1, 410), nil},
		"a redirect is tried again":                  {policy, failed(1, 307), &Wait{Delay: time.Second, Sleep: time.Second}},
		"a 4xx is tried again":                       {policy, failed(1, 401), &Wait{Delay: time.Second, Sleep: time.Second}},
		"no answer is tried again":                   {policy, Attempt{Number: 1, Err: &UnreachableError{}}, &Wait{Delay: time.Second, Sleep: time.Second}},
		"an error of our own is not":                 {policy, Attempt{Number: 1, Err: errors.New("own")}, nil},
		"what a 429 asks for":                        {policy, failed(1, 429, "7"), &Wait{Delay: 7 * time.Second, Sleep: 7 * time.Second, RetryAfter: true}},
		"what a 503 asks for":                        {policy, failed(1, 503, "7"), &Wait{Delay: 7 * time.Second, Sleep: 7 * time.Second, RetryAfter: true}},
		"a 500 may not ask":                          {policy, failed(1, 500, "7"), &Wait{Delay: time.Second, Sleep: time.Second}},
		"a 429 that asks for nothing readable":       {policy, failed(1, 429, "soon"), &Wait{Delay: time.Second, Sleep: time.Second}},
		"the wait is scaled and the delay is not":    {with(func(p *Policy) { p.TimeScale = 0.001 }), failed(2, 500), &Wait{Delay: time.Minute, Sleep: 60 * time.Millisecond}},
		"what was asked for is scaled too":           {with(func(p *Policy) { p.TimeScale = 0.5 }), failed(1, 503, "8"), &Wait{Delay: 8 * time.Second, Sleep: 4 * time.Second, RetryAfter: true}},
		"jitter at its lowest":                       {with(func(p *Policy) { p.Jitter, p.Rand = 0.2, constant(0) }), failed(2, 500), &Wait{Delay: 48 * time.Second, Sleep: 48 * time.Second}},
		"jitter in the middle":                       {with(func(p *Policy) { p.Jitter, p.Rand = 0.2, constant(0.5) }), failed(2, 500), &Wait{Delay: time.Minute, Sleep: time.Minute}},
		"jitter at its highest":                      {with(func(p *Policy) { p.Jitter, p.Rand = 0.2, constant(1) }), failed(2, 500), &Wait{Delay: 72 * time.Second, Sleep: 72 * time.Second}},
		"no jitter on what was asked for":            {with(func(p *Policy) { p.Jitter, p.Rand = 1, constant(0) }), failed(1, 503, "8"), &Wait{Delay: 8 * time.Second, Sleep: 8 * time.Second, RetryAfter: true}},
		"nothing asked for in more than one day":     {policy, failed(1, 503, "8640000"), &Wait{Delay: 24 * time.Hour, Sleep: 24 * time.Hour, RetryAfter: true}},
		"the first of two headers that ask":          {policy, failed(1, 503, "3", "9"), &Wait{Delay: 3 * time.Second, Sleep: 3 * time.Second, RetryAfter: true}},
		"retries beyond the schedule are still some": {with(func(p *Policy) { p.Retries = 9 }), failed(9, 500), &Wait{Delay: time.Minute, Sleep: time.Minute}},
	} {
		t.Run(name, func(t *testing.T) {
			got := tt.policy.next(tt.attempt, time.Unix(1700000000, 0))
			switch {
			case got == nil || tt.want == nil:
				if got != tt.want {
					t.Errorf("got %+v, want %+v", got, tt.want)
				}
			case *got != *tt.want:
				t.Errorf("got %+v, want %+v", *got, *tt.want)
			}
		})
	}
}

func constant(x float64) func() float64 { return func() float64 { return x } }

func TestJitterWithoutARandomSourceStaysInItsBounds(t *testing.T) {
	policy := Policy{Retries: 1, Schedule: []time.Duration{time.Minute}, Jitter: 0.2}
	seen := map[time.Duration]bool{}
	for range 100 {
		delay := policy.delay(1)
		if delay < 48*time.Second || delay > 72*time.Second {
			t.Fatalf("got %v", delay)
		}
		seen[delay] = true
	}
	if len(seen) < 2 {
		t.Error("every delay is the same")
	}
}

func TestPoliciesThatAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		policy Policy
		option string
	}{
		"negative retries":          {Policy{Retries: -1}, "retries"},
		"negative jitter":           {Policy{Jitter: -0.1}, "jitter"},
		"jitter over one":           {Policy{Jitter: 1.1}, "jitter"},
		"jitter that is no number":  {Policy{Jitter: math.NaN()}, "jitter"},
		"a negative scale":          {Policy{TimeScale: -1}, "time scale"},
		"a scale without end":       {Policy{TimeScale: math.Inf(1)}, "time scale"},
		"a scale over a thousand":   {Policy{TimeScale: 1000.5}, "time scale"},
		"a scale that is no number": {Policy{TimeScale: math.NaN()}, "time scale"},
		"a negative delay":          {Policy{Schedule: []time.Duration{-1}}, "schedule"},
		"a delay over 30 days":      {Policy{Schedule: []time.Duration{30*24*time.Hour + 1}}, "schedule"},
		"a delay of a year":         {Policy{Schedule: []time.Duration{365 * 24 * time.Hour}}, "schedule"},
	} {
		t.Run(name, func(t *testing.T) {
			var refused *OptionError
			if err := tt.policy.Check(); !errors.As(err, &refused) || refused.Option != tt.option {
				t.Errorf("got %v, want an OptionError about %s", err, tt.option)
			}
			client := newClient(t, Options{Endpoint: "http://" + closedPort(t)})
			if err := client.Deliver(t.Context(), event(), tt.policy, Observer{}).Err(); !errors.As(err, &refused) {
				t.Errorf("Deliver gave %v", err)
			}
		})
	}
	for _, policy := range []Policy{
		{Retries: 100, Jitter: 1, TimeScale: 0.001, Schedule: StandardSchedule()},
		{TimeScale: 1000, Schedule: []time.Duration{0, 30 * 24 * time.Hour}},
	} {
		if err := policy.Check(); err != nil {
			t.Error(err)
		}
	}
}
