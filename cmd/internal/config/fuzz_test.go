package config

import (
	"bytes"
	"testing"
)

func FuzzFile(f *testing.F) {
	for _, seed := range []string{
		"to: http://a # b\nprofiles:\n  dev:\n    secret: whsec_a\n    headers:\n      X-A: \"1\"\n", "profiles:\n", "# only\n", "---\n",
		"to: &a b\nfixtures: *a\n", "profiles: {dev: {color: never}}", "to: [", "secret: |\n  a\n", "{", "? a\n: b", "<<: {to: http://a}",
	} {
		f.Add([]byte(seed), "dev", "color", "never")
	}
	f.Add([]byte("to: http://a"), "", "headers.X-A", "1: '#")
	f.Fuzz(func(t *testing.T, content []byte, profile, key, value string) {
		if len(content) > 4<<10 {
			return
		}
		before, err := parse("file", content)
		if err != nil {
			return
		}
		e := Edit{Path: "file", Profile: profile, Key: key, Value: value}
		if e.check() != nil {
			return
		}
		after, err := rewrite(bytes.Clone(content), e)
		if err != nil || before.onlyChangedBy(e, after) != nil {
			return // refused, so nothing is written
		}
		again, err := rewrite(bytes.Clone(after), e)
		if err != nil || before.onlyChangedBy(e, again) != nil {
			t.Fatalf("setting %q=%q of %q twice in %q fails the second time on %q: %v", key, value, profile, content, after, err)
		}
	})
}
