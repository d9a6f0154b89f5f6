package history

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
)

// Sizes in bytes and values of the write-ahead log, as the file format of SQLite defines them in section 4.
const (
	logHeader   = 32
	frameHeader = 24
	logMagic    = 0x377f0682 // its last bit says that checksums read big-endian words
	largestPage = 64 << 10
)

// examineLog finds commits that SQLite would drop without a word: it reads the log up to the first frame whose checksum is
// wrong and takes all that follows for the rest of an unfinished commit. Since each commit is synced before the next
// begins, at most one can be unfinished; when two follow, one of them had been acknowledged.
func (p place) examineLog() error {
	file, err := os.Open(p.path + logEnding)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return p.unwritable(err)
	}
	defer func() { _ = file.Close() }()
	lost, err := lostCommits(bufio.NewReaderSize(file, 1<<20))
	if err != nil {
		return p.unwritable(err)
	}
	if lost > 1 {
		return &DamagedError{Path: p.path, Problem: "its write-ahead log is broken before its end"}
	}
	return nil
}

// lostCommits counts the commits behind the first broken frame. A log that ends early loses none but the last.
func lostCommits(log io.Reader) (int, error) {
	header := make([]byte, logHeader)
	if _, err := io.ReadFull(log, header); err != nil {
		return 0, unlessEnd(err)
	}
	word := func(at int) uint32 { return binary.BigEndian.Uint32(header[at:]) }
	sum := logSum{order: binary.LittleEndian}
	if word(0)&1 == 1 {
		sum.order = binary.BigEndian
	}
	sum.add(header[:24])
	page := int(word(8))
	if word(0)&^1 != logMagic || page < 512 || page > largestPage || !sum.is(header[24:]) {
		return lostWithHeader(log)
	}
	intact := true
	lost := 0
	for frame := make([]byte, frameHeader+page); ; {
		if _, err := io.ReadFull(log, frame); err != nil {
			return lost, unlessEnd(err)
		}
		if intact = intact && string(frame[8:16]) == string(header[16:24]); intact {
			sum.add(frame[:8])
			sum.add(frame[frameHeader:])
			intact = sum.is(frame[16:])
		}
		commit := binary.BigEndian.Uint32(frame[4:]) != 0
		if !intact && commit && string(frame[8:16]) == string(header[16:24]) {
			lost++
		}
	}
}

// lostWithHeader takes any frame behind a broken header for more than one commit. A header is synced before its first
// frame is written, so without a frame nothing was acknowledged.
func lostWithHeader(log io.Reader) (int, error) {
	if _, err := io.CopyN(io.Discard, log, frameHeader+512); err != nil {
		return 0, unlessEnd(err)
	}
	return 2, nil
}

func unlessEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// logSum is the checksum of the log, which runs on from frame to frame.
type logSum struct {
	order binary.ByteOrder
	a, b  uint32
}

func (s *logSum) add(data []byte) {
	for ; len(data) >= 8; data = data[8:] {
		s.a += s.order.Uint32(data) + s.b
		s.b += s.order.Uint32(data[4:]) + s.a
	}
}

func (s *logSum) is(want []byte) bool {
	return s.a == binary.BigEndian.Uint32(want) && s.b == binary.BigEndian.Uint32(want[4:])
}
