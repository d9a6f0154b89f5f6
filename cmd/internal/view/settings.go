package view

import (
	"fmt"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

// Setting is one setting in force. Value has secrets redacted by whoever made it.
type Setting struct {
	Kind  string `json:"kind"`
	Key   string `json:"key"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// Settings lists settings and where each comes from.
func (v *View) Settings(settings []Setting) error {
	if v.JSON {
		for _, row := range settings {
			row.Kind = "setting"
			if err := emit(v.Out, row); err != nil {
				return err
			}
		}
		return nil
	}
	if len(settings) == 0 {
		v.Note("nothing is set; pbhook config set --help lists the keys")
		return nil
	}
	rows := make([][]string, len(settings))
	for i, s := range settings {
		rows[i] = []string{v.Out.Accent(ui.Sanitize(s.Key)), ui.SanitizeLine(s.Value, 200), v.Out.Dim(ui.Sanitize(s.From))}
	}
	_, err := fmt.Fprint(v.Out, v.Out.Table([]string{"KEY", "VALUE", "FROM"}, rows))
	return err
}

// ConfigPath shows where the configuration file is; as text it is the bare path, for use in scripts.
func (v *View) ConfigPath(path string) error {
	if v.JSON {
		return emit(v.Out, struct {
			Kind string `json:"kind"`
			Path string `json:"path"`
		}{"config_path", path})
	}
	_, err := fmt.Fprintln(v.Out, ui.Sanitize(path))
	return err
}
