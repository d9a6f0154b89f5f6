package forward

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FaultKind is one way in which a delivery can go wrong.
type FaultKind string

const (
	// FaultDelay holds a delivery up, and those behind it.
	FaultDelay FaultKind = "delay"
	// FaultDuplicate sends a delivery a second time when the first has been answered.
	FaultDuplicate FaultKind = "duplicate"
	// FaultDrop loses a delivery on the way to its target.
	FaultDrop FaultKind = "drop"
	// FaultReorder lets the next delivery go first. Without one within [ReorderWait] the delivery goes on.
	FaultReorder FaultKind = "reorder"
	// FaultStatus answers with a status in place of the target.
	FaultStatus FaultKind = "status"
)

// ReorderWait is how long a delivery is held back for another to overtake it.
const ReorderWait = 2 * time.Second

const (
	maxFaults     = 32
	maxFaultDelay = time.Hour
)

// Fault is one thing that goes wrong, and how often.
type Fault struct {
	Kind   FaultKind
	Share  float64       // of deliveries to one target, 0 to 1
	Delay  time.Duration // of FaultDelay; at most an hour
	Status int           // of FaultStatus; 200 to 599
}

// String writes the fault as [ParseFaults] reads it, without its share.
func (f Fault) String() string {
	switch f.Kind {
	case FaultDelay:
		return fmt.Sprintf("%s=%v", f.Kind, f.Delay)
	case FaultStatus:
		return fmt.Sprintf("%s=%d", f.Kind, f.Status)
	default:
		return string(f.Kind)
	}
}

// Faults are what may go wrong with one delivery to one target, each independently of the others. They are decided once
// per delivery and target: attempts that repeat it meet no new ones, and an injected status is not retried. A delivery that
// is dropped meets no other fault, one that is answered in place of its target is at most delayed.
type Faults []Fault

// FaultError says which fault cannot be injected and why.
type FaultError struct {
	Fault  string // as given
	Reason string // "has a share outside 0% to 100%", …
}

func (e *FaultError) Error() string { return fmt.Sprintf("fault %q %s", e.Fault, e.Reason) }

// ParseFaults reads a list such as "delay=2s@10%,duplicate@5%,drop@1%,reorder@5%,status=500@20%". The share behind @ is a
// percentage; without one the fault meets every delivery. An empty text has no faults. It returns a [*FaultError] that
// names the fault it cannot read.
func ParseFaults(text string) (Faults, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var faults Faults
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		fault, reason := parseFault(part)
		if reason == "" {
			reason = fault.reason()
		}
		if len(faults) == maxFaults {
			reason = fmt.Sprintf("is one more than the %d allowed", maxFaults)
		}
		if reason != "" {
			return nil, &FaultError{Fault: part, Reason: reason}
		}
		faults = append(faults, fault)
	}
	return faults, nil
}

// parseFault returns a reason where it cannot read the text.
func parseFault(text string) (f Fault, reason string) {
	what, share, shared := strings.Cut(text, "@")
	f.Share = 1
	if shared {
		percent, isPercent := strings.CutSuffix(share, "%")
		number, err := strconv.ParseFloat(percent, 64)
		if err != nil || !isPercent {
			return f, "has a share that is not a percentage such as 10%"
		}
		f.Share = number / 100
	}
	kind, value, hasValue := strings.Cut(what, "=")
	f.Kind = FaultKind(kind)
	var err error
	switch f.Kind {
	case FaultDelay:
		if f.Delay, err = time.ParseDuration(value); err != nil {
			return f, "needs a time, such as delay=2s"
		}
	case FaultStatus:
		if f.Status, err = strconv.Atoi(value); err != nil {
			return f, "needs a status, such as status=500"
		}
	default:
		if hasValue {
			return f, "takes no value"
		}
	}
	return f, ""
}

// reason says why the fault cannot be injected; empty when it can.
func (f Fault) reason() string {
	switch f.Kind {
	case FaultDelay:
		if f.Delay < 0 || f.Delay > maxFaultDelay {
			return "has a time outside 0 to 1h"
		}
	case FaultStatus:
		if f.Status < 200 || f.Status > 599 {
			return "has a status outside 200 to 599"
		}
	case FaultDuplicate, FaultDrop, FaultReorder:
	default:
		return "is none of delay, duplicate, drop, reorder and status"
	}
	if !(f.Share >= 0 && f.Share <= 1) {
		return "has a share outside 0% to 100%"
	}
	return ""
}

func (fs Faults) check() error {
	for _, fault := range fs {
		if reason := fault.reason(); reason != "" {
			return &FaultError{Fault: fault.String(), Reason: reason}
		}
	}
	return nil
}
