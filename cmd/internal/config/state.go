package config

import (
	"maps"
	"path/filepath"
	"slices"
)

const historyFile = "history.db"

// NoHistory is the setting that keeps received requests in memory alone.
const NoHistory = "none"

// HistoryPath gives the file of the history when nobody names another, whether or not it exists: pbhook/history.db under
// XDG_STATE_HOME if that is an absolute path, else under ~/Library/Application Support on macOS, %LocalAppData% on
// Windows, ~/.local/state elsewhere (XDG Base Directory Specification 0.8). Where none of them is known it is [ErrNoState].
func HistoryPath(host Host) (string, error) { return statePath(host, historyFile) }

func statePath(host Host, file string) (string, error) {
	base := host.env("XDG_STATE_HOME")
	if !filepath.IsAbs(base) {
		base = stateFolder(host)
	}
	if base == "" {
		return "", ErrNoState
	}
	return filepath.Join(base, folder, file), nil
}

func stateFolder(host Host) string {
	home := host.env("HOME")
	switch host.os() {
	case "windows":
		return host.env("LocalAppData")
	case "darwin":
		return platformFolder(host)
	default:
		if home != "" {
			return filepath.Join(home, ".local", "state")
		}
	}
	return ""
}

// ofUserAlone are the settings that a project's file has no say in: a folder that somebody else filled must not make
// pbhook write to a file of its choice, let go of what the user has kept, send the user's token to a host of its choice, or
// register the user's webhook with somebody else's account.
func ofUserAlone() []string { return []string{keyHistory, keyKeep, keyAPIURL, keyToken, keyNgrok} }

// withholdOfUser takes those settings out of a project's file and gives their names.
func (d document) withholdOfUser() []string {
	levels := append(slices.Collect(maps.Values(d.profiles)), d.top)
	var withheld []string
	for _, key := range ofUserAlone() {
		there := false
		for _, level := range levels {
			_, has := level[key]
			there = there || has
			delete(level, key)
		}
		if there {
			withheld = append(withheld, key)
		}
	}
	return withheld
}
