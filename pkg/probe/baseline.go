package probe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Baseline is what failed on the day it was written and is put up with until it is mended. The zero value accepts nothing.
type Baseline struct {
	Failures []AcceptedFailure
}

// AcceptedFailure is one case that may fail in one way.
type AcceptedFailure struct {
	ID    string `json:"id"`
	Fault Fault  `json:"fault"`
}

// BaselineError says why a baseline cannot be read.
type BaselineError struct{ Reason string }

func (e *BaselineError) Error() string { return "baseline " + e.Reason }

const baselineVersion = 1

type baselineFile struct {
	Kind     string            `json:"kind"`
	Version  int               `json:"version"`
	Failures []AcceptedFailure `json:"failures"`
}

// Baseline is the one that accepts what has failed in this run.
func (r Report) Baseline() Baseline {
	var b Baseline
	for _, result := range r.Results {
		if result.Verdict == Failed {
			b.Failures = append(b.Failures, AcceptedFailure{result.Case.ID, result.Fault})
		}
	}
	return b
}

// ParseBaseline reads what [Baseline.Encode] wrote. The error is a [*BaselineError].
func ParseBaseline(text []byte) (Baseline, error) {
	var file baselineFile
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return Baseline{}, &BaselineError{Reason: fmt.Sprintf("is not as it was written: %v", err)}
	}
	if file.Kind != "check_baseline" || file.Version != baselineVersion {
		return Baseline{}, &BaselineError{Reason: fmt.Sprintf("is of kind %q and version %d, not check_baseline and %d", file.Kind, file.Version, baselineVersion)}
	}
	return Baseline{Failures: file.Failures}, nil
}

// Encode writes it as JSON to be kept beside the code, one failure a line.
func (b Baseline) Encode() []byte {
	file := baselineFile{Kind: "check_baseline", Version: baselineVersion, Failures: b.Failures}
	if file.Failures == nil {
		file.Failures = []AcceptedFailure{}
	}
	text, _ := json.MarshalIndent(file, "", "  ") // holds nothing that could fail
	return append(text, '\n')
}

// Accepts tells whether a failure is one that is put up with. A forgery that is accepted now, and was refused in the wrong way
// then, is none.
func (b Baseline) Accepts(result Result) bool {
	return result.Verdict == Failed && slices.ContainsFunc(b.Failures, func(f AcceptedFailure) bool {
		return f.ID == result.Case.ID && (f.Fault == result.Fault || f.Fault == FaultAccepted)
	})
}

// Mended lists the failures of the baseline whose cases pass now.
func (b Baseline) Mended(r Report) []string {
	var ids []string
	for _, failure := range b.Failures {
		if slices.ContainsFunc(r.Results, func(result Result) bool {
			return result.Case.ID == failure.ID && result.Verdict == Passed
		}) {
			ids = append(ids, failure.ID)
		}
	}
	return ids
}
