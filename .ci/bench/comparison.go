package main

import (
	"context"
	"fmt"
	"time"
)

// comparison measures pbhook and what it is set beside in one run.
type comparison struct {
	name string
	by   measurer
	rows []row
}

type measurer interface {
	measure(context.Context, *workshop) (measurement, error)
}

type measurerFunc func(context.Context, *workshop) (measurement, error)

func (f measurerFunc) measure(ctx context.Context, w *workshop) (measurement, error) {
	return f(ctx, w)
}

// row is one line of the table. Its two figures are told by the names that a measurement gives them.
type row struct {
	work   string
	peer   string // a peer or a floor; "" where pbhook is measured alone
	own    string
	other  string
	show   func(float64) string
	target target
}

// figures are what one round measured, by name.
type figures map[string]float64

// measurement is what a comparison found. A side that could not be measured has an error and no figures.
type measurement struct {
	rounds   []figures
	versions map[string]string // by the peer of a row
	errs     map[string]error  // by the name of a figure
	err      error             // for all that have no figure
}

// deadline is far beyond what any comparison takes on two cores, with the building of what it runs.
const deadline = 8 * time.Minute

func (c comparison) run(ctx context.Context, w *workshop) measurement {
	limited, cancel := context.WithTimeoutCause(ctx, deadline, fmt.Errorf("not done within %v", deadline))
	defer cancel()
	m, err := c.by.measure(limited, w)
	if limited.Err() != nil {
		err = context.Cause(limited)
	}
	m.err = err
	return m
}

// why tells why there is no figure of that name.
func (m measurement) why(name string) error {
	switch {
	case m.errs[name] != nil:
		return m.errs[name]
	case m.err != nil:
		return m.err
	default:
		return fmt.Errorf("no figure %q was reported", name)
	}
}

// target is what a row has to reach; the zero value holds to nothing.
type target struct {
	limit float64
	least bool
	alone bool // on pbhook's figure itself rather than on the ratio
	text  string
}

func atLeast(ratio float64) target {
	return target{limit: ratio, least: true, text: fmt.Sprintf("≥ %g×", ratio)}
}

func atMost(ratio float64) target {
	return target{limit: ratio, text: fmt.Sprintf("≤ %g×", ratio)}
}

// atMostItself is a bound on pbhook's own figure.
func atMostItself(limit float64, show func(float64) string) target {
	return target{limit: limit, alone: true, text: "≤ " + show(limit)}
}

func (t target) met(value float64) bool {
	if t.least {
		return value >= t.limit
	}
	return value <= t.limit
}
