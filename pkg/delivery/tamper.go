package delivery

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// Tamper is one way to spoil a delivery, to see whether an endpoint refuses it. The same message is always spoiled in the
// same place.
type Tamper string

const (
	// TamperNone delivers as it should be.
	TamperNone Tamper = ""
	// TamperBody changes one byte of the body after it was signed; the body remains JSON where it can. An empty body
	// gets one byte.
	TamperBody Tamper = "body"
	// TamperSignature changes the last hex digit of every v1.
	TamperSignature Tamper = "signature"
	// TamperSecret signs with a secret that is neither the current nor the previous one.
	TamperSecret Tamper = "secret"
)

// maxTries bounds the search for a byte that can change; every try reads the whole body.
const maxTries = 256

func spoilBody(body []byte) []byte {
	if len(body) == 0 {
		return []byte{' '}
	}
	spoiled := slices.Clone(body)
	if json.Valid(body) {
		// Near the end stands the data of the event, and not its id or type.
		for i, tries := len(body)-1, 0; i >= 0 && tries < maxTries; i-- {
			if !isAlphanumeric(body[i]) {
				continue
			}
			spoiled[i] = successor(body[i])
			if json.Valid(spoiled) {
				return spoiled
			}
			spoiled[i] = body[i]
			tries++
		}
	}
	spoiled[len(spoiled)-1] ^= 1
	return spoiled
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// successor is another alphanumeric byte of the same kind.
func successor(c byte) byte {
	switch c {
	case '9':
		return '8'
	case 'z', 'Z':
		return c - 1
	default:
		return c + 1
	}
}

func spoilSignatures(header string) string {
	parts := strings.Split(header, ",")
	for i, part := range parts {
		if !strings.HasPrefix(part, "v1=") {
			continue
		}
		last := len(part) - 1
		digit := byte('0')
		if part[last] == '0' {
			digit = '1'
		}
		parts[i] = part[:last] + string(digit)
	}
	return strings.Join(parts, ",")
}

func wrongSecret(right ...signature.Secret) (signature.Secret, error) {
	value := signature.SecretPrefix + "not_the_one_of_this_webhook"
	for slices.ContainsFunc(right, func(secret signature.Secret) bool { return secret.Reveal() == value }) {
		value += "_"
	}
	return signature.NewSecret(value)
}
