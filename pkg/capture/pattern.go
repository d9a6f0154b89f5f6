package capture

import (
	"regexp"
	"sync"
)

// lazily compiles a pattern when it is first used. Those of this package take a millisecond together, which every program
// that imports it would spend at its start.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
