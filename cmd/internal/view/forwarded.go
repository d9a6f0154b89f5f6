package view

import (
	"fmt"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

// Followed shows what servers behind answered that did not answer the sender: a line each, or as JSON an object.
func (v *View) Followed(r Reception, answers []forward.Answer, show Show) error {
	if v.JSON {
		for _, answer := range answers {
			if err := emit(v.Out, followedRow{"forwarded", r.Event.ID, r.RecordID, forwardRecord(answer)}); err != nil {
				return err
			}
		}
		return nil
	}
	if show == ShowData {
		return nil
	}
	var text strings.Builder
	for _, answer := range answers {
		status := v.Out.Bad("no answer")
		if answer.Status != 0 {
			status = v.status(answer.Status)
		}
		fmt.Fprintf(&text, "              %s %s  %s  %s  %s%s\n", v.Out.Arrow("<--"), status, elapsed(answer.Duration),
			v.eventID(r.Event.ID), v.Out.Dim("from ")+ui.SanitizeLine(answer.Target, shownAnswer), v.beside(answer))
	}
	_, err := fmt.Fprint(v.Out, text.String())
	return err
}

// beside is what the line of an answer says of the server that gave it: on failure what it said, and what was done to the
// delivery on purpose.
func (v *View) beside(a forward.Answer) string {
	var text strings.Builder
	if a.Attempts > 1 {
		text.WriteString("  " + v.Out.Dim(fmt.Sprintf("attempt %d", a.Attempts)))
	}
	if a.Fault != "" {
		text.WriteString("  " + v.Out.Warn("injected "+ui.SanitizeLine(a.Fault, shownAnswer)))
	}
	if a.Err != nil {
		text.WriteString("  " + v.Out.Bad(hideSecrets(ui.SanitizeLine(a.Err.Error(), shownAnswer))))
	}
	if body := ui.SanitizeLine(string(a.Body), shownAnswer); body != "" && !a.OK() {
		text.WriteString("  " + body)
	}
	return text.String()
}

// Health says once that a server behind cannot be reached, and once that it can again.
func (v *View) Health(a forward.Answer) {
	switch {
	case !a.Health.Changed:
	case a.Health.Down:
		v.Warning(fmt.Sprintf("%v; deliveries to it fail until it is back", a.Err))
	default:
		v.Note("%s is back; deliveries that did not reach it: %d", ui.SanitizeLine(a.Target, shownAnswer), a.Health.Missed)
	}
}
