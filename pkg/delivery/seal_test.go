package delivery

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestWhatAReceiverFinds(t *testing.T) {
	now := time.Unix(1700000000, 0)
	for name, tt := range map[string]struct {
		options  Options
		receiver signature.Options
		want     error
	}{
		"a delivery as it should be":                    {},
		"a rotation, receiver still on the old secret":  {Options{Previous: newSecret(t, previousText)}, signature.Options{Secret: newSecret(t, previousText)}, nil},
		"a rotation, receiver already on the new":       {Options{Previous: newSecret(t, previousText)}, signature.Options{}, nil},
		"within the tolerance":                          {Options{Age: 5 * time.Minute}, signature.Options{}, nil},
		"stale":                                         {Options{Age: 10 * time.Minute}, signature.Options{}, signature.ErrTooOld},
		"ahead":                                         {Options{Age: -10 * time.Minute}, signature.Options{}, signature.ErrInFuture},
		"a tampered body":                               {Options{Tamper: TamperBody}, signature.Options{}, signature.ErrNoMatch},
		"a tampered signature":                          {Options{Tamper: TamperSignature}, signature.Options{}, signature.ErrNoMatch},
		"both signatures of a rotation tampered":        {Options{Tamper: TamperSignature, Previous: newSecret(t, previousText)}, signature.Options{Previous: newSecret(t, previousText)}, signature.ErrNoMatch},
		"another secret":                                {Options{Tamper: TamperSecret}, signature.Options{}, signature.ErrNoMatch},
		"another secret though there are two":           {Options{Tamper: TamperSecret, Previous: newSecret(t, previousText)}, signature.Options{Previous: newSecret(t, previousText)}, signature.ErrNoMatch},
		"another secret though it is the well-known":    {Options{Tamper: TamperSecret, Secret: newSecret(t, "whsec_not_the_one_of_this_webhook")}, signature.Options{Secret: newSecret(t, "whsec_not_the_one_of_this_webhook")}, signature.ErrNoMatch},
		"no signature":                                  {Options{Unsigned: true}, signature.Options{}, signature.ErrMissingHeader},
		"no signature and a tampered body":              {Options{Unsigned: true, Tamper: TamperBody}, signature.Options{}, signature.ErrMissingHeader},
		"a tampered body is signed as the one that was": {Options{Tamper: TamperBody, Age: 10 * time.Minute}, signature.Options{}, signature.ErrTooOld},
	} {
		t.Run(name, func(t *testing.T) {
			tt.options.Endpoint = "http://localhost/"
			request, err := newClient(t, tt.options).Request(event(), now)
			if err != nil {
				t.Fatal(err)
			}
			if tt.receiver.Secret.IsZero() {
				tt.receiver.Secret = newSecret(t, secretText)
			}
			verifier, err := signature.NewVerifier(tt.receiver)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := verifier.Verify(request.Values(signature.HeaderName), request.Body, now); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			// Only a body that is meant to be spoiled is.
			if same := string(request.Body) == eventBody; same == (tt.options.Tamper == TamperBody) {
				t.Errorf("body is %s", request.Body)
			}
		})
	}
}

func TestSpoiledBodies(t *testing.T) {
	for name, tt := range map[string]struct{ body, want string }{
		"a digit in a string":             {`{"a":"12"}`, `{"a":"13"}`},
		"a nine":                          {`{"a":9}`, `{"a":8}`},
		"true is passed over for the key": {`{"a":true}`, `{"b":true}`},
		"a zero":                          {`{"a":0}`, `{"a":1}`},
		"an escape stays one":             {`{"a":"\n"}`, `{"b":"\n"}`},
		"a letter at the end of the row":  {`{"a":"z"}`, `{"a":"y"}`},
		"nothing to change but brackets":  {`{}`, `{|`},
		"nothing within 256 tries":        {`[1` + strings.Repeat(",null", 64) + `]`, `[1` + strings.Repeat(",null", 64) + `\`},
		"what is found at the last try":   {`[1` + strings.Repeat(",null", 63) + `,0,""]`, `[1` + strings.Repeat(",null", 63) + `,1,""]`},
		"no JSON":                         {`hello`, `helln`},
		"nothing":                         {``, ` `},
		"a break at the end":              {"{\"a\":1}\n", "{\"a\":2}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			before := tt.body
			if got := string(spoilBody([]byte(tt.body))); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if tt.body != before {
				t.Error("the body that was given has changed")
			}
		})
	}
}

func FuzzSpoilBody(f *testing.F) {
	for _, body := range []string{eventBody, "", "{}", "[true,false,null]", `"\u00e9"`, "1e9", "\x00\xff"} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := string(body)
		spoiled := spoilBody(body)
		if string(body) != before {
			t.Fatal("the body that was given has changed")
		}
		if len(body) > 0 && (len(spoiled) != len(body) || differences(body, spoiled) != 1) {
			t.Fatalf("%q became %q", body, spoiled)
		}
		if again := spoilBody(body); string(again) != string(spoiled) {
			t.Fatalf("%q became %q and then %q", body, spoiled, again)
		}
		hasDigit := strings.ContainsAny(before, "0123456789")
		if json.Valid(body) && hasDigit && !strings.Contains(before, `\u`) && len(body) < maxTries && !json.Valid(spoiled) {
			t.Fatalf("%q became %q, which is no JSON", body, spoiled)
		}
	})
}

func differences(a, b []byte) (n int) {
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

func TestOptionsThatAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		options Options
		option  string
	}{
		"another way to tamper":         {Options{Tamper: "id"}, "tamper"},
		"a signature that is not there": {Options{Tamper: TamperSignature, Unsigned: true}, "tamper"},
		"a secret that signs nothing":   {Options{Tamper: TamperSecret, Unsigned: true}, "tamper"},
		"a negative timeout":            {Options{Timeout: -1}, "timeout"},
		"an age before 1970":            {Options{Age: time.Minute, Now: clock(time.Unix(60, 0))}, "age"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.options.Endpoint, tt.options.Secret = "http://localhost/", newSecret(t, secretText)
			_, err := New(tt.options)
			var refused *OptionError
			if !errors.As(err, &refused) || refused.Option != tt.option {
				t.Errorf("got %v, want an OptionError about %s", err, tt.option)
			}
		})
	}
}

func TestNothingToSignWithIsRefused(t *testing.T) {
	if _, err := New(Options{Endpoint: "http://localhost/"}); !errors.Is(err, signature.ErrEmptySecret) {
		t.Errorf("got %v, want ErrEmptySecret", err)
	}
	if _, err := New(Options{Endpoint: "http://localhost/", Unsigned: true}); err != nil {
		t.Errorf("unsigned deliveries need no secret, but: %v", err)
	}
}
