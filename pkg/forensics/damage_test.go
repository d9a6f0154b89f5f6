package forensics_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/pocketbook-studio/pbhook/pkg/forensics"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

var signedAt = time.Unix(1700000000, 0)

// explain searches for why body fails under a header that was made for signed.
func explain(t testing.TB, signed, body []byte) forensics.Report {
	t.Helper()
	key := secret(t, "whsec_test_secret")
	header, err := signature.Sign(signed, signedAt, key)
	if err != nil {
		t.Fatal(err)
	}
	report, err := forensics.Explain(context.Background(), forensics.Case{Headers: []string{header}, Body: body}, forensics.Options{
		Secrets: []forensics.NamedSecret{{Name: "current", Secret: key}},
		Budget:  time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// damages do to a compact body what the standard library, not this package, knows how to do, and say what that is.
func damages() map[string]func(body []byte) []byte {
	indent := func(by string) func([]byte) []byte {
		return func(body []byte) []byte {
			var out bytes.Buffer
			_ = json.Indent(&out, body, "", by)
			return out.Bytes()
		}
	}
	return map[string]func(body []byte) []byte{
		"body.newline-added":                   func(b []byte) []byte { return append(bytes.Clone(b), '\n') },
		"body.space-added":                     func(b []byte) []byte { return []byte("\n\t" + string(b) + "  \n") },
		"json.indented":                        indent("  "),
		"json.indented by 4":                   indent("    "),
		"json.indented by tabs":                indent("\t"),
		"json.indented by 3":                   indent("   "),
		"json.html":                            htmlEscaped,
		"text.bom-added":                       func(b []byte) []byte { return []byte("\ufeff" + string(b)) },
		"text.nfd":                             func(b []byte) []byte { return norm.NFD.Bytes(b) },
		"wrap.base64":                          func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b)) },
		"wrap.string":                          func(b []byte) []byte { out, _ := json.Marshal(string(b)); return out },
		"json.indented+body.space-added twice": func(b []byte) []byte { return []byte("\v" + string(indent("  ")(b))) },
	}
}

func htmlEscaped(body []byte) []byte {
	var out bytes.Buffer
	json.HTMLEscape(&out, body)
	return out.Bytes()
}

func TestEveryDamageToARandomBodyIsNamed(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, damage := range damages() {
		t.Run(name, func(t *testing.T) {
			for range 15 {
				signed := randomObject(random)
				body := damage(signed)
				if bytes.Equal(signed, body) {
					continue
				}
				report := explain(t, signed, body)
				want, _, _ := strings.Cut(name, " ")
				if report.Proven == nil || report.Proven.ID != want || !bytes.Equal(report.Signed, signed) {
					t.Fatalf("found %+v, want %s\nsigned   %s\nreceived %q", report.Proven, want, signed, body)
				}
			}
		})
	}
}

func TestUndoneDamageIsNamedTheOtherWayRound(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for damaged, want := range map[string]string{
		"body.newline-added":    "body.newline-removed",
		"json.indented":         "json.reserialised",
		"json.indented by 4":    "json.reserialised",
		"json.indented by tabs": "json.reserialised",
		"json.html":             "json.reserialised",
		"text.bom-added":        "text.bom-removed",
		"text.nfd":              "text.nfc",
		"wrap.base64":           "wrap.base64-signed",
	} {
		t.Run(want+" after "+damaged, func(t *testing.T) {
			for range 15 {
				body := randomObject(random)
				signed := damages()[damaged](body)
				if bytes.Equal(signed, body) {
					continue
				}
				report := explain(t, signed, body)
				if report.Proven == nil || report.Proven.ID != want || !bytes.Equal(report.Signed, signed) {
					t.Fatalf("found %+v, want %s\nsigned   %q\nreceived %s", report.Proven, want, signed, body)
				}
			}
		})
	}
}

// A proof is a signature that was computed anew, so only a search that compares too little can be wrong; this is what
// tells it.
func TestNoRandomEditIsExplained(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for i := range 60 {
		signed := randomObject(random)
		body := edit(random, signed)
		if sameMeaning(signed, body) {
			continue
		}
		report := explain(t, signed, body)
		if report.Valid || report.Proven != nil {
			t.Fatalf("edit %d: found %+v\nsigned   %s\nreceived %s", i, report.Proven, signed, body)
		}
		for _, inference := range report.Likely {
			if inference.ID != "body.no-trace" && inference.ID != "body.truncated" && inference.ID != "body.not-utf8" {
				t.Fatalf("edit %d: likely %+v\nsigned   %s\nreceived %s", i, inference, signed, body)
			}
		}
	}
}

func TestNoForeignSecretIsExplained(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 15 {
		body := randomObject(random)
		header, err := signature.Sign(body, signedAt, secret(t, fmt.Sprintf("whsec_%x", random.Uint64())))
		if err != nil {
			t.Fatal(err)
		}
		report, err := forensics.Explain(context.Background(), forensics.Case{Headers: []string{header}, Body: body}, forensics.Options{
			Secrets: []forensics.NamedSecret{{Name: "current", Secret: secret(t, "whsec_test_secret")}},
			Budget:  time.Hour,
		})
		if err != nil || report.Valid || report.Proven != nil {
			t.Fatalf("found %+v, error %v", report.Proven, err)
		}
	}
}

// randomObject is a compact object as JSON.stringify writes it, with the members that damages need to show.
func randomObject(random *rand.Rand) []byte {
	text := `{"id":"evt_` + strconv.FormatUint(random.Uint64(), 10) + `","name":"Café <Müller>","data":` + randomValue(random, 3) + `}`
	return []byte(text)
}

func randomValue(random *rand.Rand, depth int) string {
	kinds := 8
	if depth == 0 {
		kinds = 6
	}
	switch random.IntN(kinds) {
	case 0:
		return strconv.Itoa(random.IntN(1e9))
	case 1:
		return []string{"true", "false", "null"}[random.IntN(3)]
	case 2:
		return fmt.Sprintf("%d.%d", random.IntN(1000), 1+random.IntN(9))
	case 3, 4, 5:
		return `"` + []string{"a b", `\"`, `\\`, "é", "日本", "{,}", "<a&b>", "😀", `\n`, "/"}[random.IntN(10)] + strconv.Itoa(random.IntN(100)) + `"`
	case 6:
		parts := make([]string, random.IntN(4))
		for i := range parts {
			parts[i] = randomValue(random, depth-1)
		}
		return "[" + strings.Join(parts, ",") + "]"
	default:
		parts := make([]string, random.IntN(4))
		for i := range parts {
			parts[i] = fmt.Sprintf(`"k%d":%s`, i, randomValue(random, depth-1))
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
}

// edit changes what a body says: a byte, a digit, or a whole member.
func edit(random *rand.Rand, body []byte) []byte {
	out := bytes.Clone(body)
	at := random.IntN(len(out))
	switch random.IntN(4) {
	case 0:
		out[at] ^= 1 << random.IntN(8)
	case 1:
		out[at] = byte('0' + random.IntN(10))
	case 2:
		out = append(out[:at], out[at+1:]...)
	default:
		out = bytes.Replace(out, []byte(`"name":"Café <Müller>",`), nil, 1)
	}
	return out
}

func sameMeaning(a, b []byte) bool {
	var first, second any
	if json.Unmarshal(a, &first) != nil || json.Unmarshal(b, &second) != nil {
		return bytes.Equal(a, b)
	}
	return fmt.Sprint(first) == fmt.Sprint(second)
}
