package forensics

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

const (
	hintWholeHeader = "take the whole header of the request"
	hintHeaderForm  = "the header is t=<unix seconds>,v1=<64 hex digits>"
)

// inferHeader says what stands out in a header under which nothing could be proven: at most one fault of its form, as
// one broken thing makes others.
func inferHeader(lines []string, read reading) []Inference {
	text := strings.Join(lines, "\n")
	var all []Inference
	if isRedacted(text) {
		all = append(all, Inference{"header.redacted", "the header was shortened or redacted where it was copied from", hintWholeHeader})
	} else if slices.ContainsFunc(read.sums, isZero) {
		all = append(all, Inference{"header.redacted", "the signature was redacted: it is all zeros", hintWholeHeader})
	} else if fault, ok := read.fault(); ok {
		all = append(all, fault)
	}
	if len(lines) > 1 || strings.Contains(text, ", ") && strings.Count(text, "v1=") > 1 {
		all = append(all, Inference{"header.merged", "a proxy merged or repeated the signature header", "compare with the header as it was sent"})
	}
	return all
}

// InferMissing lists what is likely of a request without the signature header: that it stands under another name.
func InferMissing(r capture.Request) []Inference {
	var all []Inference
	for _, field := range r.Header {
		_, isTimed := timeOf(strings.Split(field.Value, ",")[0])
		if isTimed && strings.Contains(field.Value, "v1=") && !strings.EqualFold(field.Name, signature.HeaderName) {
			all = append(all, Inference{"header.misnamed", "the signature stands in the header " + strconv.Quote(field.Name) +
				", which is not its name", "send it, and hand it on, as " + signature.HeaderName})
		}
	}
	return all
}

func isZero(sum string) bool { return sum != "" && strings.Trim(sum, "0") == "" }

func isRedacted(text string) bool {
	return strings.Contains(text, "...") || strings.Contains(text, "…") || strings.Contains(text, "***")
}

func (r reading) fault() (Inference, bool) {
	switch {
	case r.long:
		return Inference{"header.too-large", "the header is larger than any signature header: more than " +
			strconv.Itoa(signature.MaxHeaderBytes) + " bytes or " + strconv.Itoa(signature.MaxLines) + " lines", hintHeaderForm}, true
	case len(r.times) == 0:
		return Inference{"header.no-t", "the header holds no t, which the signature is over", hintHeaderForm}, true
	case len(r.sums) == 0 && len(r.targets) == 0:
		return Inference{"header.no-signature", "the header holds no v1, so there is no signature to compare with", hintHeaderForm}, true
	}
	for _, t := range r.times {
		if oddClock(t) != nil {
			return Inference{"header.t-form", "t in the header is not written as whole unix seconds", hintSeconds}, true
		}
	}
	for _, sum := range r.sums {
		if fault, ok := faultOf(sum); ok {
			return fault, true
		}
	}
	return Inference{}, false
}

// faultOf looks at the form of a signature. The lengths of SHA-384 and SHA-512 are no fault of form.
func faultOf(sum string) (Inference, bool) {
	const digits = 2 * signature.Size
	isHex := strings.Trim(sum, "0123456789abcdefABCDEF") == ""
	_, spelling := decodeSum(sum)
	switch {
	case isHex && len(sum) < digits:
		return Inference{"header.truncated", "the signature was cut off: it has fewer than 64 hex digits", hintWholeHeader}, true
	case isHex && len(sum) > digits && len(sum) != 96 && len(sum) != 128:
		return Inference{"header.long-signature", "the signature has " + strconv.Itoa(len(sum)) + " hex digits, not 64", hintHeaderForm}, true
	case !isHex && (len(sum) == digits || spelling == nil):
		return Inference{"header.not-hex", "the signature is not written in hex digits", hintHeaderForm}, true
	default:
		return Inference{}, false
	}
}
