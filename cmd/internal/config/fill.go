package config

import (
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ngrok"
)

// fill puts checked settings where their readers expect them.
func (c *Config) fill(merged settings, profile setting) error {
	c.To = merged[keyTo].text
	c.Color = merged[keyColor].text
	c.Output = merged[keyOutput].text
	c.Fixtures = merged[keyFixtures].resolved()
	c.Keep = merged[keyKeep].text
	c.APIURL = merged[keyAPIURL].text
	if c.History = merged[keyHistory].text; c.History != NoHistory {
		c.History = merged[keyHistory].resolved()
	}
	c.keyring = merged[keySecretSource].text == sourceKeyring
	for key, into := range map[string]*time.Duration{keyTimeout: &c.Timeout, keyTolerance: &c.Tolerance} {
		if text := merged[key].text; text != "" {
			duration, err := time.ParseDuration(text)
			if err != nil {
				return &ValueError{Key: key, From: merged[key].from, Err: err}
			}
			*into = duration
		}
	}
	for key, into := range map[string]*signature.Secret{keySecret: &c.secret, keyPreviousSecret: &c.previous} {
		if text := merged[key].text; text != "" {
			secret, err := signature.NewSecret(text)
			if err != nil {
				return &ValueError{Key: key, From: merged[key].from, Err: err}
			}
			*into = secret
		}
	}
	if text := merged[keyToken].text; text != "" {
		token, err := pocketbook.NewToken(text)
		if err != nil {
			return &ValueError{Key: keyToken, From: merged[keyToken].from, Err: err}
		}
		c.token = token
	}
	if text := merged[keyNgrok].text; text != "" {
		token, err := ngrok.NewToken(text)
		if err != nil {
			return &ValueError{Key: keyNgrok, From: merged[keyNgrok].from, Err: err}
		}
		c.ngrok = token
	}
	if profile.text != "" {
		c.values = append(c.values, Value{Key: keyProfile, Text: profile.text, From: profile.from})
	}
	for _, key := range shownOrder(merged) {
		value := merged[key]
		if name, ok := headerName(value.name); ok {
			c.Headers = append(c.Headers, Header{Name: name, Value: value.text})
		}
		c.values = append(c.values, Value{Key: value.name, Text: value.shown(key), From: value.from})
	}
	return nil
}

// resolved makes a relative folder of a file one beside that file.
func (s setting) resolved() string {
	if s.path == "" || filepath.IsAbs(s.text) {
		return s.text
	}
	return filepath.Join(filepath.Dir(s.path), s.text)
}

// shown is the text of a setting with what is secret in it hidden.
func (s setting) shown(key string) string {
	switch key {
	case keySecret, keyPreviousSecret:
		secret, err := signature.NewSecret(s.text)
		if err != nil {
			return hiddenValue
		}
		return secret.String()
	case keyToken, keyNgrok:
		return hiddenValue
	case keyTo, keyAPIURL:
		target, err := url.Parse(s.text)
		if err != nil {
			return hiddenValue
		}
		return target.Redacted()
	}
	if name, ok := headerName(key); ok {
		return shownHeader(name, s.text)
	}
	return s.text
}

// shownOrder is the order of [Keys], with headers by name.
func shownOrder(merged settings) []string {
	var order []string
	sorted := slices.Sorted(maps.Keys(merged))
	for _, key := range Keys() {
		if key.Name != keyHeaders {
			if _, ok := merged[key.Name]; ok {
				order = append(order, key.Name)
			}
			continue
		}
		for _, name := range sorted {
			if _, ok := headerName(name); ok {
				order = append(order, name)
			}
		}
	}
	return order
}
