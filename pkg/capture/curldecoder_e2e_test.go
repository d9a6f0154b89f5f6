//go:build e2e

package capture

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRealCurlSendsWhatWasRead lets Bash and curl do what a command says, and holds what arrives to what was read.
func TestRealCurlSendsWhatWasRead(t *testing.T) {
	folder := t.TempDir()
	for name, file := range files {
		if err := os.WriteFile(filepath.Join(folder, name), file.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	address, arrived := listen(t)
	for _, command := range []string{
		"curl URL",
		"curl -X DELETE URL",
		"curl -I URL",
		"curl -d a=1 -d 'b=x y' --data-raw '' URL",
		"curl -d $'{\\r\\n}\\n' URL",
		"curl -d @lines.json URL",
		"curl --data-ascii @lines.json --data-binary @lines.json URL",
		"curl --data-raw @lines.json URL",
		"curl --data-urlencode 'a b&ü~' --data-urlencode 'n=a=b' --data-urlencode '=a=b' --data-urlencode n@headers --data-urlencode @headers URL",
		"curl -G -d a=1 --data-urlencode 'b=x y' URL",
		"curl -G -d a=1 'URL?x=1#y'",
		"curl --url-query 'b=x y' --url-query +c URL",
		"curl --json '{\"a\":' --json '1}' URL",
		"curl --json @lines.json -H 'Accept: x/y' URL",
		"curl -T lines.json URL/name",
		"curl -u user:pass -A me/1 -e http://r -b a=1 -b b=2 -H 'x-b:1' -H 'X-A:  2 ' -H 'X-E;' -H 'Accept:' URL",
		"curl -H @headers --oauth2-bearer abc URL",
		"curl -H 'Host: example.com' -H 'Content-Type: a/b' -d x URL",
		"curl -sSk --max-time 5 -o /dev/null --compressed -w '%{http_code}' URL -d x --http1.1",
		"printf '{\"a\":%s}\\n\\0\\047' 1 | curl --data-binary @- URL",
		"echo '{\"a\":1}' | curl --data-binary @- URL",
		"cat lines.json | curl -d @- URL | cat",
		"curl --data-binary @- URL <lines.json",
		"curl --data-binary @- URL <<EOF\n{\"a\":\"\\$x \\\" \\n\\\n\"}\nEOF\n",
		"curl --data-binary @- URL <<-'EOF'\n\t{\"a\":\"$x\"}\n\tEOF\n",
		"curl --data-binary @- URL <<<'{}'",
		`curl URL -d 'a'"b\"\$\x"c\ d$'\'\t\x41\u00e9\101\cA\e\\'`,
		"curl -d a URL --next -d b URL",
		"curl -d a URL; curl -d b URL && curl -d c URL",
	} {
		t.Run(command, func(t *testing.T) {
			command := strings.ReplaceAll(command, "URL", "http://"+address+"/hook")
			want, errs := readAll(command, ReaderOptions{OpenFile: func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(folder, name)) }})
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			shell := exec.Command("bash")
			shell.Dir, shell.Env, shell.Stdin = folder, append(os.Environ(), "no_proxy=*"), strings.NewReader(command)
			if out, err := shell.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			for _, request := range want {
				got := <-arrived
				got.Proto = ""
				got.Header = slices.DeleteFunc(got.Header, func(f Field) bool {
					return slices.Contains([]string{"Content-Length", "Accept-Encoding", "Expect"}, f.Name) ||
						f.Name == "User-Agent" && strings.HasPrefix(f.Value, "curl/")
				})
				request.URL, _, _ = strings.Cut(request.URL, "#")
				if got.URL != request.URL {
					got.URL = strings.Replace(got.URL, "example.com", address, 1) // the host of the message, not of the URL
				}
				slices.SortStableFunc(got.Header, byName)
				slices.SortStableFunc(request.Header, byName) // curl's own order is not a promise
				if diff := cmp.Diff(got, request, exactly); diff != "" {
					t.Errorf("curl sent - and read was +:\n%s", diff)
				}
			}
		})
	}
}

func byName(a, b Field) int { return strings.Compare(a.Name, b.Name) }

// listen answers every request, and gives on what came, as it was on the wire.
func listen(t *testing.T) (address string, arrived <-chan Request) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	requests := make(chan Request, 16)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			for err == nil {
				err = answer(connection, requests)
			}
			connection.Close()
		}
	}()
	return listener.Addr().String(), requests
}

// answer reads one request, whose end it has to know before it answers: what follows comes only then.
func answer(connection net.Conn, requests chan<- Request) error {
	var wire bytes.Buffer
	message, err := http.ReadRequest(bufio.NewReader(io.TeeReader(connection, &wire)))
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, message.Body); err != nil {
		return err
	}
	request, err := NewReader(&wire, ReaderOptions{Format: FormatHTTP}).Next()
	if err != nil {
		return err
	}
	requests <- request
	_, err = io.WriteString(connection, "HTTP/1.1 204 No Content\r\n\r\n")
	return err
}
