package capture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
)

// DefaultMaxBody is the longest body in bytes that a [Reader] takes unless it is told otherwise.
const DefaultMaxBody = 8 << 20

const readBuffer = 64 << 10

// ReaderOptions say how to read. The zero value recognises the format and opens no files.
type ReaderOptions struct {
	// Name is what errors call the input.
	Name string
	// Format is what the input is written in; FormatAuto recognises it.
	Format Format
	// MaxBody is the longest body taken, in bytes; 0 is DefaultMaxBody. What is kept in memory at once, one line, entry
	// or command, is at most six times as long and 1 MiB.
	MaxBody int
	// OpenFile reads what a curl command names by "@file"; a file may be at most MaxBody long. Nil refuses files.
	OpenFile func(name string) ([]byte, error)
}

// maxText is enough for a body of MaxBody bytes that is wholly written in the longest escape, \u0000.
func (o ReaderOptions) maxText() int { return 6*o.MaxBody + 1<<20 }

// Reader reads requests one after another, in memory that does not grow with their number. It is not safe for concurrent
// use. The requests that it returns stay as they are, and may be kept and handed to other goroutines.
type Reader struct {
	options ReaderOptions
	source  *bufio.Reader
	decoder decoder
	failed  error
}

// decoder reads one format. Having returned a DecodeError it stands at the next request, or at io.EOF where the format
// gives no way to find it.
type decoder interface {
	next() (Request, error)
}

// NewReader returns a Reader of what r holds. Nothing is read before the first request is asked for.
func NewReader(r io.Reader, options ReaderOptions) *Reader {
	if options.MaxBody <= 0 {
		options.MaxBody = DefaultMaxBody
	}
	return &Reader{options: options, source: bufio.NewReaderSize(r, readBuffer)}
}

// Next returns the next request, or io.EOF after the last one. After a [*DecodeError] Next goes on with the request that
// follows, or with io.EOF where the format gives no way to find it. Every other error is one of the underlying reader,
// and stays.
func (r *Reader) Next() (Request, error) {
	if r.failed != nil {
		return Request{}, r.failed
	}
	if r.decoder == nil {
		if err := r.start(); err != nil {
			return Request{}, r.fail(err)
		}
	}
	request, err := r.decoder.next()
	if err == nil {
		return request, nil
	}
	if invalid, ok := errors.AsType[*DecodeError](err); ok {
		invalid.Name, invalid.Format = r.options.Name, r.options.Format
		return Request{}, invalid
	}
	return Request{}, r.fail(err)
}

// All ranges over what [Reader.Next] returns, without the io.EOF: requests and, in their place, errors.
func (r *Reader) All() iter.Seq2[Request, error] {
	return func(yield func(Request, error) bool) {
		for {
			request, err := r.Next()
			if errors.Is(err, io.EOF) || !yield(request, err) || r.failed != nil {
				return
			}
		}
	}
}

// Format is what the input is written in; FormatAuto before the first request of an input that is to be recognised, and
// of one that was not.
func (r *Reader) Format() Format { return r.options.Format }

// Skipped counts the records of NDJSON that were passed over because they are of another kind than "request".
func (r *Reader) Skipped() int {
	if records, ok := r.decoder.(*ndjsonDecoder); ok {
		return records.skipped
	}
	return 0
}

func (r *Reader) start() error {
	if err := skipByteOrderMark(r.source); err != nil {
		return err
	}
	if r.options.Format == FormatAuto {
		format, err := detect(r.source)
		if err != nil {
			return err
		}
		r.options.Format = format
	}
	switch r.options.Format {
	case FormatNDJSON:
		r.decoder = newNDJSONDecoder(r.source, r.options)
	case FormatHAR:
		r.decoder = newHARDecoder(r.source, r.options)
	case FormatHTTP:
		r.decoder = newHTTPDecoder(r.source, r.options)
	case FormatCurl:
		r.decoder = newCurlDecoder(r.source, r.options)
	default:
		return reject("cannot be read as %q, which is no format", r.options.Format).because(ErrUnknownFormat)
	}
	return nil
}

// fail makes err final: a DecodeError before the first request and io.EOF end the input, all else is met again.
func (r *Reader) fail(err error) error {
	invalid, ok := errors.AsType[*DecodeError](err)
	switch {
	case ok:
		invalid.Name = r.options.Name
		r.failed = io.EOF
	case errors.Is(err, io.EOF):
		r.failed = io.EOF
		return io.EOF
	case r.options.Name != "":
		err = fmt.Errorf("read %s: %w", r.options.Name, err)
		r.failed = err
	default:
		r.failed = err
	}
	return err
}
