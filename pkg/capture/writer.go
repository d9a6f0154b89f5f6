package capture

import (
	"errors"
	"fmt"
	"io"
)

// WriterOptions say how to write.
type WriterOptions struct {
	// Format is what to write; FormatAuto is not one.
	Format Format
	// Version of the program that writes, for formats that name their creator.
	Version string
}

// Writer writes requests one after another, at once and in memory that does not grow with their number. It is not safe
// for concurrent use.
type Writer struct {
	out     io.Writer
	options WriterOptions
	written int
	closed  bool
}

// NewWriter returns a Writer to w. It returns an error that is [ErrUnknownFormat] when the format is none of [Formats].
func NewWriter(w io.Writer, options WriterOptions) (*Writer, error) {
	if !options.Format.known() {
		return nil, fmt.Errorf("write %q: %w", options.Format, ErrUnknownFormat)
	}
	return &Writer{out: w, options: options}, nil
}

// Write writes one request. It returns an [*EncodeError], having written nothing, for a request that the format cannot
// hold as it is, and errors of the underlying writer.
func (w *Writer) Write(r Request) error {
	if w.closed {
		return errors.New("write a request: the writer is closed")
	}
	var err error
	switch w.options.Format {
	case FormatNDJSON:
		err = WriteNDJSON(w.out, r)
	case FormatHTTP:
		err = WriteHTTP(w.out, r)
	case FormatCurl:
		err = WriteCurl(w.out, r)
	case FormatHAR:
		err = w.writeHAR(r)
	case FormatAuto:
		err = ErrUnknownFormat
	}
	if err == nil {
		w.written++
	}
	return err
}

// Close ends what was written, and leaves the underlying writer open. A HAR without Close is cut off.
func (w *Writer) Close() error {
	if w.closed || w.options.Format != FormatHAR {
		w.closed = true
		return nil
	}
	w.closed = true
	if w.written == 0 {
		if err := w.openHAR(); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w.out, "\n]}}\n")
	return err
}
