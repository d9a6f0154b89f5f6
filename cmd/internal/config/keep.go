package config

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// Keeper keeps a signing secret where later runs find it.
type Keeper interface {
	// Check tells why Keep would fail, as far as that can be known before there is a secret. It leaves everything as it is.
	Check(ctx context.Context) error
	// Keep writes the secret and tells where it is now.
	Keep(ctx context.Context, secret signature.Secret) (where string, err error)
}

// PlaceError says that a secret cannot be kept at a place of that name.
type PlaceError struct{ Place string }

func (e *PlaceError) Error() string {
	return fmt.Sprintf("there is no place %q to keep a secret", e.Place)
}

const placeProfile = "profile"

// NewKeeper takes a place: keyring, profile for the profile in use, profile=NAME, or a file that is called .env, .env.NAME or
// NAME.env. File is the configuration that is edited for the first three. Anything else is a [*PlaceError].
func NewKeeper(host Host, cfg Config, file, place string) (Keeper, error) {
	name, named := strings.CutPrefix(place, placeProfile+"=")
	switch {
	case place == sourceKeyring:
		return keyringKeeper{host, cfg, file}, nil
	case place == placeProfile:
		return profileKeeper{host, Edit{Path: file, Profile: cfg.Profile, Key: keySecret}}, nil
	case named:
		if err := checkProfileName(name); err != nil {
			return nil, &ValueError{Key: keyProfile, Err: err}
		}
		return profileKeeper{host, Edit{Path: file, Profile: name, Key: keySecret}}, nil
	case isDotenv(filepath.Base(place)):
		if !filepath.IsAbs(place) {
			place = filepath.Join(host.Dir, place)
		}
		return dotenvKeeper{host, place}, nil
	}
	return nil, &PlaceError{Place: place}
}

// isDotenv goes by the name, so that a slip of the fingers in keyring makes no file.
func isDotenv(base string) bool {
	return base == dotenvFile || strings.HasPrefix(base, dotenvFile+".") || strings.HasSuffix(base, dotenvFile)
}

// sample stands for a secret that is not known yet.
const sample = signature.SecretPrefix + "0000"

// profileKeeper writes into a profile of the configuration, or into the keyring where the profile says so.
type profileKeeper struct {
	host Host
	edit Edit
}

func (k profileKeeper) Check(ctx context.Context) error {
	edit := k.edit
	edit.Value = sample
	return edit.checkSet(ctx, k.host)
}

func (k profileKeeper) Keep(ctx context.Context, secret signature.Secret) (string, error) {
	k.edit.Value = secret.Reveal()
	return Set(ctx, k.host, k.edit)
}

// checkSet tells why [Set] would fail.
func (e Edit) checkSet(ctx context.Context, host Host) error {
	_, inKeyring, err := e.plan()
	if err != nil {
		return err
	}
	if inKeyring {
		_, err := fromKeyring(ctx, host, account(e.Profile, e.Key))
		return err
	}
	return checkReplaceable(e.Path)
}

// keyringKeeper writes into the keyring, and into the configuration that the secret is there.
type keyringKeeper struct {
	host Host
	cfg  Config
	file string
}

func (k keyringKeeper) pointer() Edit {
	return Edit{Path: k.file, Profile: k.cfg.Profile, Key: keySecretSource, Value: sourceKeyring}
}

func (k keyringKeeper) Check(ctx context.Context) error {
	if !k.cfg.secret.IsZero() {
		return ErrShadowed
	}
	if _, err := fromKeyring(ctx, k.host, account(k.cfg.Profile, keySecret)); err != nil {
		return err
	}
	if k.cfg.keyring {
		return nil
	}
	return k.pointer().checkSet(ctx, k.host)
}

func (k keyringKeeper) Keep(ctx context.Context, secret signature.Secret) (string, error) {
	name := account(k.cfg.Profile, keySecret)
	where := "keyring, account " + name
	if err := intoKeyring(ctx, k.host, name, secret.Reveal()); err != nil || k.cfg.keyring {
		return where, err
	}
	_, err := Set(ctx, k.host, k.pointer())
	return where, err
}
