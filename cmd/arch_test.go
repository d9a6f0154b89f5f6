package cmd_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/pocketbook-studio/pbhook"

// room says what one package may import: rooms of this module, and outside modules by prefix; forbidden names the
// standard packages that would break its one job.
type room struct {
	rooms, outside, forbidden []string
}

// rooms is the whole house. A package that is not listed here has no room, and the test says so.
func rooms() map[string]room {
	offline := []string{"os", "os/exec", "net/http", "flag"}
	library := []string{"os", "os/exec", "flag"}
	return map[string]room{
		"":              {rooms: []string{"cmd"}},
		"fixtures":      {forbidden: append([]string{"net", "time"}, offline...)},
		"pkg/signature": {forbidden: append([]string{"net"}, offline...)},
		"pkg/capture":   {outside: []string{"github.com/tidwall/"}, forbidden: library},
		"pkg/event": {
			rooms:     []string{"pkg/signature"},
			outside:   []string{"github.com/santhosh-tekuri/jsonschema/v6"},
			forbidden: offline,
		},
		"pkg/fixture": {
			rooms:     []string{"pkg/event"},
			outside:   []string{"github.com/tidwall/", "github.com/goccy/go-yaml", "github.com/oklog/ulid/v2"},
			forbidden: offline,
		},
		"pkg/forensics": {
			rooms:     []string{"pkg/signature", "pkg/capture"},
			outside:   []string{"golang.org/x/text/"},
			forbidden: offline,
		},
		"pkg/delivery": {
			rooms:     []string{"pkg/signature", "pkg/capture"},
			outside:   []string{"github.com/HdrHistogram/hdrhistogram-go", "golang.org/x/sync/"},
			forbidden: library,
		},
		"pkg/forward": {rooms: []string{"pkg/signature", "pkg/capture", "pkg/delivery"}, forbidden: library},
		"pkg/probe": {
			rooms:     []string{"pkg/signature", "pkg/capture", "pkg/delivery"},
			outside:   []string{"github.com/tidwall/", "golang.org/x/sync/"},
			forbidden: library,
		},
		"pkg/receiver": {rooms: []string{"pkg/signature", "pkg/event", "pkg/capture"}, forbidden: library},
		"pkg/tunnel":   {outside: []string{"golang.org/x/time/rate"}, forbidden: library},
		// The door to os is for keys and known hosts, which are files; see docs/adr/0009-tunnels-open-files-and-processes.md.
		"pkg/tunnel/ssh": {
			rooms:     []string{"pkg/tunnel"},
			outside:   []string{"golang.org/x/crypto/ssh", "github.com/skeema/knownhosts"},
			forbidden: []string{"os/exec", "flag"},
		},
		// The door to processes; see the same record.
		"pkg/tunnel/exec":        {rooms: []string{"pkg/tunnel"}, outside: []string{"mvdan.cc/sh/v3/"}, forbidden: []string{"flag"}},
		"pkg/tunnel/cloudflared": {rooms: []string{"pkg/tunnel", "pkg/tunnel/exec"}, forbidden: []string{"os/exec", "flag"}},
		"pkg/tunnel/ngrok":       {rooms: []string{"pkg/tunnel"}, outside: []string{"golang.ngrok.com/ngrok/v2"}, forbidden: library},
		// See docs/adr/0008-pocketbook-uses-delivery.md.
		"pkg/pocketbook": {
			rooms:     []string{"pkg/signature", "pkg/capture", "pkg/event", "pkg/delivery"},
			outside:   []string{"github.com/golang-jwt/jwt/v5"},
			forbidden: library,
		},
		// The door to os is for the modes, the links and the moving of its files; see docs/adr/0003-history-in-sqlite.md.
		"pkg/history": {
			rooms:     []string{"pkg/capture"},
			outside:   []string{"modernc.org/sqlite", "github.com/oklog/ulid/v2"},
			forbidden: []string{"net", "net/http", "os/exec", "flag"},
		},
		"cmd/internal/ui": {
			outside: []string{
				"github.com/charmbracelet/", "github.com/muesli/termenv", "github.com/fatih/color", "golang.org/x/term",
				"golang.org/x/sys/", "github.com/schollz/progressbar/v3",
			},
			forbidden: []string{"net/http", "os/exec"},
		},
		// Counts for Prometheus, and which process has a port: see docs/adr/0005-two-rooms-for-listen.md.
		"cmd/internal/metrics": {outside: []string{"github.com/prometheus/client_golang/"}, forbidden: []string{"os", "os/exec"}},
		"cmd/internal/owner":   {forbidden: []string{"net/http", "os/exec"}},
		"cmd/internal/view": {
			rooms:     []string{"cmd/internal/ui", "pkg/"},
			outside:   []string{"github.com/jstemmer/go-junit-report/v2/junit"},
			forbidden: []string{"os", "os/exec"},
		},
		"cmd/internal/config": {
			rooms: []string{"cmd/internal/ui", "pkg/signature", "pkg/pocketbook", "pkg/tunnel/ngrok"},
			outside: []string{
				"github.com/goccy/go-yaml", "github.com/joho/godotenv", "github.com/zalando/go-keyring",
				"github.com/go-git/go-git/v5/plumbing/format/index",
			},
		},
		// A program of the build, which nothing imports: main packages cannot be.
		"cmd/internal/gendocs": {rooms: []string{"cmd"}, forbidden: []string{"net/http", "os/exec"}},
		// It starts processes and asks whether they answer; see docs/adr/0006-examples-and-the-users-app.md.
		"cmd/internal/launch": {outside: []string{"golang.org/x/sys/windows"}},
		"docs/examples":       {forbidden: append([]string{"net", "time"}, offline...)},
		"docs/examples/go":    {rooms: []string{"pkg/event", "pkg/signature"}},
		"cmd": {
			rooms:     []string{"pkg/", "fixtures", "docs/examples", "cmd/internal/"},
			outside:   []string{"github.com/spf13/"},
			forbidden: []string{"crypto/hmac", "crypto/sha256", "os/exec"},
		},
	}
}

