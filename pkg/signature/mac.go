package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
)

// Size is the length of a signature in bytes; in the header it is twice as many hex digits.
const Size = sha256.Size

// key is shared by all copies of a Secret. A keyed HMAC state costs two SHA-256 blocks and a dozen allocations to make
// and next to nothing to reset, so used ones are kept.
type key struct {
	value  func() string // behind a function, because fmt follows pointers of unexported fields but calls nothing there
	states sync.Pool     // of *state
}

type state struct {
	mac     hash.Hash
	scratch []byte
}

const scratchSize = 1 << 10 // bytes; an ordinary event and its timestamp

func newKey(value string) *key {
	k := &key{value: func() string { return value }}
	k.states.New = func() any { return newState(value) }
	return k
}

func newState(value string) *state {
	return &state{mac: hmac.New(sha256.New, []byte(value)), scratch: make([]byte, 0, scratchSize)}
}

// MAC returns HMAC-SHA256 over timestamp, a full stop and body, each byte for byte: the signature that Pocketbook writes
// as v1 (Pocketbook webhook guide, section "Signature Format"). The timestamp is not checked, so that a layout other
// than the documented one can be computed too.
//
// The zero Secret gives the MAC under the empty key, which is what a forger sends to a receiver without a secret.
func (s Secret) MAC(timestamp string, body []byte) [Size]byte {
	if s.key == nil {
		return newState("").sum(timestamp, body)
	}
	st := s.key.states.Get().(*state)
	sum := st.sum(timestamp, body)
	s.key.states.Put(st)
	return sum
}

func (st *state) sum(timestamp string, body []byte) [Size]byte {
	st.mac.Reset()
	st.scratch = append(append(st.scratch[:0], timestamp...), '.')
	// A hash is quicker with one piece than with two that split a block, so what fits of the body joins the timestamp.
	joined := min(len(body), cap(st.scratch)-len(st.scratch))
	st.scratch = append(st.scratch, body[:joined]...)
	st.mac.Write(st.scratch)
	st.mac.Write(body[joined:])
	st.scratch = st.mac.Sum(st.scratch[:0])
	return [Size]byte(st.scratch)
}
