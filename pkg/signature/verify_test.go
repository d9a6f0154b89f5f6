package signature_test

import (
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestVerifyReportsBothFindings(t *testing.T) {
	forged := func(d delivery) delivery { return delivery{d.header, d.body + " "} }
	stale := signature.TimeError{
		Time: time.Unix(rowNow-600, 0).UTC(), Now: time.Unix(rowNow, 0).UTC(),
		Age: 10 * time.Minute, Tolerance: 5 * time.Minute,
	}
	noMatch := signature.MatchError{Signatures: 1, Secrets: 1}
	for _, test := range []struct {
		name      string
		delivery  delivery
		signature bool
		time      bool
		age       time.Duration
		causes    []error
	}{
		{"right and fresh", at(t, -1), true, true, time.Second, nil},
		{"right and stale", at(t, -600), true, false, 10 * time.Minute, []error{&stale}},
		{"forged and fresh", forged(at(t, 0)), false, true, 0, []error{&noMatch}},
		{"forged and stale", forged(at(t, -600)), false, false, 10 * time.Minute, []error{&noMatch, &stale}},
		{
			"no v1 and stale", delivery{"t=1699999400", rowBody}, false, false, 10 * time.Minute,
			[]error{&signature.HeaderError{Problem: signature.ProblemNoSignature, Part: -1}, &stale},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			verifier := newVerifier(t, signature.Options{Secret: secret(t, vectorSecret)})
			result, err := verifier.Verify([]string{test.delivery.header}, []byte(test.delivery.body), time.Unix(rowNow, 999))
			if result.SignatureValid != test.signature || result.TimeValid != test.time || result.Age != test.age {
				t.Errorf("signature %t, time %t, age %v", result.SignatureValid, result.TimeValid, result.Age)
			}
			if diff := cmp.Diff(test.causes, causes(err)); diff != "" {
				t.Errorf("causes (-want +got):\n%s", diff)
			}
		})
	}
}

func causes(err error) []error {
	var refused *signature.VerifyError
	if !errors.As(err, &refused) {
		return nil
	}
	return refused.Causes
}

func TestVerifyDuringRotation(t *testing.T) {
	current, previous, other := secret(t, "whsec_current"), secret(t, "whsec_previous"), secret(t, "whsec_other")
	now := time.Unix(rowNow, 0)
	for _, test := range []struct {
		name    string
		signers []signature.Secret
		by      signature.Holder
		index   int
	}{
		{"the sender has only the new secret", []signature.Secret{current}, signature.Current, 0},
		{"the sender has only the old secret", []signature.Secret{previous}, signature.Previous, 0},
		{"the sender signs with new and old", []signature.Secret{current, previous}, signature.Current, 0},
		{"the sender signs with old and new", []signature.Secret{previous, current}, signature.Current, 1},
		{"the sender signs with another and the old", []signature.Secret{other, previous}, signature.Previous, 1},
		{"the sender has neither", []signature.Secret{other}, signature.None, -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := sign(t, []byte(rowBody), now, test.signers[0], test.signers[1:]...)
			verifier := newVerifier(t, signature.Options{Secret: current, Previous: previous})
			result, err := verifier.Verify([]string{header}, []byte(rowBody), now)
			if result.By != test.by || result.Index != test.index {
				t.Errorf("held by %v at %d, want %v at %d", result.By, result.Index, test.by, test.index)
			}
			if result.SignatureValid != (test.by != signature.None) || (err == nil) != result.SignatureValid {
				t.Errorf("signature %t, error %v", result.SignatureValid, err)
			}
		})
	}
}

func TestVerifyCountsTheSecretsItTried(t *testing.T) {
	options := signature.Options{Secret: secret(t, "whsec_current"), Previous: secret(t, "whsec_previous")}
	_, err := newVerifier(t, options).Verify([]string{at(t, 0).header}, []byte(rowBody), time.Unix(rowNow, 0))
	var noMatch *signature.MatchError
	if !errors.As(err, &noMatch) || noMatch.Secrets != 2 || noMatch.Signatures != 1 {
		t.Errorf("error %#v, want 1 v1 tried under 2 secrets", noMatch)
	}
}

