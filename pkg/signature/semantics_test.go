package signature_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// delivery is one signed request of the table below; now is 1700000000 throughout.
type delivery struct {
	header string
	body   string
}

const (
	rowNow  = 1700000000
	rowBody = `{"id":"evt_1","type":"a.b"}`
)

// mac signs as Pocketbook would, whatever t looks like.
func mac(t testing.TB, timestamp, body string) string {
	return hexOf(secret(t, vectorSecret).MAC(timestamp, []byte(body)))
}

func hexOf(sum [signature.Size]byte) string { return hex.EncodeToString(sum[:]) }

// at is an ordinary delivery, signed offset seconds from now.
func at(t testing.TB, offset int) delivery {
	return timestamped(t, strconv.Itoa(rowNow+offset))
}

func timestamped(t testing.TB, timestamp string) delivery {
	return delivery{"t=" + timestamp + ",v1=" + mac(t, timestamp, rowBody), rowBody}
}

func carrying(t testing.TB, body string) delivery {
	return delivery{"t=" + vectorT + ",v1=" + mac(t, vectorT, body), body}
}

// TestSemantics is the table of what is accepted, accepted with a warning (which strict verification refuses) and
// refused. The signature is right in every row that does not say otherwise.
func TestSemantics(t *testing.T) {
	good, bad := mac(t, vectorT, rowBody), strings.Repeat("0", 64)
	headed := func(header string) delivery { return delivery{header, rowBody} }

	for _, row := range []struct {
		name     string
		delivery delivery
		warning  signature.WarningCode // accepted with it; empty together with refusal: accepted
		refusal  error
	}{
		{name: "an ordinary delivery", delivery: at(t, 0)},
		{name: "an empty header", delivery: headed(""), refusal: signature.ErrMalformedHeader},
		{name: "no t", delivery: headed("v1=" + good), refusal: signature.ErrMalformedHeader},
		{name: "no v1", delivery: headed("t=" + vectorT), refusal: signature.ErrMalformedHeader},
		{name: "v0 only", delivery: headed("t=" + vectorT + ",v0=" + good), refusal: signature.ErrMalformedHeader},
		{name: "v1 before t", delivery: headed("v1=" + good + ",t=" + vectorT)},
		{name: "two v1, the good one first", delivery: headed("t=" + vectorT + ",v1=" + good + ",v1=" + bad)},
		{name: "two v1, the good one last", delivery: headed("t=" + vectorT + ",v1=" + bad + ",v1=" + good)},
		{name: "uppercase hex", delivery: headed("t=" + vectorT + ",v1=" + strings.ToUpper(good)), warning: signature.WarnHeaderUppercase},
		{name: "a space after the comma", delivery: headed("t=" + vectorT + ", v1=" + good), warning: signature.WarnHeaderSpace},
		{name: "a tab before the comma", delivery: headed("t=" + vectorT + "\t,v1=" + good), warning: signature.WarnHeaderSpace},
		{name: "spaces around the whole header", delivery: headed(" t=" + vectorT + ",v1=" + good + " "), warning: signature.WarnHeaderSpace},
		{name: "a space before the equals sign", delivery: headed("t =" + vectorT + ",v1=" + good), warning: signature.WarnHeaderSpace},
		{name: "a space behind the equals sign", delivery: headed("t=" + vectorT + ",v1= " + good), warning: signature.WarnHeaderSpace},
		{name: "a line break is no white space", delivery: headed("t=" + vectorT + ",\nv1=" + good), refusal: signature.ErrMalformedHeader},
		{name: "a trailing comma", delivery: headed("t=" + vectorT + ",v1=" + good + ","), warning: signature.WarnHeaderToken},
		{name: "a bare token", delivery: headed("t=" + vectorT + ",v1=" + good + ",v2"), warning: signature.WarnHeaderToken},
		{name: "a value without a name", delivery: headed("t=" + vectorT + ",v1=" + good + ",=x"), warning: signature.WarnHeaderToken},
		{name: "an unknown scheme", delivery: headed("t=" + vectorT + ",v1=" + good + ",v2=x")},
		{name: "an unknown scheme with equals signs in its value", delivery: headed("t=" + vectorT + ",v1=" + good + ",k=a==")},
		{name: "an equals sign behind the hex", delivery: headed("t=" + vectorT + ",v1=" + good + "="), refusal: signature.ErrMalformedHeader},
		{name: "names in upper case are other names", delivery: headed("T=" + vectorT + ",V1=" + good), refusal: signature.ErrMalformedHeader},
		{name: "two different t, the good one last", delivery: headed("t=1699999999,t=" + vectorT + ",v1=" + good), refusal: signature.ErrMalformedHeader},
		{name: "two different t, the good one first", delivery: headed("t=" + vectorT + ",t=1699999999,v1=" + good), refusal: signature.ErrMalformedHeader},
		{name: "the same t twice", delivery: headed("t=" + vectorT + ",t=" + vectorT + ",v1=" + good), warning: signature.WarnHeaderTimeTwice},
		{name: "a negative t", delivery: timestamped(t, "-"+vectorT), refusal: signature.ErrMalformedHeader},
		{name: "t=abc", delivery: timestamped(t, "abc"), refusal: signature.ErrMalformedHeader},
		{name: "an empty t", delivery: timestamped(t, ""), refusal: signature.ErrMalformedHeader},
		{name: "t=0", delivery: timestamped(t, "0"), refusal: signature.ErrMalformedHeader},
		{name: "t with a fraction", delivery: timestamped(t, vectorT+".5"), refusal: signature.ErrMalformedHeader},
		{name: "t with junk behind it", delivery: timestamped(t, vectorT+"x"), refusal: signature.ErrMalformedHeader},
		{name: "t with a leading zero", delivery: timestamped(t, "0"+vectorT), refusal: signature.ErrMalformedHeader},
		{name: "t with a plus sign", delivery: timestamped(t, "+"+vectorT), refusal: signature.ErrMalformedHeader},
		{name: "t in milliseconds", delivery: timestamped(t, vectorT+"000"), refusal: signature.ErrMalformedHeader},
		{name: "t of twelve digits is read, and far in the future", delivery: timestamped(t, "999999999999"), refusal: signature.ErrInFuture},
		{name: "t that holds the beginning of the body", delivery: delivery{"t=" + vectorT + `.{"a":1,v1=` + mac(t, vectorT, `{"a":1.5}`), "5}"}, refusal: signature.ErrMalformedHeader},
		{name: "600 s in the future", delivery: at(t, 600), refusal: signature.ErrInFuture},
		{name: "301 s in the future", delivery: at(t, 301), refusal: signature.ErrInFuture},
		{name: "300 s in the future", delivery: at(t, 300)},
		{name: "300 s old", delivery: at(t, -300)},
		{name: "301 s old", delivery: at(t, -301), refusal: signature.ErrTooOld},
		{name: "an empty v1", delivery: headed("t=" + vectorT + ",v1="), refusal: signature.ErrMalformedHeader},
		{name: "a v1 of 62 digits", delivery: headed("t=" + vectorT + ",v1=" + good[:62]), refusal: signature.ErrMalformedHeader},
		{name: "a v1 of 66 digits", delivery: headed("t=" + vectorT + ",v1=" + good + "00"), refusal: signature.ErrMalformedHeader},
		{name: "a v1 that is not hex", delivery: headed("t=" + vectorT + ",v1=" + good[:63] + "g"), refusal: signature.ErrMalformedHeader},
		{name: "a v1 in Latin-1", delivery: headed("t=" + vectorT + ",v1=" + good[:63] + "\xe9"), refusal: signature.ErrMalformedHeader},
		{name: "a v1 that is not hex beside a good one", delivery: headed("t=" + vectorT + ",v1=zz,v1=" + good), warning: signature.WarnHeaderSignature},
		{name: "another v1", delivery: headed("t=" + vectorT + ",v1=" + bad), refusal: signature.ErrNoMatch},
		{name: "64 KiB of junk", delivery: headed("t=" + vectorT + ",v1=" + good + ",x=" + strings.Repeat("x", 64<<10)), refusal: signature.ErrMalformedHeader},
		{name: "1,000 v1", delivery: headed("t=" + vectorT + ",v1=" + good + strings.Repeat(",v1="+bad, 999)), refusal: signature.ErrMalformedHeader},
		{name: "an empty body", delivery: carrying(t, ""), warning: signature.WarnBodyEmpty},
		{name: "CRLF in the body", delivery: carrying(t, "{\r\n}\r\n")},
		{name: "a body that lost its last LF", delivery: delivery{carrying(t, "{}\n").header, "{}"}, refusal: signature.ErrNoMatch},
		{name: "a body that won an LF", delivery: delivery{carrying(t, "{}").header, "{}\n"}, refusal: signature.ErrNoMatch},
		{name: "a byte order mark", delivery: carrying(t, "\ufeff{}"), warning: signature.WarnBodyBOM},
		{name: "a byte order mark that is not sent", delivery: delivery{carrying(t, "\ufeff{}").header, "{}"}, refusal: signature.ErrNoMatch},
		{name: "a body that is not UTF-8", delivery: carrying(t, "{\"n\":\"\xe9\"}"), warning: signature.WarnBodyNotUTF8},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, strict := range []bool{false, true} {
				options := signature.Options{Secret: secret(t, vectorSecret), Strict: strict}
				result, err := newVerifier(t, options).Verify([]string{row.delivery.header}, []byte(row.delivery.body), time.Unix(rowNow, 0))
				want := row.refusal
				if want == nil && strict && row.warning != "" {
					want = signature.ErrStrict
				}
				if !errors.Is(err, want) {
					t.Errorf("strict %t: error %v, want %v", strict, err, want)
				}
				if row.refusal == nil && !result.SignatureValid {
					t.Errorf("strict %t: the signature was not found valid", strict)
				}
				if row.refusal == nil && codes(result.Warnings) != string(row.warning) {
					t.Errorf("strict %t: warnings %q, want %q", strict, codes(result.Warnings), row.warning)
				}
				if errors.Is(row.refusal, signature.ErrMalformedHeader) && result.SignatureValid {
					t.Errorf("strict %t: a signature was found valid under a malformed header", strict)
				}
			}
		})
	}
}

