package capture

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

func TestWriteCurlOfAnEvent(t *testing.T) {
	request := Request{
		Method: "POST",
		URL:    "http://localhost:3000/webhooks/pocketbook",
		Header: []Field{{"Host", "localhost:3000"}, {"User-Agent", "pbhook/1.2"}, {"Content-Length", "15"}, {"Content-Type", "application/json"}},
		Body:   []byte(`{"name":"O'Hara"}`),
	}
	want := `curl -sS -i -X POST --url http://localhost:3000/webhooks/pocketbook \
  -H 'User-Agent: pbhook/1.2' \
  -H 'Content-Type: application/json' \
  -H Accept: \
  --data-raw '{"name":"O'\''Hara"}'
`
	var got strings.Builder
	if err := WriteCurl(&got, request); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestWriteCurlIsReadBackByAShell(t *testing.T) {
	for name, request := range corpus() {
		t.Run(name, func(t *testing.T) {
			var command strings.Builder
			if err := WriteCurl(&command, request); err != nil {
				t.Fatal(err)
			}
			unsafe := func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
			if !utf8.ValidString(command.String()) || strings.ContainsFunc(command.String(), unsafe) {
				t.Errorf("a terminal would act on %q", command.String())
			}
			got := runCurl(t, command.String())
			if got.method != request.Method || got.url != request.URL {
				t.Errorf("got %s %s, want %s %s", got.method, got.url, request.Method, request.URL)
			}
			if !bytes.Equal(got.body, request.Body) {
				t.Errorf("body: got %q, want %q", got.body, request.Body)
			}
			if diff := cmp.Diff(spoken(request), got.header, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			for _, added := range []string{"User-Agent", "Accept", "Content-Type"} {
				silent := len(request.Values(added)) == 0 && (added != "Content-Type" || len(request.Body) > 0)
				if suppressed := slices.Contains(got.suppressed, added); silent && !suppressed {
					t.Errorf("curl would add %s of its own", added)
				}
			}
		})
	}
}

// spoken is the header as curl has to be told it: without framing.
func spoken(r Request) []Field {
	var header []Field
	for _, field := range r.Header {
		if strings.EqualFold(field.Name, "Content-Length") || strings.EqualFold(field.Name, "Transfer-Encoding") {
			continue
		}
		header = append(header, Field{field.Name, strings.TrimSpace(field.Value)})
	}
	return header
}

// curlCall is what curl makes of its arguments.
type curlCall struct {
	method, url string
	header      []Field
	suppressed  []string
	body        []byte
}

// runCurl lets a POSIX shell run the command, with the arguments of curl taken apart instead of curl itself.
func runCurl(t *testing.T, command string) curlCall {
	t.Helper()
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(command), "")
	if err != nil {
		t.Fatalf("%v in %q", err, command)
	}
	var call curlCall
	curl := func(interp.ExecHandlerFunc) interp.ExecHandlerFunc {
		return func(ctx context.Context, args []string) error {
			if args[0] != "curl" {
				return fmt.Errorf("the command runs %q", args[0])
			}
			call, err = readCurl(args[1:], interp.HandlerCtx(ctx).Stdin)
			return err
		}
	}
	runner, err := interp.New(interp.ExecHandlers(curl))
	if err != nil {
		t.Fatal(err)
	}
	if err := runner.Run(t.Context(), file); err != nil {
		t.Fatalf("%v in %q", err, command)
	}
	return call
}

func readCurl(args []string, stdin io.Reader) (call curlCall, err error) {
	for i := 0; i < len(args); i++ {
		switch option := args[i]; option {
		case "-sS", "-i", "--globoff", "--path-as-is":
			continue
		case "--head":
			call.method = "HEAD"
			continue
		}
		option, value := args[i], args[i+1]
		i++
		switch option {
		case "-X":
			call.method = value
		case "--url":
			call.url = value
		case "--data-raw":
			call.body = []byte(value)
		case "--data-binary":
			if value != "@-" {
				return call, fmt.Errorf("--data-binary %q", value)
			}
			call.body, err = io.ReadAll(stdin)
		case "-H":
			name, text, found := strings.Cut(value, ":")
			switch {
			case !found && strings.HasSuffix(name, ";"):
				call.header = append(call.header, Field{strings.TrimSuffix(name, ";"), ""})
			case text == "":
				call.suppressed = append(call.suppressed, name)
			default:
				call.header = append(call.header, Field{name, strings.TrimSpace(text)})
			}
		default:
			return call, fmt.Errorf("option %q", option)
		}
	}
	return call, err
}
