package exec

import (
	"bytes"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

const maxLine = 8 << 10 // bytes; a longer line is taken as several

// output takes in what a program writes, line by line. It is written to from one goroutine.
type output struct {
	said  *tunnel.Transcript
	heard func(line string)
	begun []byte // of a line
}

func (o *output) Write(text []byte) (int, error) {
	written := len(text)
	for len(text) > 0 {
		line, rest, whole := bytes.Cut(text, []byte{'\n'})
		room := maxLine - len(o.begun)
		if len(line) > room {
			line, rest, whole = text[:room], text[room:], true
		}
		o.begun = append(o.begun, line...)
		if text = rest; whole {
			o.end()
		}
	}
	return written, nil
}

// end takes what is there of a line for a whole one.
func (o *output) end() {
	line := o.said.Hear(string(o.begun))
	o.begun = o.begun[:0]
	if line != "" && o.heard != nil {
		o.heard(line)
	}
}
