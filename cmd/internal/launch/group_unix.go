//go:build unix

package launch

import (
	"os/exec"
	"syscall"
)

// group is the process group that the shell leads.
type group struct{ leader int }

func shell(line string) *exec.Cmd {
	return exec.Command("sh", "-c", line) //nolint:noctx // a context would end the shell alone and leave the rest of the group
}

// startGroup keeps the terminal's Ctrl-C from the app: it would end before what is under way with it.
func startGroup(command *exec.Cmd) (group, error) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		return group{}, err
	}
	return group{leader: command.Process.Pid}, nil
}

// An error means that nobody is left in the group, which is what was wanted.
func (g group) terminate() { _ = syscall.Kill(-g.leader, syscall.SIGTERM) }
func (g group) kill()      { _ = syscall.Kill(-g.leader, syscall.SIGKILL) }
func (g group) release()   {}
