package config

import (
	"os"
	"path/filepath"
)

const (
	certificateFile = "localhost.pem"
	keyFile         = "localhost-key.pem"
)

// Certificate is a certificate and its key, both PEM, and the file of the former.
type Certificate struct {
	Path             string
	Certificate, Key []byte
}

// LocalCertificate gives the certificate of this machine, kept beside the history so that clients have to be told of it once.
// Where there is none, or it is no longer usable, a new one is made and put in its place. It returns [ErrNoState] and
// [*FileError].
func LocalCertificate(host Host, usable func(Certificate) bool, renew func() (certificate, key []byte, err error)) (Certificate, error) {
	state, err := HistoryPath(host)
	if err != nil {
		return Certificate{}, err
	}
	dir := filepath.Dir(state)
	local, keyPath := Certificate{Path: filepath.Join(dir, certificateFile)}, filepath.Join(dir, keyFile)
	if local.Certificate, err = os.ReadFile(local.Path); err == nil {
		if local.Key, err = os.ReadFile(keyPath); err == nil && usable(local) {
			return local, nil
		}
	}
	if local.Certificate, local.Key, err = renew(); err != nil {
		return Certificate{}, err
	}
	if err := replaceFile(keyPath, local.Key); err != nil {
		return Certificate{}, err
	}
	return local, replaceFile(local.Path, local.Certificate)
}
