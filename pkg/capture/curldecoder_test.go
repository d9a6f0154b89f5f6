package capture

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// files stand for the working directory of a command.
var files = fstest.MapFS{
	"lines.json": {Data: []byte("{\r\n\t\"a\": 1\x00\n}\n")},
	"headers":    {Data: []byte("X-One: 1\r\n\nX-Two: 2\n")},
}

// form is what curl sends for a body that no other type is given for, to localhost without a path.
func form(body string) Request {
	return Request{
		Method: "POST", URL: "http://localhost", Body: []byte(body),
		Header: []Field{{"Host", "localhost"}, {"Accept", "*/*"}, {"Content-Type", "application/x-www-form-urlencoded"}},
	}
}

func TestReadCurlData(t *testing.T) {
	for name, tt := range map[string]struct{ command, body string }{
		"-d keeps line breaks of its own text":                     {"curl localhost -d '{\r\n}\n'", "{\r\n}\n"},
		"-d strips them from a file":                               {"curl localhost -d @lines.json", "{\t\"a\": 1}"},
		"--data-ascii too":                                         {"curl localhost --data-ascii @lines.json", "{\t\"a\": 1}"},
		"--data-binary keeps them":                                 {"curl localhost --data-binary @lines.json", "{\r\n\t\"a\": 1\x00\n}\n"},
		"--data-raw opens no file":                                 {"curl localhost --data-raw @lines.json", "@lines.json"},
		"several are joined by &":                                  {"curl localhost -d a=1 --data-raw b --data-binary c", "a=1&b&c"},
		"an empty one is joined too":                               {"curl localhost -d '' -d b", "&b"},
		"-dtext":                                                   {"curl localhost -da=1", "a=1"},
		"letters together":                                         {"curl -sSLkd a=1 localhost", "a=1"},
		"--data-urlencode of text":                                 {"curl localhost --data-urlencode 'a b&ü~'", "a+b%26%C3%BC~"},
		"--data-urlencode of a name and text":                      {"curl localhost --data-urlencode 'n=a=b'", "n=a%3Db"},
		"--data-urlencode of text after =":                         {"curl localhost --data-urlencode '=a=b'", "a%3Db"},
		"--data-urlencode of a file":                               {"curl localhost --data-urlencode n@headers", "n=X-One%3A+1%0D%0A%0AX-Two%3A+2%0A"},
		"a pipe of printf":                                         {`printf '{"a":%s}\n\0\047' 1 | curl localhost --data-binary @-`, "{\"a\":1}\n\x00'"},
		"a substitution of printf, which ends without line breaks": {`curl localhost -d "$(printf '\na\n\n')"b`, "\nab"},
		"a pipe of echo, with the line break it adds":              {`echo '{"a":1}' | curl localhost --data-binary @-`, "{\"a\":1}\n"},
		"a pipe of echo -n":                                        {`echo -n a  b | curl localhost --data-binary @-`, "a b"},
		"a pipe of cat":                                            {`cat lines.json | curl localhost -d @-`, "{\t\"a\": 1}"},
		"a file on standard input":                                 {`curl localhost --data-binary @- <lines.json`, "{\r\n\t\"a\": 1\x00\n}\n"},
		"a here-document":                                          {"curl localhost --data-binary @- <<'EOF'\n{\"a\":\"$x \\n\"}\nEOF\n", "{\"a\":\"$x \\n\"}\n"},
		"a here-document that a shell would expand":                {"curl localhost --data-binary @- <<EOF\n{\"a\":\"\\$x \\\" \\n\"}\nEOF\n", "{\"a\":\"$x \\\" \\n\"}\n"},
		"a here-document without its tabs":                         {"cat <<-EOF | curl localhost --data-binary @-\n\t{}\n\tEOF\n", "{}\n"},
		"a here-string":                                            {"curl localhost --data-binary @- <<<'{}'", "{}\n"},
		"quotes of every kind in one word":                         {`curl localhost -d 'a'"b\"\$\x"c\ d$'\'\t\x41\u00e9\101\\'`, "ab\"$\\xc d'\tAéA\\"},
		"a word over several lines":                                {"curl localhost \\\n  -d a\\\nb", "ab"},
		"lines that end as on Windows":                             {"curl localhost \\\r\n  -d ab\r\n", "ab"},
		"what follows the pipe":                                    {"curl localhost -d a | jq . | tee out", "a"},
		"where the output goes":                                    {"curl localhost -d a -o out -w '%{http_code}' >/dev/null 2>&1", "a"},
		"options whose values look like URLs":                      {"curl --max-time 5 --connect-timeout 2 -x http://proxy --resolve a:b:c localhost -d a", "a"},
		"a comment":                                                {"# send\ncurl localhost -d a # to the server\n", "a"},
		"a prompt":                                                 {"$ curl localhost -d a", "a"},
		"cmd.exe: carets and quotes":                               {"curl ^\"localhost^\" ^\r\n  -d ^\"^{^\\^\"a^\\^\":1^}^\"\r\n", `{"a":1}`},
		"cmd.exe: a line break":                                    {"curl ^\"localhost^\" -d ^\"a^\r\n\r\nb^\"", "a\nb"},
		"cmd.exe: quotes on one line":                              {"curl \"localhost\" -d \"{\"\"a\"\":\"\"it's\"\"}\"", `{"a":"it's"}`},
		"cmd.exe: quotes alone":                                    {"curl \"localhost\" ^\n -d \"{\"\"a\"\": \"\"\\\\d\"\"}\"", `{"a": "\\d"}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, errs := readAll(tt.command, ReaderOptions{OpenFile: files.ReadFile})
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			if diff := cmp.Diff([]Request{form(tt.body)}, got, exactly); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadCurlOptions(t *testing.T) {
	host, accept := Field{"Host", "localhost:3000"}, Field{"Accept", "*/*"}
	with := func(method string, header ...Field) Request {
		return Request{Method: method, URL: "http://localhost:3000/a", Header: header}
	}
	for name, tt := range map[string]struct {
		options string
		want    Request
	}{
		"nothing":              {"", with("GET", host, accept)},
		"-X":                   {"-X PUT", with("PUT", host, accept)},
		"-I":                   {"-I", with("HEAD", host, accept)},
		"-H in its order":      {"-H 'x-b:1' -H 'X-A:  2 '", with("GET", host, accept, Field{"x-b", "1"}, Field{"X-A", "2"})},
		"-H replaces":          {"-H 'accept: a/b' -H 'HOST: x'", with("GET", Field{"accept", "a/b"}, Field{"HOST", "x"})},
		"-H removes":           {"-H 'Accept:'", with("GET", host)},
		"-H without a value":   {"-H 'X-A;'", with("GET", host, accept, Field{"X-A", ""})},
		"-H of no header":      {"-H 'nonsense'", with("GET", host, accept)},
		"-H of a file":         {"-H @headers", with("GET", host, accept, Field{"X-One", "1"}, Field{"X-Two", "2"})},
		"-u":                   {"-u user:pass", with("GET", host, Field{"Authorization", "Basic dXNlcjpwYXNz"}, accept)},
		"--oauth2-bearer":      {"--oauth2-bearer abc", with("GET", host, Field{"Authorization", "Bearer abc"}, accept)},
		"-A, -e and -b":        {"-A me/1 -e http://r -b a=1 -b b=2", with("GET", host, Field{"User-Agent", "me/1"}, accept, Field{"Referer", "http://r"}, Field{"Cookie", "a=1;b=2"})},
		"--compressed and TLS": {"--compressed -k --tlsv1.2 --no-keepalive --http1.1", with("GET", host, accept)},
		"-G":                   {"-G -d a=1 --data-urlencode 'b=x y'", Request{Method: "GET", URL: "http://localhost:3000/a?a=1&b=x+y", Header: []Field{host, accept}}},
		"--url-query":          {"--url-query 'b=x y' --url-query +c", Request{Method: "GET", URL: "http://localhost:3000/a?b=x+y&c", Header: []Field{host, accept}}},
		"--json": {"--json '{\"a\":' --json '1}'", Request{
			Method: "POST", URL: "http://localhost:3000/a", Body: []byte(`{"a":1}`),
			Header: []Field{host, {"Accept", "application/json"}, {"Content-Type", "application/json"}},
		}},
		"-T": {"-T headers", Request{
			Method: "PUT", URL: "http://localhost:3000/a", Body: []byte("X-One: 1\r\n\nX-Two: 2\n"), Header: []Field{host, accept},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, errs := readAll("curl http://localhost:3000/a "+tt.options, ReaderOptions{OpenFile: files.ReadFile})
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			if diff := cmp.Diff([]Request{tt.want}, got, exactly); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadCurlOfSeveral(t *testing.T) {
	text := "curl -d a localhost --next -d b localhost localhost; curl -d c localhost && curl -d d localhost\n\ncurl -d e localhost &"
	got, errs := readAll(text, ReaderOptions{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if diff := cmp.Diff([]Request{form("a"), form("b"), form("b"), form("c"), form("d"), form("e")}, got, exactly); diff != "" {
		t.Error(diff)
	}
}

func TestReadCurlRefusesWhatOnlyAShellKnows(t *testing.T) {
	for name, tt := range map[string]struct {
		command, reason string
		err             error
	}{
		"a variable":                    {`curl localhost -d "$BODY"`, "uses a variable, whose value is not known", ErrNotLiteral},
		"a variable in braces":          {`curl localhost -d ${BODY}`, "uses a variable, whose value is not known", ErrNotLiteral},
		"a substitution":                {`curl localhost -d "$(rm -rf /)"`, "runs a command to complete this one", ErrNotLiteral},
		"a substitution in backquotes":  {"curl localhost -d `id`", "runs a command to complete this one", ErrNotLiteral},
		"one within printf":             {`curl localhost -d "$(printf "$(id)")"`, "runs a command to complete this one", ErrNotLiteral},
		"printf within printf":          {`curl localhost -d "$(printf "$(printf a)")"`, "runs a command to complete this one", ErrNotLiteral},
		"printf of more than text":      {`curl localhost -d "$(printf '%d' 1)"`, `has a printf with "%d", which shells read differently`, ErrNotLiteral},
		"arithmetic":                    {`curl localhost -d $((1+1))`, "runs a command to complete this one", ErrNotLiteral},
		"a process as a file":           {`curl localhost -d @<(id)`, "redirects to what is no file name", ErrNotLiteral},
		"a subshell":                    {`(curl localhost)`, "has a parenthesis outside quotes", ErrNotLiteral},
		"braces":                        {`curl localhost -d {a,b}`, "has braces outside quotes, which a shell expands", ErrNotLiteral},
		"another command":               {`jq . x | curl localhost -d @-`, `is no curl command, and "jq" is not run`, ErrNotLiteral},
		"an echo that shells differ on": {`echo 'a\n' | curl localhost -d @-`, "has an echo with options or backslashes, which shells read differently", ErrNotLiteral},
		"a pattern of URLs":             {`curl 'http://localhost/[1-9]'`, `has a pattern of several URLs: "http://localhost/[1-9]"`, ErrNotLiteral},
		"a form with a boundary":        {`curl localhost -F a=b`, "uses --form, whose effect the command does not show", ErrNotLiteral},
		"options from a file":           {`curl -K x localhost`, "uses --config, whose effect the command does not show", ErrNotLiteral},
		"cookies from a file":           {`curl -b jar localhost`, `takes its cookies from the file "jar"`, ErrNotLiteral},
		"an option to come":             {`curl --frobnicate x localhost`, "uses --frobnicate, which is no option known here", nil},
		"a letter that is none":         {`curl -é localhost`, `uses the letter "\xc3", which is no option known here`, nil},
		"an option without its value":   {`curl localhost -d`, "has nothing after --data", nil},
		"no URL":                        {`curl -d a`, "is a curl command without a URL", nil},
		"URLs without an end":           {"curl" + strings.Repeat(" a", 1001), "has more than 1000 URLs", ErrTooLarge},
		"words without an end":          {"curl" + strings.Repeat(" a", 1<<16), "has more than 65536 words", ErrTooLarge},
		"a file that is not there":      {`curl localhost -d @none`, `names the file "none": open none: file does not exist`, fs.ErrNotExist},
		"a file over the limit":         {`curl localhost -d @large`, "the file large is longer than 100 bytes", ErrTooLarge},
		"a body over the limit":         {`curl localhost -d ` + strings.Repeat("a", 101), "the body is longer than 100 bytes", ErrTooLarge},
		"a header that breaks out":      {"curl localhost -H $'X: a\\nY: b'", `has a header that would break its line: "X: a\nY: b"`, nil},
		"cmd.exe: a pipe":               {"curl ^\"localhost^\" | x", `has "|" outside quotes`, ErrNotLiteral},
	} {
		t.Run(name, func(t *testing.T) {
			open := func(name string) ([]byte, error) {
				if name == "large" {
					return make([]byte, 101), nil
				}
				return files.ReadFile(name)
			}
			got, errs := readAll("curl localhost -d before\n"+tt.command, ReaderOptions{Name: "x", MaxBody: 100, Format: FormatCurl, OpenFile: open})
			if strings.HasPrefix(name, "cmd.exe") {
				_, errs = readAll(tt.command, ReaderOptions{Format: FormatCurl})
			} else if len(got) != 1 {
				t.Errorf("got %q", got)
			}
			invalid, _ := errors.AsType[*DecodeError](errors.Join(errs...))
			if invalid == nil || invalid.Reason != tt.reason || !errors.Is(invalid, tt.err) && tt.err != nil {
				t.Fatalf("got %v", errs)
			}
			if want := 2; invalid.Line != want && !strings.HasPrefix(name, "cmd.exe") {
				t.Errorf("at line %d", invalid.Line)
			}
		})
	}
}

func TestACommandThatIsRefusedDoesNotHideTheNext(t *testing.T) {
	got, errs := readAll("curl -F a=b localhost\ncurl localhost -d a\n", ReaderOptions{})
	if diff := cmp.Diff([]Request{form("a")}, got, exactly); diff != "" || len(errs) != 1 {
		t.Error(diff, errs)
	}
}

func TestNoFileIsOpenedUnlessAllowed(t *testing.T) {
	for _, command := range []string{"curl localhost -d @x", "curl localhost -T x", "cat x | curl localhost -d @-", "curl localhost -d @- <x", "curl localhost -H @x"} {
		_, errs := readAll(command, ReaderOptions{})
		if want := `the input, line 1: names the file "x", and files are not opened here`; strings.Trim(fmt.Sprint(errs), "[]") != strings.Replace(want, "the input, ", "", 1) {
			t.Errorf("%s: got %v", command, errs)
		}
	}
}

func TestAnEndWithinACommandIsTold(t *testing.T) {
	for text, reason := range map[string]string{
		`curl localhost -d 'a`:            "ends within single quotes",
		`curl localhost -d "a`:            "ends within double quotes",
		`curl localhost -d $'a`:           "ends within quotes",
		`curl localhost -d "$(printf a`:   "runs a command to complete this one",
		"curl localhost -d @- <<EOF\na\n": `ends before the here-document "EOF"`,
		"curl localhost -d @- <<EOF":      `ends before the here-document "EOF"`,
		"curl localhost -d a |":           "has a pipe without a command",
		"curl localhost -d @- <<E || a":   `ends before the here-document "E"`,
		"curl ^\"localhost^\" -d ^\"a":    "ends within double quotes",
	} {
		got, errs := readAll(text, ReaderOptions{})
		invalid, _ := errors.AsType[*DecodeError](errors.Join(errs...))
		if len(got) > 0 || len(errs) != 1 || invalid == nil || invalid.Reason != reason {
			t.Errorf("%q: got %q, %v", text, got, errs)
		}
	}
}

func TestDepthDoesNotEndTheProcess(t *testing.T) {
	for _, deep := range []string{
		"(", "$(", `"$(`, "`", "$((", "{ ", "if ", "! ", "a|", "a;", "<(", "${a:-", "<<a ", `"$(printf `, "$'", "\\", "{,", "^\"", "\n",
	} {
		t.Run(deep, func(t *testing.T) {
			text := "curl localhost -d " + strings.Repeat(deep, (1<<20)/len(deep))
			for _, err := range NewReader(strings.NewReader(text), ReaderOptions{MaxBody: 1 << 20}).All() {
				if _, ok := errors.AsType[*DecodeError](err); err != nil && !ok {
					t.Fatal(err)
				}
			}
		})
	}
}
