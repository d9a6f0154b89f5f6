package ui

import "fmt"

// Mode says when output is coloured. The zero value is [Auto].
type Mode int

// Auto colours a terminal unless its environment says otherwise; Always and Never leave nothing to decide.
const (
	Auto Mode = iota
	Always
	Never
)

// Modes are the words that [ParseMode] reads, in the order in which help lists them.
func Modes() []string { return []string{"auto", "always", "never"} }

// String gives the word that [ParseMode] reads.
func (m Mode) String() string {
	switch m {
	case Always:
		return "always"
	case Never:
		return "never"
	default:
		return "auto"
	}
}

// ModeError says that a colour mode is none of [Modes].
type ModeError struct{ Value string }

func (e *ModeError) Error() string {
	return fmt.Sprintf("color mode %q is none of auto, always and never", e.Value)
}

// ParseMode reads auto, always or never; the empty string is Auto. Anything else is a [*ModeError].
func ParseMode(word string) (Mode, error) {
	for _, mode := range []Mode{Auto, Always, Never} {
		if word == mode.String() {
			return mode, nil
		}
	}
	if word == "" {
		return Auto, nil
	}
	return Auto, &ModeError{Value: word}
}

// colored decides once for a stream: the flag, then NO_COLOR (https://no-color.org), then CLICOLOR_FORCE
// (https://bixense.com/clicolors), then whether a terminal that can do it is there.
func colored(mode Mode, able bool, lookup func(string) (string, bool)) bool {
	if mode != Auto {
		return mode == Always
	}
	if refused, _ := lookup("NO_COLOR"); refused != "" {
		return false
	}
	if forced, _ := lookup("CLICOLOR_FORCE"); forced != "" && forced != "0" {
		return true
	}
	return able
}
