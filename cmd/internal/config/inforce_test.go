package config_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

func TestCredentialsInForceAreListedFromWhereTheyAre(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "profile: dev\nto: http://localhost:3000/\nheaders: {X-Env: dev}\nsecret: whsec_configured\n"+
		"previous-secret: whsec_configured_before\napi-token: a.configured.token\noutput: text\nprofiles: {dev: {}}\n")
	d.write(filepath.Join(d.work, ".env"), "POCKETBOOK_API_TOKEN=a.classified.token\nPOCKETBOOK_WEBHOOK_SECRET=whsec_dotenv\n")
	d.env["POCKETBOOK_WEBHOOK_SECRET"] = "whsec_environment"
	d.env["NGROK_AUTHTOKEN"] = "classified_ngrok_token"
	got, err := config.InForce(d.host(), d.load(config.LoadOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	file := d.userFile()
	want := []config.Value{
		{Key: "profile", Text: "dev", From: file + ":1"},
		{Key: "to", Text: "http://localhost:3000/", From: file + ":2"},
		{Key: "secret", Text: "whsec_…ent", From: "POCKETBOOK_WEBHOOK_SECRET"},
		{Key: "headers.X-Env", Text: "dev", From: file + ":3"},
		{Key: "api-token", Text: "…", From: ".env"},
		{Key: "ngrok-token", Text: "…", From: "NGROK_AUTHTOKEN"},
		{Key: "output", Text: "text", From: file + ":7"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in force differs (-want +got):\n%s", diff)
	}

	d.env["POCKETBOOK_WEBHOOK_SECRET_OLD"] = "whsec_rotated"
	d.write(filepath.Join(d.work, ".env"), "no line of a file like this\n")
	got, err = config.InForce(d.host(), d.load(config.LoadOptions{}))
	want[4] = config.Value{Key: "api-token", Text: "…", From: file + ":6"}
	want = append(want[:3:3], append([]config.Value{{Key: "previous-secret", Text: "whsec_…ed", From: "POCKETBOOK_WEBHOOK_SECRET_OLD"}}, want[3:]...)...)
	if diff := cmp.Diff(want, got); diff != "" || err == nil {
		t.Errorf("beside an unreadable .env, %v, in force differs (-want +got):\n%s", err, diff)
	}
}
