package view

import "fmt"

// Demo is the score of a demo: deliveries that ended as they should, by what was to be shown, and those that did not.
type Demo struct {
	Verified, Stale, Forged, Failures int
}

// Total is how many deliveries were made.
func (d Demo) Total() int { return d.Verified + d.Stale + d.Forged + d.Failures }

// Demo shows the score.
func (v *View) Demo(d Demo) error {
	if v.JSON {
		return emit(v.Out, struct {
			Kind     string `json:"kind"`
			Verified int    `json:"verified"`
			Stale    int    `json:"staleRefused"`
			Forged   int    `json:"forgedRefused"`
			Failures int    `json:"failures"`
		}{"demo", d.Verified, d.Stale, d.Forged, d.Failures})
	}
	line := fmt.Sprintf("%d events delivered and verified, %d stale refused, %d forged refused", d.Verified, d.Stale, d.Forged)
	if d.Failures > 0 {
		_, err := fmt.Fprintf(v.Out, "\n%s, %s\n", line, v.Out.Bad(fmt.Sprintf("%d did not end as they should", d.Failures)))
		return err
	}
	_, err := fmt.Fprintf(v.Out, "\n%s\n", v.Out.Good(line))
	if err == nil {
		v.Note("\nyour own server is next: export POCKETBOOK_WEBHOOK_SECRET=whsec_…; pbhook send certificate.minted")
	}
	return err
}
