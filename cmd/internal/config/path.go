package config

import "path/filepath"

// ProjectFile is the name of the file in the working directory that a team may share.
const ProjectFile = ".pbhook.yaml"

const (
	userFile = "config.yaml"
	folder   = "pbhook"
)

// Path gives the user's file, whether or not it exists: pbhook/config.yaml under XDG_CONFIG_HOME if that is an absolute
// path, else under ~/Library/Application Support on macOS, %AppData% on Windows, ~/.config elsewhere (XDG Base Directory
// Specification 0.8). Where none of them is known it is [ErrNoHome].
func Path(host Host) (string, error) {
	base := host.env("XDG_CONFIG_HOME")
	if !filepath.IsAbs(base) { // the specification tells to ignore relative ones
		base = platformFolder(host)
	}
	if base == "" {
		return "", ErrNoHome
	}
	return filepath.Join(base, folder, userFile), nil
}

func platformFolder(host Host) string {
	home := host.env("HOME")
	switch host.os() {
	case "windows":
		return host.env("AppData")
	case "darwin":
		if home != "" {
			return filepath.Join(home, "Library", "Application Support")
		}
	default:
		if home != "" {
			return filepath.Join(home, ".config")
		}
	}
	return ""
}
