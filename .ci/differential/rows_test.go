package differential

import (
	"regexp"
	"strings"
	"time"

	pbhook "github.com/pocketbook-studio/pbhook/pkg/signature"
)

// row is one line of the table of semantics in which the two verifiers differ on purpose. A disagreement is known when
// the SDK said what the row says and the delivery is of the row's kind.
//
// Where the SDK accepts, pbhook refuses all deliveries of the kind; where the SDK refuses and the row has a warning, pbhook
// never accepts one of the kind without it.
type row struct {
	name    string
	sdk     bool // whether the SDK accepts; pbhook does the opposite
	warning pbhook.WarningCode
	is      func(features) bool
}

var rows = []row{
	{"white space after a comma or around =", false, pbhook.WarnHeaderSpace, func(f features) bool { return f.space }},
	{"trailing comma or bare token", false, pbhook.WarnHeaderToken, func(f features) bool { return f.bare }},
	{"value with more equals signs", false, "", func(f features) bool { return f.equals }},
	{"300 s old, in the fraction of the second", false, "", func(f features) bool { return f.edge }},
	{"tolerance 0 is the default here, and rejects all there", false, "", func(f features) bool { return f.noTolerance }},
	{"conflicting t", true, "", func(f features) bool { return f.conflict }},
	{"t with a leading zero or plus", true, "", func(f features) bool { return f.zeroOrPlus }},
	{"t in milliseconds or finer", true, "", func(f features) bool { return f.tooLong }},
	{"in the future", true, "", func(f features) bool { return f.future }},
	{"over the limits", true, "", func(f features) bool { return f.overLimits }},
	{"empty secret", true, "", func(f features) bool { return f.noSecret }},
}

// features are what the rows speak of, read off the text by other means than either verifier's.
type features struct {
	space, bare, equals, edge, noTolerance                      bool
	conflict, zeroOrPlus, tooLong, future, overLimits, noSecret bool
}

var (
	spaced    = regexp.MustCompile(`(^|,)[ \t]|[ \t](,|$)|(^|,)[^=,]*([ \t]=|=[ \t])`)
	moreEqual = regexp.MustCompile(`=[^,]*=`)
	bareToken = regexp.MustCompile(`(^|,)[^=,]*(,|$)`)
	times     = regexp.MustCompile(`(?:^|,)[ \t]*t[ \t]*=([^,]*)`)
	signature = regexp.MustCompile(`(^|,)[ \t]*v1[ \t]*=`)
	odd       = regexp.MustCompile(`^[0+]`)
	long      = regexp.MustCompile(`^\d{13,}$`)
	readable  = regexp.MustCompile(`^[+0]*(\d{1,18})$`)
)

func featuresOf(d delivery) features {
	f := features{
		space:       spaced.MatchString(d.header),
		bare:        bareToken.MatchString(d.header),
		equals:      moreEqual.MatchString(d.header),
		noTolerance: d.tolerance == 0,
		noSecret:    d.secret == "",
		overLimits: len(d.header) > 8<<10 || strings.Count(d.header, ",") >= 64 ||
			len(signature.FindAllString(d.header, -1)) > 16,
	}
	var first string
	for i, found := range times.FindAllStringSubmatch(d.header, -1) {
		value := strings.Trim(found[1], " \t")
		if i == 0 {
			first = value
		}
		f.conflict = f.conflict || value != first
		f.zeroOrPlus = f.zeroOrPlus || odd.MatchString(value)
		f.tooLong = f.tooLong || long.MatchString(value)
		if digits := readable.FindStringSubmatch(value); digits != nil {
			age := d.now.Unix() - number(digits[1])
			f.edge = f.edge || age == 300 && d.now.Nanosecond() > 0
			f.future = f.future || age < -int64(5*time.Minute/time.Second)
		}
	}
	return f
}

func number(digits string) int64 {
	var n int64
	for _, digit := range digits {
		n = n*10 + int64(digit-'0')
	}
	return n
}
