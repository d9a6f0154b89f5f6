package cmd

import (
	"io"
	"iter"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

// captureFlags say how captured requests are read.
type captureFlags struct {
	format    string
	signature string

	flags *pflag.FlagSet
}

func (f *captureFlags) add(flags *pflag.FlagSet) {
	f.flags = flags
	flags.StringVar(&f.format, "format", "", "read every input as `FORMAT`: ndjson, har, http or curl (default recognised)")
	flags.StringVar(&f.signature, "signature", "", "the input is a bare body; this is its signature `HEADER`")
}

// captures are the inputs of a verb, read one after the other.
type captures struct {
	names []string
	stdin io.Reader
	flags *captureFlags
	// skipped counts the records of another kind that were passed over; it is complete once the range has ended.
	skipped int
}

func (f *captureFlags) open(a *app, c *cobra.Command, names []string) (*captures, error) {
	if len(names) == 0 {
		if ui.IsInputTTY(a.env.Stdin) {
			return nil, usagef(c, "name a file with captured requests, or pipe one in")
		}
		names = []string{"-"}
	}
	switch format := capture.Format(f.format); {
	case format != capture.FormatAuto && !slices.Contains(capture.Formats(), format):
		return nil, &valueError{"--format", f.format, "is not one of " + formatNames()}
	case format != capture.FormatAuto && f.flags.Changed("signature"):
		return nil, usagef(c, "--format and --signature contradict each other: a body alone is in no format")
	}
	return &captures{names: names, stdin: a.stdin, flags: f}, nil
}

// captured is a request and where it stood, or why there is none in its place.
type captured struct {
	request capture.Request
	input   string
	number  int // in its input, from 1
	format  capture.Format
	err     error
}

// requests ranges over all requests of all inputs. After an error the range goes on where that is possible.
func (s *captures) requests() iter.Seq[captured] {
	return func(yield func(captured) bool) {
		for _, name := range s.names {
			if !s.input(name, yield) {
				return
			}
		}
	}
}

func (s *captures) input(name string, yield func(captured) bool) bool {
	from, label := s.stdin, "stdin"
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return yield(captured{input: name, err: err})
		}
		defer file.Close()
		from, label = file, name
	}
	if s.flags.flags.Changed("signature") {
		body, err := readBounded(label, from)
		return yield(captured{request: capture.FromBody(body, s.flags.signature), input: label, number: 1, err: err})
	}
	reader := capture.NewReader(from, capture.ReaderOptions{
		Name: label, Format: capture.Format(s.flags.format), OpenFile: readFile,
	})
	defer func() { s.skipped += reader.Skipped() }()
	number := 0
	for request, err := range reader.All() {
		number++
		if !yield(captured{request, label, number, reader.Format(), err}) {
			return false
		}
	}
	return true
}

// shownUnread is how many requests that cannot be read are shown to a person: all lines of a file that is something else
// are such.
const shownUnread = 10

// unreadable counts requests that could not be read, or not be judged, and shows why.
type unreadable struct {
	view  *view.View
	count int
	last  error
}

func (u *unreadable) add(err error) {
	u.count++
	u.last = err
	switch {
	case u.view.JSON || u.count <= shownUnread:
		u.view.Problem(diagnose(err))
	case u.count == shownUnread+1:
		u.view.Note("further requests that cannot be read are counted, and not shown")
	}
}

// err is what a run with such requests ends with.
func (u *unreadable) err() error {
	if u.last == nil {
		return nil
	}
	return &shownError{u.last}
}

const (
	batchRequests = 256
	batchBytes    = 8 << 20 // of bodies
	readAhead     = 16      // requests
)

// inBatches gathers requests so that they can be worked on at once, in memory that does not grow with their number. A batch
// is what has arrived so far, so that a request of a pipe does not wait for the next.
func inBatches(requests iter.Seq[captured]) iter.Seq[[]captured] {
	return func(yield func([]captured) bool) {
		arrived, ended := make(chan captured, readAhead), make(chan struct{})
		defer close(ended)
		go func() {
			defer close(arrived)
			for one := range requests {
				select {
				case arrived <- one:
				case <-ended:
					return
				}
			}
		}()
		for first := range arrived {
			if !yield(gather(first, arrived)) {
				return
			}
		}
	}
}

func gather(first captured, arrived <-chan captured) []captured {
	batch, size := []captured{first}, len(first.request.Body)
	for len(batch) < batchRequests && size < batchBytes {
		select {
		case next, more := <-arrived:
			if !more {
				return batch
			}
			batch = append(batch, next)
			size += len(next.request.Body)
		default:
			return batch
		}
	}
	return batch
}
