package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// outcome is a row with its figures: the medians of the rounds, and the ratios of each round by itself.
type outcome struct {
	row
	comparison string
	version    string
	ownMedian  float64
	peerMedian float64
	ratios     []float64 // ascending; none where there is no peer
	met        int       // rounds that reached the target
	rounds     int
	held       bool
	err        error // why there are no figures
}

func judge(name string, r row, m measurement) outcome {
	o := outcome{row: r, comparison: name, version: m.versions[r.peer]}
	var own, other []float64
	for _, round := range m.rounds {
		a, measured := round[r.own]
		if !measured {
			o.err = m.why(r.own)
			return o
		}
		own = append(own, a)
		judged := a
		if r.peer != "" {
			b, measured := round[r.other]
			if !measured {
				o.err = m.why(r.other)
				return o
			}
			other = append(other, b)
			o.ratios = append(o.ratios, a/b)
			if !r.target.alone {
				judged = a / b
			}
		}
		if r.target.met(judged) {
			o.met++
		}
	}
	o.rounds = len(own)
	if o.rounds == 0 {
		o.err = m.why(r.own)
		return o
	}
	o.ownMedian, o.peerMedian = median(own), median(other)
	slices.Sort(o.ratios)
	if r.target.alone || r.peer == "" {
		o.held = r.target.met(o.ownMedian)
	} else {
		o.held = r.target.met(median(o.ratios))
	}
	return o
}

func (o outcome) failed() bool { return o.err != nil || o.target.text != "" && !o.held }

// verdict is the word in the table's column "holds?".
func (o outcome) verdict() string {
	switch {
	case o.err != nil:
		return "not measured: " + o.err.Error()
	case o.target.text == "":
		return "–"
	case o.held && o.met == o.rounds:
		return "holds"
	case o.held:
		return fmt.Sprintf("holds, in %d of %d runs", o.met, o.rounds)
	case o.met > 0:
		return fmt.Sprintf("**does not hold**, in %d of %d runs it does", o.met, o.rounds)
	default:
		return "**does not hold**"
	}
}

// ratio is the median, and between which bounds the rounds lay.
func (o outcome) ratio() string {
	if len(o.ratios) == 0 {
		return "–"
	}
	middle := median(o.ratios)
	if math.IsNaN(middle) || math.IsInf(middle, 0) {
		return "–"
	}
	least, most := o.ratios[0], o.ratios[len(o.ratios)-1]
	if len(o.ratios) == 1 {
		return fmt.Sprintf("%.2f×", middle)
	}
	return fmt.Sprintf("%.2f× (%.2f–%.2f)", middle, least, most)
}

func (o outcome) peerName() string { return strings.TrimSpace(o.peer + " " + o.version) }

func (o outcome) String() string {
	if o.err != nil {
		return o.work + ": " + o.verdict()
	}
	said := fmt.Sprintf("%s: %s", o.work, o.show(o.ownMedian))
	if o.peer != "" {
		said += fmt.Sprintf(", %s %s, %s", o.peerName(), o.show(o.peerMedian), o.ratio())
	}
	if o.target.text != "" {
		said += fmt.Sprintf(", target %s: %s", o.target.text, o.verdict())
	}
	return said
}

// median is NaN for no values.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
