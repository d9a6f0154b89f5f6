package cmd

import (
	"fmt"
	"math"
	"time"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// tryFlags spoil deliveries in ways that a receiver should notice.
type tryFlags struct {
	age       time.Duration
	tamper    string
	duplicate int
	unsigned  bool
}

func (t *tryFlags) add(flags *pflag.FlagSet) {
	flags.DurationVar(&t.age, "age", 0, "sign as of this `DURATION` ago, or ahead if it is negative; receivers refuse more than 5m")
	flags.StringVar(&t.tamper, "tamper", "", "spoil `WHAT`: body, signature or secret; receivers refuse all three")
	flags.IntVar(&t.duplicate, "duplicate", 1, "deliver each event `N` times under one id; receivers handle it once")
	flags.BoolVar(&t.unsigned, "no-signature", false, "leave the signature out; receivers refuse that")
}

func (t *tryFlags) fill(o *delivery.Options) {
	o.Age, o.Tamper, o.Unsigned = t.age, delivery.Tamper(t.tamper), t.unsigned
}

// spoiled names what a receiver should have noticed, or nothing.
func (t *tryFlags) spoiled() string {
	switch {
	case t.unsigned:
		return "an unsigned"
	case t.tamper != "":
		return "a tampered"
	case t.age > signature.DefaultTolerance:
		return "a stale"
	case t.age < -signature.DefaultTolerance:
		return "a post-dated"
	}
	return ""
}

// warn says what it means that spoiled deliveries were accepted.
func (t *tryFlags) warn(a *app, accepted int64) {
	spoiled := t.spoiled()
	if spoiled == "" || accepted == 0 {
		return
	}
	danger := "which anybody could have sent"
	if !t.unsigned && t.tamper == "" {
		danger = "which anybody who saw it once could have sent again"
	}
	a.view.Warning(fmt.Sprintf("the endpoint accepted %s delivery, %s", spoiled, danger))
}

const maxDuplicates = 10_000

// retryFlags say what happens after a failed attempt.
type retryFlags struct {
	retries   int
	schedule  string
	jitter    float64
	timeScale float64

	flags *pflag.FlagSet
}

func (r *retryFlags) add(flags *pflag.FlagSet) {
	r.flags = flags
	r.jitter = 0.2
	flags.IntVar(&r.retries, "retries", 0, "try again up to `N` times; with --schedule as often as it has delays")
	flags.StringVar(&r.schedule, "schedule", "standard", "`DELAYS` between attempts, such as 5s,5m,30m; standard, which is assumed, is 5s,5m,30m,2h,5h,10h,14h,20h,24h")
	flags.Var(fractionFlag{&r.jitter}, "jitter", "spread each delay by up to this `SHARE`")
	flags.Float64Var(&r.timeScale, "time-scale", 1, "multiply every wait by this `FACTOR`: 0.001 makes an hour 3.6 s, 0 waits for nothing")
}

func (r *retryFlags) policy(random func() float64) (delivery.Policy, error) {
	schedule, err := delivery.ParseSchedule(r.schedule)
	if err != nil {
		return delivery.Policy{}, err
	}
	policy := delivery.Policy{
		Retries: r.retries, Schedule: schedule, Jitter: r.jitter, TimeScale: r.timeScale, Rand: random,
	}
	if r.flags.Changed("schedule") && !r.flags.Changed("retries") {
		policy.Retries = len(schedule)
	}
	if r.timeScale == 0 {
		policy.TimeScale = math.SmallestNonzeroFloat64 // no wait at all; the policy's own zero is to wait in full
	}
	return policy, policy.Check()
}
