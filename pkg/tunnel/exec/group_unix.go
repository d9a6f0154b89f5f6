//go:build unix

package exec

import (
	osexec "os/exec"
	"syscall"
)

// terminate asks the whole group to end, kill makes it. A group that is gone is left alone.
func terminate(cmd *osexec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }

func kill(cmd *osexec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
