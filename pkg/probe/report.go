package probe

import "time"

// Report is what a run found.
type Report struct {
	Endpoint string
	IDPrefix string // of the ids of its events
	Started  time.Time
	Elapsed  time.Duration
	Network  Network
	// Results has one for every case that was selected, in the order of [Cases].
	Results  []Result
	Latency  Latency
	Requests int // that were sent to the endpoint
	// Blocked says why the run could not begin; nil when it could.
	Blocked *Blocked
	// Interrupted is the error of the context that ended the run early.
	Interrupted error
}

// Blocked says why nothing can be concluded: no valid event was accepted in the first place.
type Blocked struct {
	Kind   BlockedKind
	Reason string // what happened, one sentence without a full stop
	Remedy string // what to do
	Err    error  // a [*delivery.UnreachableError] for BlockedUnreachable
}

// BlockedKind tells the obstacles apart. The values are stable, for output that programs read.
type BlockedKind string

// Every [BlockedKind] there is.
const (
	BlockedUnreachable BlockedKind = "unreachable"
	BlockedRedirect    BlockedKind = "redirect"
	BlockedPath        BlockedKind = "path"
	BlockedSecret      BlockedKind = "secret"
	BlockedError       BlockedKind = "server-error"
	BlockedRate        BlockedKind = "rate"
)

// Latency sums up how fast valid events were accepted. The zero value stands for no sample.
type Latency struct {
	Samples            int
	P50, P95, Max      time.Duration
	Timeouts, SlowOnes int // events without an answer in time; answers over delivery.SlowAfter
}

// Failed gives the results that failed, the worst first.
func (r Report) Failed() []Result { return r.worstFirst(Failed) }

// Inconclusive gives the results without a verdict, the worst first.
func (r Report) Inconclusive() []Result { return r.worstFirst(Inconclusive) }

func (r Report) worstFirst(verdict Verdict) []Result {
	var some []Result
	for severity := Critical; severity >= Info; severity-- {
		for _, result := range r.Results {
			if result.Verdict == verdict && result.Severity() == severity {
				some = append(some, result)
			}
		}
	}
	return some
}

// Count is how many results have the verdict.
func (r Report) Count(verdict Verdict) int {
	n := 0
	for _, result := range r.Results {
		if result.Verdict == verdict {
			n++
		}
	}
	return n
}

// Grade is a letter for a badge: A when nothing failed but what is info, B for medium failures, C for one high failure, D
// for more, F as soon as a critical case failed. Otherwise it is empty where a case of high severity or more is inconclusive,
// or the run was interrupted: such an endpoint may be anything.
func (r Report) Grade() string {
	failures, open := map[Severity]int{}, 0
	for _, result := range r.Results {
		switch {
		case result.Verdict == Failed:
			failures[result.Severity()]++
		case result.Verdict == Inconclusive && result.Case.Severity >= High:
			open++
		}
	}
	switch {
	case failures[Critical] > 0:
		return "F"
	case r.Interrupted != nil || open > 0 || r.Count(Passed)+r.Count(Failed) == 0:
		return ""
	case failures[High] > 1:
		return "D"
	case failures[High] == 1:
		return "C"
	case failures[Medium] > 0:
		return "B"
	default:
		return "A"
	}
}
