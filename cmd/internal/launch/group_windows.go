package launch

import (
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// group is a job object, which what the shell starts is part of as well. Windows ends the job when its last handle is
// closed, so nothing stays when pbhook itself is killed.
type group struct {
	job    windows.Handle
	leader uint32
}

// shell hands the line to cmd as it is: cmd reads quotes in a way of its own, which exec.Cmd's would break.
func shell(line string) *exec.Cmd {
	command := exec.Command("cmd") //nolint:noctx // a context would end the shell alone and leave the rest of the job
	command.SysProcAttr = &syscall.SysProcAttr{CmdLine: `cmd /S /C "` + line + `"`}
	return command
}

func startGroup(command *exec.Cmd) (group, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return group{}, err
	}
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE},
	}
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits))); err != nil {
		_ = windows.CloseHandle(job)
		return group{}, err
	}
	command.SysProcAttr.CreationFlags = windows.CREATE_NEW_PROCESS_GROUP
	if err := command.Start(); err != nil {
		_ = windows.CloseHandle(job)
		return group{}, err
	}
	g := group{job: job, leader: uint32(command.Process.Pid)}
	if err := g.adopt(); err != nil {
		_ = command.Process.Kill()
		_ = command.Wait()
		g.release()
		return group{}, err
	}
	return g, nil
}

// adopt comes a moment after the start, in which cmd has hardly begun to read its line.
func (g group) adopt() error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, g.leader)
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(process) }()
	return windows.AssignProcessToJobObject(g.job, process)
}

// terminate is Ctrl-Break, the one request to end that can be made of a group. A process without a console does not hear it
// and is killed after the grace period.
func (g group) terminate() { _ = windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, g.leader) }
func (g group) kill()      { _ = windows.TerminateJobObject(g.job, 1) }
func (g group) release()   { _ = windows.CloseHandle(g.job) }
