package pocketbook_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
)

func TestTheTokenGoesOverTLSUnlessTheAPIIsOnThisMachine(t *testing.T) {
	const path = "/api/enterprise/webhooks"
	for api, want := range map[string]string{
		"":                               "https://api.pocketbook.studio" + path,
		"https://api.example.com":        "https://api.example.com" + path,
		"https://api.example.com/":       "https://api.example.com" + path,
		"https://example.com/proxy/":     "https://example.com/proxy" + path,
		"https://api.example.com" + path: "https://api.example.com" + path,
		"http://localhost:4100":          "http://localhost:4100" + path,
		"http://127.0.0.2:4100":          "http://127.0.0.2:4100" + path,
		"http://[::1]:4100":              "http://[::1]:4100" + path,
		"http://api.example.com":         "",
		"http://localhost.example.com":   "",
		"http://api.localhost":           "",
		"http://192.168.0.1":             "",
		"http://0.0.0.0:4100":            "",
		"https://ada:x@api.example.com":  "",
		"https://api.example.com?v=2":    "",
		"api.example.com":                "",
		"ftp://api.example.com":          "",
	} {
		client, err := pocketbook.New(pocketbook.Options{URL: api, Token: token(t, opaque)})
		if want == "" {
			var unsafe *pocketbook.URLError
			if !errors.As(err, &unsafe) || strings.Contains(err.Error(), "ada:x") {
				t.Errorf("New(%q) gives %v", api, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("New(%q): %v", api, err)
			continue
		}
		preview, err := client.Preview(registration())
		if err != nil || preview.URL != want {
			t.Errorf("with %q it calls %q, %v, want %q", api, preview.URL, err, want)
		}
	}
}

func TestAWebhookURLNeedsTLSUnlessItIsOnThisMachine(t *testing.T) {
	for url, want := range map[string]bool{
		"https://example.com/hook":   true,
		"http://localhost:3000/hook": true,
		"http://127.0.0.1/hook":      true,
		"http://example.com/hook":    false,
		"https://a:b@example.com/":   false,
		"example.com/hook":           false,
		"":                           false,
	} {
		if _, err := pocketbook.ParseWebhookURL(url); (err == nil) != want {
			t.Errorf("ParseWebhookURL(%q) gives %v", url, err)
		}
	}
}
