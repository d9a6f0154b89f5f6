package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What a body may cost before it is refused; an honest event is far below each.
const (
	maxDepth    = 64
	maxValues   = 1 << 18
	maxNumber   = 128 // characters of one number; a 256-bit integer has 78
	maxExponent = 400
)

// How deep the names of objects have to be unique. RFC 8259, section 4, leaves names that come twice to the reader: a body
// that has two ids is none, while further in the last one counts, as in JSON.parse. To refuse what Pocketbook has signed
// would only have it delivered again.
const (
	uniqueNowhere    = 0
	uniqueInEnvelope = 1
	uniqueEverywhere = maxDepth
)

// parse reads one JSON value and nothing after it: names unique down to that depth, numbers as they are written, everything
// bounded. The error is a *BodyError.
func parse(body []byte, unique int) (*value, error) {
	if !utf8.Valid(body) {
		return nil, &BodyError{Expected: "JSON in UTF-8", Got: "bytes that are not UTF-8"}
	}
	p := parser{text: string(body), unique: unique, open: make([]member, 0, 8)} // enough for many events
	v, err := p.document()
	if err != nil && !json.Valid(body) {
		return nil, broken(body)
	}
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// errNotJSON stands for any fault of the text. What it is exactly, encoding/json says better.
var errNotJSON = errors.New("not JSON")

// broken turns what encoding/json says of text that is not JSON into evidence.
func broken(body []byte) error {
	err := json.Unmarshal(body, new(json.RawMessage))
	var fault *json.SyntaxError
	if !errors.As(err, &fault) {
		return &BodyError{Expected: "JSON", Got: fmt.Sprint(err)}
	}
	return &BodyError{Expected: "JSON", Got: fmt.Sprintf("a fault at byte %d: %v", fault.Offset, fault)}
}

func checkNumber(number string) error {
	if !reasonable(number) {
		return &BodyError{Expected: "a number within bounds", Got: describe(json.Number(number))}
	}
	return nil
}

// reasonable refuses numbers that cost more to hold exactly than any event needs.
func reasonable(number string) bool {
	if len(number) > maxNumber {
		return false
	}
	i := strings.IndexAny(number, "eE")
	if i < 0 {
		return true
	}
	exponent, err := strconv.Atoi(number[i+1:])
	return err == nil && -maxExponent <= exponent && exponent <= maxExponent
}
