package forward

import (
	"strings"
	"time"
)

// plan is what goes wrong with one delivery to one target.
type plan struct {
	delay                    time.Duration
	duplicate, drop, reorder bool
	status                   int // 0 lets the target answer
	marks                    []string
}

// draw takes one number for each fault, whatever it decides, so that a change of one share leaves the other faults where
// they were.
func (fs Faults) draw(random func() float64) plan {
	var p plan
	for _, fault := range fs {
		if random() >= fault.Share {
			continue
		}
		switch fault.Kind {
		case FaultDelay:
			p.delay += fault.Delay
			p.marks = append(p.marks, fault.String())
		case FaultStatus:
			if p.status == 0 {
				p.status = fault.Status
				p.marks = append(p.marks, fault.String())
			}
		case FaultDuplicate:
			p.duplicate = true
		case FaultDrop:
			p.drop = true
		case FaultReorder:
			p.reorder = true
		}
	}
	return p
}

// reaches tells whether the target gets the delivery at all.
func (p plan) reaches() bool { return !p.drop && p.status == 0 }

// mark names what was done to the delivery.
func (p plan) mark() string { return strings.Join(p.marks, ",") }
