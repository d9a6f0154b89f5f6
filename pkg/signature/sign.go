package signature

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
)

// HeaderName is the header that carries the signature (Pocketbook webhook guide, section "Signature Format").
const HeaderName = "X-Webhook-Signature"

// Sign returns the value of the header for body, sent at the time at (cut to the second): "t=…,v1=…", in lowercase hex
// and without spaces. During a rotation give the new secret first and the old one after it; each adds a v1, in order.
//
// It returns [ErrEmptySecret] for a zero Secret, [ErrTimeRange] for a time outside 1970-01-01T00:00:01Z to the year
// 33658, and [ErrTooManySecrets] for more than [MaxSignatures] secrets. It is safe for concurrent use.
func Sign(body []byte, at time.Time, secret Secret, more ...Secret) (string, error) {
	seconds := at.Unix()
	if seconds < 1 || seconds > lastSecond {
		return "", fmt.Errorf("%w: %d is not within 1 to %d unix seconds", ErrTimeRange, seconds, int64(lastSecond))
	}
	if 1+len(more) > MaxSignatures {
		return "", fmt.Errorf("%w: %d to sign with, at most %d fit one header", ErrTooManySecrets, 1+len(more), MaxSignatures)
	}
	timestamp := strconv.FormatInt(seconds, 10)
	header := make([]byte, 0, len("t=")+maxDigits+(1+len(more))*(len(",v1=")+2*Size))
	header = append(append(header, "t="...), timestamp...)
	header, err := appendSignature(header, timestamp, body, secret)
	for i := 0; err == nil && i < len(more); i++ {
		header, err = appendSignature(header, timestamp, body, more[i])
	}
	return string(header), err
}

func appendSignature(header []byte, timestamp string, body []byte, secret Secret) ([]byte, error) {
	if secret.IsZero() {
		return nil, ErrEmptySecret
	}
	mac := secret.MAC(timestamp, body)
	return hex.AppendEncode(append(header, ",v1="...), mac[:]), nil
}
