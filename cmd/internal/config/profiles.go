package config

import (
	"maps"
	"slices"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// ProfileSecret is the secret that a file keeps for one profile.
type ProfileSecret struct {
	Profile string
	Secret  signature.Secret
}

// ProfileSecrets lists the secrets of all profiles by name, to tell a delivery that was signed for another one. Secrets in
// the keyring are not among them.
func (c Config) ProfileSecrets() []ProfileSecret { return c.profiles }

func profileSecrets(documents []document) []ProfileSecret {
	found := map[string]signature.Secret{}
	for _, d := range slices.Backward(documents) {
		for name, settings := range d.profiles {
			if secret, err := signature.NewSecret(settings[keySecret].text); err == nil {
				found[name] = secret
			}
		}
	}
	var all []ProfileSecret
	for _, name := range slices.Sorted(maps.Keys(found)) {
		all = append(all, ProfileSecret{Profile: name, Secret: found[name]})
	}
	return all
}
