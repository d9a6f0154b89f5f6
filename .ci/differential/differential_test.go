// Package differential holds pbhook's verifier against Stripe's Go SDK, which verifies the same scheme: every delivery on
// which they disagree must be of a kind that the table of semantics names, and every such kind must be seen.
package differential

import (
	"flag"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"

	pbhook "github.com/pocketbook-studio/pbhook/pkg/signature"
)

var (
	seed  = flag.Uint64("seed", 1, "of the generated deliveries; 0 draws one")
	count = flag.Int("deliveries", 30_000, "how many to generate")
)

func TestEveryDisagreementIsARowOfTheTable(t *testing.T) {
	start := *seed
	if start == 0 {
		start = rand.Uint64()
	}
	t.Logf("seed %d, %d deliveries", start, *count)
	// In the bubble time stands still, so that both verifiers see the very same now although the SDK reads the clock.
	synctest.Test(t, func(t *testing.T) {
		<-time.After(300 * 24 * time.Hour)
		run(t, rand.New(rand.NewPCG(start, 0)))
	})
}

func run(t *testing.T, r *rand.Rand) {
	seen := make(map[string]int, len(rows))
	agreed := map[bool]int{}
	unknown := 0
	for i := range *count {
		if i%1000 == 500 {
			<-time.After(500 * time.Millisecond) // from here to the next, now has a fraction; then it has none
		}
		if i%1000 == 0 {
			<-time.After(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
		}
		d := generate(r, time.Now())
		sdk, own := sdkAccepts(d), pbhookAccepts(t, d)
		if sdk == own {
			agreed[sdk]++
			continue
		}
		name, ok := classify(d, sdk)
		if !ok {
			if unknown++; unknown <= 20 {
				t.Errorf("the SDK says %t, pbhook says %t, and no row of the table says why: %v", sdk, own, d)
			}
			continue
		}
		seen[name]++
	}
	for _, row := range rows {
		t.Logf("%6d × %s", seen[row.name], row.name)
		if seen[row.name] == 0 {
			t.Errorf("no delivery showed the row %q", row.name)
		}
	}
	t.Logf("%6d × both accept", agreed[true])
	t.Logf("%6d × both refuse", agreed[false])
	if agreed[true] == 0 || agreed[false] == 0 {
		t.Error("the deliveries were all good or all bad")
	}
}

func generate(r *rand.Rand, now time.Time) delivery {
	d := newDraft(r, now)
	for range 1 + r.IntN(2) {
		shape := pick(r, shapes)
		if len(d.parts) >= 2 {
			shape.apply(d)
		}
	}
	finished := d.finish()
	if r.IntN(4) == 0 {
		finished.header = d.mutate(finished.header)
	}
	return finished
}

func classify(d delivery, sdk bool) (string, bool) {
	f := featuresOf(d)
	for _, row := range rows {
		if row.sdk == sdk && row.is(f) {
			return row.name, true
		}
	}
	return "", false
}

func sdkAccepts(d delivery) bool {
	return webhook.ValidatePayloadWithTolerance([]byte(d.body), d.header, d.secret, d.tolerance) == nil
}

// pbhookAccepts also holds what strict verification promises: it accepts exactly what gives no warning.
func pbhookAccepts(t *testing.T, d delivery) bool {
	secret, err := pbhook.NewSecret(d.secret)
	if err != nil {
		return false
	}
	accepts := func(strict bool) (pbhook.Result, bool) {
		verifier, err := pbhook.NewVerifier(pbhook.Options{Secret: secret, Tolerance: d.tolerance, Strict: strict})
		if err != nil {
			return pbhook.Result{}, false
		}
		result, err := verifier.Verify([]string{d.header}, []byte(d.body), d.now)
		return result, err == nil
	}
	result, accepted := accepts(false)
	warnings := len(result.Warnings) + len(secret.Warnings())
	if _, strictly := accepts(true); strictly != (accepted && warnings == 0) {
		t.Errorf("accepted %t with %d warnings, strictly %t: %v", accepted, warnings, strictly, d)
	}
	return accepted
}
