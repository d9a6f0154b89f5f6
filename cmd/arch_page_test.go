package cmd_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestThePageShowsTheRooms holds the table of docs/architecture.md to the one of this test.
func TestThePageShowsTheRooms(t *testing.T) {
	page, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| `([a-z/]+)` \\|[^|]*\\|([^|]*)\\|$")
	name := regexp.MustCompile("`([a-z/]+)`")
	shown := map[string][]string{}
	for _, found := range row.FindAllStringSubmatch(string(page), -1) {
		doors := []string{}
		for _, door := range name.FindAllStringSubmatch(found[2], -1) {
			doors = append(doors, door[1])
		}
		shown[strings.TrimPrefix(found[1], "main")] = doors
	}
	house := rooms()
	for name, room := range house {
		doors, ok := shown[name]
		if !ok {
			t.Errorf("the page has no row for %q", name)
			continue
		}
		slices.Sort(doors)
		if allowed := slices.Sorted(slices.Values(room.rooms)); !slices.Equal(doors, allowed) {
			t.Errorf("%q may import %q, the page says %q", name, allowed, doors)
		}
	}
	for name := range shown {
		if _, ok := house[name]; !ok {
			t.Errorf("the page has a row for %q, which is no room", name)
		}
	}
}
