package signature_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestNewSecretRefusesWhatHoldsNothing(t *testing.T) {
	for _, value := range []string{"", " ", "\n", `""`, "' '", "\ufeff\r\n"} {
		if key, err := signature.NewSecret(value); !errors.Is(err, signature.ErrEmptySecret) || !key.IsZero() {
			t.Errorf("NewSecret(%q) = %v, %v, want ErrEmptySecret", value, key, err)
		}
	}
}

func TestSecretIsKeptAsGiven(t *testing.T) {
	for _, value := range []string{vectorSecret, " x ", "\"x\"\n", "\x00\xff"} {
		if got := secret(t, value).Reveal(); got != value {
			t.Errorf("Reveal = %q, want %q", got, value)
		}
	}
}

func TestSecretWarnings(t *testing.T) {
	for _, test := range []struct{ name, value, want string }{
		{"as handed out", "whsec_1234567890abcdef", ""},
		{"a line break behind", "whsec_1234567890abcdef\n", "secret-space"},
		{"a byte order mark before", "\ufeffwhsec_1234567890abcdef", "secret-space"},
		{"single quotes", "'whsec_1234567890abcdef'", "secret-quotes"},
		{"quotes and a line break", "\"whsec_1234567890abcdef\"\r\n", "secret-space secret-quotes"},
		{"spaces within quotes", "' whsec_1234567890abcdef '", "secret-quotes"},
		{"another prefix", "sk_live_1", "secret-prefix"},
		{"a whole line of a file", "SECRET=whsec_1234567890abcdef", "secret-prefix"},
	} {
		t.Run(test.name, func(t *testing.T) {
			warnings := secret(t, test.value).Warnings()
			if got := codes(warnings); got != test.want {
				t.Errorf("warnings %q, want %q", got, test.want)
			}
			for _, warning := range warnings {
				if strings.Contains(warning.String(), "1234") {
					t.Errorf("the warning %q shows the secret", warning)
				}
			}
		})
	}
}

func TestSecretShowsNoMoreThanItsEnd(t *testing.T) {
	for _, test := range []struct{ name, value, want string }{
		{"the guide's example", "whsec_1234567890abcdef", "whsec_…cdef"},
		{"without the prefix", "1234567890abcdef", "…cdef"},
		{"twelve characters", "whsec_1234567890ab", "whsec_…90ab"},
		{"eleven characters show three", "whsec_1234567890a", "whsec_…90a"},
		{"three characters show one", "whsec_abc", "whsec_…c"},
		{"two characters show none", "whsec_ab", "whsec_…"},
		{"the prefix alone", "whsec_", "whsec_…"},
		{"a line break at the end is not printed", "whsec_1234567890abcde\n", "whsec_…cde?"},
		{"an escape sequence is not printed", "whsec_1234567890\x1b[2J", "whsec_…?[2J"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := secret(t, test.value).String(); got != test.want {
				t.Errorf("String = %q, want %q", got, test.want)
			}
		})
	}
	if got := (signature.Secret{}).String(); got != "(no secret)" {
		t.Errorf("zero Secret prints %q", got)
	}
}

// holder keeps a secret where fmt cannot reach its methods.
type holder struct {
	Shown  signature.Secret
	hidden signature.Secret
}

func TestSecretNeverPrints(t *testing.T) {
	const value = "whsec_verySecretValue0123456789"
	key := secret(t, value)
	verifier := newVerifier(t, signature.Options{Secret: key, Previous: key})
	outputs := map[string]string{}
	for name, subject := range map[string]any{
		"secret": key, "pointer": &key, "options": signature.Options{Secret: key}, "verifier": verifier,
		"fields": holder{key, key}, "pointer to fields": &holder{key, key}, "slice": []signature.Secret{key},
		"map": map[signature.Secret]signature.Secret{key: key}, "error": fmt.Errorf("secret %v: %w", key, errors.ErrUnsupported),
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%o", "%c", "%U", "%t", "%p", "%40v", "%z"} {
			outputs[name+" as "+verb] = fmt.Sprintf(verb, subject)
		}
	}
	encoded, err := json.Marshal(map[string]any{"value": key, "pointer": &key, "fields": holder{key, key}})
	if err != nil {
		t.Fatal(err)
	}
	outputs["json"] = string(encoded)
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("sent", "secret", key, "fields", holder{key, key}, "verifier", verifier)
	}
	outputs["slog"] = log.String()

	body := value[len("whsec_"):]
	for name, output := range outputs {
		for _, leak := range []string{
			body, body[:8], hex.EncodeToString([]byte(body[:8])),
			strings.Trim(fmt.Sprintf("%d", []byte(body[:8])), "[]"), fmt.Sprintf("% x", body[:8]), fmt.Sprintf("%X", body[:8]),
		} {
			if strings.Contains(output, leak) {
				t.Errorf("%s shows %q: %s", name, leak, output)
			}
		}
	}
	if want := `"value":"whsec_…6789"`; !strings.Contains(outputs["json"], want) {
		t.Errorf("JSON is %s, want %s in it", outputs["json"], want)
	}
	if got := fmt.Sprintf("%12v|%q", key, key); got != ` whsec_…6789|"whsec_…6789"` {
		t.Errorf("width and quotes are lost: %s", got)
	}
}

func TestSecretEqualComparesValues(t *testing.T) {
	one, same, other := secret(t, "whsec_a"), secret(t, "whsec_a"), secret(t, "whsec_b")
	if !one.Equal(same) || one.Equal(other) || one.Equal(signature.Secret{}) {
		t.Error("secrets of one value are equal, all others are not")
	}
}
