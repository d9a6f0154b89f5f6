package ssh

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/skeema/knownhosts"
	gossh "golang.org/x/crypto/ssh"
	upstream "golang.org/x/crypto/ssh/knownhosts"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// hostKeys are the keys that servers are known by.
type hostKeys struct {
	files []string // read only
	own   string   // read, and added to; may be empty
	pins  []string // fingerprints
}

// checkFingerprint refuses what no host key can have.
func checkFingerprint(pin string) error {
	digest, err := base64.RawStdEncoding.DecodeString(strings.TrimPrefix(pin, "SHA256:"))
	if err != nil || len(digest) != 32 || !strings.HasPrefix(pin, "SHA256:") {
		return &tunnel.OptionError{Option: "host key", Value: pin, Reason: "is no fingerprint as ssh-keygen -l prints it, SHA256:…"}
	}
	return nil
}

// read takes in the files that exist. It reads them for each connection, so that a line that the user removed or added
// counts.
func (h hostKeys) read() (*knownhosts.HostKeyDB, error) {
	var files []string
	for _, file := range append(slices.Clone(h.files), h.own) {
		if file == "" {
			continue
		}
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		files = append(files, file)
	}
	known, err := knownhosts.NewDB(files...)
	if err != nil {
		return nil, &knownHostsError{err}
	}
	return known, nil
}

// knownHostsError says that the known hosts cannot be read; the cause names the file.
type knownHostsError struct{ err error }

func (e *knownHostsError) Error() string   { return "known hosts cannot be read: " + e.err.Error() }
func (e *knownHostsError) Unwrap() error   { return e.err }
func (e *knownHostsError) Permanent() bool { return true }

// check returns nil for a key that something vouches for and nothing speaks against.
func (h hostKeys) check(known *knownhosts.HostKeyDB, address string, remote net.Addr, key gossh.PublicKey) error {
	shown := HostKey{Address: address, Type: key.Type(), Fingerprint: gossh.FingerprintSHA256(key)}
	pinned := slices.Contains(h.pins, shown.Fingerprint)
	err := known.HostKeyCallback()(address, remote, key)
	mismatch, isMismatch := errors.AsType[*upstream.KeyError](err)
	revoked, isRevoked := errors.AsType[*upstream.RevokedError](err)
	switch {
	case isRevoked:
		return &HostKeyError{Key: shown, Known: places([]upstream.KnownKey{revoked.Revoked}), Revoked: true}
	case isMismatch && len(mismatch.Want) > 0:
		return &HostKeyError{Key: shown, Known: places(mismatch.Want)}
	case err != nil && !isMismatch:
		return err
	case len(h.pins) > 0 && !pinned:
		return &HostKeyError{Key: shown, Given: h.pins}
	case err != nil && !pinned:
		return &UnknownHostError{Key: shown}
	}
	return nil
}

func places(keys []upstream.KnownKey) []string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = fmt.Sprintf("%s:%d", key.Filename, key.Line)
	}
	return texts
}

// add makes a key known from now on. The file is the user's alone and no link; a line is written at once, so that two
// processes don't mix theirs.
func (h hostKeys) add(address string, key gossh.PublicKey) error {
	if h.own == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(h.own), 0o700); err != nil {
		return err
	}
	if info, err := os.Lstat(h.own); err == nil && !info.Mode().IsRegular() {
		return &fs.PathError{Op: "open", Path: h.own, Err: errors.New("is not a regular file")}
	}
	file, err := os.OpenFile(h.own, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(knownhosts.Line([]string{address}, key) + "\n")
	return errors.Join(err, file.Close())
}
