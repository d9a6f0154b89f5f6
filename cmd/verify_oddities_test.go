package cmd_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd"
)

// The vector that openssl agrees with: this secret, t and body give this v1.
const (
	oddSecret = "whsec_test_secret"
	oddBody   = `{"id":"evt_1","type":"a.b"}`
	oddMAC    = "a09a163a363451999eb6f14efc57810aaa61b574bda01da7ccf18b301d95d26c"
	oddTime   = 1700000000
)

func TestVerifyJudgesEachOddityOfAHeader(t *testing.T) {
	wrong := strings.Repeat("0", 64)
	for name, test := range map[string]struct {
		header  string
		flags   string
		verdict string
		code    int
		warned  bool
	}{
		"as Pocketbook writes it":           {header: "t=1700000000,v1=" + oddMAC, verdict: "valid"},
		"empty":                             {header: "", verdict: "unsigned", code: 3},
		"no t":                              {header: "v1=" + oddMAC, verdict: "malformed", code: 3},
		"no v1":                             {header: "t=1700000000", verdict: "malformed", code: 3},
		"v0 alone":                          {header: "t=1700000000,v0=" + oddMAC, verdict: "malformed", code: 3},
		"v1 before t":                       {header: "v1=" + oddMAC + ",t=1700000000", verdict: "valid"},
		"two v1, the good one first":        {header: "t=1700000000,v1=" + oddMAC + ",v1=" + wrong, verdict: "valid"},
		"two v1, the good one last":         {header: "t=1700000000,v1=" + wrong + ",v1=" + oddMAC, verdict: "valid"},
		"upper case hex":                    {header: "t=1700000000,v1=" + strings.ToUpper(oddMAC), verdict: "valid", warned: true},
		"upper case hex, strictly":          {header: "t=1700000000,v1=" + strings.ToUpper(oddMAC), flags: "--strict", verdict: "refused", code: 3, warned: true},
		"a space after the comma":           {header: "t=1700000000, v1=" + oddMAC, verdict: "valid", warned: true},
		"spaces around the equals sign":     {header: "t = 1700000000,v1 = " + oddMAC, verdict: "valid", warned: true},
		"a trailing comma":                  {header: "t=1700000000,v1=" + oddMAC + ",", verdict: "valid", warned: true},
		"a bare token":                      {header: "t=1700000000,junk,v1=" + oddMAC, verdict: "valid", warned: true},
		"an unknown scheme":                 {header: "t=1700000000,v2=x,v1=" + oddMAC, verdict: "valid"},
		"an unknown scheme with equals":     {header: "t=1700000000,k=a==,v1=" + oddMAC, verdict: "valid"},
		"an equals sign behind v1":          {header: "t=1700000000,v1=" + oddMAC + "=", verdict: "malformed", code: 3},
		"two t that differ":                 {header: "t=1700000000,t=1700000001,v1=" + oddMAC, verdict: "malformed", code: 3},
		"the same t twice":                  {header: "t=1700000000,t=1700000000,v1=" + oddMAC, verdict: "valid", warned: true},
		"a negative t":                      {header: "t=-1700000000,v1=" + oddMAC, verdict: "malformed", code: 3},
		"t in words":                        {header: "t=abc,v1=" + oddMAC, verdict: "malformed", code: 3},
		"t with a fraction":                 {header: "t=1700000000.5,v1=" + oddMAC, verdict: "malformed", code: 3},
		"t with a leading zero":             {header: "t=01700000000,v1=" + oddMAC, verdict: "malformed", code: 3},
		"t with a plus sign":                {header: "t=+1700000000,v1=" + oddMAC, verdict: "malformed", code: 3},
		"t with junk behind it":             {header: "t=1700000000s,v1=" + oddMAC, verdict: "malformed", code: 3},
		"t with the beginning of a body":    {header: `t=1700000000.{"id":"evt_1",v1=` + oddMAC, verdict: "malformed", code: 3},
		"t in milliseconds":                 {header: "t=1700000000000,v1=" + oddMAC, verdict: "malformed", code: 3},
		"an empty v1":                       {header: "t=1700000000,v1=", verdict: "malformed", code: 3},
		"a v1 of 62 digits":                 {header: "t=1700000000,v1=" + oddMAC[:62], verdict: "malformed", code: 3},
		"a v1 that is no hex":               {header: "t=1700000000,v1=" + strings.Repeat("z", 64), verdict: "malformed", code: 3},
		"a wrong v1":                        {header: "t=1700000000,v1=" + wrong, verdict: "invalid", code: 3},
		"16 v1":                             {header: "t=1700000000" + strings.Repeat(",v1="+wrong, 15) + ",v1=" + oddMAC, verdict: "valid"},
		"17 v1":                             {header: "t=1700000000" + strings.Repeat(",v1="+wrong, 16) + ",v1=" + oddMAC, verdict: "malformed", code: 3},
		"64 parts":                          {header: "t=1700000000" + strings.Repeat(",k=v", 62) + ",v1=" + oddMAC, verdict: "valid"},
		"65 parts":                          {header: "t=1700000000" + strings.Repeat(",k=v", 63) + ",v1=" + oddMAC, verdict: "malformed", code: 3},
		"64 KiB of junk":                    {header: strings.Repeat("j", 64<<10), verdict: "malformed", code: 3},
		"a thousand v1":                     {header: "t=1700000000" + strings.Repeat(",v1="+wrong, 1000), verdict: "malformed", code: 3},
		"300 seconds old":                   {header: "t=1700000000,v1=" + oddMAC, flags: "--at 1700000300", verdict: "valid"},
		"301 seconds old":                   {header: "t=1700000000,v1=" + oddMAC, flags: "--at 1700000301", verdict: "stale", code: 3},
		"301 seconds old, time ignored":     {header: "t=1700000000,v1=" + oddMAC, flags: "--ignore-time", verdict: "valid"},
		"600 seconds ahead":                 {header: "t=1700000000,v1=" + oddMAC, flags: "--at 1699999400", verdict: "future", code: 3},
		"wrong and stale: both are told":    {header: "t=1700000000,v1=" + wrong, flags: "--at 1700009999", verdict: "invalid", code: 3},
		"the whole line with its name":      {header: "X-Webhook-Signature: t=1700000000,v1=" + oddMAC, verdict: "valid"},
		"by the secret before the rotation": {header: "t=1700000000,v1=" + oddMAC, flags: "--secret whsec_new --previous-secret " + oddSecret, verdict: "valid"},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"verify", "--explain", "0", "-o", "json"}, strings.Fields(test.flags)...)
			code, verdict := runOddity(t, oddBody, append(args, "--signature="+test.header))
			if verdict.Verdict != test.verdict || code != test.code {
				t.Errorf("verdict %q with exit code %d, want %q with %d", verdict.Verdict, code, test.verdict, test.code)
			}
			if warned := len(verdict.Warnings) > 0; warned != test.warned {
				t.Errorf("warnings %q, want some: %t", verdict.Warnings, test.warned)
			}
		})
	}
}

