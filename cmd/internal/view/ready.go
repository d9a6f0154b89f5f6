package view

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

// Ready is what there is to know once webhooks are received.
type Ready struct {
	URL        string // on this machine; empty for a tunnel alone
	Public     string // URL of the tunnel; empty without one
	Verifying  bool
	Forwarding []string // routes to the servers behind
	Metrics    string   // URL; empty if there are none
	History    string   // file; empty if it is kept in memory
	CACert     string   // file of the certificate that a client of URL has to be told of; empty without one
}

// Ready shows where webhooks are received. It is said once the socket accepts, and not before.
func (v *View) Ready(r Ready) {
	if v.JSON {
		_ = emit(v.Err, struct {
			Kind       string   `json:"kind"`
			URL        string   `json:"url,omitempty"`
			Public     string   `json:"public,omitempty"`
			Verifying  bool     `json:"verifying"`
			Forwarding []string `json:"forwarding,omitempty"`
			Metrics    string   `json:"metrics,omitempty"`
			History    string   `json:"history,omitempty"`
			CACert     string   `json:"cacert,omitempty"`
		}{"ready", r.URL, r.Public, r.Verifying, r.Forwarding, r.Metrics, r.History, r.CACert})
		return
	}
	for _, url := range []string{r.URL, r.Public} {
		if url != "" {
			fmt.Fprintf(v.Err, "%s %s\n", v.Err.Good("ready:"), v.Err.Bold(ui.Sanitize(url)))
		}
	}
	if !r.Verifying {
		v.Warning("there is no signing secret, so everything is accepted unverified; set POCKETBOOK_WEBHOOK_SECRET")
	}
	if len(r.Forwarding) > 0 {
		v.Note("forwarding to %s", ui.Sanitize(strings.Join(r.Forwarding, ", ")))
	}
	if r.Metrics != "" {
		v.Note("metrics: %s", ui.Sanitize(r.Metrics))
	}
	try := "pbhook send certificate.minted --to " + cmp.Or(r.Public, r.URL)
	if r.CACert != "" && r.Public == "" {
		try += " --cacert " + argument(r.CACert)
	}
	v.Note("try: %s", ui.Sanitize(try))
}

// argument writes a path as one word of a command line. Double quotes are those of sh, PowerShell and cmd alike, and single ones
// are for what sh would expand between them.
func argument(path string) string {
	bare := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./:@%+,", r)
	}
	switch {
	case strings.ContainsAny(path, "$`\"!"):
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	case strings.ContainsFunc(path, func(r rune) bool { return !bare(r) }):
		return `"` + path + `"`
	}
	return path
}

// Expected is one expectation and what came of it.
type Expected struct {
	Expectation string
	Got         int
	Met         bool
}

// Expectations shows what was expected of the events that arrived.
func (v *View) Expectations(all []Expected) error {
	if v.JSON {
		for _, one := range all {
			if err := emit(v.Out, struct {
				Kind        string `json:"kind"`
				Expectation string `json:"expectation"`
				Got         int    `json:"got"`
				Met         bool   `json:"met"`
			}{"expectation", one.Expectation, one.Got, one.Met}); err != nil {
				return err
			}
		}
		return nil
	}
	var text strings.Builder
	for _, one := range all {
		word := v.Out.Good("met")
		if !one.Met {
			word = v.Out.Bad("not met")
		}
		fmt.Fprintf(&text, "expected %s: %s, %d arrived\n", ui.Sanitize(one.Expectation), word, one.Got)
	}
	_, err := fmt.Fprint(v.Out, "\n"+text.String())
	return err
}
