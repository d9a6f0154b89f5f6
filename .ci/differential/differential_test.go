// Package differential holds pbhook's verifier against Stripe's Go SDK, which verifies the same scheme: every delivery on
// which they disagree must be of a kind that the table of semantics names, and every such kind must be seen.
package differential

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"

	pbhook "github.com/pocketbook-studio/pbhook/pkg/signature"
)

var (
	seed  = flag.Uint64("seed", 1, "of the generated deliveries; 0 draws one")
	count = flag.Int("deliveries", 20_000, "how many to generate")
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
		sdk, own := sdkAccepts(d), pbhookSays(t, d)
		f := featuresOf(d)
		holdToTheRows(t, d, f, own)
		if sdk == own.accepted {
			agreed[sdk]++
			continue
		}
		name, ok := classify(f, sdk)
		if !ok {
			t.Errorf("the SDK says %t, pbhook the opposite, and no row of the table says why: %v", sdk, d)
			if unknown++; unknown == 20 {
				t.FailNow()
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
			d.shapes = append(d.shapes, shape.name)
		}
	}
	finished := d.finish()
	if r.IntN(4) == 0 {
		finished.header = d.mutate(finished.header)
		finished.shapes = append(finished.shapes, "mutated")
	}
	return finished
}

func classify(f features, sdk bool) (string, bool) {
	for _, row := range rows {
		if row.sdk == sdk && row.is(f) {
			return row.name, true
		}
	}
	return "", false
}

// holdToTheRows checks what a row says of pbhook on every delivery of its kind, also where the SDK agrees by chance.
func holdToTheRows(t *testing.T, d delivery, f features, own verdict) {
	for _, row := range rows {
		switch {
		case !own.accepted || !row.is(f):
		case row.sdk:
			t.Errorf("pbhook accepts although %s: %v", row.name, d)
		case row.warning != "" && !own.warned(row.warning):
			t.Errorf("pbhook accepts without a warning although %s: %v", row.name, d)
		}
	}
}

func sdkAccepts(d delivery) bool {
	return webhook.ValidatePayloadWithTolerance([]byte(d.body), d.header, d.secret, d.tolerance) == nil
}

// verdict is what pbhook said of a delivery.
type verdict struct {
	accepted bool
	warnings []pbhook.Warning
}

func (v verdict) warned(code pbhook.WarningCode) bool {
	return slices.ContainsFunc(v.warnings, func(w pbhook.Warning) bool { return w.Code == code })
}

// pbhookSays also holds what strict verification promises: it accepts exactly what gives no warning.
func pbhookSays(t *testing.T, d delivery) verdict {
	secret, err := pbhook.NewSecret(d.secret)
	if err != nil {
		return verdict{}
	}
	own := verify(secret, d, false)
	warnings := len(own.warnings) + len(secret.Warnings())
	if strict := verify(secret, d, true); strict.accepted != (own.accepted && warnings == 0) {
		t.Errorf("accepted %t with %d warnings, strictly %t: %v", own.accepted, warnings, strict.accepted, d)
	}
	return own
}

func verify(secret pbhook.Secret, d delivery, strict bool) verdict {
	verifier, err := pbhook.NewVerifier(pbhook.Options{Secret: secret, Tolerance: d.tolerance, Strict: strict})
	if err != nil {
		return verdict{}
	}
	result, err := verifier.Verify([]string{d.header}, []byte(d.body), d.now)
	return verdict{accepted: err == nil, warnings: result.Warnings}
}