func TestVerifyTimeOnTheFloorOfNow(t *testing.T) {
	for _, test := range []struct {
		name      string
		now       time.Time
		tolerance time.Duration
		valid     bool
	}{
		{"300 s old", time.Unix(rowNow+300, 0), 0, true},
		{"300 s and nearly another second old", time.Unix(rowNow+300, 999_999_999), 0, true},
		{"301 s old", time.Unix(rowNow+301, 0), 0, false},
		{"300 s ahead", time.Unix(rowNow-300, 0), 0, true},
		{"300 s and a moment less ahead", time.Unix(rowNow-300, 1), 0, true},
		{"300 s and a moment more ahead", time.Unix(rowNow-301, 999_999_999), 0, false},
		{"one second old with a tolerance below a second", time.Unix(rowNow+1, 0), 500 * time.Millisecond, false},
		{"the same second with a tolerance below a second", time.Unix(rowNow, 999_999_999), 500 * time.Millisecond, true},
		{"a day old with a tolerance of a day", time.Unix(rowNow+86400, 0), 24 * time.Hour, true},
		{"further than a Duration reaches, in the past", time.Unix(rowNow+1e11, 0), math.MaxInt64 - 1, false},
		{"further than a Duration reaches, in the future", time.Unix(rowNow-1e11, 0), math.MaxInt64 - 1, false},
		{"at the end of all time", time.Unix(math.MaxInt64, 0), 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			verifier := newVerifier(t, signature.Options{Secret: secret(t, vectorSecret), Tolerance: test.tolerance})
			result, err := verifier.Verify([]string{at(t, 0).header}, []byte(rowBody), test.now)
			if result.TimeValid != test.valid || (err == nil) != test.valid {
				t.Errorf("time valid %t, error %v, age %v; want %t", result.TimeValid, err, result.Age, test.valid)
			}
		})
	}
}

func TestVerifyIgnoringTimeStillJudgesIt(t *testing.T) {
	verifier := newVerifier(t, signature.Options{Secret: secret(t, vectorSecret), IgnoreTime: true})
	result, err := verifier.Verify([]string{at(t, -3600).header}, []byte(rowBody), time.Unix(rowNow, 0))
	if err != nil || result.TimeValid || result.Age != time.Hour {
		t.Errorf("error %v, time valid %t, age %v; want accepted, not valid, 1h", err, result.TimeValid, result.Age)
	}
}

func TestVerifySeveralLines(t *testing.T) {
	good, forged, stale := at(t, 0).header, "t="+vectorT+",v1="+strings.Repeat("0", 64), at(t, -900).header
	for _, test := range []struct {
		name    string
		headers []string
		line    int
		want    error
	}{
		{"no line", nil, -1, signature.ErrMissingHeader},
		{"a good line behind a forged one", []string{forged, good}, 1, nil},
		{"a good line before a forged one", []string{good, forged}, 0, nil},
		{"a good line behind junk and a stale one", []string{"junk", stale, good}, 2, nil},
		{"a stale line says more than a forged one", []string{forged, stale}, 1, signature.ErrTooOld},
		{"a forged line says more than junk", []string{"junk", forged}, 1, signature.ErrNoMatch},
		{"a signature and a time of different lines do not add up", []string{stale, forged}, 0, signature.ErrTooOld},
		{"nothing but junk", []string{"junk", "more"}, 0, signature.ErrMalformedHeader},
		{"more lines than allowed", make([]string, 17), -1, signature.ErrMalformedHeader},
		{"lines longer than allowed together", []string{good, strings.Repeat("x", 8<<10)}, -1, signature.ErrMalformedHeader},
	} {
		t.Run(test.name, func(t *testing.T) {
			verifier := newVerifier(t, signature.Options{Secret: secret(t, vectorSecret)})
			result, err := verifier.Verify(test.headers, []byte(rowBody), time.Unix(rowNow, 0))
			if !errors.Is(err, test.want) || result.Line != test.line {
				t.Errorf("line %d, error %v; want line %d, %v", result.Line, err, test.line, test.want)
			}
			if test.line >= 0 && !strings.Contains(codes(result.Warnings), string(signature.WarnHeaderLines)) {
				t.Errorf("no warning of several lines in %q", codes(result.Warnings))
			}
		})
	}
}

func TestAFaultNamesTheLineItIsIn(t *testing.T) {
	verifier := newVerifier(t, signature.Options{Secret: secret(t, vectorSecret)})
	_, err := verifier.Verify([]string{"junk", "t=" + vectorT}, []byte(rowBody), time.Unix(rowNow, 0))
	var fault *signature.HeaderError
	if !errors.As(err, &fault) || fault.Line != 1 {
		t.Errorf("got %+v, want a fault of line 1", err)
	}
}

func TestStrictRefusesSeveralLinesAndKeepsTheFindings(t *testing.T) {
	verifier := newVerifier(t, signature.Options{Secret: secret(t, vectorSecret), Strict: true})
	header := at(t, 0).header
	result, err := verifier.Verify([]string{header, header}, []byte(rowBody), time.Unix(rowNow, 0))
	var strict *signature.StrictError
	if !errors.As(err, &strict) || codes(strict.Warnings) != "header-lines" {
		t.Errorf("error %v, want the warning of several lines as an error", err)
	}
	if !result.SignatureValid || !result.TimeValid {
		t.Errorf("findings lost: %+v", result)
	}
}

func TestVerifyListsWhatItIgnores(t *testing.T) {
	verifier := newVerifier(t, signature.Options{Secret: secret(t, vectorSecret)})
	result, err := verifier.Verify([]string{"v0=a," + at(t, 0).header + ",v2=b==,k=c"}, []byte(rowBody), time.Unix(rowNow, 0))
	if diff := cmp.Diff([]string{"v0", "v2", "k"}, result.Ignored); err != nil || diff != "" {
		t.Errorf("error %v, ignored (-want +got):\n%s", err, diff)
	}
}

