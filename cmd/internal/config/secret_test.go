package config_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zalando/go-keyring"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// fakeKeyring is a keyring in memory; err makes it one that does not work, and silent one that never answers.
type fakeKeyring struct {
	mu     sync.Mutex
	kept   map[string]string
	asked  []string
	err    error
	silent chan struct{}
}

func newFakeKeyring() *fakeKeyring { return &fakeKeyring{kept: map[string]string{}} }

func (k *fakeKeyring) put(account, secret string) { k.kept["pbhook "+account] = secret }

func (k *fakeKeyring) Get(service, account string) (string, error) {
	if k.silent != nil {
		<-k.silent
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked = append(k.asked, account)
	if k.err != nil {
		return "", k.err
	}
	if secret, ok := k.kept[service+" "+account]; ok {
		return secret, nil
	}
	return "", keyring.ErrNotFound
}

func (k *fakeKeyring) Set(service, account, secret string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err != nil {
		return k.err
	}
	k.kept[service+" "+account] = secret
	return nil
}

func text(s string) *string { return &s }

func (d *desk) resolve(r config.SecretRequest) (config.Secrets, error) {
	d.t.Helper()
	return config.ResolveSecret(d.t.Context(), d.host(), d.load(config.LoadOptions{}), r)
}

func TestEachSourceOfTheSecretBeatsTheNext(t *testing.T) {
	d := newDesk(t)
	var request config.SecretRequest
	file := filepath.Join(d.work, "secret.txt")
	steps := []struct {
		name, secret, source string
		set                  func()
	}{
		{"nothing", "", "", func() {}},
		{"the keyring", "whsec_keyring", "keyring", func() {
			d.write(d.userFile(), "profile: dev\nprofiles:\n  dev:\n    secret-source: keyring\n")
			d.keyring.put("dev/secret", "whsec_keyring")
		}},
		{"the profile", "whsec_profile", "profile dev", func() {
			d.write(d.userFile(), "profile: dev\nprofiles:\n  dev:\n    secret-source: keyring\n    secret: whsec_profile\n")
		}},
		{".env", "whsec_dotenv", ".env", func() {
			d.write(filepath.Join(d.work, ".env"), "OTHER=1\nexport POCKETBOOK_WEBHOOK_SECRET='whsec_dotenv'\n")
		}},
		{"the environment", "whsec_environment", "POCKETBOOK_WEBHOOK_SECRET", func() {
			d.env["POCKETBOOK_WEBHOOK_SECRET"] = "whsec_environment"
		}},
		{"the flag without a value", "whsec_environment", "POCKETBOOK_WEBHOOK_SECRET", func() { request.Flag = text("") }},
		{"the file", "whsec_file", file, func() {
			d.write(file, "whsec_file\n")
			request.File = file
		}},
		{"the flag", "whsec_flag", "--secret", func() { request.Flag = text("whsec_flag") }},
	}
	for _, step := range steps {
		step.set()
		found, err := d.resolve(request)
		if err != nil || found.Current.Reveal() != step.secret || found.Source != step.source {
			t.Errorf("with %s: %q from %q, %v; want %q from %q",
				step.name, found.Current.Reveal(), found.Source, err, step.secret, step.source)
		}
	}
}

func TestEachSourceOfThePreviousSecretBeatsTheNext(t *testing.T) {
	d := newDesk(t)
	var request config.SecretRequest
	steps := []struct {
		name, previous, source string
		set                    func()
	}{
		{"the keyring", "whsec_keyring", "keyring", func() {
			d.write(d.userFile(), "secret-source: keyring\n")
			d.keyring.put("secret", "whsec_now")
			d.keyring.put("previous-secret", "whsec_keyring")
		}},
		{"the configuration", "whsec_config", "configuration", func() {
			d.write(d.userFile(), "secret: whsec_now\nprevious-secret: whsec_config\n")
		}},
		{".env", "whsec_dotenv", ".env", func() {
			d.write(filepath.Join(d.work, ".env"), "POCKETBOOK_WEBHOOK_SECRET_OLD=whsec_dotenv\n")
		}},
		{"the environment", "whsec_environment", "POCKETBOOK_WEBHOOK_SECRET_OLD", func() {
			d.env["POCKETBOOK_WEBHOOK_SECRET_OLD"] = "whsec_environment"
		}},
		{"the flag", "whsec_flag", "--previous-secret", func() { request.PreviousFlag = text("whsec_flag") }},
	}
	for _, step := range steps {
		step.set()
		found, err := d.resolve(request)
		if err != nil || found.Previous.Reveal() != step.previous || found.PreviousSource != step.source {
			t.Errorf("with %s: %q from %q, %v; want %q from %q",
				step.name, found.Previous.Reveal(), found.PreviousSource, err, step.previous, step.source)
		}
	}
}

func TestThePreviousSecretOfAProfileGoesWithItsCurrentOneAlone(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "secret: whsec_now\nprevious-secret: whsec_before\n")
	found, err := d.resolve(config.SecretRequest{Flag: text("whsec_other")})
	if err != nil || !found.Previous.IsZero() {
		t.Errorf("with another current secret the previous one is %q from %q, %v", found.Previous.Reveal(), found.PreviousSource, err)
	}
}

