package forensics_test

import (
	"context"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/forensics"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// explainSecret searches for why a body signed with signing fails under given, with other secrets at hand.
func explainSecret(t *testing.T, signing, given string, others ...forensics.NamedSecret) forensics.Report {
	t.Helper()
	body := []byte(`{"id":"evt_1"}`)
	header, err := signature.Sign(body, signedAt, secret(t, signing))
	if err != nil {
		t.Fatal(err)
	}
	report, err := forensics.Explain(context.Background(), forensics.Case{Headers: []string{header}, Body: body}, forensics.Options{
		Secrets: append(held(t, given), others...), Budget: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestARepairOfTheGivenSecretWinsOverAnotherProfile(t *testing.T) {
	const clean = "whsec_live_abc123"
	for _, test := range []struct{ name, given, want string }{
		{"quotes", `"` + clean + `"`, "secret.quotes"},
		{"a line break", clean + "\n", "secret.space"},
		{"a byte order mark", "\ufeff" + clean, "secret.invisible"},
		{"the name of its variable", "SECRET=" + clean, "secret.name"},
		{"a name and quotes", `export SECRET="` + clean + `"`, "secret.name+secret.quotes"},
		{"no prefix", "live_abc123", "secret.prefix-missing"},
		{"a comment behind it", clean + " # live", "secret.surrounded"},
		{"a line of YAML", "secret: " + clean, "secret.surrounded"},
		{"a member of a JSON object", `"secret":"` + clean + `",`, "secret.surrounded"},
		{"a full stop and a sentence", "use " + clean + ", not the old one", "secret.surrounded"},
		{"something else", "whsec_test_def456", "secret.other"},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := explainSecret(t, clean, test.given, forensics.NamedSecret{Name: "profile live", Secret: secret(t, clean)})
			if got := verdict(report); got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

func TestADoubledPrefixIsAFaultOfTheGivenSecret(t *testing.T) {
	for _, given := range []string{"whsec_whsec_abc", "whsec_whsec_whsec_abc"} {
		if got := verdict(explainSecret(t, "whsec_abc", given)); got != "secret.prefix-doubled" {
			t.Errorf("%s: found %q, want secret.prefix-doubled", given, got)
		}
	}
}
