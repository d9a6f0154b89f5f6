package exec

import (
	osexec "os/exec"
	"syscall"
)

// isolate keeps a Ctrl-C in the console from the program.
func isolate(cmd *osexec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// Windows has no way to ask a program without a window to end.
func terminate(cmd *osexec.Cmd) { kill(cmd) }

func kill(cmd *osexec.Cmd) { _ = cmd.Process.Kill() }
