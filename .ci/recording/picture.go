package main

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
)

// lastFrame finds where the film of svg-term stands at its end.
var lastFrame = regexp.MustCompile(`translateX\(-\d+px\)\}\}`)

// finish makes the picture stand at its last frame where nothing moves, because the reader asked for that or the viewer cannot,
// and looks at it as a stranger would: it has to fit the README, and to name nothing of the machine.
func finish(path string) error {
	picture, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	frame := lastFrame.Find(picture)
	if frame == nil {
		return fmt.Errorf("%s: no film of svg-term", path)
	}
	film := []byte(`g[style^=animation]`)
	still := bytes.Join([][]byte{
		film, []byte(`{transform:`), bytes.TrimSuffix(frame, []byte(`}}`)), []byte(`}`),
		[]byte(`@media (prefers-reduced-motion:reduce){`), film, []byte(`{animation:none!important}}`),
	}, nil)
	picture = bytes.Replace(picture, []byte(`</style>`), append(still, `</style>`...), 1)
	if err := look(picture); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, picture, 0o644)
}

func look(picture []byte) error {
	const largest = 200 << 10
	if len(picture) > largest {
		return fmt.Errorf("it has %d bytes, more than %d", len(picture), largest)
	}
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	for _, private := range []string{host, os.TempDir(), os.Getenv("HOME") + "/", "whsec_"} {
		if bytes.Contains(picture, []byte(private)) {
			return fmt.Errorf("it shows %q", private)
		}
	}
	return nil
}
