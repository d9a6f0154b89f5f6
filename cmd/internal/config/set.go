package config

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Edit is one setting to be written: Key as in [Keys], headers.NAME for one header, or profile for the profile that is
// used when none is asked for.
type Edit struct {
	Path    string // file; it and its folder are made if they are not there
	Profile string // empty edits the top level
	Key     string
	Value   string
}

// Set writes one setting and keeps the rest of the file with its comments. A secret of a profile whose secret-source is
// keyring goes to the system's keyring and not into the file. It returns where the value is now.
//
// The file is replaced by rename, so a reader sees the old one or the new one, and has mode 0600 in a folder of 0700.
func Set(ctx context.Context, host Host, e Edit) (where string, err error) {
	after, inKeyring, err := e.plan()
	if err != nil {
		return "", err
	}
	if inKeyring {
		name := account(e.Profile, e.Key)
		return "keyring, account " + name, intoKeyring(ctx, host, name, e.Value)
	}
	return e.Path, replaceFile(e.Path, after)
}

// plan gives the file as it would be after the edit, or tells that the value belongs in the keyring.
func (e Edit) plan() (after []byte, inKeyring bool, err error) {
	if err := e.check(); err != nil {
		return nil, false, err
	}
	before, _, err := readFile(e.Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, false, err
	}
	old, err := parse(e.Path, before)
	if err != nil {
		return nil, false, err
	}
	if isSecretKey(e.Key) && old.usesKeyring(e.Profile) {
		return nil, true, nil
	}
	if after, err = rewrite(before, e); err != nil {
		return nil, false, fileError(e.Path, err)
	}
	return after, false, old.onlyChangedBy(e, after)
}

func isSecretKey(key string) bool {
	return key == keySecret || key == keyPreviousSecret || key == keyToken || key == keyNgrok
}

func (e Edit) check() error {
	if e.Profile != "" {
		if err := checkProfileName(e.Profile); err != nil {
			return &ValueError{Key: keyProfile, Err: err}
		}
	}
	keys := editableKeys(e.Profile == "")
	if _, header := headerName(e.Key); !header && !slices.Contains(keys, e.Key) {
		return &KeyError{Key: e.Key, Known: keys}
	}
	if err := check(e.Key, e.Value); err != nil {
		return &ValueError{Key: e.Key, Err: err}
	}
	return nil
}

// editableKeys are those that hold one value each.
func editableKeys(top bool) []string {
	keys := slices.DeleteFunc(knownKeys(top), func(key string) bool { return key == keyProfiles })
	keys[slices.Index(keys, keyHeaders)] = headerPrefix + "NAME"
	return keys
}

// path is where the value stands in the file.
func (e Edit) path() []string {
	var path []string
	if e.Profile != "" {
		path = append(path, keyProfiles, e.Profile)
	}
	if name, ok := headerName(e.Key); ok {
		return append(path, keyHeaders, name)
	}
	return append(path, e.Key)
}

func (d document) usesKeyring(profile string) bool {
	if source, ok := d.profiles[profile][keySecretSource]; ok {
		return source.text == sourceKeyring
	}
	return d.top[keySecretSource].text == sourceKeyring
}

// errUnkept says that writing would have changed more, or other, than was asked for.
var errUnkept = errors.New("cannot be edited without changing other settings; edit it by hand")

// onlyChangedBy reads what is about to be written and compares it with what should be there.
func (d document) onlyChangedBy(e Edit, after []byte) error {
	got, err := parse(e.Path, after)
	if err != nil {
		return err
	}
	key := e.Key
	if name, ok := headerName(key); ok {
		key = headerKey(name)
	}
	want := d.texts()
	want[strings.Join([]string{e.Profile, key}, "\x00")] = e.Value
	if !maps.Equal(got.texts(), want) {
		return &FileError{e.Path, errUnkept}
	}
	return nil
}

// texts are all values of a file by profile and key.
func (d document) texts() map[string]string {
	all := map[string]string{}
	take := func(profile string, level settings) {
		for key, value := range level {
			all[strings.Join([]string{profile, key}, "\x00")] = value.text
		}
	}
	take("", d.top)
	for profile, level := range d.profiles {
		take(profile, level)
	}
	return all
}
