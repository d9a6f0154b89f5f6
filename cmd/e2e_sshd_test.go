//go:build e2e && linux

package cmd_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sshd is OpenSSH's server on a loopback port, with keys and a configuration of its own.
type sshd struct {
	dir, port, login string
	process          *exec.Cmd
}

func newSSHD(t *testing.T) *sshd {
	t.Helper()
	account, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	s := &sshd{dir: t.TempDir(), port: port, login: account.Username}
	run(t, s.dir, "ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f id && cp id.pub authorized")
	config := strings.Join([]string{
		"ListenAddress 127.0.0.1", "Port " + port, "HostKey " + s.file("host"), "AuthorizedKeysFile " + s.file("authorized"),
		"PidFile none", "StrictModes no", "UsePAM no", "PermitRootLogin yes",
	}, "\n")
	if err := os.WriteFile(s.file("config"), []byte(config+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	return s
}

func (s *sshd) file(name string) string { return filepath.Join(s.dir, name) }

// tunnelFlags lead a fixed public URL through this server.
func (s *sshd) tunnelFlags(t *testing.T) (url string, flags []string) {
	t.Helper()
	public, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	fingerprint, err := exec.Command("ssh-keygen", "-lf", s.file("host.pub")).Output()
	if err != nil {
		t.Fatal(err)
	}
	url = "http://127.0.0.1:" + public
	return url + "/webhooks/pocketbook", []string{
		"--tunnel", "ssh://" + s.login + "@127.0.0.1:" + s.port, "--identity", s.file("id"),
		"--host-key", strings.Fields(string(fingerprint))[1], "--remote", "127.0.0.1:" + public, "--public-url", url,
	}
}

func (s *sshd) start() error {
	if os.Getuid() == 0 {
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			return err
		}
	}
	// It has to be called by its absolute path, to start itself anew for each connection.
	s.process = exec.Command("/usr/sbin/sshd", "-D", "-f", s.file("config"), "-E", s.file("log"))
	if err := s.process.Start(); err != nil {
		return fmt.Errorf("openssh-server has to be installed: %w", err)
	}
	if !until(10*time.Second, func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+s.port)
		if err == nil {
			conn.Close()
		}
		return err == nil
	}) {
		return errors.New("sshd does not listen")
	}
	return nil
}

// sessions are the processes that serve one client each.
func (s *sshd) sessions() []int { return children(s.process.Process.Pid) }

func children(pid int) []int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%[1]d/task/%[1]d/children", pid))
	var all []int
	for _, field := range strings.Fields(string(text)) {
		if child, err := strconv.Atoi(field); err == nil {
			all = append(append(all, child), children(child)...)
		}
	}
	return all
}

// killSessions breaks every connection off; the server itself goes on.
func (s *sshd) killSessions() {
	for _, pid := range s.sessions() {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

func (s *sshd) kill() {
	sessions := s.sessions()
	_ = s.process.Process.Kill()
	for _, pid := range sessions {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	_ = s.process.Wait()
}

// until waits for a condition, and tells whether it came to hold.
func until(limit time.Duration, holds func() bool) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}
