package history

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// seal is a checksum over values as they are kept, each with its length, so that none can pass for part of another.
func seal(values ...any) int64 {
	s := sealer{table: crc32.MakeTable(crc32.Castagnoli), small: make([]byte, 0, 20*len(values))}
	for _, value := range values {
		switch value := value.(type) {
		case string:
			s.number(int64(len(value)))
			s.small = append(s.small, value...)
		case []byte:
			s.number(int64(len(value)))
			s.flush()
			s.add(value)
		case int64:
			s.number(value)
		case nil:
			s.number(-1)
		}
	}
	s.flush()
	return int64(s.sum)
}

// sealer gathers what is small, since adding up a few bytes at a time takes longer than the bytes do.
type sealer struct {
	table *crc32.Table
	small []byte
	sum   uint32
}

func (s *sealer) add(data []byte) { s.sum = crc32.Update(s.sum, s.table, data) }

func (s *sealer) number(n int64) { s.small = binary.BigEndian.AppendUint64(s.small, uint64(n)) }

func (s *sealer) flush() {
	s.add(s.small)
	s.small = s.small[:0]
}

// sealError says that what was read is not what was sealed.
type sealError struct {
	part        string
	found, kept int64
}

func (e *sealError) Error() string {
	return fmt.Sprintf("%s has checksum %08x, and %08x was kept with it", e.part, e.found, e.kept)
}
