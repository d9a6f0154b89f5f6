package exec_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	osexec "os/exec"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/exec"
)

// TestMain is the program that is run, too: named by its first argument.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if program := map[string]func([]string){
			"fake-tunnel": fakeTunnel, "fake-parent": fakeParent, "fake-broken": fakeBroken, "fake-quiet": fakeQuiet,
			"fake-stubborn": fakeStubborn, "fake-saying": fakeSaying, "fake-leaver": fakeLeaver, "fake-pbhook": fakePbhook,
		}[os.Args[1]]; program != nil {
			program(os.Args[2:])
			return
		}
	}
	goleak.VerifyTestMain(m)
}

// fakeTunnel leads from a port of its own to the local one, and prints the URL as such programs do.
func fakeTunnel(args []string) {
	target, _ := url.Parse(args[0])
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println("\x1b[32mINFO\x1b[0m see https://example.com/docs")
	fmt.Fprintf(os.Stderr, "\x1b[1mlistening at %s\x1b[0m\n", listener.Addr())
	http.Serve(listener, httputil.NewSingleHostReverseProxy(target))
}

// fakeParent starts a child, as wrappers do, and tells its process id.
func fakeParent(args []string) {
	child := osexec.Command(os.Args[0], "fake-quiet")
	child.Stdout = os.Stdout
	child.Start()
	os.WriteFile(args[0], []byte(strconv.Itoa(child.Process.Pid)), 0o600)
	fmt.Println("https://one.example")
	child.Wait()
}

// fakeLeaver ends before its child, which holds none of its files open.
func fakeLeaver(args []string) {
	child := osexec.Command(os.Args[0], "fake-quiet")
	child.Start()
	os.WriteFile(args[0], []byte(strconv.Itoa(child.Process.Pid)), 0o600)
}

func fakeBroken([]string) {
	fmt.Println("\x1b[31merror: the token is wrong\x1b[0m")
	os.Exit(3)
}

func fakeQuiet([]string) { wait() }

// fakeSaying ends when it has said no URL, so that nobody has to wait for one.
func fakeSaying(args []string) {
	fmt.Println(args[0])
	if !strings.Contains(args[0], "example") && !strings.Contains(args[0], "loca.lt") {
		return
	}
	wait()
}

// wait waits for a signal; waiting for nothing would be a deadlock to the runtime.
func wait() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	<-signals
}

func fakeStubborn([]string) {
	signal.Ignore(syscall.SIGTERM)
	fmt.Println("https://one.example")
	wait()
}

// fakePbhook keeps a tunnel until it is killed.
func fakePbhook(args []string) {
	_, err := exec.Provider{Command: []string{os.Args[0], "fake-parent", args[0], "{port}"}}.Open(context.Background(), tunnel.Options{})
	fmt.Println("opened", err)
	wait()
}

// fake is the command that runs one of the programs above.
func fake(name string, args ...string) []string {
	return append([]string{os.Args[0], name}, args...)
}

func serve(t *testing.T, provider exec.Provider) tunnel.Session {
	t.Helper()
	session, err := provider.Open(t.Context(), tunnel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- session.Serve(context.Background(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.Copy(w, r.Body)
		}))
	}()
	t.Cleanup(func() {
		session.Close()
		if err := <-ended; err != nil && !errors.Is(err, tunnel.ErrServed) {
			t.Errorf("Serve() = %v", err)
		}
	})
	return session
}

