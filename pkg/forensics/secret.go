package forensics

import "github.com/pocketbook-studio/pbhook/pkg/signature"

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

// keyring collects keys, each value once: of two ways to the same value the one that was added first counts.
type keyring struct {
	keys []key
	seen map[string]bool
}

func (r *keyring) add(k key) {
	if !r.seen[k.value] {
		r.seen[k.value] = true
		r.keys = append(r.keys, k)
	}
}

// keys lists what to try with at most two changes. All that can be made of the first secret comes before the others: a
// secret that was stored badly is that, even when someone else holds it clean.
func keys(secrets []NamedSecret) []key {
	ring := keyring{seen: map[string]bool{}}
	ring.add(key{name: secrets[0].Name, value: secrets[0].Secret.Reveal()})
	ring.derive(0)
	others := len(ring.keys)
	for _, secret := range secrets[1:] {
		ring.add(key{name: secret.Name, value: secret.Secret.Reveal(), changes: otherSecret(secret.Name)})
	}
	ring.derive(others)
	for _, k := range placeholders() {
		ring.add(k)
	}
	return ring.keys
}

// derive adds what can be made of the keys from begin on, those with fewer changes first.
func (r *keyring) derive(begin int) {
	for range maxChanges {
		// What the loop adds, it does not visit in the same round.
		for _, k := range r.keys[begin:] {
			if len(k.changes) == maxChanges {
				continue
			}
			for _, change := range rekeys() {
				if value, ok := change.apply(k.value); ok {
					changes := append(append([]Change(nil), k.changes...), change.Change)
					r.add(key{name: k.name, value: value, changes: changes})
				}
			}
		}
	}
}

func otherSecret(name string) []Change {
	if name == "previous" {
		return []Change{{
			ID: "secret.previous", Dimension: DimensionSecret, Cause: "the body was signed with the previous secret",
			Hint: "accept both secrets until the rotation is done: the sender is still on the old one",
		}}
	}
	return []Change{{
		ID: "secret.other", Dimension: DimensionSecret, Cause: "the body was signed with another secret: it matches " + name,
		Hint: "use the secret of the webhook that sent this: test and live, or two webhooks, were mixed up",
	}}
}

// placeholders are keys that sign when no secret was set.
func placeholders() []key {
	var all []key
	for _, p := range []struct{ id, value, cause, hint string }{
		{"empty", "", "the body was signed with the empty key", "set the secret where the body is signed"},
		{"unset", "undefined", "the body was signed with the text undefined as the key", "set the secret where the body is signed"},
		{"unset", "null", "the body was signed with the text null as the key", "set the secret where the body is signed"},
		{"unset", "None", "the body was signed with the text None as the key", "set the secret where the body is signed"},
		{"placeholder", "your_webhook_secret", "the body was signed with the placeholder of the guide's Flask example", "set the secret of the webhook where the body is signed"},
		{"placeholder", "whsec_1234567890abcdef", "the body was signed with the placeholder of the guide's .env file", "set the secret of the webhook where the body is signed"},
	} {
		all = append(all, key{value: p.value, changes: []Change{{
			ID: "secret." + p.id, Dimension: DimensionSecret, Cause: p.cause, Hint: p.hint,
		}}})
	}
	return all
}
