package probe

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The three samples of the provider's guide, with what their languages do to a header; each has the failures that the sample
// itself has under Express 4 and 5, Next.js's way of reading a body, and Flask 3.
func TestTheSamplesOfTheGuideFailAsTheyDo(t *testing.T) {
	for name, test := range map[string]struct {
		sample *rules
		fails  []string
	}{
		"Express": {
			&rules{limit: 100 << 10, split: objectOfParts, clock: func(t string) bool {
				seconds, isNumber := parseInt(t)
				return !isNumber || inTime(seconds) // no comparison with NaN is true
			}},
			[]string{"rot.first", "auth.shift", "mal.nan", "size.256k"},
		},
		"Next.js": {
			&rules{split: objectOfParts, clock: func(string) bool { return true }},
			[]string{"rot.first", "auth.shift", "time.330", "time.future", "time.ms", "mal.nan"},
		},
		"Flask": {
			&rules{split: dictOfParts, clock: inTime},
			[]string{"rot.first", "fwd.equals"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			report := check(t, test.sample, nil)
			if diff := cmp.Diff(test.fails, ids(report, Failed)); diff != "" {
				t.Errorf("failed (-want +got):\n%s", diff)
			}
			if open := ids(report, Inconclusive); len(open) > 0 {
				t.Errorf("inconclusive %v", open)
			}
		})
	}
}

// objectOfParts splits as both JavaScript samples do: at every equals sign, of which the second part counts; the last part of
// a name wins. A part without an equals sign throws.
func objectOfParts(header string) (t string, v1 []string, ok bool) {
	object := map[string]string{}
	for part := range strings.SplitSeq(header, ",") {
		pieces := strings.Split(part, "=")
		if len(pieces) < 2 {
			return "", nil, false
		}
		object[strings.TrimSpace(pieces[0])] = strings.TrimSpace(pieces[1])
	}
	t, timed := object["t"]
	if !timed {
		t = "undefined"
	}
	return t, []string{object["v1"]}, object["v1"] != ""
}

// dictOfParts splits as the Flask sample does: dict() takes pairs alone, and raises for a third piece.
func dictOfParts(header string) (t string, v1 []string, ok bool) {
	dict := map[string]string{}
	for part := range strings.SplitSeq(header, ",") {
		pieces := strings.Split(part, "=")
		if len(pieces) != 2 {
			return "", nil, false
		}
		dict[pieces[0]] = pieces[1]
	}
	return dict["t"], []string{dict["v1"]}, dict["t"] != "" && dict["v1"] != ""
}

// parseInt reads the digits in front, as JavaScript does.
func parseInt(text string) (string, bool) {
	digits := leadingDigits.FindString(text)
	return digits, digits != ""
}
