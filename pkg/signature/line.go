package signature

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// line is what Parsed is made of, with room of fixed size so that reading an ordinary header allocates nothing.
type line struct {
	timestamp  string
	time       time.Time
	signatures [MaxSignatures][Size]byte
	count      int
	ignored    []string
	warnings   []Warning

	fault *HeaderError // the first that was found
	times int          // how many t came
	v1s   int          // how many v1 came, well formed or not
	first string       // the first t, well formed or not
	badV1 *HeaderError // the first v1 that is no signature
}

// read fills the line from header and returns the first thing that makes it unusable. It reads on behind a fault, so
// that a good t is known of a header whose v1 is not, and the other way round.
func (l *line) read(header string) *HeaderError {
	if fault := overLimit(header); fault != nil {
		return fault
	}
	if trim(header) == "" {
		return &HeaderError{Problem: ProblemEmpty, Part: -1}
	}
	index := 0
	for text := range strings.SplitSeq(header, ",") {
		l.readPart(index, text)
		index++
	}
	l.conclude()
	return l.fault
}

func (l *line) readPart(index int, text string) {
	rawName, rawValue, ok := strings.Cut(text, "=")
	name, value := trim(rawName), trim(rawValue)
	if len(name) != len(rawName) || len(value) != len(rawValue) {
		l.warn(WarnHeaderSpace, "part "+strconv.Itoa(index+1))
	}
	switch {
	case !ok || name == "":
		l.warn(WarnHeaderToken, excerptQuoted(text))
	case name == "t":
		l.readTime(index, value)
	case name == "v1":
		l.readSignature(index, value)
	default:
		l.ignored = append(l.ignored, excerpt(name))
	}
}

func (l *line) readTime(index int, value string) {
	l.times++
	if l.times > 1 {
		if value != l.first {
			l.fail(HeaderError{Problem: ProblemConflict, Part: index, Expected: excerpt(l.first), Got: excerpt(value)})
			l.timestamp, l.time = "", time.Time{}
			return
		}
		l.warn(WarnHeaderTimeTwice, "")
		return
	}
	l.first = value
	t, ok := parseTimestamp(value)
	if !ok {
		l.fail(HeaderError{Problem: ProblemTimestamp, Part: index, Expected: expectedTimestamp, Got: excerpt(value)})
		return
	}
	l.timestamp, l.time = value, t
}

func (l *line) readSignature(index int, value string) {
	l.v1s++
	if l.v1s > MaxSignatures {
		return // refused in conclude, once all are counted
	}
	if len(value) != 2*Size || !decodeHex(&l.signatures[l.count], value) {
		if l.badV1 == nil {
			l.badV1 = &HeaderError{Problem: ProblemSignature, Part: index, Expected: expectedSignature, Got: excerpt(value)}
		}
		return
	}
	l.count++
	if hasUpper(value) {
		l.warn(WarnHeaderUppercase, "part "+strconv.Itoa(index+1))
	}
}

func (l *line) conclude() {
	switch {
	case l.v1s > MaxSignatures:
		l.fail(*limitError(MaxSignatures, l.v1s, "v1"))
	case l.times == 0:
		l.fail(HeaderError{Problem: ProblemNoTimestamp, Part: -1})
	case l.v1s == 0:
		l.fail(HeaderError{Problem: ProblemNoSignature, Part: -1})
	case l.count == 0:
		l.fail(*l.badV1)
	}
	if l.count > 0 && l.badV1 != nil {
		l.warn(WarnHeaderSignature, strconv.Quote(l.badV1.Got))
	}
}

func (l *line) fail(fault HeaderError) {
	if l.fault == nil {
		l.fault = &fault
	}
}

func (l *line) warn(code WarningCode, detail string) {
	if !slices.ContainsFunc(l.warnings, func(w Warning) bool { return w.Code == code }) {
		l.warnings = append(l.warnings, Warning{Code: code, Detail: detail})
	}
}

func decodeHex(dst *[Size]byte, text string) bool {
	_, err := hex.Decode(dst[:], []byte(text))
	return err == nil
}

// hasUpper takes the 64 digits of a signature, among which A to F alone have bit 6 without bit 5. It looks at eight at a
// time because every verification pays for it.
func hasUpper(digits string) bool {
	var upper uint64
	for ; len(digits) >= 8; digits = digits[8:] {
		word := binary.LittleEndian.Uint64([]byte(digits[:8]))
		upper |= word &^ (word << 1)
	}
	return upper&0x4040404040404040 != 0
}

// trim cuts what RFC 9110 calls optional white space and no more: a line break or a non-breaking space is damage.
func trim(text string) string {
	for len(text) > 0 && isBlank(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && isBlank(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
