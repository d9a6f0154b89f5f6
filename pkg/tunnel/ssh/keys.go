package ssh

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"

	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

const maxKeyFile = 64 << 10 // bytes

// keys are what a user can be recognised by.
type keys struct {
	files      []string // these alone, if there are any
	folder     string   // of the keys that ssh-keygen makes without a name; may be empty
	agent      string   // its socket; may be empty
	passphrase func(ctx context.Context, file string) ([]byte, error)

	unlocked map[string]gossh.Signer // by file
}

// offer is the keys to offer a server, in this order, and their names.
type offer struct {
	signers []gossh.Signer
	names   []string
	agent   io.Closer // nil without one
}

func (o *offer) add(signer gossh.Signer, name string) {
	if o.has(signer.PublicKey()) == nil {
		o.signers, o.names = append(o.signers, signer), append(o.names, name)
	}
}

func (o *offer) has(key gossh.PublicKey) gossh.Signer {
	return find(o.signers, key)
}

func find(signers []gossh.Signer, key gossh.PublicKey) gossh.Signer {
	for _, signer := range signers {
		if bytes.Equal(signer.PublicKey().Marshal(), key.Marshal()) {
			return signer
		}
	}
	return nil
}

// locked is the error of a key that the server would have taken; nil without one. The error of a handshake may be about
// another method, which was tried after it.
func (o *offer) locked() *LockedKeyError {
	for _, signer := range o.signers {
		if key, ok := signer.(*lockedKey); ok && key.wanted {
			return &LockedKeyError{File: key.file}
		}
	}
	return nil
}

func (o *offer) close() {
	if o.agent != nil {
		_ = o.agent.Close()
	}
}

// offer collects the keys. Servers count attempts, so keys that were named go alone, and the agent's go first otherwise.
func (k *keys) offer(ctx context.Context) (*offer, error) {
	o := new(offer)
	held := k.askAgent(ctx, o)
	for _, file := range k.files {
		signer, err := k.read(file, held)
		if err != nil {
			o.close()
			return nil, err
		}
		o.add(signer, file)
	}
	if len(k.files) > 0 {
		return o, nil
	}
	for _, signer := range held {
		o.add(signer, "the agent's "+gossh.FingerprintSHA256(signer.PublicKey()))
	}
	if k.folder == "" {
		return o, nil
	}
	for _, name := range []string{"id_ed25519", "id_ecdsa", "id_rsa"} {
		file := filepath.Join(k.folder, name)
		// A file that is not there, or is of another kind, is not missed: nobody named it.
		if signer, err := k.read(file, held); err == nil {
			o.add(signer, file)
		}
	}
	return o, nil
}

// askAgent returns the keys that the agent holds; none without one.
func (k *keys) askAgent(ctx context.Context, o *offer) []gossh.Signer {
	if k.agent == "" {
		return nil
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", k.agent)
	if err != nil {
		return nil
	}
	o.agent = conn
	// An agent that hangs is let go of with ctx.
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	held, err := agent.NewClient(conn).Signers()
	if err != nil {
		return nil
	}
	return held
}

// read returns the key in a file. For one that is locked it is the agent's, if that holds it, or a [lockedKey].
func (k *keys) read(file string, held []gossh.Signer) (gossh.Signer, error) {
	if signer := k.unlocked[file]; signer != nil {
		return signer, nil
	}
	text, err := readFile(file)
	if err != nil {
		return nil, err
	}
	signer, err := gossh.ParsePrivateKey(text)
	locked, isLocked := errors.AsType[*gossh.PassphraseMissingError](err)
	switch {
	case err == nil:
		return signer, nil
	case !isLocked:
		return nil, &keyFileError{file, err}
	}
	public := locked.PublicKey
	if public == nil {
		if public = publicHalf(file); public == nil {
			return nil, &LockedKeyError{File: file}
		}
	}
	if signer := find(held, public); signer != nil {
		return signer, nil
	}
	return &lockedKey{public: public, file: file}, nil
}

// keyFileError says that a file that was named holds no key.
type keyFileError struct {
	file string
	err  error
}

func (e *keyFileError) Error() string   { return e.file + " holds no private key: " + e.err.Error() }
func (e *keyFileError) Unwrap() error   { return e.err }
func (e *keyFileError) Permanent() bool { return true }

// publicHalf is what ssh-keygen writes beside a key; older formats hide it in the locked file.
func publicHalf(file string) gossh.PublicKey {
	text, err := readFile(file + ".pub")
	if err != nil {
		return nil
	}
	public, _, _, _, err := gossh.ParseAuthorizedKey(text)
	if err != nil {
		return nil
	}
	return public
}

func readFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxKeyFile))
}

// passphraseTries is how often a passphrase may be wrong.
const passphraseTries = 3

// unlock asks for the passphrase of a key. It is kept unlocked for the next connection.
func (k *keys) unlock(ctx context.Context, locked *LockedKeyError) error {
	if k.passphrase == nil {
		return locked
	}
	text, err := readFile(locked.File)
	for tries := 0; err == nil && tries < passphraseTries; tries++ {
		var passphrase []byte
		if passphrase, err = k.passphrase(ctx, locked.File); err != nil {
			break
		}
		var signer gossh.Signer
		signer, wrong := gossh.ParsePrivateKeyWithPassphrase(text, passphrase)
		clear(passphrase)
		if wrong == nil {
			k.unlocked[locked.File] = signer
			return nil
		}
		locked.Err = wrong
	}
	if err != nil {
		locked.Err = err
	}
	return locked
}

// lockedKey can be offered, but signs nothing: the passphrase is asked for only if the server would take the key.
type lockedKey struct {
	public gossh.PublicKey
	file   string
	wanted bool // the server would take it
}

func (k *lockedKey) PublicKey() gossh.PublicKey { return k.public }

func (k *lockedKey) Sign(io.Reader, []byte) (*gossh.Signature, error) {
	k.wanted = true
	return nil, &LockedKeyError{File: k.file}
}

// SignWithAlgorithm makes an RSA key be offered with the algorithms that servers take today.
func (k *lockedKey) SignWithAlgorithm(rand io.Reader, data []byte, _ string) (*gossh.Signature, error) {
	return k.Sign(rand, data)
}
