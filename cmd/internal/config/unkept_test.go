package config

import (
	"errors"
	"testing"
)

func TestAnEditThatWouldChangeMoreIsNotWritten(t *testing.T) {
	before, err := parse("file", []byte("to: http://a\nprofiles:\n  dev:\n    color: never\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		after string
		kept  bool
	}{
		"only the new value":          {"to: http://b\nprofiles:\n  dev:\n    color: never\n", true},
		"the value is not there":      {"to: http://a\nprofiles:\n  dev:\n    color: never\n", false},
		"the value reads differently": {"to: http://bb\nprofiles:\n  dev:\n    color: never\n", false},
		"another one is gone":         {"to: http://b\n", false},
		"another one is new":          {"to: http://b\ncolor: auto\nprofiles:\n  dev:\n    color: never\n", false},
		"another one has moved":       {"to: http://b\ncolor: never\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			err := before.onlyChangedBy(Edit{Path: "file", Key: keyTo, Value: "http://b"}, []byte(test.after))
			if kept := err == nil; kept != test.kept || err != nil && !errors.Is(err, errUnkept) {
				t.Errorf("onlyChangedBy gives %v", err)
			}
		})
	}
}