type oddVerdict struct {
	Verdict  string
	Warnings []string
	Cause    struct{ ID string }

	warned string // on stderr, of the secret
}

// runOddity runs the command in this process, at the vector's time, with a body or a capture on stdin.
func runOddity(t *testing.T, stdin string, args []string) (int, oddVerdict) {
	t.Helper()
	home := t.TempDir()
	variables := map[string]string{"HOME": home, "XDG_CONFIG_HOME": filepath.Join(home, "config"), "POCKETBOOK_WEBHOOK_SECRET": oddSecret}
	var stdout, stderr bytes.Buffer
	code := cmd.Main(t.Context(), cmd.Env{
		Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr,
		LookupEnv: func(name string) (string, bool) { value, ok := variables[name]; return value, ok },
		Now:       func() time.Time { return time.Unix(oddTime, 0) },
	}, cmd.Version{Number: "test"}, args)
	var verdict oddVerdict
	if err := json.Unmarshal(stdout.Bytes(), &verdict); err != nil {
		t.Fatalf("%v printed %q and %q: %v", args, stdout.String(), stderr.String(), err)
	}
	for line := range strings.Lines(stderr.String()) {
		var said struct{ Kind, Warning string }
		if json.Unmarshal([]byte(line), &said) == nil && said.Kind == "warning" {
			verdict.warned += said.Warning + "\n"
		}
	}
	return code, verdict
}
