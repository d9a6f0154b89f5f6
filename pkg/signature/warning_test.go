package signature_test

import (
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestWarningsReadAsSentences(t *testing.T) {
	seen := map[string]signature.WarningCode{}
	for _, code := range []signature.WarningCode{
		signature.WarnHeaderLines, signature.WarnHeaderSpace, signature.WarnHeaderToken, signature.WarnHeaderTimeTwice,
		signature.WarnHeaderUppercase, signature.WarnHeaderSignature, signature.WarnBodyEmpty, signature.WarnBodyBOM,
		signature.WarnBodyNotUTF8, signature.WarnSecretPrefix, signature.WarnSecretSpace, signature.WarnSecretQuotes,
	} {
		sentence := signature.Warning{Code: code}.String()
		if !strings.HasPrefix(sentence, "the ") {
			t.Errorf("%s reads %q", code, sentence)
		}
		if other, ok := seen[sentence]; ok {
			t.Errorf("%s and %s read the same", code, other)
		}
		seen[sentence] = code
	}
	detailed := signature.Warning{Code: signature.WarnHeaderSpace, Detail: "part 2"}.String()
	if !strings.HasSuffix(detailed, ": part 2") {
		t.Errorf("the detail is lost: %q", detailed)
	}
}

func TestWarningsShowNoControlCharacters(t *testing.T) {
	parsed, err := signature.Parse(at(t, 0).header + ",\x1b[2J\r\n,v1=\x9b,\x07 =\x07")
	if err != nil {
		t.Fatal(err)
	}
	for _, warning := range parsed.Warnings {
		for _, r := range warning.String() {
			if r < ' ' || r == 0x9b || r == '\ufffd' {
				t.Errorf("%q holds %U", warning, r)
			}
		}
	}
}

func TestHolderReadsAsAWord(t *testing.T) {
	for holder, want := range map[signature.Holder]string{
		signature.None: "none", signature.Current: "current", signature.Previous: "previous",
	} {
		if text, err := holder.MarshalText(); err != nil || string(text) != want {
			t.Errorf("%d reads %q, %v, want %s", holder, text, err, want)
		}
	}
}
