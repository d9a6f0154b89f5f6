package cmd_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd"
)

// oddHeader signs as the guide says, with nothing of pbhook.
func oddHeader(key, body string) string {
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "%d.%s", oddTime, body)
	return fmt.Sprintf("t=%d,v1=%s", oddTime, hex.EncodeToString(mac.Sum(nil)))
}

func TestVerifyJudgesEachOddityOfABodyAndASecret(t *testing.T) {
	decoded, err := base64.StdEncoding.DecodeString("c2VjcmV0IG9mIGEgd2ViaG9vaw==")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		signed, body string // the same unless given
		key, secret  string // of the sender and of the receiver, oddSecret unless given
		verdict      string
		warning      string
		cause        string
	}{
		"an empty body":                   {verdict: "valid", warning: "the body is empty"},
		"a body in CRLF lines":            {signed: "{\r\n}\r\n", verdict: "valid"},
		"a body with a trailing LF":       {signed: oddBody + "\n", verdict: "valid"},
		"a trailing LF was added":         {signed: oddBody, body: oddBody + "\n", verdict: "invalid", cause: "body.newline-added"},
		"a trailing LF was trimmed":       {signed: oddBody + "\n", body: oddBody, verdict: "invalid", cause: "body.newline-removed"},
		"a byte order mark":               {signed: "\ufeff" + oddBody, verdict: "valid", warning: "byte order mark"},
		"a byte order mark was stripped":  {signed: "\ufeff" + oddBody, body: oddBody, verdict: "invalid", cause: "text.bom-removed"},
		"a body that is not UTF-8":        {signed: "{\"n\":\"Zo\xeb\"}", verdict: "valid", warning: "not UTF-8"},
		"a secret with a space in front":  {signed: oddBody, secret: "\t" + oddSecret, verdict: "invalid", warning: "white space", cause: "secret.space"},
		"a secret with a space behind":    {signed: oddBody, secret: oddSecret + " ", verdict: "invalid", warning: "white space", cause: "secret.space"},
		"a secret with quotes":            {signed: oddBody, secret: `"` + oddSecret + `"`, verdict: "invalid", warning: "quotes", cause: "secret.quotes"},
		"a secret without whsec_":         {signed: oddBody, key: "plain_secret", secret: "plain_secret", verdict: "valid", warning: "does not begin with whsec_"},
		"base64 behind whsec_, whole":     {signed: oddBody, key: "whsec_c2VjcmV0IG9mIGEgd2ViaG9vaw==", secret: "whsec_c2VjcmV0IG9mIGEgd2ViaG9vaw==", verdict: "valid"},
		"base64 behind whsec_, decoded":   {signed: oddBody, key: string(decoded), secret: "whsec_c2VjcmV0IG9mIGEgd2ViaG9vaw==", verdict: "invalid", cause: "secret.base64"},
		"a body shortened into the t":     {signed: `{"a":1.5}`, body: "5}", verdict: "invalid"},
		"the placeholder of the examples": {signed: oddBody, key: "your_webhook_secret", verdict: "invalid", cause: "secret.placeholder"},
	} {
		t.Run(name, func(t *testing.T) {
			key, secret, body := test.key, test.secret, test.body
			if key == "" {
				key = oddSecret
			}
			if secret == "" {
				secret = oddSecret
			}
			if body == "" {
				body = test.signed
			}
			args := []string{"verify", "-o", "json", "--secret=" + secret, "--signature=" + oddHeader(key, test.signed)}
			code, verdict := runOddity(t, body, args)
			if want := map[string]int{"valid": 0, "invalid": 3}[test.verdict]; verdict.Verdict != test.verdict || code != want {
				t.Errorf("verdict %q with exit code %d, want %q with %d", verdict.Verdict, code, test.verdict, want)
			}
			if warned := strings.Join(verdict.Warnings, "\n") + verdict.warned; !strings.Contains(warned, test.warning) || test.warning == "" && warned != "" {
				t.Errorf("warnings %q, want %q", warned, test.warning)
			}
			if verdict.Cause.ID != test.cause {
				t.Errorf("cause %q, want %q", verdict.Cause.ID, test.cause)
			}
		})
	}
}

func TestVerifyNamesTheCauseOfATimeInMilliseconds(t *testing.T) {
	header := fmt.Sprintf("t=%d000,%s", oddTime, strings.TrimPrefix(oddHeader(oddSecret, oddBody), "t=1700000000,"))
	if code, verdict := runOddity(t, oddBody, []string{"verify", "-o", "json", "--signature", header}); code != 3 || verdict.Cause.ID != "time.milliseconds" {
		t.Errorf("exit code %d and cause %q, want 3 and time.milliseconds", code, verdict.Cause.ID)
	}
}

func TestVerifyTriesEachLineOfARepeatedHeader(t *testing.T) {
	good, wrong := oddHeader(oddSecret, oddBody), "t=1700000000,v1="+strings.Repeat("0", 64)
	for name, lines := range map[string][2]string{"the good one first": {good, wrong}, "the good one last": {wrong, good}} {
		message := "POST / HTTP/1.1\r\nX-Webhook-Signature: " + lines[0] + "\r\nx-webhook-signature: " + lines[1] + "\r\n\r\n" + oddBody
		code, verdict := runOddity(t, message, []string{"verify", "-o", "json"})
		if code != 0 || verdict.Verdict != "valid" || len(verdict.Warnings) != 1 {
			t.Errorf("%s: %q with exit code %d and warnings %q, want valid with 0 and one warning", name, verdict.Verdict, code, verdict.Warnings)
		}
	}
}

// Unlike the others, this secret is refused: nobody means to type a line break.
func TestVerifyRefusesASecretThatEndsInALineBreak(t *testing.T) {
	var stderr bytes.Buffer
	code := cmd.Main(t.Context(), cmd.Env{
		Stdin: strings.NewReader("{}"), Stdout: io.Discard, Stderr: &stderr, Now: time.Now,
		LookupEnv: func(string) (string, bool) { return "", false },
	}, cmd.Version{}, []string{"verify", "--secret=" + oddSecret + "\n", "--signature=t=1,v1=00"})
	if code != 2 || !strings.Contains(stderr.String(), "ends in a line break") || strings.Contains(stderr.String(), oddSecret) {
		t.Errorf("exit code %d, and said %q", code, stderr.String())
	}
}
