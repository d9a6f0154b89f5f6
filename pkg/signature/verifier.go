package signature

import (
	"fmt"
	"time"
)

// DefaultTolerance is how far from now a delivery may be signed, in the past and in the future (Pocketbook webhook guide,
// section "Verification Implementation").
const DefaultTolerance = 5 * time.Minute

// Options say what a [Verifier] accepts.
type Options struct {
	Secret     Secret        // must be set
	Previous   Secret        // the secret before it, while a rotation lasts; the zero Secret for none
	Tolerance  time.Duration // either way from now; 0 is DefaultTolerance
	IgnoreTime bool          // accept any time; it is judged and reported all the same
	Strict     bool          // refuse whatever would be warned of, in secrets, headers and bodies
}

// Verifier judges deliveries. It never changes and is safe for concurrent use. Its zero value refuses everything.
type Verifier struct {
	options Options
}

// NewVerifier returns [ErrEmptySecret] when Secret is zero, [ErrTolerance] when Tolerance is negative, and a
// [*StrictError] when Strict is set and a secret has warnings.
func NewVerifier(options Options) (*Verifier, error) {
	if options.Secret.IsZero() {
		return nil, ErrEmptySecret
	}
	if options.Tolerance < 0 {
		return nil, fmt.Errorf("%w: %v", ErrTolerance, options.Tolerance)
	}
	if options.Tolerance == 0 {
		options.Tolerance = DefaultTolerance
	}
	if warnings := append(options.Secret.Warnings(), options.Previous.Warnings()...); options.Strict && len(warnings) > 0 {
		return nil, &StrictError{Warnings: warnings}
	}
	return &Verifier{options: options}, nil
}

func (v *Verifier) secrets() int {
	n := 0
	for _, secret := range [...]Secret{v.options.Secret, v.options.Previous} {
		if !secret.IsZero() {
			n++
		}
	}
	return n
}
