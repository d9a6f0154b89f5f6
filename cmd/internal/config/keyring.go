package config

import (
	"context"
	"errors"
	"time"

	"github.com/zalando/go-keyring"
)

const (
	keyringService = "pbhook"
	keyringPatient = 5 * time.Second // a locked keyring may wait for somebody who is not there
)

// Keyring keeps secrets for the user. A secret that is not there is [keyring.ErrNotFound].
type Keyring interface {
	Get(service, account string) (string, error)
	Set(service, account, secret string) error
}

type systemKeyring struct{}

func (systemKeyring) Get(service, account string) (string, error) {
	return keyring.Get(service, account)
}

func (systemKeyring) Set(service, account, secret string) error {
	return keyring.Set(service, account, secret)
}

func (h Host) keyring() Keyring {
	if h.Keyring == nil {
		return systemKeyring{}
	}
	return h.Keyring
}

// account is the name under which the keyring keeps one secret of a profile.
func account(profile, key string) string {
	if profile == "" {
		return key
	}
	return profile + "/" + key
}

// fromKeyring gives a secret, or nothing if the keyring has none; any other answer, or none in time, is a [*KeyringError].
func fromKeyring(ctx context.Context, host Host, account string) (string, error) {
	secret, err := answered(ctx, func() (string, error) { return host.keyring().Get(keyringService, account) })
	if errors.Is(err, keyring.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", &KeyringError{Account: account, Err: err}
	}
	return secret, nil
}

func intoKeyring(ctx context.Context, host Host, account, secret string) error {
	_, err := answered(ctx, func() (string, error) {
		return "", host.keyring().Set(keyringService, account, secret)
	})
	if err != nil {
		return &KeyringError{Account: account, Err: err}
	}
	return nil
}

// answered waits for a keyring that has no way to be interrupted itself.
func answered(ctx context.Context, ask func() (string, error)) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, keyringPatient, errors.New("no answer within 5 s"))
	defer cancel()
	type answer struct {
		text string
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		text, err := ask()
		done <- answer{text, err}
	}()
	select {
	case a := <-done:
		return a.text, a.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}