func TestNewVerifierRefuses(t *testing.T) {
	key := secret(t, vectorSecret)
	for _, test := range []struct {
		name    string
		options signature.Options
		want    error
	}{
		{"no secret", signature.Options{}, signature.ErrEmptySecret},
		{"a previous secret alone", signature.Options{Previous: key}, signature.ErrEmptySecret},
		{"a tolerance below zero", signature.Options{Secret: key, Tolerance: -time.Nanosecond}, signature.ErrTolerance},
		{"a doubtful previous secret when strict", signature.Options{Secret: key, Previous: secret(t, "old"), Strict: true}, signature.ErrStrict},
	} {
		t.Run(test.name, func(t *testing.T) {
			if verifier, err := signature.NewVerifier(test.options); !errors.Is(err, test.want) || verifier != nil {
				t.Errorf("NewVerifier = %v, %v, want %v", verifier, err, test.want)
			}
		})
	}
}

func TestZeroVerifierRefusesEvenTheEmptyKey(t *testing.T) {
	forgery := signature.Secret{}.MAC(vectorT, []byte(rowBody))
	header := "t=" + vectorT + ",v1=" + hexOf(forgery)
	var verifier signature.Verifier
	result, err := verifier.Verify([]string{header}, []byte(rowBody), time.Unix(rowNow, 0))
	if !errors.Is(err, signature.ErrNoMatch) || result.SignatureValid {
		t.Errorf("Verify = %+v, %v, want no match", result, err)
	}
}

func TestVerifyFromManyGoroutines(t *testing.T) {
	key, now := secret(t, vectorSecret), time.Unix(rowNow, 0)
	verifier := newVerifier(t, signature.Options{Secret: key})
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			body := []byte(strings.Repeat("x", worker))
			for range 200 {
				header, err := signature.Sign(body, now, key)
				if err == nil {
					_, err = verifier.Verify([]string{header}, body, now)
				}
				if err != nil {
					t.Errorf("worker %d: %v", worker, err)
					return
				}
			}
		})
	}
	group.Wait()
}

func TestStrictErrorNamesEveryWarning(t *testing.T) {
	verifier := newVerifier(t, signature.Options{Secret: secret(t, vectorSecret), Strict: true})
	_, err := verifier.Verify([]string{carrying(t, "").header + ","}, nil, time.Unix(rowNow, 0))
	const want = `refused by strict verification: ` +
		`the signature header has a part that is not name=value; it was skipped: ""; the body is empty`
	if err == nil || err.Error() != want {
		t.Errorf("error\n %v, want\n %s", err, want)
	}
}

func TestVerifyErrorsReadAsOneSentence(t *testing.T) {
	for _, test := range []struct {
		name   string
		header []string
		body   string
		want   string
	}{
		{"missing", nil, rowBody, `X-Webhook-Signature header is missing`},
		{"empty", []string{""}, rowBody, `X-Webhook-Signature header is malformed: it is empty`},
		{"no v1", []string{"t=1700000000"}, rowBody, `X-Webhook-Signature header is malformed: it has no v1`},
		{
			"a v1 that is no signature", []string{"t=1700000000,v1=\x1b[2J"}, rowBody,
			`X-Webhook-Signature header is malformed: v1 is not a signature: got "\x1b[2J", expected 64 hex digits`,
		},
		{
			"two different t", []string{"t=1,t=2,v1=x"}, rowBody,
			`X-Webhook-Signature header is malformed: it has two different t: got "2", expected 1`,
		},
		{
			"a t that is no time", []string{"t=+1,v1=x"}, rowBody,
			`X-Webhook-Signature header is malformed: t is not a time: got "+1", expected unix seconds, 1 to 12 digits without sign or leading zero`,
		},
		{"no t", []string{"v1=x"}, rowBody, `X-Webhook-Signature header is malformed: it has no t`},
		{
			"milliseconds", []string{timestamped(t, vectorT+"000").header}, rowBody,
			`X-Webhook-Signature header is malformed: t is in milliseconds: got "1700000000000", expected unix seconds, 1 to 12 digits without sign or leading zero`,
		},
		{
			"forged and stale", []string{at(t, -600).header}, "{}",
			`no signature matches: 1 v1 tried under the secret; timestamp is too old: t=1699999400 is 10m0s old, 5m0s is tolerated`,
		},
		{
			"in the future", []string{at(t, 600).header}, rowBody,
			`timestamp is in the future: t=1700000600 is 10m0s ahead, 5m0s is tolerated`,
		},
		{
			"over a limit", []string{strings.Repeat(",", 64)}, rowBody,
			`X-Webhook-Signature header is malformed: it is over a limit: got "65 parts", expected at most 64 parts`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := newVerifier(t, signature.Options{Secret: secret(t, vectorSecret)}).
				Verify(test.header, []byte(test.body), time.Unix(rowNow, 0))
			if err == nil || err.Error() != test.want {
				t.Errorf("error\n %v, want\n %s", err, test.want)
			}
		})
	}
}
