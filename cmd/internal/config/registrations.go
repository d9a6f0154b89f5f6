package config

import (
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"time"
)

const (
	registrationsFile    = "registrations.json"
	registrationsVersion = 1
	mostRegistrations    = 100 // the newest; the URLs of tunnels come and go
)

// Registration is a webhook that pbhook has registered. Its secret is not part of it.
type Registration struct {
	API     string    `json:"api"` // address that it was registered at
	URL     string    `json:"url"`
	Events  []string  `json:"events"`
	Active  bool      `json:"active"`
	ID      string    `json:"webhookId"`
	Time    time.Time `json:"time"`
	SavedTo string    `json:"savedTo,omitempty"` // where the secret was kept then
}

// same tells whether another one has the same API, URL and set of events.
func (r Registration) same(other Registration) bool {
	return r.API == other.API && r.URL == other.URL && slices.Equal(sorted(r.Events), sorted(other.Events))
}

func sorted(names []string) []string { return slices.Sorted(slices.Values(names)) }

type registrations struct {
	Version int            `json:"version"`
	All     []Registration `json:"registrations"` // the oldest first
}

// FindRegistration looks for a webhook with the API, URL and events of r among those that were remembered. A file that cannot
// be read is a [*FileError]; without a home folder it is [ErrNoState].
func FindRegistration(host Host, r Registration) (found Registration, ok bool, err error) {
	_, known, err := readRegistrations(host)
	if err != nil {
		return Registration{}, false, err
	}
	for _, one := range slices.Backward(known.All) {
		if one.same(r) {
			return one, true, nil
		}
	}
	return Registration{}, false, nil
}

// RememberRegistration keeps r for [FindRegistration], in a file beside the history with mode 0600 that is replaced by rename.
// Of two processes that do so at the same moment one may be forgotten. It fails as FindRegistration does.
func RememberRegistration(host Host, r Registration) error {
	path, known, err := readRegistrations(host)
	if err != nil {
		return err
	}
	known.Version = registrationsVersion
	known.All = append(slices.DeleteFunc(known.All, r.same), r)
	content, err := known.fit()
	if err != nil {
		return err
	}
	return replaceFile(path, append(content, '\n'))
}

// fit writes the newest registrations, as many as the file is read with.
func (r registrations) fit() ([]byte, error) {
	r.All = r.All[max(0, len(r.All)-mostRegistrations):]
	for {
		content, err := json.MarshalIndent(r, "", "  ")
		if err != nil || len(content) < largestFile {
			return content, err
		}
		if len(r.All) == 1 {
			return nil, ErrTooLarge
		}
		r.All = r.All[1:]
	}
}

func readRegistrations(host Host) (path string, known registrations, err error) {
	if path, err = statePath(host, registrationsFile); err != nil {
		return "", known, err
	}
	content, _, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, known, nil
	}
	if err != nil {
		return path, known, err
	}
	if err := json.Unmarshal(content, &known); err != nil || known.Version != registrationsVersion {
		return path, known, &FileError{path, ErrRegistrations}
	}
	return path, known, nil
}
