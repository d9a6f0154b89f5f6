package config

import (
	"fmt"
	"strings"
)

const headerPrefix = keyHeaders + "."

// headerName gives the name of the header that a key such as headers.X-Env sets.
func headerName(key string) (string, bool) {
	return strings.CutPrefix(key, headerPrefix)
}

// headerKey is the key of one header; names are equal in any case (RFC 9110, section 5.1).
func headerKey(name string) string { return headerPrefix + strings.ToLower(name) }

func checkHeader(name, value string) error {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	}) {
		return fmt.Errorf("want a header name, got %q", name)
	}
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return fmt.Errorf("the value of header %s has a control character", name)
	}
	return nil
}

const hiddenValue = "…"

// isCredential tells by a header's name whether its value is to be hidden.
func isCredential(name string) bool {
	name = strings.ToLower(name)
	for _, part := range []string{"auth", "cookie", "token", "secret", "key", "password", "signature"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

func shownHeader(name, value string) string {
	if isCredential(name) {
		return hiddenValue
	}
	return value
}
