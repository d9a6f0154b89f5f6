package launch_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/launch"
)

func TestTailKeepsTheLastLines(t *testing.T) {
	for name, test := range map[string]struct {
		written []string
		want    []string
		more    bool
	}{
		"nothing":                      {nil, nil, false},
		"less than it keeps":           {[]string{"a\nb"}, []string{"a", "b"}, false},
		"line ends of Windows":         {[]string{"a\r\nb\r\n"}, []string{"a", "b"}, false},
		"more lines than asked for":    {[]string{"a\nb\nc\nd\n"}, []string{"b", "c", "d"}, true},
		"a line in pieces":             {[]string{"a", "b", "\nc"}, []string{"ab", "c"}, false},
		"more bytes than it keeps":     {[]string{"0123456789\n", "abcdefghij\n"}, []string{"abcdefghij"}, true},
		"one write of too many bytes":  {[]string{strings.Repeat("x", 100) + "\nab\n"}, []string{"ab"}, true},
		"one line of too many bytes":   {[]string{strings.Repeat("x", 100)}, []string{strings.Repeat("x", 16)}, true},
		"an empty line between others": {[]string{"a\n\nb\n"}, []string{"a", "", "b"}, false},
	} {
		tail := launch.NewTail(16)
		for _, text := range test.written {
			if n, err := tail.Write([]byte(text)); n != len(text) || err != nil {
				t.Fatalf("%s: Write gave %d, %v", name, n, err)
			}
		}
		if got, more := tail.Lines(3); !slices.Equal(got, test.want) || more != test.more {
			t.Errorf("%s: %q, %v; want %q, %v", name, got, more, test.want, test.more)
		}
	}
}
