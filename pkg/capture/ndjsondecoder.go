package capture

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// ndjsonDecoder reads one line after another into one buffer.
type ndjsonDecoder struct {
	source  *bufio.Reader
	maxLine int
	maxBody int
	line    int
	long    []byte // a line that is longer than the buffer of source
	plain   plainRecords
	skipped int
}

func newNDJSONDecoder(source *bufio.Reader, options ReaderOptions) *ndjsonDecoder {
	return &ndjsonDecoder{source: source, maxLine: options.maxText(), maxBody: options.MaxBody}
}

func (d *ndjsonDecoder) next() (Request, error) {
	for {
		line, err := d.readLine()
		if err != nil {
			return Request{}, err
		}
		if request, ok := d.plain.request(bytes.TrimSuffix(line, []byte("\n")), d.maxBody); ok {
			return request, nil
		}
		if line = bytes.Trim(line, " \t\r\n"); len(line) == 0 {
			continue
		}
		request, invalid := anyRecord(line, d.maxBody)
		switch {
		case invalid == nil:
			return request, nil
		case errors.Is(invalid, errOtherKind):
			d.skipped++
		default:
			return Request{}, invalid.atLine(d.line)
		}
	}
}

// readLine returns a line that stands until the next call. Of one that is too long the rest is passed over, so that
// reading can go on behind it.
func (d *ndjsonDecoder) readLine() ([]byte, error) {
	d.line++
	line, err := d.source.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, endOfLine(line, err)
	}
	d.long = d.long[:0]
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(d.long) <= d.maxLine {
			d.long = append(d.long, line...)
		}
		line, err = d.source.ReadSlice('\n')
	}
	if err := endOfLine(d.long, err); err != nil {
		return nil, err
	}
	if len(d.long)+len(line) > d.maxLine {
		return nil, tooLarge("the line", d.maxLine).atLine(d.line)
	}
	d.long = append(d.long, line...)
	return d.long, nil
}

// endOfLine lets the last line end without a line break.
func endOfLine(line []byte, err error) error {
	if errors.Is(err, io.EOF) && len(line) > 0 {
		return nil
	}
	return err
}
