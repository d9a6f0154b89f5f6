package pocketbook_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
)

func TestATokenIsTakenInItsOwnSyntaxAlone(t *testing.T) {
	for name, test := range map[string]struct {
		value string
		want  error
	}{
		"a JWT":                     {expiring(now()), nil},
		"any other token":           {"abc-._~+/123==", nil},
		"as long as can be":         {strings.Repeat("a", 8<<10), nil},
		"nothing":                   {"", pocketbook.ErrEmptyToken},
		"one byte too long":         {strings.Repeat("a", 8<<10+1), pocketbook.ErrTokenTooLong},
		"with its scheme":           {"bearer abc", pocketbook.ErrTokenScheme},
		"a line break":              {"abc\r\nX-Injected: yes", pocketbook.ErrTokenForm},
		"a newline behind it":       {"abc\n", pocketbook.ErrTokenForm},
		"quotes":                    {`"abc"`, pocketbook.ErrTokenForm},
		"an equals sign in between": {"a=b", pocketbook.ErrTokenForm},
		"a letter beyond ASCII":     {"abç", pocketbook.ErrTokenForm},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := pocketbook.NewToken(test.value)
			if !errors.Is(err, test.want) || (err == nil) != (made.Reveal() == test.value && test.value != "") {
				t.Errorf("NewToken = %q, %v, want %v", made.Reveal(), err, test.want)
			}
		})
	}
}

func TestATokenNeverPrintsItself(t *testing.T) {
	secret := token(t, opaque)
	client := newClient(t, pocketbook.Options{})
	options := pocketbook.Options{Token: secret}
	encoded, err := json.Marshal(options.Token)
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	slog.New(slog.NewTextHandler(&logged, nil)).Info("made", "token", secret, "options", options)
	for name, text := range map[string]string{
		"the verbs":  fmt.Sprintf("%v %s %q %x %d %+v %#v", secret, secret, secret, secret, secret, secret, secret),
		"a pointer":  fmt.Sprintf("%v %+v %#v", &secret, &secret, &secret),
		"options":    fmt.Sprintf("%v %+v %#v", options, options, &options),
		"the client": fmt.Sprintf("%v %+v %#v", *client, client, client),
		"JSON":       string(encoded),
		"a log":      logged.String(),
	} {
		if strings.Contains(text, "classified") || strings.Contains(text, "636c6173736966696564") {
			t.Errorf("%s: %s", name, text)
		}
	}
	if got := fmt.Sprint(pocketbook.Token{}); got != "(no token)" {
		t.Errorf("the zero token prints %q", got)
	}
}

func TestTheExpiryOfAJWTIsReadWithoutItsKey(t *testing.T) {
	at := time.Unix(1700000000, 0)
	for name, test := range map[string]struct {
		value string
		want  time.Time
		ok    bool
	}{
		"with exp":          {expiring(at), at, true},
		"without exp":       {jwt(`{"sub":"ada"}`), time.Time{}, false},
		"exp is text":       {jwt(`{"exp":"soon"}`), time.Time{}, false},
		"not JSON":          {jwt(`exp`), time.Time{}, false},
		"not a JWT":         {opaque, time.Time{}, false},
		"two parts of one":  {"eyJhbGciOiJIUzI1NiJ9.e30", time.Time{}, false},
		"a part not base64": {"eyJhbGciOiJIUzI1NiJ9.~~.abc", time.Time{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := token(t, test.value).Expires()
			if ok != test.ok || !got.Equal(test.want) {
				t.Errorf("Expires = %v, %v, want %v, %v", got, ok, test.want, test.ok)
			}
		})
	}
}

func FuzzToken(f *testing.F) {
	f.Add(expiring(now()))
	f.Add("Bearer x")
	f.Add("a\r\nb")
	f.Fuzz(func(t *testing.T, value string) {
		made, err := pocketbook.NewToken(value)
		if err != nil {
			return
		}
		if made.Reveal() != value || strings.ContainsAny(value, "\r\n \x00") {
			t.Errorf("NewToken takes %q as %q", value, made.Reveal())
		}
		made.Expires()
	})
}
