package event

import (
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Formats of the schemas that JSON Schema does not define. They are asserted when a body is validated, and say what a
// fresh value looks like.
const (
	FormatEventID         = "event-id"         // evt_ and letters, digits, _ or -
	FormatObjectID        = "object-id"        // 24 hex digits
	FormatEVMAddress      = "evm-address"      // 0x and 40 hex digits
	FormatEVMTxHash       = "evm-tx-hash"      // 0x and 64 hex digits
	FormatTokenID         = "token-id"         // decimal integer of at most 78 digits, as text
	FormatReferenceNumber = "reference-number" // PB- and capitals or digits
	FormatUnixTime        = "unix-time"        // integer, seconds
	FormatUnixTimeString  = "unix-time-string" // the same as text
	FormatIPFSURL         = "ipfs-url"         // ipfs://CID or https://gateway/ipfs/CID
)

// latest is the last second of the year 9999: a time beyond it was written in milliseconds.
const latest = 253402300799

var errFormat = errors.New("not of this format")

// newFormats returns the checks of our own formats. A value of another JSON type passes: "type" judges that.
func newFormats() []*jsonschema.Format {
	return []*jsonschema.Format{
		{Name: FormatEventID, Validate: text(`evt_[0-9A-Za-z_-]{1,128}`)},
		{Name: FormatObjectID, Validate: text(`[0-9a-fA-F]{24}`)},
		{Name: FormatEVMAddress, Validate: text(`0x[0-9a-fA-F]{40}`)},
		{Name: FormatEVMTxHash, Validate: text(`0x[0-9a-fA-F]{64}`)},
		{Name: FormatTokenID, Validate: text(`0|[1-9][0-9]{0,77}`)},
		{Name: FormatReferenceNumber, Validate: text(`PB-[0-9A-Z]{1,64}`)},
		{Name: FormatUnixTime, Validate: unixTime},
		{Name: FormatUnixTimeString, Validate: unixTimeString},
		{Name: FormatIPFSURL, Validate: ipfsURL()},
	}
}

// FormatChecks returns, by the name of a format, what tells whether a text is of it: the formats above and date-time.
func FormatChecks() map[string]func(text string) bool {
	checks := map[string]func(string) bool{"date-time": func(text string) bool {
		_, err := time.Parse(time.RFC3339, text)
		return err == nil
	}}
	for _, format := range newFormats() {
		checks[format.Name] = func(text string) bool { return format.Validate(text) == nil }
	}
	checks[FormatUnixTime] = func(text string) bool { return seconds(text) == nil } // its values are numbers
	return checks
}

// formatWords says what a value of a format looks like; empty for formats that say it by their name.
func formatWords(name string) string {
	switch name {
	case FormatEventID:
		return "evt_ and letters, digits, _ or -"
	case FormatObjectID:
		return "24 hex digits"
	case FormatEVMAddress:
		return "0x and 40 hex digits"
	case FormatEVMTxHash:
		return "0x and 64 hex digits"
	case FormatTokenID:
		return "a decimal number as text"
	case FormatReferenceNumber:
		return "PB- and capitals or digits"
	case FormatUnixTime:
		return "seconds since 1970"
	case FormatUnixTimeString:
		return "seconds since 1970 as text"
	case FormatIPFSURL:
		return "ipfs://CID or https://gateway/ipfs/CID"
	case "date-time":
		return "such as 2025-01-15T10:30:00Z"
	}
	return ""
}

// text matches whole strings.
func text(pattern string) func(any) error {
	whole := regexp.MustCompile(`^(?:` + pattern + `)$`)
	return func(value any) error {
		if s, ok := value.(string); ok && !whole.MatchString(s) {
			return errFormat
		}
		return nil
	}
}

func unixTime(value any) error {
	number, ok := value.(json.Number)
	if !ok {
		return nil
	}
	return seconds(number.String())
}

func unixTimeString(value any) error {
	s, ok := value.(string)
	if !ok {
		return nil
	}
	return seconds(s)
}

func seconds(digits string) error {
	if n, err := strconv.ParseInt(digits, 10, 64); err != nil || n < 0 || n > latest {
		return errFormat
	}
	return nil
}

// ipfsURL takes a CID of version 0 (base58) or 1 (base32) and any path behind it.
func ipfsURL() func(any) error {
	const cid = `(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|b[a-z2-7]{50,})(?:/.*)?`
	native, gateway := text(`ipfs://`+cid), text(`https?://[^/]+/ipfs/`+cid)
	return func(value any) error {
		s, ok := value.(string)
		if !ok {
			return nil
		}
		if _, err := url.Parse(s); err != nil || native(s) != nil && gateway(s) != nil {
			return errFormat
		}
		return nil
	}
}
