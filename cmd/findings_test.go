package cmd

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// A captured request is judged as of its arrival: how old it is by now says nothing of it.
func TestFindingsOfCapturedRequests(t *testing.T) {
	secret, err := signature.NewSecret("whsec_test_secret")
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := signature.NewVerifier(signature.Options{Secret: secret, IgnoreTime: true})
	if err != nil {
		t.Fatal(err)
	}
	_, schemas, err := new(app).embeddedLibrary()
	if err != nil {
		t.Fatal(err)
	}
	signed := time.Unix(1700000000, 0)
	body := []byte(`{"id":"evt_1","type":"certificate.minted","created":1700000000,"data":{"new":1}}`)
	line, err := signature.Sign(body, signed, secret)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		verifier *signature.Verifier
		line     string
		arrived  time.Time
		want     history.Signature
	}{
		"on time":                      {verifier, line, signed.Add(time.Minute), history.SignatureValid},
		"too late":                     {verifier, line, signed.Add(time.Hour), history.SignatureStale},
		"from the future":              {verifier, line, signed.Add(-time.Hour), history.SignatureStale},
		"when it arrived is not known": {verifier, line, time.Time{}, history.SignatureValid},
		"of another body":              {verifier, "t=1700000000,v1=a09a163a363451999eb6f14efc57810aaa61b574bda01da7ccf18b301d95d26c", signed, history.SignatureInvalid},
		"that cannot be read":          {verifier, "nonsense", signed, history.SignatureInvalid},
		"that is not there":            {verifier, "", signed, history.SignatureMissing},
		"and no secret":                {nil, line, signed, history.SignatureUnverified},
		"no secret and none there":     {nil, "", signed, history.SignatureMissing},
	} {
		t.Run(name, func(t *testing.T) {
			request := capture.Request{Body: body, Time: test.arrived}
			if test.line != "" {
				request.Header = []capture.Field{{Name: "x-webhook-signature", Value: test.line}}
			}
			got := (&findings{test.verifier, schemas}).record(request, history.SourceImport)
			if got.Signature != test.want {
				t.Errorf("found %q, want %q", got.Signature, test.want)
			}
			if got.EventID != "evt_1" || got.EventType != "certificate.minted" || got.Source != history.SourceImport {
				t.Errorf("event %q of type %q, source %q", got.EventID, got.EventType, got.Source)
			}
			if !slices.Contains(got.Drift, "new field data.new") || len(got.Drift) < 2 {
				t.Errorf("drift %q, want the new field and those that are missing", got.Drift)
			}
		})
	}
}
