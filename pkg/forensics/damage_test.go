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

// A proof is a signature that was computed anew, so only a search that compares too little can be wrong, or a sentence that
// claims more than was undone; this is what tells the first.
func TestNoRandomEditIsExplained(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for name, edit := range edits() {
		t.Run(name, func(t *testing.T) {
			explained := 0
			for range 25 {
				signed := randomObject(random)
				body := edit(random, bytes.Clone(signed))
				if sameMeaning(signed, body) {
					continue
				}
				explained++
				report := explain(t, signed, body)
				if report.Valid || report.Proven != nil {
					t.Fatalf("found %+v\nsigned   %s\nreceived %s", report.Proven, signed, body)
				}
				for _, inference := range report.Likely {
					switch inference.ID {
					case "body.no-trace", "body.reserialised", "body.truncated", "body.not-utf8", "body.replaced-characters":
					default:
						t.Fatalf("likely %+v\nsigned   %s\nreceived %s", inference, signed, body)
					}
				}
			}
			if explained < 5 {
				t.Errorf("%d of 25 edits changed what the body says, too few to say anything", explained)
			}
		})
	}
}

func TestNoOtherSecretIsExplained(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 15 {
		signing := fmt.Sprintf("whsec_%016x", random.Uint64())
		at := len("whsec_") + random.IntN(16)
		for name, given := range map[string]string{
			"another":                fmt.Sprintf("whsec_%016x", random.Uint64()),
			"one character replaced": signing[:at] + "x" + signing[at+1:],
			"one character missing":  signing[:at] + signing[at+1:],
			"one character too many": signing[:at] + "x" + signing[at:],
			"in capitals":            strings.ToUpper(signing),
			"two characters swapped": signing[:8] + signing[9:10] + signing[8:9] + signing[10:],
		} {
			if given == signing {
				continue
			}
			if report := explainSecret(t, signing, given); report.Valid || report.Proven != nil {
				t.Errorf("%s: signed with %s, given %s: found %+v", name, signing, given, report.Proven)
			}
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

// edits change what a body says: single bytes, characters, values and members, alone and with what is no change of meaning.
func edits() map[string]func(random *rand.Rand, body []byte) []byte {
	replace := func(old, by string) func(*rand.Rand, []byte) []byte {
		return func(_ *rand.Rand, body []byte) []byte { return bytes.Replace(body, []byte(old), []byte(by), 1) }
	}
	flip := func(random *rand.Rand, body []byte) []byte {
		body[random.IntN(len(body))] ^= 1 << random.IntN(8)
		return body
	}
	digit := func(random *rand.Rand, body []byte) []byte {
		at := len(`{"id":"evt_`) + random.IntN(8)
		body[at] = '0' + (body[at]-'0'+1+byte(random.IntN(9)))%10
		return body
	}
	return map[string]func(random *rand.Rand, body []byte) []byte{
		"a bit flipped":                  flip,
		"two bits flipped":               func(random *rand.Rand, body []byte) []byte { return flip(random, flip(random, body)) },
		"a digit changed":                digit,
		"a character replaced":           replace("é", "è"),
		"a character without its accent": replace("é", "e"),
		"a character cut in half":        replace("é", "\xc3"),
		"a character lost":               replace("ü", "\ufffd"),
		"a character inserted":           replace("Café", "Café™"),
		"a byte deleted": func(random *rand.Rand, body []byte) []byte {
			at := random.IntN(len(body))
			return append(body[:at], body[at+1:]...)
		},
		"a byte doubled": func(random *rand.Rand, body []byte) []byte {
			at := random.IntN(len(body))
			return append(body[:at+1:at+1], body[at:]...)
		},
		"the end cut off":       func(random *rand.Rand, body []byte) []byte { return body[:1+random.IntN(len(body)-1)] },
		"the beginning cut off": func(random *rand.Rand, body []byte) []byte { return body[1+random.IntN(len(body)-1):] },
		"a member deleted":      replace(`"name":"Café <Müller>",`, ""),
		"a member added":        replace(`"name"`, `"admin":true,"name"`),
		"a key renamed":         replace(`"name"`, `"Name"`),
		"two keys swapped": func(_ *rand.Rand, body []byte) []byte {
			return []byte(strings.NewReplacer(`"id":`, `"name":`, `"name":`, `"id":`).Replace(string(body)))
		},
		"null for a value": replace(`"Café <Müller>"`, "null"),
		"a number as text": func(_ *rand.Rand, body []byte) []byte { return append(append([]byte(`{"n":"1",`), body[1:]...), ' ') },
		"HTML entities":    replace("<Müller>", "&lt;Müller&gt;"),
		"a digit changed, then pretty-printed": func(random *rand.Rand, body []byte) []byte {
			return damages()["json.indented"](digit(random, body))
		},
		"a digit changed, then escaped":      func(random *rand.Rand, body []byte) []byte { return htmlEscaped(digit(random, body)) },
		"a digit changed, then a line break": func(random *rand.Rand, body []byte) []byte { return append(digit(random, body), '\n') },
	}
}

func sameMeaning(a, b []byte) bool {
	var first, second any
	if json.Unmarshal(a, &first) != nil || json.Unmarshal(b, &second) != nil {
		return bytes.Equal(a, b)
	}
	return fmt.Sprint(first) == fmt.Sprint(second)
}
