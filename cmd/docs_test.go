package cmd_test

// README.md and the pages under docs are run, so that they cannot lie. A page is picked up by being there. How it is written:
//
//   - A ```console block holds `$ command` lines, each followed by what it prints, stdout and stderr as a terminal shows them. A
//     command goes on over the lines that a shell would ask for. With nothing shown below it, its output is free.
//   - A page runs from top to bottom in one shell and one empty folder, with a home of its own: variables, files and what is
//     running stay. The reader is ada and works in /home/ada/shop; that is how paths are written.
//   - Times, durations, sizes and new numbers may differ. An id or hash that the page's output shows first stands for the one of
//     the run, here and in later commands, also cut short: `history show B8K61C`. One that the text or a command has
//     first is meant as it stands. Ports are replaced by free ones wherever they are written, the default one by the reader's
//     configuration.
//   - A line `…` or `...` stands for any lines, ` …` at the end of a line for the rest of it.
//   - A command may fail where its output shows an error of pbhook's, and a refusal that pbhook calls right may be left out.
//   - `pbhook listen` and `pbhook tunnel` go on running once they are ready, as in a terminal of their own: to the next command of
//     the same block, to another that takes the same port, or to the end of the page. Their output is compared then, and so
//     the commands that cause it stand below. With a line `^C` it is compared with what comes after Ctrl-C.
//   - A ```sh block is a script that ends with 0. Programs beside pbhook, a POSIX shell's tools and Go run under the tag e2e alone.
//   - A block that begins with a comment of a file's name alone, such as `# story.yaml`, is that file in the reader's folder.
//   - ```json and ```yaml parse; ```go is a whole file that compiles, or an excerpt of one of this repository.
//   - What a reader has before the page begins, such as a server, is in testdata/docs, in an archive named as the page. Its files
//     lie in the reader's folder; @begin runs before the page, and `@before COMMAND` before the first command that begins so,
//     with the servers that docs_stubs_test.go lists; and each line of @unrun is a command that no test can run:
//     `reason: the beginning of the command`.
//
// go test ./cmd -run TestDocs -update writes the output of this run into the pages, except where it is shortened by `…`.

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// docsRoot is the repository, as seen from this package.
const docsRoot = ".."

func TestDocs(t *testing.T) {
	pages := readDocs(t)
	archives, err := os.ReadDir("testdata/docs")
	if err != nil {
		t.Fatal(err)
	}
	for _, archive := range archives {
		if !slices.ContainsFunc(pages, func(page *docPage) bool { return page.archive() == archive.Name() }) {
			t.Errorf("testdata/docs/%s is of no page", archive.Name())
		}
	}
	for _, page := range pages {
		t.Run(page.path, func(t *testing.T) {
			t.Parallel()
			if page.isGenerated() {
				return
			}
			t.Run("blocks", page.checkBlocks)
			t.Run("commands", page.run)
		})
	}
}

// isGenerated tells of pages that show the same commands once for each case or verb, and are written by their own tests.
func (p *docPage) isGenerated() bool {
	return strings.HasPrefix(p.path, "docs/checks/") || strings.HasPrefix(p.path, "docs/commands/")
}

// readDocs reads the pages that people write and those that a test writes.
func readDocs(t *testing.T) []*docPage {
	t.Helper()
	paths := []string{"README.md"}
	err := filepath.WalkDir(filepath.Join(docsRoot, "docs"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if relative, _ := filepath.Rel(docsRoot, path); strings.HasSuffix(path, ".md") {
			paths = append(paths, filepath.ToSlash(relative))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	pages := make([]*docPage, 0, len(paths))
	for _, path := range paths {
		source, err := os.ReadFile(filepath.Join(docsRoot, path))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, parseDocPage(path, source))
	}
	return pages
}
