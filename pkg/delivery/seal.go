package delivery

import (
	"fmt"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// sealed is a body as it goes out, with the signature header that goes with it; empty when there is none.
type sealed struct {
	body      []byte
	signature string
}

// sealer turns bodies into sealed ones. The zero sealer leaves them unsigned.
type sealer struct {
	secret signature.Secret
	more   []signature.Secret
	age    time.Duration
	tamper Tamper
}

func newSealer(o Options, signed bool) (sealer, error) {
	s := sealer{age: o.Age, tamper: o.Tamper}
	switch o.Tamper {
	case TamperNone, TamperBody:
	case TamperSignature, TamperSecret:
		if !signed {
			return sealer{}, &OptionError{Option: "tamper", Value: string(o.Tamper), Reason: "has no signature to spoil"}
		}
	default:
		return sealer{}, &OptionError{Option: "tamper", Value: string(o.Tamper), Reason: "is not body, signature or secret"}
	}
	if !signed {
		return s, nil
	}
	if o.Secret.IsZero() {
		return sealer{}, fmt.Errorf("nothing to sign with: %w", signature.ErrEmptySecret)
	}
	s.secret = o.Secret
	if !o.Previous.IsZero() {
		s.more = []signature.Secret{o.Previous}
	}
	if o.Tamper == TamperSecret {
		wrong, err := wrongSecret(o.Secret, o.Previous)
		if err != nil {
			return sealer{}, err
		}
		s.secret, s.more = wrong, nil
	}
	return s, nil
}

// seal signs the body and then spoils what Tamper names.
func (s sealer) seal(body []byte, at time.Time) (sealed, error) {
	out := sealed{body: body}
	if !s.secret.IsZero() {
		header, err := signature.Sign(body, at.Add(-s.age), s.secret, s.more...)
		if err != nil {
			return sealed{}, err
		}
		out.signature = header
	}
	switch s.tamper {
	case TamperBody:
		out.body = spoilBody(body)
	case TamperSignature:
		out.signature = spoilSignatures(out.signature)
	case TamperNone, TamperSecret:
	}
	return out, nil
}
