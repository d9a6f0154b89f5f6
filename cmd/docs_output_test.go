package cmd_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// volatileKinds are what may differ from run to run: how it is found in a page, and what then stands for it in another run,
// which is what finds it unless told otherwise. Of several that fit at one place the first counts.
var volatileKinds = []struct{ name, finds, stands string }{
	{name: "moment", finds: `[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?:Z| ?[+-][0-9]{2}:[0-9]{2})?`},
	{name: "day", finds: `\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b`},
	{name: "clock", finds: `(?:\b|[0-9]T)[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?`},
	{name: "event", finds: `evt_01[0-9A-HJKMNP-TV-Z]{24}|evt_pbhook_check_[0-9a-f]{8,}`},
	{name: "id", finds: `\b01[0-9A-HJKMNP-TV-Z]{6,24}\b`},
	{name: "reference", finds: `PB-[0-9A-Z]{6}`},
	{name: "hex", finds: `(?:0x)?[0-9a-f]{16,}`},
	{
		name:   "span",
		finds:  `\b[0-9]+(?:\.[0-9]+)? (?:ns|µs|ms|s|m|min|h|d)\b(?: [0-9]+ (?:s|m|min|h)\b)*|\b(?:[0-9]+h)?[0-9]+m[0-9]+(?:\.[0-9]+)?s\b`,
		stands: `[0-9]+[0-9a-zµ. ]*[a-z]`,
	},
	{name: "size", finds: `\b[0-9]+(?:\.[0-9]+)? (?:B|KiB|MiB|GiB)\b`},
	{name: "milliseconds", finds: `"[a-zA-Z]*Ms":[0-9.]+`},
	{name: "speed", finds: `\b[0-9]+ answers a second`},
	{name: "version", finds: `pbhook/[0-9a-z][^\s",]*`},
	{name: "address", finds: `(?:127\.0\.0\.1|\[::1\]|localhost):[0-9]+`},
	{name: "loopback", finds: `\b127\.0\.0\.1(?:, ::1)?|::1(?:, 127\.0\.0\.1)?`}, // whichever localhost is, and in which order
	{name: "number", finds: `\b[0-9]{8,}\b`},
	{name: "rest", finds: ` …$`, stands: ` .*`},
	{name: "gap", finds: `  +`},
}

var volatile = sync.OnceValue(func() *regexp.Regexp {
	finds := make([]string, len(volatileKinds))
	for i, kind := range volatileKinds {
		finds[i] = "(" + kind.finds + ")"
	}
	return regexp.MustCompile(strings.Join(finds, "|"))
})

// docNames are the ids and hashes of a page with those that stand for them in this run.
type docNames struct {
	here    map[string]string // the run's, by the page's
	page    map[string]string // the page's, by the run's
	literal map[string]bool   // what the page gives before any output shows it
	ports   map[string]string // the run's, by the page's
}

// match compares what a page shows with what was printed, and keeps which ids stand for which.
func (n *docNames) match(shown []string, printed string) error {
	expression, names := n.pattern(shown)
	groups := regexp.MustCompile(expression).FindStringSubmatch(printed)
	if groups == nil {
		return errors.New("the page shows something else")
	}
	hereOf, pageOf := maps.Clone(n.here), maps.Clone(n.page) // kept only if all of it fits
	if hereOf == nil {
		hereOf, pageOf = map[string]string{}, map[string]string{}
	}
	for i, name := range names {
		here := groups[i+1]
		if n.literal[here] && here != name {
			return fmt.Errorf("the page shows %s, the run %s, which the page has in its text", name, here)
		}
		if other, ok := pageOf[here]; ok && other != name {
			return fmt.Errorf("%s and %s are the same in this run: %s", other, name, here)
		}
		if other, ok := hereOf[name]; ok && other != here {
			return fmt.Errorf("%s is both %s and %s in this run", name, other, here)
		}
		hereOf[name], pageOf[here] = here, name
	}
	n.here, n.page = hereOf, pageOf
	return nil
}

