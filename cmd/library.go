package cmd

import (
	"os"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/fixtures"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/fixture"
)

const (
	ownFixtures = "fixtures" // in the working directory, taken when it is there
	embedded    = "embedded"
)

// libraryFlags say where samples, schemas and scenarios come from beside the embedded ones.
type libraryFlags struct{ dir string }

func (l *libraryFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&l.dir, "fixtures", "", "`DIR` with your own events/, schemas/ and scenarios/, which win over pbhook's (default ./fixtures if it has any)")
	isSetting(flags, "fixtures")
}

// library opens the user's own fixtures, if any, above the embedded ones.
func (a *app) library(source libraryFlags) (*fixture.Library, *event.Schemas, error) {
	layers := []fixture.Layer{{Name: embedded, FS: fixtures.FS()}}
	if dir := source.folder(a.config.Fixtures); dir != "" {
		if err := requireFolder(dir); err != nil {
			return nil, nil, err
		}
		layers = append([]fixture.Layer{{Name: dir, FS: os.DirFS(dir)}}, layers...)
	} else if requireFolder(ownFixtures) == nil {
		layers = append([]fixture.Layer{{Name: ownFixtures, FS: os.DirFS(ownFixtures)}}, layers...)
	}
	return openLibrary(layers...)
}

// embeddedLibrary is what pbhook brings, whatever the user has.
func (a *app) embeddedLibrary() (*fixture.Library, *event.Schemas, error) {
	return openLibrary(fixture.Layer{Name: embedded, FS: fixtures.FS()})
}

func openLibrary(layers ...fixture.Layer) (*fixture.Library, *event.Schemas, error) {
	library, err := fixture.NewLibrary(layers...)
	if err != nil {
		return nil, nil, err
	}
	schemas, err := library.Schemas()
	if err != nil {
		return nil, nil, err
	}
	return library, schemas, nil
}

// folder is the one that was asked for, by flag before configuration.
func (l libraryFlags) folder(configured string) string {
	if l.dir != "" {
		return l.dir
	}
	return configured
}

// requireFolder tells a folder that is missing from one that is empty, which a listing of its layer would not.
func requireFolder(dir string) error {
	_, err := os.ReadDir(dir)
	return err
}