type listed struct {
	ImportPath string
	Imports    []string
}

func TestEveryPackageKeepsToItsRoom(t *testing.T) {
	house := rooms()
	seen := map[string]bool{}
	for _, pkg := range listPackages(t) {
		name := strings.TrimPrefix(strings.TrimPrefix(pkg.ImportPath, module), "/")
		seen[name] = true
		room, ok := house[name]
		if !ok {
			t.Errorf("package %s has no room in this table", pkg.ImportPath)
			continue
		}
		for _, library := range room.outside {
			if !slices.ContainsFunc(pkg.Imports, func(imported string) bool { return allowed([]string{library}, imported) }) {
				t.Errorf("%s may import %s and does not", pkg.ImportPath, library)
			}
		}
		for _, imported := range pkg.Imports {
			if why := room.refuses(imported); why != "" {
				t.Errorf("%s may not import %s: %s", pkg.ImportPath, imported, why)
			}
		}
	}
	for name := range house {
		if !seen[name] {
			t.Errorf("room %q stands in the table but not in the tree", name)
		}
	}
}

func (r room) refuses(imported string) string {
	if inner, ok := strings.CutPrefix(imported, module+"/"); ok {
		if !slices.ContainsFunc(r.rooms, func(room string) bool {
			return inner == room || strings.HasSuffix(room, "/") && strings.HasPrefix(inner, room)
		}) {
			return "that door is not in the table"
		}
		return ""
	}
	if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") {
		if !allowed(r.outside, imported) {
			return "that library is not in the table"
		}
		return ""
	}
	for _, name := range r.forbidden {
		if imported == name {
			return "that is another room's job"
		}
	}
	return ""
}

func allowed(list []string, name string) bool {
	for _, entry := range list {
		if name == entry || strings.HasPrefix(name, entry) && (strings.HasSuffix(entry, "/") || strings.HasPrefix(name, entry+"/")) {
			return true
		}
	}
	return false
}

func TestTheTableRefusesWhatItShould(t *testing.T) {
	house := rooms()
	for _, test := range []struct{ from, to string }{
		{"pkg/signature", "net/http"},
		{"pkg/event", "os"},
		{"pkg/fixture", path.Join(module, "fixtures")},
		{"pkg/delivery", "github.com/spf13/cobra"},
		{"pkg/history", path.Join(module, "pkg/receiver")},
		{"pkg/probe", path.Join(module, "pkg/receiver")},
		{"pkg/pocketbook", path.Join(module, "cmd/internal/ui")},
		{"cmd/internal/ui", path.Join(module, "pkg/event")},
		{"cmd/internal/view", "os"},
		{"cmd", "github.com/fatih/color"},
		{"cmd/internal/gendocs", path.Join(module, "cmd/internal/ui")},
		{"cmd/internal/launch", path.Join(module, "cmd/internal/ui")},
		{"docs/examples", "os"},
		{"", path.Join(module, "pkg/event")},
	} {
		if house[test.from].refuses(test.to) == "" {
			t.Errorf("the table lets %q import %s", test.from, test.to)
		}
	}
}

// listPackages joins what the systems that pbhook is built for import: some libraries are there for one of them alone.
func listPackages(t *testing.T) []listed {
	t.Helper()
	var all []listed
	place := map[string]int{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		command := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"/...")
		command.Env = append(os.Environ(), "GOOS="+system)
		out, err := command.Output()
		if err != nil {
			t.Fatalf("go list for %s: %v", system, err)
		}
		for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
			var pkg listed
			if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("go list printed no JSON: %v", err)
			}
			at, known := place[pkg.ImportPath]
			if !known {
				place[pkg.ImportPath] = len(all)
				all = append(all, pkg)
				continue
			}
			all[at].Imports = append(all[at].Imports, pkg.Imports...)
		}
	}
	return all
}
