package probe

import "slices"

// What [Cause.ID] can be. The values are stable, for output that programs read.
const (
	CauseParsedBody = "parsed-body"
	CauseUnverified = "unverified"
	CauseUntimed    = "untimed"
	CauseLooseTime  = "loose-time"
	CauseOneV1      = "one-v1"
)

// Cause is one mistake that explains several failures.
type Cause struct {
	ID    string
	Text  string // one sentence without a full stop
	Cases []string
}

// Causes names the mistakes that the failures have in common. They are drawn from the pattern of the verdicts, so they are
// likely rather than proven.
func (r Report) Causes() []Cause {
	var causes []Cause
	add := func(id, text string, holds bool, cases []string) {
		if holds {
			causes = append(causes, Cause{ID: id, Text: text, Cases: cases})
		}
	}
	taken := r.failedBy(FaultAccepted)
	refused := r.failedBy(FaultRefused)
	raw := slices.DeleteFunc(slices.Clone(refused), func(id string) bool { return !isRawBody(id) })
	both := func(list []string, ids ...string) bool {
		return !slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(list, id) })
	}
	unverified := both(taken, "auth.none", "auth.secret", "auth.body")
	add(CauseParsedBody, "the body is parsed or changed before it is verified, and what is verified is no longer what was signed",
		len(raw) >= 3 || slices.ContainsFunc(r.Results, func(result Result) bool { return result.reparsed }), raw)
	add(CauseUnverified, "signatures are not verified: any event is accepted, whoever sent it", unverified, taken)
	add(CauseUntimed, "the time of a delivery is not checked, so whoever gets hold of one can replay it for ever",
		!unverified && both(taken, "time.330", "time.future"), within(taken, "time.330", "time.future", "time.ms", "mal.nan"))
	add(CauseLooseTime, "t is accepted although it is no number",
		!unverified && (slices.Contains(taken, "auth.shift") || slices.Contains(taken, "mal.nan")), within(taken, "auth.shift", "mal.nan"))
	add(CauseOneV1, "of several v1 only one is looked at",
		slices.Contains(refused, "rot.first") != slices.Contains(refused, "rot.last"), within(refused, "rot.first", "rot.last"))
	return causes
}

func (r Report) failedBy(fault Fault) []string {
	var ids []string
	for _, result := range r.Results {
		if result.Verdict == Failed && result.Fault == fault {
			ids = append(ids, result.Case.ID)
		}
	}
	return ids
}

func within(list []string, ids ...string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return !slices.Contains(ids, id) })
}

func isRawBody(id string) bool {
	return slices.ContainsFunc(validCases(), func(c Case) bool { return c.ID == id && c.RawBody })
}
