package forensics

import (
	"encoding/hex"
	"net/url"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// rekey makes another key of one; false when it does not apply. It is given secrets that may be anything.
type rekey struct {
	Change
	apply func(secret string) (string, bool)
}

const (
	hintWholeSecret = "use the whole secret string as the key, whsec_ included, and decode nothing"
	secretSpace     = " \t\r\n\v\f\u00a0"
	secretInvisible = "\ufeff\u200b\u200c\u200d\u2060\u00ad"
	secretQuotes    = "\"'`"
)

func rekeys() []rekey {
	secret := func(id, cause, hint string, apply func(string) (string, bool)) rekey {
		return rekey{Change{ID: "secret." + id, Dimension: DimensionSecret, Cause: cause, Hint: hint}, apply}
	}
	always := func(apply func(string) string) func(string) (string, bool) {
		return func(s string) (string, bool) { return apply(s), true }
	}
	return []rekey{
		secret("space", "the secret given has white space or a line break around it, which signing did not use",
			"cut it off where the secret is stored", always(func(s string) string { return strings.Trim(s, secretSpace) })),
		secret("invisible", "the secret given holds a byte order mark or another character that cannot be seen, which signing did not use",
			"type the secret where it is stored, or paste it through a plain text editor", withoutInvisible),
		secret("quotes", "the secret given has quotes around it, which signing did not use",
			"take the quotes away where the secret is stored", always(func(s string) string { return strings.Trim(s, secretQuotes) })),
		secret("name", "the secret given has the name of its variable before it",
			"give only what stands behind the equals sign", afterName),
		secret("surrounded", "the secret given has other text around it, which signing did not use",
			"give the secret alone, from whsec_ to its last character", withoutSurroundings),
		secret("prefix-missing", "the secret given lacks the whsec_ that the signing key begins with", hintWholeSecret,
			func(s string) (string, bool) {
				return signature.SecretPrefix + s, !strings.HasPrefix(s, signature.SecretPrefix)
			}),
		secret("prefix-doubled", "the secret given begins with whsec_ more than once, the signing key only once",
			"cut the repeated whsec_ off where the secret is stored", undoubled),
		secret("prefix-cut", "the body was signed without the whsec_ of the secret", hintWholeSecret, withoutPrefix),
		secret("newline", "the body was signed with a line break behind the secret",
			"strip the line break where the signing side reads its secret from a file", always(func(s string) string { return s + "\n" })),
		secret("newline", "the body was signed with a CRLF behind the secret",
			"strip the line break where the signing side reads its secret from a file", always(func(s string) string { return s + "\r\n" })),
		secret("url-encoded", "the secret given is percent-encoded", "decode it once where it is stored", unescaped),
		secret("encoded", "the secret given is the base64 of the signing key", "decode it where it is stored", encodedSecret),
		secret("base64", "the body was signed with the base64-decoded secret", hintWholeSecret, debase64),
		secret("hex", "the body was signed with the hex-decoded secret", hintWholeSecret, dehex),
	}
}

func withoutInvisible(secret string) (string, bool) {
	text := strings.Map(func(r rune) rune {
		if strings.ContainsRune(secretInvisible, r) {
			return -1
		}
		return r
	}, secret)
	return text, text != secret
}

// withoutSurroundings cuts a secret out of a line of YAML, JSON or shell, where more than a name and quotes surround it.
func withoutSurroundings(secret string) (string, bool) {
	begin := strings.Index(secret, signature.SecretPrefix)
	if begin < 0 {
		return "", false
	}
	text := secret[begin:]
	end := strings.IndexFunc(text, func(r rune) bool { return strings.ContainsRune(secretSpace+secretQuotes+",;#)}", r) })
	if end > 0 {
		text = text[:end]
	}
	value, named := afterName(secret)
	if !named {
		value = secret
	}
	return text, strings.Trim(value, secretSpace+secretQuotes) != text && text != signature.SecretPrefix
}

// undoubled keeps one prefix of several.
func undoubled(secret string) (string, bool) {
	text := secret
	for strings.HasPrefix(text, signature.SecretPrefix+signature.SecretPrefix) {
		text = text[len(signature.SecretPrefix):]
	}
	return text, text != secret
}

func withoutPrefix(secret string) (string, bool) {
	return strings.CutPrefix(secret, signature.SecretPrefix)
}

func afterName(secret string) (string, bool) {
	name, value, ok := strings.Cut(secret, "=")
	name = strings.TrimPrefix(strings.TrimSpace(name), "export ")
	return strings.TrimSpace(value), ok && name != "" && !strings.ContainsAny(name, " /+")
}

func unescaped(secret string) (string, bool) {
	text, err := url.QueryUnescape(secret)
	return text, err == nil && strings.ContainsAny(secret, "%+")
}

func encodedSecret(secret string) (string, bool) {
	text, ok := fromBase64(nil, []byte(secret))
	return string(text), ok && strings.HasPrefix(string(text), signature.SecretPrefix)
}

func debase64(secret string) (string, bool) {
	text, ok := fromBase64(nil, []byte(strings.TrimPrefix(secret, signature.SecretPrefix)))
	return string(text), ok
}

func dehex(secret string) (string, bool) {
	raw, err := hex.DecodeString(strings.TrimPrefix(secret, signature.SecretPrefix))
	return string(raw), err == nil
}