// pattern is an expression that matches a whole output, and the page's names of its groups in their order.
func (n *docNames) pattern(shown []string) (string, []string) {
	var names []string
	expression := strings.Builder{}
	expression.WriteString(`^`)
	for _, line := range shown {
		if line == "…" || line == "..." {
			expression.WriteString(`(?:.*\n)*?`)
			continue
		}
		at := 0
		line = strings.TrimRight(line, " ")
		for _, found := range volatile().FindAllStringSubmatchIndex(line, -1) {
			kind, token := volatileKind(found), line[found[0]:found[1]]
			expression.WriteString(regexp.QuoteMeta(line[at:found[0]]))
			at = found[1]
			if kind == "gap" && found[0] == 0 { // an indentation
				expression.WriteString(token)
				continue
			}
			part, named := n.tokenPattern(kind, token)
			if named {
				names = append(names, token)
			}
			expression.WriteString(part)
		}
		expression.WriteString(regexp.QuoteMeta(line[at:]))
		expression.WriteString(` *\n`)
	}
	expression.WriteString(`$`)
	return expression.String(), names
}

// tokenPattern matches what stands for a token in this run, with a group if that is to be kept.
func (n *docNames) tokenPattern(kind, token string) (expression string, named bool) {
	if here, ok := n.here[token]; ok {
		return regexp.QuoteMeta(here), false
	}
	if n.literal[token] && slices.Contains([]string{"moment", "day", "event", "id", "reference", "hex", "number"}, kind) {
		return regexp.QuoteMeta(token), false
	}
	switch kind {
	case "event", "reference":
		return "(" + standsFor(kind) + ")", true
	case "id":
		if len(token) == 26 {
			return `(01[0-9A-Z]{24})`, true
		}
		return `(01[0-9A-Z]{6,24})`, true
	case "hex":
		return `((?:0x)?[0-9a-f]{` + strconv.Itoa(len(strings.TrimPrefix(token, "0x"))) + `})`, true
	case "milliseconds":
		name, _, _ := strings.Cut(token, ":")
		return regexp.QuoteMeta(name) + `:[0-9.]+`, false
	case "address":
		at := strings.LastIndexByte(token, ':')
		host, port := regexp.QuoteMeta(token[:at]), token[at+1:]
		if token[:at] != "localhost" {
			host = `(?:127\.0\.0\.1|\[::1\])` // whatever localhost is first
		}
		if _, ok := n.ports[port]; ok { // printed is told in the page's ports
			return host + ":" + port, false
		}
		return host + `:[0-9]+`, false
	default:
		return standsFor(kind), false
	}
}

func standsFor(name string) string {
	for _, kind := range volatileKinds {
		if kind.name == name {
			return "(?:" + cmp.Or(kind.stands, kind.finds) + ")"
		}
	}
	return ""
}

// volatileKind is the kind of what volatile has found.
func volatileKind(found []int) string {
	for i, kind := range volatileKinds {
		if found[2*i+2] >= 0 {
			return kind.name
		}
	}
	return ""
}

// mask has the same word for everything that may differ, so that a difference between the rest can be seen.
func mask(lines []string) string {
	masked := make([]string, len(lines))
	for i, line := range lines {
		masked[i] = volatile().ReplaceAllStringFunc(strings.TrimRight(line, " "), func(token string) string {
			if strings.TrimSpace(token) == "" {
				return "  "
			}
			return "<" + volatileKind(volatile().FindStringSubmatchIndex(token)) + ">"
		})
	}
	return strings.Join(masked, "\n") + "\n"
}

// typed is a command of the page as it is run: with the ports and ids of this run.
func (n *docNames) typed(source string) string {
	source = docPorts.ReplaceAllStringFunc(source, func(found string) string {
		parts := docPorts.FindStringSubmatch(found)
		return parts[1] + n.ports[parts[2]]
	})
	return shortID.ReplaceAllStringFunc(source, func(word string) string {
		if here, ok := n.here[word]; ok {
			return here
		}
		for name, here := range n.here {
			switch {
			case strings.HasSuffix(name, word):
				return here[len(here)-len(word):]
			case strings.HasPrefix(name, word):
				return here[:len(word)]
			}
		}
		return word
	})
}

var (
	// docPorts finds ports where they are written as such.
	docPorts = regexp.MustCompile(`(:|\bPORT=|--port[ =]|\btunnel )([1-9][0-9]{3,4})\b`)
	shortID  = regexp.MustCompile(`\b(?:evt_)?[0-9A-Z]{4,26}\b`)
)

// told is what was printed, as the page would tell it: with its ports and folders.
func (n *docNames) told(root, printed string) string {
	printed = strings.ReplaceAll(printed, root, "")
	for page, here := range n.ports {
		printed = regexp.MustCompile(`\b`+here+`\b`).ReplaceAllString(printed, page)
	}
	if !strings.HasSuffix(printed, "\n") && printed != "" {
		printed += "\n"
	}
	return printed
}
