package config

import (
	"cmp"
	"slices"
)

// InForce lists every setting that is in force with its origin: [Config.Values], and the credentials of the environment and
// of .env, which go before those of a file. Neither the keyring nor anybody is asked. With the error of a .env that cannot
// be read comes all else.
func InForce(host Host, cfg Config) ([]Value, error) {
	dotenv, err := readDotenv(host)
	values := slices.Clone(cfg.values)
	for _, credential := range []struct{ key, variable string }{
		{keySecret, SecretVariable}, {keyPreviousSecret, PreviousSecretVariable}, {keyToken, envToken}, {keyNgrok, envNgrok},
	} {
		found := setting{text: host.env(credential.variable), from: credential.variable}
		if found.text == "" {
			found = setting{text: dotenv[credential.variable], from: dotenvFile}
		}
		if found.text == "" {
			continue
		}
		values = slices.DeleteFunc(values, func(value Value) bool {
			// The previous secret of a file goes with the current one of that file alone.
			return value.Key == credential.key || credential.key == keySecret && value.Key == keyPreviousSecret
		})
		values = append(values, Value{Key: credential.key, Text: found.shown(credential.key), From: found.from})
	}
	slices.SortStableFunc(values, func(a, b Value) int { return cmp.Compare(rank(a.Key), rank(b.Key)) })
	return values, err
}

// rank is the place of a key in the order of [Keys], the profile before all.
func rank(key string) int {
	if _, header := headerName(key); header {
		key = keyHeaders
	}
	return slices.IndexFunc(Keys(), func(known Key) bool { return known.Name == key })
}
