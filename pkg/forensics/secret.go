package forensics

import (
	"encoding/hex"
	"net/url"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// NamedSecret is a secret with what it is to the reader: "current", "profile live". The name "previous" is for the secret
// before a rotation, which makes another finding than the secret of another webhook does.
type NamedSecret struct {
	Name   string
	Secret signature.Secret
}

// key is one HMAC key to try.
type key struct {
	name    string // of the secret it was made from; empty when it was made from none
	value   string
	changes []Change
}

// rekey makes another key of one; false when it does not apply. It is given secrets that may be anything.
type rekey struct {
	Change
	apply func(secret string) (string, bool)
}

const (
	hintWholeSecret = "use the whole secret string as the key, whsec_ included, and decode nothing"
	secretSpace     = " \t\r\n\v\f\u00a0\ufeff"
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
		secret("quotes", "the secret given has quotes around it, which signing did not use",
			"take the quotes away where the secret is stored", always(func(s string) string { return strings.Trim(s, secretQuotes) })),
		secret("name", "the secret given has the name of its variable before it",
			"give only what stands behind the equals sign", afterName),
		secret("prefix-missing", "the secret given lacks the whsec_ that the signing key begins with", hintWholeSecret,
			func(s string) (string, bool) {
				return signature.SecretPrefix + s, !strings.HasPrefix(s, signature.SecretPrefix)
			}),
		secret("prefix-cut", "the body was signed without the whsec_ of the secret", hintWholeSecret,
			func(s string) (string, bool) { return strings.CutPrefix(s, signature.SecretPrefix) }),
		secret("newline", "the body was signed with a line break behind the secret",
			"the signing side read the secret from a file with its line break", always(func(s string) string { return s + "\n" })),
		secret("newline", "the body was signed with a CRLF behind the secret",
			"the signing side read the secret from a file with its line break", always(func(s string) string { return s + "\r\n" })),
		secret("url-encoded", "the secret given is percent-encoded", "decode it once where it is stored", unescaped),
		secret("encoded", "the secret given is the base64 of the signing key", "decode it where it is stored", encodedSecret),
		secret("base64", "the body was signed with the base64-decoded secret", hintWholeSecret, debase64),
		secret("hex", "the body was signed with the hex-decoded secret", hintWholeSecret, dehex),
	}
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

// keys lists what to try with at most two changes, the keys with fewer changes first, each value once.
func keys(secrets []NamedSecret) []key {
	var all []key
	seen := map[string]bool{}
	add := func(k key) {
		if !seen[k.value] {
			seen[k.value] = true
			all = append(all, k)
		}
	}
	for i, secret := range secrets {
		add(key{name: secret.Name, value: secret.Secret.Reveal(), changes: otherSecret(i, secret.Name)})
	}
	for _, k := range placeholders() {
		add(k)
	}
	// Breadth first: what the loop adds, it does not visit in the same round.
	for range 2 {
		for _, k := range all {
			if k.name == "" {
				continue
			}
			for _, change := range rekeys() {
				if value, ok := change.apply(k.value); ok && len(k.changes) < 2 {
					changes := append(append([]Change(nil), k.changes...), change.Change)
					add(key{name: k.name, value: value, changes: changes})
				}
			}
		}
	}
	return all
}

func otherSecret(i int, name string) []Change {
	switch {
	case i == 0:
		return nil
	case name == "previous":
		return []Change{{
			ID: "secret.previous", Dimension: DimensionSecret, Cause: "the body was signed with the previous secret",
			Hint: "the sender is still on the old secret: accept both until the rotation is done",
		}}
	default:
		return []Change{{
			ID: "secret.other", Dimension: DimensionSecret, Cause: "the body was signed with another secret: it matches " + name,
			Hint: "test and live, or two webhooks, were mixed up: use the secret of the webhook that sent this",
		}}
	}
}

// placeholders are keys that sign when no secret was set.
func placeholders() []key {
	var all []key
	for _, p := range []struct{ id, value, cause, hint string }{
		{"empty", "", "the body was signed with the empty key", "the secret is not set where the body is signed"},
		{"unset", "undefined", "the body was signed with the text undefined as the key", "the secret is not set where the body is signed"},
		{"unset", "null", "the body was signed with the text null as the key", "the secret is not set where the body is signed"},
		{"unset", "None", "the body was signed with the text None as the key", "the secret is not set where the body is signed"},
		{"placeholder", "your_webhook_secret", "the body was signed with the placeholder of the guide's Flask example", "set the secret of the webhook where the body is signed"},
		{"placeholder", "whsec_1234567890abcdef", "the body was signed with the placeholder of the guide's .env file", "set the secret of the webhook where the body is signed"},
	} {
		all = append(all, key{value: p.value, changes: []Change{{
			ID: "secret." + p.id, Dimension: DimensionSecret, Cause: p.cause, Hint: p.hint,
		}}})
	}
	return all
}
