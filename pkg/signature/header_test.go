package signature_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestParseReadsEveryPart(t *testing.T) {
	zeros := strings.Repeat("0", 64)
	got, err := signature.Parse("v0=a, t = 1700000000 ,v1=" + zeros + ",token,k=b==,v1=short")
	want := signature.Parsed{
		Timestamp:  vectorT,
		Time:       time.Unix(rowNow, 0).UTC(),
		Signatures: [][signature.Size]byte{{}},
		Parts: []signature.Part{
			{Name: "v0", Value: "a"}, {Name: "t", Value: vectorT}, {Name: "v1", Value: zeros},
			{Name: "k", Value: "b=="}, {Name: "v1", Value: "short"},
		},
		Ignored: []string{"v0", "k"},
		Warnings: []signature.Warning{
			{Code: signature.WarnHeaderSpace, Detail: "part 2"},
			{Code: signature.WarnHeaderToken, Detail: `"token"`},
			{Code: signature.WarnHeaderSignature, Detail: `"short"`},
		},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Parse: %v (-want +got):\n%s", err, diff)
	}
}

func TestParseNamesTheProblem(t *testing.T) {
	zeros := strings.Repeat("0", 64)
	for _, test := range []struct {
		name   string
		header string
		want   signature.HeaderError
	}{
		{"empty", " \t", signature.HeaderError{Problem: signature.ProblemEmpty, Part: -1}},
		{"no t", "v1=" + zeros, signature.HeaderError{Problem: signature.ProblemNoTimestamp, Part: -1}},
		{"no v1", "t=1", signature.HeaderError{Problem: signature.ProblemNoSignature, Part: -1}},
		{"a t that is no time", "v1=" + zeros + ",t=abc", signature.HeaderError{
			Problem: signature.ProblemTimestamp, Part: 1,
			Expected: "unix seconds, 1 to 12 digits without sign or leading zero", Got: "abc",
		}},
		{"two different t", "t=1,v1=" + zeros + ",t=2", signature.HeaderError{
			Problem: signature.ProblemConflict, Part: 2, Expected: "1", Got: "2",
		}},
		{"no v1 that is a signature", "t=1,v1=" + zeros + "=,v1=", signature.HeaderError{
			Problem: signature.ProblemSignature, Part: 1, Expected: "64 hex digits", Got: zeros + "=",
		}},
		{"a byte too many", "t=1,v1=" + zeros + ",x=" + strings.Repeat("x", 8<<10-73), signature.HeaderError{
			Problem: signature.ProblemLimit, Part: -1, Expected: "at most 8192 bytes", Got: "8193 bytes",
		}},
		{"a part too many", "t=1,v1=" + zeros + strings.Repeat(",x=1", 63), signature.HeaderError{
			Problem: signature.ProblemLimit, Part: -1, Expected: "at most 64 parts", Got: "65 parts",
		}},
		{"a v1 too many", "t=1" + strings.Repeat(",v1="+zeros, 17), signature.HeaderError{
			Problem: signature.ProblemLimit, Part: -1, Expected: "at most 16 v1", Got: "17 v1",
		}},
		{"evidence without end", "t=" + strings.Repeat("9", 4<<10), signature.HeaderError{
			Problem: signature.ProblemTimestamp, Part: 0,
			Expected: "unix seconds, 1 to 12 digits without sign or leading zero", Got: strings.Repeat("9", 80) + "…",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := signature.Parse(test.header)
			var fault *signature.HeaderError
			if !errors.As(err, &fault) || !errors.Is(err, signature.ErrMalformedHeader) {
				t.Fatalf("Parse: %v, want a HeaderError", err)
			}
			if diff := cmp.Diff(test.want, *fault); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseTakesWhatJustFitsTheLimits(t *testing.T) {
	zeros := strings.Repeat("0", 64)
	for _, test := range []struct{ name, header string }{
		{"8,192 bytes", "t=1,v1=" + zeros + ",x=" + strings.Repeat("x", 8<<10-74)},
		{"64 parts", "t=1,v1=" + zeros + strings.Repeat(",x=1", 62)},
		{"16 v1", "t=1" + strings.Repeat(",v1="+zeros, 16)},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := signature.Parse(test.header)
			if err != nil || len(got.Signatures) != strings.Count(test.header, "v1=") {
				t.Errorf("Parse gives %d signatures, %v", len(got.Signatures), err)
			}
		})
	}
}

func TestParseReadsTheGoodHalfOfABrokenHeader(t *testing.T) {
	got, err := signature.Parse("t=" + vectorT + ",v1=broken")
	if len(got.Warnings) != 0 {
		t.Errorf("what is refused is warned of too: %v", got.Warnings)
	}
	if err == nil || got.Timestamp != vectorT || got.Time.Unix() != rowNow {
		t.Errorf("t was lost with v1: %+v, %v", got, err)
	}
	got, err = signature.Parse("t=broken,v1=" + strings.Repeat("0", 64))
	if err == nil || len(got.Signatures) != 1 {
		t.Errorf("v1 was lost with t: %+v, %v", got, err)
	}
}

func TestParseGivesNoPartsOfAHeaderOverALimit(t *testing.T) {
	got, err := signature.Parse(strings.Repeat("a=b,", signature.MaxParts) + "t=" + vectorT)
	if err == nil || got.Parts != nil {
		t.Errorf("Parse = %d parts, %v, want none", len(got.Parts), err)
	}
}

func TestHeaderErrorTriesMilliseconds(t *testing.T) {
	for _, test := range []struct {
		name, timestamp string
		want            int64
		ok              bool
	}{
		{"thirteen digits are milliseconds", "1700000000123", 1700000000123, true},
		{"microseconds are not", "1700000000123456", 0, false},
		{"thirteen characters are not", "170000000012x", 0, false},
		{"a leading zero is not", "0700000000123", 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := signature.Parse("t=" + test.timestamp + ",v1=" + strings.Repeat("0", 64))
			var fault *signature.HeaderError
			if !errors.As(err, &fault) {
				t.Fatalf("Parse: %v, want a HeaderError", err)
			}
			if got, ok := fault.Milliseconds(); ok != test.ok || ok && got.UnixMilli() != test.want {
				t.Errorf("Milliseconds = %v, %t", got, ok)
			}
		})
	}
}

func TestParseSeesOneUppercaseDigitAnywhere(t *testing.T) {
	for i := range 64 {
		digits := strings.Repeat("a", i) + "F" + strings.Repeat("0", 63-i)
		parsed, err := signature.Parse("t=1,v1=" + digits)
		if err != nil || codes(parsed.Warnings) != string(signature.WarnHeaderUppercase) {
			t.Errorf("digit %d: warnings %q, %v", i, codes(parsed.Warnings), err)
		}
	}
}
