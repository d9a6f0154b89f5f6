//go:build e2e && linux

package ssh_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	osexec "os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/skeema/knownhosts"
	gossh "golang.org/x/crypto/ssh"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/exec"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ssh"
)

// sshd is OpenSSH's server on a loopback port, with keys and a configuration of its own.
type sshd struct {
	folder  string
	port    int
	login   string
	client  string // file of the user's key
	hostKey gossh.PublicKey
	process *osexec.Cmd
}

func startSSHD(t testing.TB) *sshd {
	t.Helper()
	account, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	s := &sshd{folder: t.TempDir(), port: freePort(t), login: account.Username}
	key := newPair(t)
	s.client = key.file(t, filepath.Join(s.folder, "id"), "")
	write(t, filepath.Join(s.folder, "authorized_keys"), string(gossh.MarshalAuthorizedKey(key.public)))
	s.newHostKey(t)
	write(t, filepath.Join(s.folder, "config"), strings.Join([]string{
		"ListenAddress 127.0.0.1",
		"Port " + strconv.Itoa(s.port),
		"HostKey " + filepath.Join(s.folder, "host"),
		"AuthorizedKeysFile " + filepath.Join(s.folder, "authorized_keys"),
		"PidFile none",
		"StrictModes no",
		"UsePAM no",
		"PermitRootLogin yes",
		"MaxStartups 100",
	}, "\n")+"\n")
	s.start(t)
	t.Cleanup(s.kill)
	return s
}

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func (s *sshd) newHostKey(t testing.TB) {
	t.Helper()
	key := newPair(t)
	key.file(t, filepath.Join(s.folder, "host"), "")
	s.hostKey = key.public
}

func (s *sshd) start(t testing.TB) {
	t.Helper()
	if os.Getuid() == 0 {
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// It has to be called by its absolute path, to start itself anew for each connection.
	s.process = osexec.Command("/usr/sbin/sshd", "-D", "-e", "-f", filepath.Join(s.folder, "config"))
	var log bytes.Buffer
	s.process.Stderr = &log
	if err := s.process.Start(); err != nil {
		t.Fatalf("openssh-server has to be installed: %v", err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.port))
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("sshd does not listen: %v\n%s", err, log.String())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// connections are the processes that serve one client each.
func (s *sshd) connections() []int { return children(s.process.Process.Pid) }

func children(pid int) []int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%[1]d/task/%[1]d/children", pid))
	var all []int
	for _, field := range strings.Fields(string(text)) {
		child, err := strconv.Atoi(field)
		if err == nil {
			all = append(append(all, child), children(child)...)
		}
	}
	return all
}

func (s *sshd) kill() {
	connections := s.connections()
	_ = s.process.Process.Kill()
	for _, pid := range connections {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	_ = s.process.Wait() // returns when nobody holds its standard error any more
}

func (s *sshd) provider(t testing.TB) ssh.Provider {
	t.Helper()
	line := knownhosts.Line([]string{fmt.Sprintf("127.0.0.1:%d", s.port)}, s.hostKey)
	return ssh.Provider{
		Destination: ssh.Destination{User: s.login, Host: "127.0.0.1", Port: s.port},
		Remote:      ssh.Remote{Host: "localhost"},
		PublicURL:   "http://127.0.0.1:{port}",
		KnownHosts:  []string{write(t, inTemp(t, "known_hosts"), line+"\n")},
		Identities:  []string{s.client},
	}
}

func postTo(t testing.TB, url string, body []byte) []byte {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
	response, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestSSHDCarriesRequestsByteForByte(t *testing.T) {
	s := startSSHD(t)
	session := open(t, s.provider(t), tunnel.Options{}, echo)
	body := make([]byte, 10<<20)
	for i := range body {
		body[i] = byte(i * i >> 8)
	}
	for _, size := range []int{0, 1, 300, len(body)} {
		if got := postTo(t, session.URL(), body[:size]); !bytes.Equal(got, body[:size]) {
			t.Errorf("of %d bytes %d came back, or others", size, len(got))
		}
	}
}

func TestSSHDThatWasKilledIsConnectedToAgainAtTheSameURL(t *testing.T) {
	s := startSSHD(t)
	session := open(t, s.provider(t), tunnel.Options{}, echo)
	ready := await(t, session, tunnel.StateReady)
	s.kill()
	await(t, session, tunnel.StateReconnecting)
	s.start(t)
	if again := await(t, session, tunnel.StateReady); again.URL != ready.URL {
		t.Errorf("ready at %s, want %s again", again.URL, ready.URL)
	}
	if got := postTo(t, session.URL(), []byte("again")); string(got) != "again" {
		t.Errorf("%q came back, want again", got)
	}
}

// hung are processes that are stopped until they are killed. A machine that is suspended and goes on continues every process,
// so they are looked at again and again.
type hung struct {
	pids           []int
	since          atomic.Pointer[time.Time] // when one of them had to be stopped last
	ended, stopped chan struct{}
}

func hang(pids []int) *hung {
	h := &hung{pids: pids, ended: make(chan struct{}), stopped: make(chan struct{})}
	h.stop()
	go func() {
		defer close(h.stopped)
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				h.stop()
			case <-h.ended:
				return
			}
		}
	}()
	return h
}

func (h *hung) stop() {
	for _, pid := range h.pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || bytes.Contains(stat, []byte(") T ")) {
			continue
		}
		_ = syscall.Kill(pid, syscall.SIGSTOP)
		now := time.Now()
		h.since.Store(&now)
	}
}

