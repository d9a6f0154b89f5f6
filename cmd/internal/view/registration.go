package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// Registration is a webhook that is registered.
type Registration struct {
	API, URL string
	Events   []string
	Active   bool
	ID       string // empty if the API did not tell it
	Time     time.Time
	SavedTo  string           // where the secret is; empty if nowhere
	Known    bool             // it was registered by an earlier run
	Secret   signature.Secret // is shown whole, unless it is zero
}

// Registration shows a webhook, and its secret the one time that there is.
func (v *View) Registration(r Registration) error {
	show := v.registrationLines
	if v.JSON {
		show = v.registrationRecord
	}
	if err := show(r); err != nil {
		return err
	}
	switch {
	case !r.Secret.IsZero():
		v.Warning("the secret is shown this once and kept nowhere; store it now as POCKETBOOK_WEBHOOK_SECRET")
	case r.Known && r.SavedTo == "":
		v.Warning("its secret was shown when it was registered, and pbhook does not have it; --force registers anew")
	case r.Known:
		v.Note("nothing was sent; --force registers anew")
	}
	return nil
}

func (v *View) registrationLines(r Registration) error {
	word := v.Out.Good("registered")
	if r.Known {
		word = "registered already, on " + r.Time.Local().Format("2006-01-02 15:04")
	}
	if !r.Active {
		word += ", " + v.Out.Warn("inactive")
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s  %s\n", v.Out.Bold(ui.Sanitize(orUnknown(r.ID))), word)
	line := func(name, value string) {
		fmt.Fprintf(&text, "  %s %s\n", v.Out.Accent(fmt.Sprintf("%-7s", name)), ui.Sanitize(value))
	}
	line("url", r.URL)
	line("events", strings.Join(r.Events, ", "))
	switch {
	case !r.Secret.IsZero():
		line("secret", r.Secret.Reveal())
	case r.SavedTo != "":
		line("secret", "in "+r.SavedTo)
	}
	_, err := fmt.Fprint(v.Out, text.String())
	return err
}

func orUnknown(id string) string {
	if id == "" {
		return "(no id)"
	}
	return id
}

func (v *View) registrationRecord(r Registration) error {
	return emit(v.Out, struct {
		Kind    string    `json:"kind"`
		Time    time.Time `json:"time"`
		ID      string    `json:"webhookId,omitempty"`
		API     string    `json:"api"`
		URL     string    `json:"url"`
		Events  []string  `json:"events"`
		Active  bool      `json:"active"`
		Known   bool      `json:"known,omitempty"`
		SavedTo string    `json:"savedTo,omitempty"`
		Secret  string    `json:"secret,omitempty"` // whole, and only where it is kept nowhere
	}{"registration", r.Time, r.ID, r.API, r.URL, r.Events, r.Active, r.Known, r.SavedTo, r.Secret.Reveal()})
}