func TestWithoutASecretTheErrorTellsWhereItLooked(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "secret-source: keyring\n")
	_, err := d.resolve(config.SecretRequest{Required: true, Flag: text("")})
	var missing *config.NoSecretError
	if !errors.As(err, &missing) || !errors.Is(err, config.ErrNoSecret) {
		t.Fatalf("ResolveSecret fails with %v", err)
	}
	if diff := cmp.Diff([]string{"POCKETBOOK_WEBHOOK_SECRET", ".env", "keyring"}, missing.Tried); diff != "" {
		t.Errorf("tried differs (-want +got):\n%s", diff)
	}
	found, err := d.resolve(config.SecretRequest{})
	if err != nil || !found.Current.IsZero() || found.Source != "" {
		t.Errorf("where none is required, ResolveSecret gives %v, %v", found, err)
	}
}

// An empty variable is skipped while another source has a secret, and is no wish to go without where that matters.
func TestAnEmptyVariableIsALostSecret(t *testing.T) {
	d := newDesk(t)
	d.env["POCKETBOOK_WEBHOOK_SECRET"] = ""
	for _, request := range []config.SecretRequest{{Required: true}, {RefuseEmpty: true}} {
		_, err := d.resolve(request)
		var refused *config.SecretError
		if !errors.As(err, &refused) || refused.Source != "POCKETBOOK_WEBHOOK_SECRET" || !errors.Is(err, signature.ErrEmptySecret) {
			t.Errorf("%+v: ResolveSecret fails with %v", request, err)
		}
	}
	if found, err := d.resolve(config.SecretRequest{}); err != nil || !found.Current.IsZero() {
		t.Errorf("where none matters, ResolveSecret gives %v, %v", found, err)
	}
	d.write(filepath.Join(d.work, ".env"), "POCKETBOOK_WEBHOOK_SECRET=whsec_dotenv\n")
	if found, err := d.resolve(config.SecretRequest{Required: true}); err != nil || found.Source != ".env" {
		t.Errorf("with another source, ResolveSecret gives %v, %v", found, err)
	}
	delete(d.env, "POCKETBOOK_WEBHOOK_SECRET")
	d.write(filepath.Join(d.work, ".env"), "")
	if _, err := d.resolve(config.SecretRequest{RefuseEmpty: true}); err != nil {
		t.Errorf("without the variable, ResolveSecret fails with %v", err)
	}
}

func TestOneLineEndBehindASecretIsCutOff(t *testing.T) {
	for name, test := range map[string]struct {
		content, want string
		err           error
	}{
		"none":                      {"whsec_a", "whsec_a", nil},
		"a newline":                 {"whsec_a\n", "whsec_a", nil},
		"a newline of Windows":      {"whsec_a\r\n", "whsec_a", nil},
		"only one of two":           {"whsec_a\n\n", "", config.ErrSecretLineEnd},
		"white space stays":         {" whsec_a \n", " whsec_a ", nil},
		"a carriage return stays":   {"whsec_a\r", "", config.ErrSecretLineEnd},
		"two lines":                 {"whsec_a\nwhsec_b\n", "", config.ErrSecretLines},
		"an empty file":             {"", "", signature.ErrEmptySecret},
		"a newline alone":           {"\n", "", signature.ErrEmptySecret},
		"quotes alone":              {"\"\"\n", "", signature.ErrEmptySecret},
		"as long as can be":         {strings.Repeat("a", 4096) + "\r\n", strings.Repeat("a", 4096), nil},
		"one byte longer":           {strings.Repeat("a", 4097), "", config.ErrSecretTooLong},
		"one byte longer, a line":   {strings.Repeat("a", 4097) + "\n", "", config.ErrSecretTooLong},
		"a megabyte without an end": {strings.Repeat("a", 1<<20), "", config.ErrSecretTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			file := filepath.Join(d.work, "secret.txt")
			d.write(file, test.content)
			host := d.host()
			host.Stdin = strings.NewReader(test.content)
			for _, from := range []string{file, "-"} {
				found, err := config.ResolveSecret(t.Context(), host, config.Config{}, config.SecretRequest{File: from})
				if !errors.Is(err, test.err) || found.Current.Reveal() != test.want {
					t.Errorf("from %s: %q, %v; want %q, %v", from, found.Current.Reveal(), err, test.want, test.err)
				}
			}
		})
	}
}

