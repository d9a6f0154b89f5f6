package view

import (
	"fmt"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

// Problem is why a command failed: what happened to what, what to do, and the exit code.
type Problem struct {
	Code    int
	Message string
	Hint    string // may be empty
}

// Problem writes the two lines of an error on Err.
func (v *View) Problem(p Problem) {
	v.Out.EndLine()
	p.Message, p.Hint = hideSecrets(p.Message), hideSecrets(p.Hint)
	if v.JSON {
		_ = emit(v.Err, struct {
			Kind  string `json:"kind"`
			Code  int    `json:"code"`
			Error string `json:"error"`
			Hint  string `json:"hint,omitempty"`
		}{"error", p.Code, p.Message, p.Hint})
		return
	}
	text := fmt.Sprintf("%s %s\n", v.Err.Bad("pbhook: error:"), ui.Sanitize(p.Message))
	if p.Hint != "" {
		text += fmt.Sprintf("%s %s\n", v.Err.Accent("pbhook: hint:"), ui.SanitizeText(p.Hint))
	}
	fmt.Fprint(v.Err, text)
}
