package cmd

import (
	"errors"
	"io"
	"io/fs"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// barFlags say what a run has to clear.
type barFlags struct {
	failOn   string
	baseline string
	write    string
}

func (f *barFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.failOn, "fail-on", probe.Medium.String(), "exit with 6 from this `SEVERITY` on: critical, high, medium or info")
	flags.StringVar(&f.baseline, "baseline", "", "put up with the failures in this `FILE`, and fail on new ones")
	flags.StringVar(&f.write, "write-baseline", "", "write the failures of this run to `FILE`, and put up with them")
}

func (f *barFlags) bar() (probe.Bar, error) {
	failOn, err := probe.ParseSeverity(f.failOn)
	if err != nil || f.baseline == "" {
		return probe.Bar{FailOn: failOn}, err
	}
	text, err := readFile(f.baseline)
	if err != nil {
		return probe.Bar{}, err
	}
	baseline, err := probe.ParseBaseline(text)
	return probe.Bar{FailOn: failOn, Baseline: baseline}, err
}

// reportFlags say what else is written of a run.
type reportFlags struct{ junit, sarif, markdown string }

func (f *reportFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.junit, "junit", "", "write JUnit XML to `FILE`")
	flags.StringVar(&f.sarif, "sarif", "", "write SARIF to `FILE`, for code scanning")
	flags.StringVar(&f.markdown, "markdown", "", "write a summary to `FILE`, such as $GITHUB_STEP_SUMMARY")
}

// checkFiles are the files that a check will write.
type checkFiles []checkFile

type checkFile struct {
	*outFile
	content  func(w io.Writer, found view.Check, version string) error
	verdicts bool // without verdicts there is nothing to write
}

func (o *checkOptions) openFiles(a *app) (checkFiles, error) {
	before, err := earlierSummary(a, o.reports.markdown)
	if err != nil {
		return nil, err
	}
	var files checkFiles
	for _, wanted := range []struct {
		path     string
		verdicts bool
		content  func(io.Writer, view.Check, string) error
	}{
		{o.reports.junit, false, func(w io.Writer, found view.Check, _ string) error { return view.CheckJUnit(w, found) }},
		{o.reports.sarif, false, view.CheckSARIF},
		{o.reports.markdown, false, func(w io.Writer, found view.Check, _ string) error {
			if _, err := w.Write(before); err != nil {
				return err
			}
			return view.CheckMarkdown(w, found)
		}},
		{o.bar.write, true, func(w io.Writer, found view.Check, _ string) error {
			_, err := w.Write(found.Bar.Baseline.Encode())
			return err
		}},
	} {
		if wanted.path == "" {
			continue
		}
		file, err := createFile(wanted.path)
		if err != nil {
			files.discard()
			return nil, err
		}
		files = append(files, checkFile{file, wanted.content, wanted.verdicts})
	}
	return files, nil
}

// earlierSummary is what a job has told already, to which GitHub Actions expects the rest to be added.
func earlierSummary(a *app, path string) ([]byte, error) {
	if summary, _ := a.env.LookupEnv("GITHUB_STEP_SUMMARY"); path == "" || path != summary {
		return nil, nil
	}
	text, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// write puts the files in their places. A run that could not begin leaves an older baseline as it is.
func (f checkFiles) write(found view.Check, version string) error {
	for _, file := range f {
		if file.verdicts && found.Report.Blocked != nil {
			continue
		}
		if err := file.commit(func(w io.Writer) error { return file.content(w, found, version) }); err != nil {
			return err
		}
	}
	return nil
}

func (f checkFiles) discard() {
	for _, file := range f {
		file.discard()
	}
}
