package exec

import (
	osexec "os/exec"
	"syscall"
)

// isolate puts the program into a group of its own, so that a Ctrl-C in the terminal is for this process alone, and has the
// kernel kill it when this process is killed.
func isolate(cmd *osexec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
