package forensics

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

func quotesChange() Change {
	return headerChange("quotes", "the signature has quotes around it", "write it without quotes")
}

func prefixOf(text string) string {
	for _, prefix := range []string{"sha256=", "sha1=", "sha512=", "hmac-sha256="} {
		if len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
			return text[:len(prefix)]
		}
	}
	return ""
}

// decodeSum reads a signature as hex, base64, or base64 of hex.
func decodeSum(text string) ([]byte, []Change) {
	if sum, err := hex.DecodeString(text); err == nil {
		if strings.ContainsAny(text, "ABCDEF") {
			return sum, []Change{headerChange("uppercase", "the signature is written in upper-case hex",
				"write it in lower case: receivers that compare text refuse it otherwise")}
		}
		return sum, nil
	}
	bare := strings.TrimRight(text, "=")
	sum, err := base64.RawStdEncoding.DecodeString(bare)
	name := "base64"
	if err != nil {
		sum, err = base64.RawURLEncoding.DecodeString(bare)
		name = "base64url"
	}
	if err != nil {
		return nil, nil
	}
	if inner, err := hex.DecodeString(string(sum)); err == nil {
		sum, name = inner, "base64 of its hex digits"
	}
	return sum, []Change{headerChange("base64", "the signature is written in "+name+", not in hex", "write the digest in hex: digest('hex')")}
}
