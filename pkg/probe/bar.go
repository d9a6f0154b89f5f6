package probe

// Bar is what an endpoint has to clear to pass. The zero value lets nothing fail.
type Bar struct {
	FailOn   Severity // failures below it are told, and pass
	Baseline Baseline
}

// Under gives the results that keep a run from passing: failures that the baseline does not accept, and cases without a
// verdict, for what was not shown to be right does not count as right. The failures come first, the worst of each in front.
func (b Bar) Under(r Report) []Result {
	var under []Result
	for _, result := range r.Failed() {
		if b.Stops(result) {
			under = append(under, result)
		}
	}
	for _, result := range r.Inconclusive() {
		if b.Stops(result) {
			under = append(under, result)
		}
	}
	return under
}

// Stops tells whether a result by itself keeps a run from passing.
func (b Bar) Stops(result Result) bool {
	switch result.Verdict {
	case Failed:
		return result.Severity() >= b.FailOn && !b.Baseline.Accepts(result)
	case Inconclusive:
		return result.Severity() >= b.FailOn
	default:
		return false
	}
}
