package probe

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// end sends the last valid event.
func (r *run) end(ctx context.Context) {
	for _, c := range r.of(stageEnd) {
		switch {
		case ctx.Err() != nil || r.report.Blocked != nil:
			r.giveUp(ctx, []Case{c})
		default:
			result := r.try(ctx, c)
			if deservesAnotherTry(result) && ctx.Err() == nil {
				result = r.tryAgain(ctx, result)
			}
			if result.Verdict == Failed && r.broken != "" {
				result.Reason += "; " + r.broken
			}
			r.broken = "" // it has been the last case to judge
			r.decide(r.weigh(result, nil))
		}
	}
}

// derive judges the cases that the answers to others decide.
func (r *run) derive() {
	r.report.Network = r.seen.found()
	for _, c := range r.of(stageDerived) {
		switch c.ID {
		case "net.https":
			r.decide(r.judgeHTTPS(c))
		case "net.cert":
			r.decide(r.judgeCertificate(c))
		case "net.redirect":
			r.decide(r.judgeRedirect(c))
		case "time.fast":
			r.decide(r.judgeLatency(c))
		}
	}
}

func (r *run) judgeRedirect(c Case) Result {
	blocked := r.report.Blocked
	switch {
	case blocked == nil && len(r.latencies) > 0:
		return passed(c)
	case blocked != nil && blocked.Kind == BlockedRedirect:
		return failed(c, FaultRedirected, blocked.Reason)
	case blocked != nil && blocked.Kind != BlockedUnreachable:
		return passed(c)
	}
	return inconclusive(c, "no delivery was answered")
}

// latency sums up the valid events.
func (r *run) latency() Latency {
	all := slices.Sorted(slices.Values(r.latencies))
	sum := Latency{Samples: len(all), Timeouts: r.timeouts}
	if len(all) == 0 {
		return sum
	}
	// The nearest rank: with few samples an interpolation would invent one.
	rank := func(percent int) time.Duration { return all[(len(all)*percent+99)/100-1] }
	sum.P50, sum.P95, sum.Max = rank(50), rank(95), all[len(all)-1]
	for _, one := range all {
		if one > delivery.SlowAfter {
			sum.SlowOnes++
		}
	}
	return sum
}

func (r *run) judgeLatency(c Case) Result {
	l := r.latency()
	switch {
	case l.Timeouts > 0:
		return failed(c, FaultSlow, fmt.Sprintf("%d valid events were not answered within %s", l.Timeouts, r.prober.options.Timeout))
	case l.Samples == 0:
		return inconclusive(c, "no valid event was accepted")
	case l.P95 >= delivery.SlowAfter || l.Max > delivery.DefaultTimeout:
		return failed(c, FaultSlow, fmt.Sprintf("95 of 100 valid events are answered within %s, the slowest took %s", seconds(l.P95), seconds(l.Max)))
	}
	result := passed(c)
	if l.SlowOnes > 0 {
		result.Warning = fmt.Sprintf("%d of %d answers took over 5 s, the slowest %s", l.SlowOnes, l.Samples, seconds(l.Max))
	}
	return result
}
