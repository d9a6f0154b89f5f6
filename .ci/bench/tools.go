package main

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// install has a Go program of that module and version in the folder of peers.
func (w *workshop) install(ctx context.Context, module, version string) (file string, err error) {
	file = filepath.Join(w.bin, nameOf(module))
	if info, err := buildinfo.ReadFile(file); err == nil && info.Main.Path == module && info.Main.Version == version {
		return file, nil
	}
	_, err = w.output(ctx, command{args: []string{"go", "install", module + "@" + version}, env: []string{"GOBIN=" + w.bin}})
	if err != nil {
		return "", fmt.Errorf("%s %s is not installed: %w", nameOf(module), version, err)
	}
	return file, nil
}

// nameOf is the name of the program that the module's root holds: "vegeta" for ".../vegeta/v12".
func nameOf(module string) string {
	name := path.Base(module)
	if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
		name = path.Base(path.Dir(module))
	}
	return name
}

// debian finds a program, and installs Debian's package of it where there is none.
func (w *workshop) debian(ctx context.Context, program, pkg string) (file string, err error) {
	if file, err := exec.LookPath(program); err == nil {
		return file, nil
	}
	name := filepath.Base(program)
	if _, err := exec.LookPath("apt-get"); err != nil {
		return "", errors.New(name + " is not installed")
	}
	apt := []string{"apt-get"}
	if os.Geteuid() != 0 {
		apt = []string{"sudo", "-n", "apt-get"}
	}
	for _, args := range [][]string{{"update", "-qq"}, {"install", "-y", "-qq", "--no-install-recommends", pkg}} {
		_, err := w.output(ctx, command{args: append(apt, args...), env: []string{"DEBIAN_FRONTEND=noninteractive"}})
		if err != nil {
			return "", fmt.Errorf("%s is not installed: %w", name, err)
		}
	}
	return exec.LookPath(program)
}

func stripeVersion(ctx context.Context, w *workshop) (map[string]string, error) {
	version, err := w.output(ctx, command{
		dir: ".ci/differential", args: []string{"go", "list", "-m", "-f", "{{.Version}}", "github.com/stripe/stripe-go/v85"},
	})
	return map[string]string{stripeSDK: strings.TrimSpace(version)}, err
}

func openSSHVersion(ctx context.Context, w *workshop) (map[string]string, error) {
	if _, err := w.debian(ctx, "/usr/sbin/sshd", "openssh-server"); err != nil {
		return nil, err
	}
	client, err := w.debian(ctx, "ssh", "openssh-client")
	if err != nil {
		return nil, err
	}
	said, err := w.start(ctx, command{args: []string{client, "-V"}}).CombinedOutput()
	return map[string]string{openSSH: firstVersion(said)}, err
}

var version = regexp.MustCompile(`\d[\w.+-]*`)

// firstVersion is the first of what a program says when it is asked for its version, such as "OpenSSH_9.2p1 Debian-2".
func firstVersion(said []byte) string { return string(version.Find(said)) }
