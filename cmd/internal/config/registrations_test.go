package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

func (d *desk) registrationsFile() string {
	return filepath.Join(d.home, ".local", "state", "pbhook", "registrations.json")
}

func wanted() config.Registration {
	return config.Registration{API: "https://api", URL: "https://hook", Events: []string{"b", "a"}, ID: "wh_1", Time: time.Unix(1700000000, 0).UTC()}
}

func TestARegistrationIsFoundByAPIURLAndEvents(t *testing.T) {
	d := newDesk(t)
	if _, ok, err := config.FindRegistration(d.host(), wanted()); ok || err != nil {
		t.Fatalf("before anything: %v, %v", ok, err)
	}
	if err := config.RememberRegistration(d.host(), wanted()); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(r *config.Registration)
		want   bool
	}{
		"the same":           {func(*config.Registration) {}, true},
		"in another order":   {func(r *config.Registration) { r.Events = []string{"a", "b"} }, true},
		"inactive":           {func(r *config.Registration) { r.Active = !r.Active }, true},
		"another API":        {func(r *config.Registration) { r.API = "https://sandbox" }, false},
		"another URL":        {func(r *config.Registration) { r.URL = "https://hook/" }, false},
		"one event fewer":    {func(r *config.Registration) { r.Events = []string{"a"} }, false},
		"one event the more": {func(r *config.Registration) { r.Events = []string{"a", "b", "c"} }, false},
	} {
		sought := wanted()
		sought.ID = ""
		test.change(&sought)
		found, ok, err := config.FindRegistration(d.host(), sought)
		if err != nil || ok != test.want {
			t.Errorf("%s: found %v, %v", name, ok, err)
		}
		if diff := cmp.Diff(wanted(), found); ok && diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", name, diff)
		}
	}
}

func TestANewRegistrationTakesThePlaceOfTheOld(t *testing.T) {
	d := newDesk(t)
	again := wanted()
	again.ID, again.Events = "wh_2", []string{"a", "b"}
	for _, r := range []config.Registration{wanted(), again} {
		if err := config.RememberRegistration(d.host(), r); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(d.registrationsFile())
	if err != nil || strings.Contains(string(content), "wh_1") || strings.Count(string(content), "wh_2") != 1 {
		t.Errorf("the file is %s, %v", content, err)
	}
}

func TestTheListOfRegistrationsStaysReadable(t *testing.T) {
	d := newDesk(t)
	for n := range 60 {
		r := wanted()
		r.URL = fmt.Sprintf("https://hook/%d?%s", n, strings.Repeat("x", 2000))
		if err := config.RememberRegistration(d.host(), r); err != nil {
			t.Fatalf("the %d. registration: %v", n, err)
		}
		if _, ok, err := config.FindRegistration(d.host(), r); !ok || err != nil {
			t.Fatalf("the %d. registration is found: %v, %v", n, ok, err)
		}
	}
	huge := wanted()
	huge.URL = strings.Repeat("x", 70_000)
	if err := config.RememberRegistration(d.host(), huge); !errors.Is(err, config.ErrTooLarge) {
		t.Errorf("one that is too large gives %v", err)
	}
}

func TestAListThatIsNoneIsLeftAsItIs(t *testing.T) {
	for name, content := range map[string]string{
		"not JSON":      "{",
		"of the future": `{"version":2,"registrations":[]}`,
		"nothing":       "",
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.write(d.registrationsFile(), content)
			if err := config.RememberRegistration(d.host(), wanted()); !errors.Is(err, config.ErrRegistrations) {
				t.Errorf("RememberRegistration gives %v", err)
			}
			if after, err := os.ReadFile(d.registrationsFile()); err != nil || string(after) != content {
				t.Errorf("the file is %q now, %v", after, err)
			}
		})
	}
}

func TestWithoutAHomeNothingIsRemembered(t *testing.T) {
	d := newDesk(t)
	delete(d.env, "HOME")
	if err := config.RememberRegistration(d.host(), wanted()); !errors.Is(err, config.ErrNoState) {
		t.Errorf("RememberRegistration gives %v", err)
	}
	if _, _, err := config.FindRegistration(d.host(), wanted()); !errors.Is(err, config.ErrNoState) {
		t.Errorf("FindRegistration gives %v", err)
	}
}
