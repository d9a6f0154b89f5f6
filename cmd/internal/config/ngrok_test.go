package config_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ngrok"
)

func TestTheTokenOfNgrokIsOfTheEnvironmentBeforeTheConfiguration(t *testing.T) {
	d := newDesk(t)
	resolve := func() (string, error) {
		t.Helper()
		cfg := d.load(config.LoadOptions{})
		if text := fmt.Sprintf("%v %+v", cfg, cfg.Values()); strings.Contains(text, "of_the_file") {
			t.Errorf("the token is shown: %s", text)
		}
		token, err := config.ResolveNgrok(t.Context(), d.host(), cfg)
		return token.Reveal(), err
	}
	if _, err := resolve(); !errors.Is(err, ngrok.ErrNoToken) {
		t.Errorf("without one: %v", err)
	}
	d.write(d.userFile(), "ngrok-token: token_of_the_file\n")
	if got, err := resolve(); got != "token_of_the_file" || err != nil {
		t.Errorf("of the file: %q, %v", got, err)
	}
	d.env["NGROK_AUTHTOKEN"] = "token_of_the_environment"
	if got, err := resolve(); got != "token_of_the_environment" || err != nil {
		t.Errorf("of the environment: %q, %v", got, err)
	}
}