func codes(warnings []signature.Warning) string {
	texts := make([]string, len(warnings))
	for i, warning := range warnings {
		texts[i] = string(warning.Code)
	}
	return strings.Join(texts, " ")
}

// TestSecretSemantics holds the rows of the table that are about the secret: the sender signs under one, the receiver was
// given another.
func TestSecretSemantics(t *testing.T) {
	const encoded = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(encoded, signature.SecretPrefix))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name     string
		sender   string
		receiver string
		warning  signature.WarningCode
		refusal  error
	}{
		{name: "the same secret", sender: vectorSecret, receiver: vectorSecret},
		{name: "a line break behind it", sender: vectorSecret, receiver: vectorSecret + "\n", warning: signature.WarnSecretSpace, refusal: signature.ErrNoMatch},
		{name: "a space before it", sender: vectorSecret, receiver: " " + vectorSecret, warning: signature.WarnSecretSpace, refusal: signature.ErrNoMatch},
		{name: "quotes around it", sender: vectorSecret, receiver: `"` + vectorSecret + `"`, warning: signature.WarnSecretQuotes, refusal: signature.ErrNoMatch},
		{name: "no whsec_ is as given", sender: "test_secret", receiver: "test_secret", warning: signature.WarnSecretPrefix},
		{name: "whsec_ is part of the key", sender: vectorSecret, receiver: strings.TrimPrefix(vectorSecret, "whsec_"), warning: signature.WarnSecretPrefix, refusal: signature.ErrNoMatch},
		{name: "base64 behind whsec_ is used whole", sender: encoded, receiver: encoded},
		{name: "base64 behind whsec_ is not decoded", sender: string(decoded), receiver: encoded, refusal: signature.ErrNoMatch},
	} {
		t.Run(row.name, func(t *testing.T) {
			header := sign(t, []byte(rowBody), time.Unix(rowNow, 0), secret(t, row.sender))
			key := secret(t, row.receiver)
			if got := codes(key.Warnings()); got != string(row.warning) {
				t.Errorf("warnings %q, want %q", got, row.warning)
			}
			_, err := newVerifier(t, signature.Options{Secret: key}).Verify([]string{header}, []byte(rowBody), time.Unix(rowNow, 0))
			if !errors.Is(err, row.refusal) {
				t.Errorf("error %v, want %v", err, row.refusal)
			}
			_, err = signature.NewVerifier(signature.Options{Secret: key, Strict: true})
			if want := row.warning != ""; errors.Is(err, signature.ErrStrict) != want {
				t.Errorf("strict verifier: %v, want refusal %t", err, want)
			}
		})
	}
}
