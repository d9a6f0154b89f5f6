package capture

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// harDecoder goes through log.entries (HTTP Archive 1.2) and holds one entry at a time.
type harDecoder struct {
	json    *json.Decoder
	budget  *budget
	maxBody int
	raw     json.RawMessage
	entry   int
	opened  bool
	ended   bool
}

func newHARDecoder(source *bufio.Reader, options ReaderOptions) *harDecoder {
	limited := &budget{source: source, limit: options.maxText(), left: options.maxText()}
	return &harDecoder{json: json.NewDecoder(limited), budget: limited, maxBody: options.MaxBody}
}

func (d *harDecoder) next() (Request, error) {
	if d.ended {
		return Request{}, io.EOF
	}
	request, err := d.read()
	if err == nil || d.isPassed(err) {
		return request, err
	}
	d.ended = true
	if d.budget.failed != nil {
		return Request{}, d.budget.failed
	}
	if errors.Is(err, io.EOF) {
		return Request{}, io.EOF
	}
	if _, ok := errors.AsType[*DecodeError](err); ok {
		return Request{}, err
	}
	return Request{}, d.reject("is not JSON")
}

// isPassed reports whether err is about one entry, behind which reading goes on.
func (d *harDecoder) isPassed(err error) bool {
	invalid, ok := errors.AsType[*DecodeError](err)
	return ok && invalid.Entry > 0 && !d.ended
}

func (d *harDecoder) reject(reason string) *DecodeError {
	invalid := reject("%s", reason)
	invalid.Entry = d.entry
	return invalid
}

func (d *harDecoder) read() (Request, error) {
	if !d.opened {
		if err := d.open(); err != nil {
			return Request{}, err
		}
		d.opened = true
	}
	if !d.json.More() {
		return Request{}, d.close()
	}
	d.entry++
	d.budget.left = d.budget.limit
	if err := d.json.Decode(&d.raw); err != nil {
		d.ended = true
		return Request{}, err
	}
	if !utf8.Valid(d.raw) {
		return Request{}, d.reject("is not UTF-8")
	}
	request, invalid := harEntry(gjson.ParseBytes(d.raw), d.maxBody)
	if invalid != nil {
		invalid.Entry = d.entry
		return Request{}, invalid
	}
	return request, nil
}

// open goes down to the first entry, past what stands before it.
func (d *harDecoder) open() error {
	for _, name := range []string{"log", "entries"} {
		if err := d.expect(json.Delim('{')); err != nil {
			return err
		}
		if err := d.find(name); err != nil {
			return err
		}
	}
	return d.expect(json.Delim('['))
}

// close tells an archive that was cut from one that ended.
func (d *harDecoder) close() error {
	if err := d.expect(json.Delim(']')); err != nil {
		return err
	}
	return io.EOF
}

func (d *harDecoder) expect(want json.Delim) error {
	token, err := d.json.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err == nil && token != want {
		err = reject("is no HAR: it has no list log.entries")
	}
	return err
}

func (d *harDecoder) find(name string) error {
	for d.json.More() {
		key, err := d.json.Token()
		if err != nil || key == name {
			return err
		}
		d.budget.left = d.budget.limit
		if err := d.json.Decode(&d.raw); err != nil {
			return err
		}
	}
	return reject("is no HAR: it has no list log.entries")
}

// budget is a reader that gives no more than a limit before it is granted anew.
type budget struct {
	source      io.Reader
	limit, left int
	failed      error // what the source failed with, or that the limit was met
}

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		b.failed = tooLarge("an entry", b.limit)
		return 0, b.failed
	}
	n, err := b.source.Read(p[:min(len(p), b.left)])
	b.left -= n
	if err != nil && !errors.Is(err, io.EOF) {
		b.failed = err
	}
	return n, err
}
