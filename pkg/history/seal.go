package history

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// seal is a checksum over values as they are kept, each with its length, so that none can pass for part of another.
func seal(values ...any) int64 {
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	var word [8]byte
	number := func(value int) {
		binary.BigEndian.PutUint64(word[:], uint64(value))
		sum.Write(word[:])
	}
	for _, value := range values {
		switch value := value.(type) {
		case string:
			number(len(value))
			sum.Write([]byte(value))
		case []byte:
			number(len(value))
			sum.Write(value)
		case int64:
			number(int(value))
		case nil:
			number(-1)
		}
	}
	return int64(sum.Sum32())
}

// sealError says that what was read is not what was sealed.
type sealError struct {
	part        string
	found, kept int64
}

func (e *sealError) Error() string {
	return fmt.Sprintf("%s has checksum %08x, and %08x was kept with it", e.part, e.found, e.kept)
}
