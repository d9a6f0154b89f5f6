package forensics

import (
	"bytes"
	"crypto/hmac"
	"hash"
	"io"
)

// signer computes signatures and keeps the keyed states that it made. It is for one goroutine.
type signer struct {
	keyed  map[signerKey]hash.Hash
	plain  map[int]hash.Hash
	sum    []byte
	pieces []byte
	key    bytes.Buffer
	count  int
}

type signerKey struct {
	size   int
	secret string
}

func newSigner() *signer {
	return &signer{keyed: map[signerKey]hash.Hash{}, plain: map[int]hash.Hash{}}
}

// sign returns what the header would hold; the result is good until the next call.
func (s *signer) sign(a algorithm, l layout, secret, t string, body []byte) []byte {
	s.count++
	var h hash.Hash
	switch l.keyed {
	case keyedByMessage:
		s.key.Reset()
		s.write(&s.key, l.message, secret, t, body)
		h = hmac.New(a.new, s.key.Bytes())
		_, _ = io.WriteString(h, secret)
	case keyedByNothing:
		h = s.hashing(a)
		s.write(h, l.message, secret, t, body)
	default:
		h = s.keyedBy(a, secret)
		s.write(h, l.message, secret, t, body)
	}
	s.sum = h.Sum(s.sum[:0])
	return s.sum
}

func (s *signer) hashing(a algorithm) hash.Hash {
	h := s.plain[a.size]
	if h == nil {
		h = a.new()
		s.plain[a.size] = h
	}
	h.Reset()
	return h
}

func (s *signer) keyedBy(a algorithm, secret string) hash.Hash {
	h := s.keyed[signerKey{a.size, secret}]
	if h == nil {
		h = hmac.New(a.new, []byte(secret))
		s.keyed[signerKey{a.size, secret}] = h
	}
	h.Reset()
	return h
}

// write hands the message over in as few pieces as it can: each call into a hash has its price.
func (s *signer) write(w io.Writer, message, secret, t string, body []byte) {
	s.pieces = s.pieces[:0]
	for i := range len(message) {
		switch message[i] {
		case 'T':
			s.pieces = append(s.pieces, t...)
		case 'S':
			s.pieces = append(s.pieces, secret...)
		case 'B':
			_, _ = w.Write(s.pieces)
			s.pieces = s.pieces[:0]
			_, _ = w.Write(body)
		default:
			s.pieces = append(s.pieces, message[i])
		}
	}
	_, _ = w.Write(s.pieces)
}
