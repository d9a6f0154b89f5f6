package signature

import (
	"crypto/subtle"
	"fmt"
	"strings"
)

// SecretPrefix is how every secret that Pocketbook hands out begins (Pocketbook webhook guide, section "Store Webhook
// Secret"). It is part of the key: nothing is cut off and nothing is decoded.
const SecretPrefix = "whsec_"

// Secret is the key of one webhook registration. It is opaque, cheap to copy and safe for concurrent use; its copies
// share a pool of HMAC states that already hold the key.
//
// A Secret prints as its prefix and at most four last characters under every verb of fmt, in JSON, in text encodings and
// in log/slog. [Secret.Reveal] is the only way out.
//
// The zero Secret holds no key: [Sign] and [NewVerifier] refuse it.
type Secret struct {
	key *key
}

// NewSecret takes a secret as it was given, byte for byte. A value with nothing in it, or nothing but white space and
// quotes, is refused with [ErrEmptySecret]. Values that are valid but look like a mistake are told by [Secret.Warnings].
func NewSecret(value string) (Secret, error) {
	if value == "" {
		return Secret{}, ErrEmptySecret
	}
	if strings.Trim(value, secretSpace+secretQuotes) == "" {
		return Secret{}, fmt.Errorf("%w: nothing but white space and quotes", ErrEmptySecret)
	}
	return Secret{key: newKey(value)}, nil
}

// Reveal returns the secret as it was given to [NewSecret], and the empty string for the zero Secret.
func (s Secret) Reveal() string {
	if s.key == nil {
		return ""
	}
	return s.key.value()
}

// IsZero reports whether s holds no key.
func (s Secret) IsZero() bool { return s.key == nil }

// Equal reports, in time that depends on the lengths alone, whether two secrets hold the same value.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

const (
	secretSpace  = " \t\r\n\v\f\u00a0\ufeff"
	secretQuotes = "\"'`"
)

// Warnings tells what about the secret is likely a mistake of copying: white space or quotes around it, or a beginning
// other than [SecretPrefix]. Such a secret is used as it stands all the same. The zero Secret has none.
func (s Secret) Warnings() []Warning {
	if s.key == nil {
		return nil
	}
	var warnings []Warning
	value := s.key.value()
	if bare := strings.Trim(value, secretSpace); bare != value {
		warnings = append(warnings, Warning{Code: WarnSecretSpace})
		value = bare
	}
	if bare := strings.Trim(value, secretQuotes); bare != value {
		warnings = append(warnings, Warning{Code: WarnSecretQuotes})
		value = strings.Trim(bare, secretSpace)
	}
	if !strings.HasPrefix(value, SecretPrefix) {
		warnings = append(warnings, Warning{Code: WarnSecretPrefix})
	}
	return warnings
}
