package signature_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

var wellFormedT = regexp.MustCompile(`^[1-9][0-9]{0,11}$`)

// FuzzParseHeader holds what is true of every header: a fault is typed, what was read is well formed and bounded, a
// header without warnings and other schemes is exactly its parts, and Verify agrees with Parse.
func FuzzParseHeader(f *testing.F) {
	good := "t=" + vectorT + ",v1=" + vectors[0].mac
	for _, seed := range []string{
		"", good, good + ",v1=" + vectors[1].mac, "v1=" + vectors[0].mac + ",t=" + vectorT, good + ",", good + ",v2=a==",
		strings.ToUpper(good), "t=1, v1 = " + vectors[0].mac, "t=1,t=2", "t=1,t=1", "t=-1", "t=1700000000000", "v0=x",
		strings.Repeat("v1="+vectors[0].mac+",", 17) + "t=1", strings.Repeat(",", 64), "t=1,v1=\xe9", "=,=",
	} {
		f.Add(seed)
	}
	verifier := newVerifier(f, signature.Options{Secret: secret(f, vectorSecret)})
	f.Fuzz(func(t *testing.T, header string) {
		parsed, err := signature.Parse(header)
		var fault *signature.HeaderError
		if err != nil && (!errors.As(err, &fault) || len(fault.Got) > 100) {
			t.Errorf("error %#v, want a HeaderError with short evidence", err)
		}
		if parsed.Timestamp != "" && (!wellFormedT.MatchString(parsed.Timestamp) || parsed.Time.IsZero()) {
			t.Errorf("t read as %q, %v", parsed.Timestamp, parsed.Time)
		}
		if err == nil && (parsed.Timestamp == "" || len(parsed.Signatures) == 0) {
			t.Error("accepted without t or v1")
		}
		if len(parsed.Signatures) > signature.MaxSignatures || len(parsed.Parts) > signature.MaxParts {
			t.Errorf("%d v1 and %d parts are over the limits", len(parsed.Signatures), len(parsed.Parts))
		}
		if err == nil && len(parsed.Warnings) == 0 && render(parsed.Parts) != header {
			t.Errorf("parts %q are not the header", parsed.Parts)
		}
		_, verifyErr := verifier.Verify([]string{header}, nil, time.Unix(rowNow, 0))
		if errors.Is(verifyErr, signature.ErrMalformedHeader) != (err != nil) {
			t.Errorf("Parse says %v, Verify says %v", err, verifyErr)
		}
	})
}

func render(parts []signature.Part) string {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = part.Name + "=" + part.Value
	}
	return strings.Join(texts, ",")
}

// FuzzVerify holds that what was signed verifies, and that with any one bit of header or body flipped it does not. The
// one exception is the bit that makes a hex digit uppercase: that is the same signature, and is warned of.
func FuzzVerify(f *testing.F) {
	for i, vector := range vectors {
		f.Add(vectorSecret, []byte(vector.body), int64(rowNow), uint(i))
	}
	f.Add("whsec_\n", []byte("\ufeff\xff\r\n"), int64(1), uint(600))
	f.Add("x", []byte("5}"), int64(999_999_999_999), uint(40))
	f.Fuzz(func(t *testing.T, value string, body []byte, seconds int64, bit uint) {
		key, err := signature.NewSecret(value)
		if err != nil {
			return
		}
		now := time.Unix(seconds, 0)
		header, err := signature.Sign(body, now, key)
		if inRange := seconds >= 1 && seconds <= 999_999_999_999; (err == nil) != inRange {
			t.Fatalf("Sign at %d: %v", seconds, err)
		}
		if err != nil {
			return
		}
		verifier := newVerifier(t, signature.Options{Secret: key, IgnoreTime: true})
		result, err := verifier.Verify([]string{header}, body, now)
		if err != nil || !result.SignatureValid || !result.TimeValid {
			t.Fatalf("what was signed does not verify: %+v, %v", result, err)
		}

		flippedHeader, flippedBody := flip(header, body, bit)
		result, _ = verifier.Verify([]string{flippedHeader}, flippedBody, now)
		uppercased := flippedHeader != header && strings.EqualFold(flippedHeader, header)
		if result.SignatureValid && !uppercased {
			t.Errorf("bit %d flipped, and %q still verifies", bit, flippedHeader)
		}
	})
}

// flip changes one bit of header and body, counted through both.
func flip(header string, body []byte, bit uint) (flippedHeader string, flippedBody []byte) {
	all := append([]byte(header), body...)
	bit %= uint(len(all)) * 8
	all[bit/8] ^= 1 << (bit % 8)
	return string(all[:len(header)]), all[len(header):]
}
