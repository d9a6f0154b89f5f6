// Package owner finds out which process listens on a port of this machine.
package owner

import "fmt"

// Process is a process of this machine.
type Process struct {
	PID  int
	Name string // as the system abbreviates it
}

func (p Process) String() string { return fmt.Sprintf("%s (pid %d)", p.Name, p.PID) }
