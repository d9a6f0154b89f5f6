package config

import (
	"errors"
	"io/fs"
	"maps"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

const (
	envConfig  = "PBHOOK_CONFIG"
	envProfile = "PBHOOK_PROFILE"
)

// LoadOptions is what the command line says about configuration.
type LoadOptions struct {
	File    string            // --config: this file alone is read, and it must exist; empty reads the usual two
	Profile string            // --profile
	Flags   map[string]string // settings given as flags, by key: to, color, ...
}

// Load merges flags, variables and files into one Config. A file that is not there is skipped unless it was named;
// anything wrong in one that is there is a [*FileError], [*SyntaxError], [*KeyError], [*ValueError] or [*ProfileError].
func Load(host Host, o LoadOptions) (Config, error) {
	var cfg Config
	documents, err := readDocuments(host, o, &cfg)
	if err != nil {
		return Config{}, err
	}
	profile, asked, err := chooseProfile(host, o, documents)
	if err != nil {
		return Config{}, err
	}
	cfg.Profile = profile.text
	cfg.profiles = profileSecrets(documents)
	layers, err := spokenLayers(host, o)
	if err != nil {
		return Config{}, err
	}
	for _, d := range documents {
		layers = append(layers, d.profiles[cfg.Profile], d.top)
	}
	merged := merge(layers)
	if target, withheld := withholdCredentials(host, merged, asked); withheld {
		cfg.Warnings = append(cfg.Warnings, Warning{Code: WarnWithheld, Path: target})
	}
	return cfg, cfg.fill(merged, profile)
}

// readDocuments reads the files that count, the strongest first.
func readDocuments(host Host, o LoadOptions, cfg *Config) ([]document, error) {
	named := o.File
	if named == "" {
		named = host.env(envConfig)
	}
	paths := []string{named}
	if named == "" {
		paths = []string{filepath.Join(host.Dir, ProjectFile)}
		if user, err := Path(host); err == nil { // without a home there is no user's file, which is no reason to stop
			paths = append(paths, user)
		}
	}
	var documents []document
	for _, path := range paths {
		content, mode, err := readFile(path)
		if errors.Is(err, fs.ErrNotExist) && named == "" {
			continue
		}
		if err != nil {
			return nil, err
		}
		d, err := parse(path, content)
		if err != nil {
			return nil, err
		}
		if path == filepath.Join(host.Dir, ProjectFile) && named == "" {
			if withheld := d.withholdOfUser(); withheld != nil {
				cfg.Warnings = append(cfg.Warnings, Warning{Code: WarnOfUser, Path: path, Keys: strings.Join(withheld, " and ")})
			}
		}
		if d.holdsCredentials() && host.os() != "windows" && mode&0o077 != 0 {
			cfg.Warnings = append(cfg.Warnings, Warning{Code: WarnReadable, Path: path})
		}
		cfg.Files = append(cfg.Files, path)
		documents = append(documents, d)
	}
	return documents, nil
}

// chooseProfile finds the profile and whether somebody asked for it, rather than a file naming its own.
func chooseProfile(host Host, o LoadOptions, documents []document) (profile setting, asked bool, err error) {
	for _, candidate := range []setting{
		{text: o.Profile, from: "--profile"},
		{text: host.env(envProfile), from: envProfile},
	} {
		if candidate.text != "" {
			return candidate, true, inOne(documents, candidate)
		}
	}
	for _, d := range documents {
		if chosen, ok := d.top[keyProfile]; ok {
			return chosen, false, inOne(documents, chosen)
		}
	}
	return setting{}, false, nil
}

func inOne(documents []document, profile setting) error {
	known := map[string]bool{}
	for _, d := range documents {
		for name := range d.profiles {
			known[name] = true
		}
	}
	if known[profile.text] {
		return nil
	}
	return &ProfileError{Name: profile.text, From: profile.from, Known: slices.Sorted(maps.Keys(known))}
}

// spokenLayers are the settings of the command line and of the environment.
func spokenLayers(host Host, o LoadOptions) ([]settings, error) {
	flags, environment := settings{}, settings{}
	for _, key := range Keys() {
		if text, given := o.Flags[key.Name]; given {
			flags[key.Name] = setting{text: text, name: key.Name, from: "--" + key.Name}
		}
		if text := host.env(key.Env); key.Env != "" && text != "" {
			environment[key.Name] = setting{text: text, name: key.Name, from: key.Env}
		}
	}
	layers := []settings{flags, environment}
	for _, layer := range layers {
		for _, key := range slices.Sorted(maps.Keys(layer)) {
			if err := check(key, layer[key].text); err != nil {
				return nil, &ValueError{Key: key, From: layer[key].from, Err: err}
			}
		}
	}
	return layers, nil
}

// merge takes each key from the first layer that has it.
func merge(layers []settings) settings {
	merged := settings{}
	for _, layer := range slices.Backward(layers) {
		maps.Copy(merged, layer)
	}
	delete(merged, keyProfile)
	return merged
}

// withholdCredentials keeps a folder that somebody else filled from sending the user's credentials to a host of its
// choice: where .pbhook.yaml names a target beyond this machine, what the user's own file keeps secret is not used
// unless the profile was asked for.
func withholdCredentials(host Host, merged settings, asked bool) (target string, withheld bool) {
	project := filepath.Join(host.Dir, ProjectFile)
	to, ok := merged[keyTo]
	if asked || !ok || to.path != project || isLoopback(to.text) {
		return "", false
	}
	for key, value := range merged {
		_, header := headerName(key)
		private := header || key == keySecret || key == keyPreviousSecret
		ofUser := value.path != "" && value.path != project
		if private && ofUser || key == keySecretSource { // the keyring is the user's whoever points to it
			delete(merged, key)
			withheld = true
		}
	}
	return to.path, withheld
}

func isLoopback(target string) bool {
	parsed, err := url.Parse(target)
	if err != nil {
		return false
	}
	name := strings.ToLower(parsed.Hostname())
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || net.ParseIP(name).IsLoopback()
}

func (d document) holdsCredentials() bool {
	for _, level := range append(slices.Collect(maps.Values(d.profiles)), d.top) {
		for key := range level {
			name, header := headerName(key)
			if isSecretKey(key) || header && isCredential(name) {
				return true
			}
		}
	}
	return false
}
