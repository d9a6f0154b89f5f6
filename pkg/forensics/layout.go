package forensics

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"strings"
)

// layout is what the signature is over. In message, T stands for t, B for the body and S for the secret; any other byte
// stands for itself.
type layout struct {
	message string
	keyed   keyed
	changes []Change
}

// keyed says what the secret does.
type keyed uint8

const (
	keyedBySecret  keyed = iota
	keyedByMessage       // the arguments of HMAC were swapped
	keyedByNothing       // a plain hash
)

func (l layout) timed() bool { return strings.ContainsRune(l.message, 'T') }

// layouts lists what is tried, the documented one first (Pocketbook webhook guide, section "Verification
// Implementation").
func layouts() []layout {
	const hint = "sign t, a full stop and the raw body, with HMAC-SHA256 and the secret as the key"
	all := []layout{{message: "T.B"}}
	for _, l := range []struct {
		id, message string
		keyed       keyed
		cause       string
	}{
		{"body-only", "B", keyedBySecret, "the signature is over the body alone, without t"},
		{"body-first", "B.T", keyedBySecret, "the signature is over the body, a full stop and t, in this order"},
		{"no-dot", "TB", keyedBySecret, "the signature is over t and the body without the full stop between them"},
		{"separator", "T:B", keyedBySecret, "the signature is over t and the body with a colon between them, not a full stop"},
		{"separator", "T\nB", keyedBySecret, "the signature is over t and the body with a line feed between them, not a full stop"},
		{"swapped", "T.B", keyedByMessage, "key and message were swapped: the message was the key, the secret was signed"},
		{"swapped", "B", keyedByMessage, "key and message were swapped: the body was the key, the secret was signed"},
		{"plain-hash", "T.B", keyedByNothing, "the signature is a plain hash of t and the body, without the secret"},
		{"plain-hash", "B", keyedByNothing, "the signature is a plain hash of the body, without the secret"},
		{"plain-hash", "ST.B", keyedByNothing, "the signature is a plain hash of secret, t and body, not an HMAC"},
		{"plain-hash", "S.T.B", keyedByNothing, "the signature is a plain hash of secret, t and body, not an HMAC"},
		{"plain-hash", "T.BS", keyedByNothing, "the signature is a plain hash of t, body and secret, not an HMAC"},
		{"plain-hash", "SB", keyedByNothing, "the signature is a plain hash of secret and body, not an HMAC"},
		{"plain-hash", "BS", keyedByNothing, "the signature is a plain hash of body and secret, not an HMAC"},
	} {
		all = append(all, layout{message: l.message, keyed: l.keyed, changes: []Change{{
			ID: "layout." + l.id, Dimension: DimensionLayout, Cause: l.cause, Hint: hint,
		}}})
	}
	return all
}

// algorithm is told by the length of the signature.
type algorithm struct {
	size    int
	new     func() hash.Hash
	changes []Change
}

func algorithms() []algorithm {
	other := func(id, name string) []Change {
		return []Change{{
			ID: "layout." + id, Dimension: DimensionLayout, Cause: "the signature was made with " + name + ", not with SHA-256",
			Hint: "use HMAC-SHA256",
		}}
	}
	return []algorithm{
		{size: sha256.Size, new: sha256.New},
		{size: sha1.Size, new: sha1.New, changes: other("sha1", "SHA-1")},
		{size: sha512.Size384, new: sha512.New384, changes: other("sha384", "SHA-384")},
		{size: sha512.Size, new: sha512.New, changes: other("sha512", "SHA-512")},
	}
}
