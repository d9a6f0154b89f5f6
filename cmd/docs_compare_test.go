package cmd_test

import (
	"strings"
	"testing"
)

// TestDocsComparison holds the comparison itself to what it lets pass.
func TestDocsComparison(t *testing.T) {
	const a, b = "evt_01M85CCHPFS7KDKZK6M2HSTPY2", "evt_01M85EF7ZNJH45PM1XR904GQCR"
	const x, y = "evt_01M8A3BYCWSSG2DH51E9CMXT27", "evt_01M8A3BYF655FB2KDA165CJPQG"
	for name, c := range map[string]struct {
		shown, printed string
		same           bool
	}{
		"the same":                      {"200 OK", "200 OK", true},
		"another status":                {"200 OK", "201 OK", false},
		"a line less":                   {"one", "one\ntwo", false},
		"a line more":                   {"one\ntwo", "one", false},
		"lines left out":                {"one\n…\nfour", "one\ntwo\nthree\nfour", true},
		"nothing left out":              {"one\n...\ntwo", "one\ntwo", true},
		"another end":                   {"one\n…\nfour", "one\ntwo\nthree", false},
		"a line cut short":              {"why  it is long …", "why  it is long and longer", true},
		"another time":                  {"20:52:01.123  5.4 ms, 2 m 41 s ago", "01:02:03.000  12 ms, 3 s ago", true},
		"no time":                       {"20:52:01.123  done", "now  done", false},
		"a wider column":                {"200 OK  5.4 ms   fine", "200 OK  12.5 ms  fine", true},
		"another indentation":           {"  fine", "    fine", false},
		"one id twice":                  {a + "\n" + a, x + "\n" + x, true},
		"one id for two":                {a + "\n" + a, x + "\n" + y, false},
		"two ids for one":               {a + "\n" + b, x + "\n" + x, false},
		"an id that the text gave":      {"evt_01JHMR6K200H17S42KV6K6FFJM", x, false},
		"an id of the text for another": {a, "evt_01JHMR6K200H17S42KV6K6FFJM", false},
		"an id that is none":            {a, "evt_1", false},
		"a port that the page chose":    {"localhost:3000", "localhost:4000", false},
		"a port that the system chose":  {"127.0.0.1:58266", "127.0.0.1:41234", true},
	} {
		t.Run(name, func(t *testing.T) {
			names := &docNames{
				literal: map[string]bool{"evt_01JHMR6K200H17S42KV6K6FFJM": true},
				ports:   map[string]string{"3000": "23456", "4000": "24567"},
			}
			err := names.match(strings.Split(c.shown, "\n"), c.printed+"\n")
			if (err == nil) != c.same {
				t.Errorf("it says %v", err)
			}
		})
	}
}

// TestDocsNames takes the ids and ports of a page for those of the run.
func TestDocsNames(t *testing.T) {
	names := &docNames{ports: map[string]string{"3000": "23456"}}
	shown, printed := "01M89V1J96K26RRMMPS6920YVV", "01M8A3BYF655FB2KDA165CJPQG"
	if err := names.match([]string{shown}, printed+"\n"); err != nil {
		t.Fatal(err)
	}
	for source, want := range map[string]string{
		"show 6920YVV":                           "show 65CJPQG",
		"show 01M89V1J96K26R":                    "show 01M8A3BYF655FB",
		"show XYZ0":                              "show XYZ0",
		"tunnel 3000 --last 3000":                "tunnel 23456 --last 3000",
		"PORT=3000 curl http://localhost:3000/a": "PORT=23456 curl http://localhost:23456/a",
	} {
		if got := names.typed(source); got != want {
			t.Errorf("%q is typed as %q, want %q", source, got, want)
		}
	}
	if got := names.told("/tmp/1", "/tmp/1/home/ada on :23456"); got != "/home/ada on :3000\n" {
		t.Errorf("it is told as %q", got)
	}
}