func (h *hung) kill() {
	close(h.ended)
	<-h.stopped
	for _, pid := range h.pids {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

func TestSSHDThatHangsIsFoundWithin25Seconds(t *testing.T) {
	s := startSSHD(t)
	session := open(t, s.provider(t), tunnel.Options{}, echo)
	await(t, session, tunnel.StateReady)
	connections := s.connections()
	if len(connections) == 0 {
		t.Fatal("sshd has no process for the connection")
	}
	hung := hang(connections)
	defer hung.kill()
	lost := await(t, session, tunnel.StateReconnecting)
	took := lost.At.Sub(*hung.since.Load())
	if took > 27*time.Second {
		t.Errorf("found after %v, want within 25s", took)
	}
	t.Logf("found after %v: %v", took, lost.Err)
	await(t, session, tunnel.StateReady)
	if got := postTo(t, session.URL(), []byte("again")); string(got) != "again" {
		t.Errorf("%q came back, want again", got)
	}
}

func TestSSHDWithAnotherHostKeyIsRefused(t *testing.T) {
	s := startSSHD(t)
	provider := s.provider(t)
	session, err := provider.Open(t.Context(), tunnel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- session.Serve(context.Background(), http.HandlerFunc(echo)) }()
	s.kill()
	s.newHostKey(t)
	s.start(t)
	var changed *ssh.HostKeyError
	if err := <-ended; !errors.As(err, &changed) {
		t.Errorf("Serve() = %v, want a *HostKeyError", err)
	}
	if _, err := provider.Open(t.Context(), tunnel.Options{}); !errors.As(err, &changed) {
		t.Errorf("Open() = %v, want a *HostKeyError", err)
	}
}

func TestSSHDThatRefusesAPortIsAnError(t *testing.T) {
	s := startSSHD(t)
	provider := s.provider(t)
	provider.Remote = ssh.Remote{Host: "127.0.0.1", Port: s.port} // which it listens on itself
	var refused *ssh.ForwardError
	if _, err := provider.Open(t.Context(), tunnel.Options{}); !errors.As(err, &refused) {
		t.Errorf("Open() = %v, want a *ForwardError", err)
	}
}

func TestSSHDLeadsToTheDoorThatConfirms(t *testing.T) {
	s := startSSHD(t)
	door := tunnel.NewDoor(http.HandlerFunc(echo), tunnel.DoorOptions{Path: "/webhooks/pocketbook", MaxBody: 1 << 20})
	session := open(t, s.provider(t), tunnel.Options{}, door.ServeHTTP)
	transport := &http.Transport{DisableKeepAlives: true}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := door.Confirm(ctx, transport, session.URL()); err != nil {
		t.Error(err)
	}
	client := &http.Client{Transport: transport}
	for path, want := range map[string]int{"/webhooks/pocketbook": 413, "/": 404} {
		response, err := client.Post(session.URL()+path, "application/json", bytes.NewReader(make([]byte, 8<<20)))
		if err != nil {
			t.Errorf("%s: %v, want the answer although the body was not read", path, err)
			continue
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s answered %d, want %d", path, response.StatusCode, want)
		}
	}
}

func TestOpenSSHsOwnClientIsAProgramLikeAnyOther(t *testing.T) {
	s := startSSHD(t)
	port := strconv.Itoa(freePort(t))
	session, err := exec.Provider{
		Command: append(s.command(t), "-R", "127.0.0.1:"+port+":{address}", "-v"),
		URL:     regexp.MustCompile(`remote forward success for: listen (127\.0\.0\.1:[0-9]+)`),
	}.Open(t.Context(), tunnel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- session.Serve(context.Background(), http.HandlerFunc(echo)) }()
	if got := postTo(t, session.URL(), []byte("through ssh")); string(got) != "through ssh" {
		t.Errorf("%q came back from %s", got, session.URL())
	}
	session.Close()
	if err := <-ended; err != nil {
		t.Errorf("Serve() = %v", err)
	}
}

// command runs OpenSSH's client for this server, with nothing but a forward.
func (s *sshd) command(t testing.TB) []string {
	t.Helper()
	known := write(t, inTemp(t, "known_hosts"), knownhosts.Line([]string{fmt.Sprintf("127.0.0.1:%d", s.port)}, s.hostKey)+"\n")
	return []string{
		"ssh", "-N", "-F", "none", "-p", strconv.Itoa(s.port), "-i", s.client, "-o", "UserKnownHostsFile=" + known,
		"-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes", s.login + "@127.0.0.1",
	}
}