func TestARequestComesThroughTheProgram(t *testing.T) {
	session := serve(t, exec.Provider{
		Command: fake("fake-tunnel", "{url}"),
		URL:     regexp.MustCompile(`listening at (\S+)`),
	})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Post(session.URL(), "application/json", strings.NewReader(`{"id":"evt_1"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got, _ := io.ReadAll(response.Body); string(got) != `{"id":"evt_1"}` {
		t.Errorf("%q came back", got)
	}
}

func TestAProgramThatFailsIsQuoted(t *testing.T) {
	_, err := exec.Provider{Command: fake("fake-broken", "{port}")}.Open(t.Context(), tunnel.Options{})
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Status != "exit status 3" || !strings.HasSuffix(err.Error(), "; it said: error: the token is wrong") {
		t.Errorf("Open() = %v, want an *ExitError that quotes the program", err)
	}
}

func TestAProgramThatIsNotThere(t *testing.T) {
	for _, name := range []string{"pbhook-no-such-program", "/nonexistent/program"} {
		_, err := exec.Provider{Command: []string{name, "{port}"}}.Open(t.Context(), tunnel.Options{})
		var missing *exec.NotFoundError
		if !errors.As(err, &missing) || missing.Program != name {
			t.Errorf("Open() = %v, want a *NotFoundError for %s", err, name)
		}
	}
}

func TestAProgramThatPrintsNoURLIsGivenUp(t *testing.T) {
	_, err := exec.Provider{Command: fake("fake-quiet", "{port}"), Timeout: 50 * time.Millisecond}.Open(t.Context(), tunnel.Options{})
	var none *exec.NoURLError
	if !errors.As(err, &none) || none.After != 50*time.Millisecond {
		t.Errorf("Open() = %v, want a *NoURLError", err)
	}
}

func TestAURLThatWasGivenIsNotLookedFor(t *testing.T) {
	session := serve(t, exec.Provider{Command: fake("fake-quiet", "{port}"), PublicURL: "https://my.example/in"})
	if session.URL() != "https://my.example/in" {
		t.Errorf("URL() = %q", session.URL())
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, provider := range map[string]exec.Provider{
		"no command":              {},
		"a command that ends":     {Command: []string{"", "{port}"}},
		"nowhere to lead to":      {Command: []string{"bore", "local"}},
		"a public URL by file":    {Command: []string{"bore", "{port}"}, PublicURL: "file:///x"},
		"a public URL with login": {Command: []string{"bore", "{port}"}, PublicURL: "https://a:b@my.example"},
	} {
		var option *tunnel.OptionError
		if _, err := provider.Open(t.Context(), tunnel.Options{}); !errors.As(err, &option) {
			t.Errorf("%s: Open() = %v, want an *OptionError", name, err)
		}
	}
}

func TestTheFirstURLThatIsNotLocalIsTaken(t *testing.T) {
	for text, want := range map[string]string{
		"forwarding http://localhost:40123 -> https://abc.loca.lt":              "https://abc.loca.lt",
		"your url is: https://abc.example/":                                     "https://abc.example",
		"(https://abc.example/hook?token=1)":                                    "https://abc.example/hook",
		`{"url":"https://abc.example"}`:                                         "https://abc.example",
		"\x1b[32mINFO\x1b[0m bore_cli::client: listening at bore.example:35429": "http://bore.example:35429",
		"listening at 127.0.0.1:4040":                                           "",
		"listening at all times":                                                "",
		"http://127.0.0.1:4040 http://[::1]:80 http://10.0.0.1/":                "",
		"see httpd and https:// for more":                                       "",
	} {
		got := ""
		session, err := exec.Provider{Command: fake("fake-saying", text, "{port}")}.Open(t.Context(), tunnel.Options{})
		if err == nil {
			got = session.URL()
			session.Close()
		}
		if got != want {
			t.Errorf("in %q: %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestParseCommand(t *testing.T) {
	getenv := func(name string) string { return map[string]string{"SERVER": "bore.example"}[name] }
	got, err := exec.ParseCommand(`bore local {port} --to "$SERVER" --secret 'a b'`, getenv)
	if want := []string{"bore", "local", "{port}", "--to", "bore.example", "--secret", "a b"}; err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("ParseCommand() = %q, %v, want %q", got, err, want)
	}
	for _, text := range []string{"", "  ", "bore 'open", "bore $(cat /etc/passwd) {port}", "bore `id` {port}"} {
		var option *tunnel.OptionError
		if got, err := exec.ParseCommand(text, getenv); !errors.As(err, &option) {
			t.Errorf("ParseCommand(%q) = %q, %v, want an *OptionError", text, got, err)
		}
	}
}
