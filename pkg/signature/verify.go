package signature

import (
	"crypto/hmac"
	"fmt"
	"time"
)

// Verify judges a delivery by every line of its header (as [net/http.Header.Values] gives them), the raw bytes of its body
// and the time now, which it cuts to the second.
//
// Of several lines each is verified by itself and one that holds is enough; the result speaks of that line, or else of
// the one that came closest. The error is nil if and only if the delivery may be trusted; otherwise it is a
// [*VerifyError] with all causes, and errors.Is finds in it [ErrMissingHeader], [ErrMalformedHeader], [ErrNoMatch],
// [ErrTooOld], [ErrInFuture] and [ErrStrict]. The result is filled in both cases. The body is neither kept nor changed.
func (v *Verifier) Verify(headers []string, body []byte, now time.Time) (Result, error) {
	if err := checkLines(headers); err != nil {
		result := Result{Index: -1, Line: -1, Warnings: warnOfBody(nil, body)}
		return result, &VerifyError{Causes: []error{err}}
	}
	var best finding
	v.judge(&best, 0, headers[0], body, now)
	for i, header := range headers[1:] {
		var other finding
		if v.judge(&other, i+1, header, body, now); other.rank() > best.rank() {
			best = other
		}
	}
	if len(headers) > 1 {
		best.Warnings = append(best.Warnings, Warning{Code: WarnHeaderLines, Detail: fmt.Sprintf("%d lines", len(headers))})
	}
	best.Warnings = warnOfBody(best.Warnings, body)
	if causes := v.causes(&best, now); len(causes) > 0 {
		return best.Result, &VerifyError{Causes: causes}
	}
	return best.Result, nil
}

func checkLines(headers []string) error {
	if len(headers) == 0 {
		return ErrMissingHeader
	}
	if len(headers) > MaxLines {
		return ofAllLines(limitError(MaxLines, len(headers), "lines"))
	}
	total := 0
	for _, header := range headers {
		total += len(header)
	}
	if total > MaxHeaderBytes {
		return ofAllLines(limitError(MaxHeaderBytes, total, "bytes"))
	}
	return nil
}

func ofAllLines(fault *HeaderError) *HeaderError {
	fault.Line = -1
	return fault
}

// finding is what one line of the header gave.
type finding struct {
	Result
	fault *HeaderError
	tried int
}

// rank orders the lines of one request by how near they came to being accepted.
func (f *finding) rank() int {
	rank := 0
	if f.SignatureValid {
		rank += 4
	}
	if f.fault == nil {
		rank += 2
	}
	if f.TimeValid {
		rank++
	}
	return rank
}

// judge fills f, which is too large to be handed around for every delivery.
func (v *Verifier) judge(f *finding, index int, header string, body []byte, now time.Time) {
	var l line
	f.fault = l.read(header)
	f.tried = l.count
	f.Line, f.Index = index, -1
	f.Time, f.Ignored, f.Warnings = l.time, l.ignored, l.warnings
	if f.fault != nil {
		f.fault.Line = index
	} else {
		f.By, f.Index = v.match(&l, body)
		f.SignatureValid = f.By != None
	}
	if !l.time.IsZero() {
		f.Age = age(l.time, now)
		f.TimeValid = -v.options.Tolerance <= f.Age && f.Age <= v.options.Tolerance
	}
}

// match tries every signature under every secret and never stops early, so that the time taken tells nothing.
func (v *Verifier) match(l *line, body []byte) (Holder, int) {
	by, index := None, -1
	for i, secret := range [...]Secret{v.options.Secret, v.options.Previous} {
		if secret.IsZero() {
			continue
		}
		mac := secret.MAC(l.timestamp, body)
		for j := range l.signatures[:l.count] {
			if hmac.Equal(mac[:], l.signatures[j][:]) && by == None {
				by, index = Current+Holder(i), j
			}
		}
	}
	return by, index
}

func (v *Verifier) causes(f *finding, now time.Time) []error {
	var causes []error
	if f.fault != nil {
		causes = append(causes, f.fault)
	} else if !f.SignatureValid {
		causes = append(causes, &MatchError{Line: f.Line, Signatures: f.tried, Secrets: v.secrets()})
	}
	if !f.Time.IsZero() && !f.TimeValid && !v.options.IgnoreTime {
		causes = append(causes, &TimeError{Time: f.Time, Now: floor(now), Age: f.Age, Tolerance: v.options.Tolerance})
	}
	if v.options.Strict && len(f.Warnings) > 0 {
		causes = append(causes, &StrictError{Warnings: f.Warnings})
	}
	return causes
}
