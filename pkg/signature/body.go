package signature

import (
	"bytes"
	"unicode/utf8"
)

// warnOfBody names what is signed and verified as it stands here, but is not so at receivers that read the body as text.
func warnOfBody(warnings []Warning, body []byte) []Warning {
	if len(body) == 0 {
		warnings = append(warnings, Warning{Code: WarnBodyEmpty})
	}
	if bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) {
		warnings = append(warnings, Warning{Code: WarnBodyBOM})
	}
	if !utf8.Valid(body) {
		warnings = append(warnings, Warning{Code: WarnBodyNotUTF8})
	}
	return warnings
}