func TestASourceWithASecretThatCannotBeUsedStopsTheSearch(t *testing.T) {
	for name, test := range map[string]struct {
		set  func(d *desk, r *config.SecretRequest)
		want error
	}{
		"a flag of quotes":         {func(_ *desk, r *config.SecretRequest) { r.Flag = text(`""`) }, signature.ErrEmptySecret},
		"a flag of two lines":      {func(_ *desk, r *config.SecretRequest) { r.Flag = text("a\nb") }, config.ErrSecretLines},
		"a variable too long":      {func(d *desk, _ *config.SecretRequest) { d.env["POCKETBOOK_WEBHOOK_SECRET"] = strings.Repeat("a", 4097) }, config.ErrSecretTooLong},
		"a file that is not there": {func(d *desk, r *config.SecretRequest) { r.File = filepath.Join(d.work, "none") }, fs.ErrNotExist},
		"an empty previous secret": {func(_ *desk, r *config.SecretRequest) { r.PreviousFlag = text("") }, signature.ErrEmptySecret},
		"a .env that is none":      {func(d *desk, _ *config.SecretRequest) { d.write(filepath.Join(d.work, ".env"), "classified secret\n") }, config.ErrDotenv},
		"a .env that is a folder":  {func(d *desk, _ *config.SecretRequest) { d.write(filepath.Join(d.work, ".env", "x"), "") }, config.ErrNotRegular},
		"a .env without an end": {func(d *desk, _ *config.SecretRequest) {
			d.write(filepath.Join(d.work, ".env"), strings.Repeat("# c\n", 20_000))
		}, config.ErrTooLarge},
		"a keyring that is missing": {func(d *desk, _ *config.SecretRequest) { d.keyring.err = io.ErrUnexpectedEOF }, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.write(d.userFile(), "secret-source: keyring\n")
			d.keyring.put("secret", "whsec_fallback")
			var request config.SecretRequest
			test.set(d, &request)
			found, err := d.resolve(request)
			if !errors.Is(err, test.want) || !found.Current.IsZero() {
				t.Errorf("ResolveSecret gives %v, %v; want %v", found, err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "classified") {
				t.Errorf("the error quotes the file: %v", err)
			}
		})
	}
}

func TestDotenvIsReadAndNotExported(t *testing.T) {
	d := newDesk(t)
	d.write(filepath.Join(d.work, ".env"), "POCKETBOOK_WEBHOOK_SECRET=whsec_dotenv # the current one\n")
	if found, err := d.resolve(config.SecretRequest{}); err != nil || found.Current.Reveal() != "whsec_dotenv" {
		t.Fatalf("ResolveSecret gives %q, %v", found.Current.Reveal(), err)
	}
	if value, ok := os.LookupEnv("POCKETBOOK_WEBHOOK_SECRET"); ok {
		t.Errorf("the process has %q in its environment", value)
	}
}

func TestAStrongerSourceLeavesTheKeyringAlone(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "secret-source: keyring\n")
	d.env["POCKETBOOK_WEBHOOK_SECRET"] = "whsec_environment"
	if _, err := d.resolve(config.SecretRequest{}); err != nil || len(d.keyring.asked) > 0 {
		t.Errorf("the keyring was asked for %v (%v)", d.keyring.asked, err)
	}
}

func TestAKeyringThatNeverAnswersIsGivenUp(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "secret-source: keyring\n")
	cfg := d.load(config.LoadOptions{})
	synctest.Test(t, func(t *testing.T) {
		d.keyring.silent = make(chan struct{})
		defer close(d.keyring.silent)
		start := time.Now()
		_, err := config.ResolveSecret(t.Context(), d.host(), cfg, config.SecretRequest{})
		var unreachable *config.KeyringError
		if !errors.As(err, &unreachable) || unreachable.Account != "secret" {
			t.Errorf("ResolveSecret fails with %v, want a KeyringError", err)
		}
		if waited := time.Since(start); waited != 5*time.Second {
			t.Errorf("it waited %v, want 5s", waited)
		}
	})
}

func TestSecretsDoNotPrintThemselves(t *testing.T) {
	d := newDesk(t)
	found, err := d.resolve(config.SecretRequest{Flag: text("whsec_classified_1234"), PreviousFlag: text("whsec_classified_5678")})
	if err != nil {
		t.Fatal(err)
	}
	if printed := fmt.Sprintf("%v %+v %#v", found, found, found); strings.Contains(printed, "classified") {
		t.Errorf("printed: %s", printed)
	}
}

func TestAWaitForASecretOnStandardInputEndsWithTheContext(t *testing.T) {
	silent, writer := io.Pipe()
	defer writer.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	host := config.Host{LookupEnv: func(string) (string, bool) { return "", false }, Stdin: silent, Dir: t.TempDir()}
	_, err := config.ResolveSecret(ctx, host, config.Config{}, config.SecretRequest{File: "-"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the error of the context", err)
	}
}
