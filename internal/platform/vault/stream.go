package vault

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"

	"golang.org/x/crypto/chacha20poly1305"

	"okno/internal/platform/id"
)

// A sealed stream is header ‖ 19 random bytes ‖ chunks. Each chunk seals up to
// 64 kB under a nonce of those bytes, the chunk's number and a mark on the
// last one, so that chunks can't be moved, dropped or cut off unnoticed.
const (
	chunkPlain  = 64 << 10
	chunkSealed = chunkPlain + chacha20poly1305.Overhead
	prefixSize  = chacha20poly1305.NonceSizeX - 4 - 1
	streamHead  = header + prefixSize
)

// SealedSize is the size of a sealed stream of n bytes.
func SealedSize(n int64) int64 {
	chunks := max(1, (n+chunkPlain-1)/chunkPlain)
	return streamHead + n + chunks*chacha20poly1305.Overhead
}

// PlainSize is the size of what a sealed stream of n bytes holds.
func PlainSize(n int64) (int64, error) {
	body := n - streamHead
	chunks := (body + chunkSealed - 1) / chunkSealed
	if plain := body - chunks*chacha20poly1305.Overhead; chunks > 0 && plain >= 0 && SealedSize(plain) == n {
		return plain, nil
	}
	return 0, errDamaged
}

func nonceOf(prefix []byte, n int64, last bool) []byte {
	nonce := binary.BigEndian.AppendUint32(append(make([]byte, 0, chacha20poly1305.NonceSizeX), prefix...), uint32(n))
	if last {
		return append(nonce, 1)
	}
	return append(nonce, 0)
}

// SealStream copies r to w, sealed for one column of one row, and returns how
// many bytes it read.
func (k *Key) SealStream(w io.Writer, r io.Reader, table string, row id.ID, column string) (int64, error) {
	if k.erased {
		return 0, gone()
	}
	head := k.head()
	prefix := make([]byte, prefixSize)
	if _, err := rand.Read(prefix); err != nil {
		return 0, err
	}
	head = append(head, prefix...)
	if _, err := w.Write(head); err != nil {
		return 0, err
	}
	aad := append(place(table, row, column), head...)
	// Two buffers: whether a chunk is the last is known when the next is empty.
	now, next := make([]byte, chunkPlain), make([]byte, chunkPlain)
	out := make([]byte, 0, chunkSealed)
	have, err := fill(r, now)
	if err != nil {
		return 0, err
	}
	total := int64(have)
	for n := int64(0); ; n++ {
		more := 0
		if have == chunkPlain {
			if more, err = fill(r, next); err != nil {
				return total, err
			}
		}
		last := more == 0
		out = k.aead.Seal(out[:0], nonceOf(prefix, n, last), now[:have], aad)
		if _, err := w.Write(out); err != nil {
			return total, err
		}
		if last {
			return total, nil
		}
		total += int64(more)
		now, next, have = next, now, more
	}
}

func fill(r io.Reader, buf []byte) (int, error) {
	n, err := io.ReadFull(r, buf)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return n, err
}

// Stream reads a sealed stream from anywhere in it. It is for one goroutine.
type Stream struct {
	r      io.ReaderAt
	aead   cipher.AEAD
	aad    []byte
	prefix []byte
	size   int64 // of the plain bytes
	at     int64
	chunk  int64 // the opened one; -1: none
	plain  []byte
	buf    []byte
}

// OpenStream opens a sealed stream of size bytes for reading and seeking.
func (k *Key) OpenStream(r io.ReaderAt, size int64, table string, row id.ID, column string) (*Stream, error) {
	plain, err := PlainSize(size)
	if err != nil {
		return nil, err
	}
	head := make([]byte, streamHead)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, err
	}
	aead, err := k.forSealed(head)
	if err != nil {
		return nil, err
	}
	return &Stream{
		r: r, aead: aead, aad: append(place(table, row, column), head...), prefix: head[header:], size: plain, chunk: -1,
		buf: make([]byte, chunkSealed),
	}, nil
}

// Size is the number of plain bytes.
func (s *Stream) Size() int64 { return s.size }

// Read implements [io.Reader].
func (s *Stream) Read(p []byte) (int, error) {
	if s.at >= s.size && !(s.size == 0 && s.chunk < 0) {
		return 0, io.EOF
	}
	if n := s.at / chunkPlain; n != s.chunk {
		if err := s.load(n); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.plain[s.at%chunkPlain:])
	s.at += int64(n)
	if n == 0 && s.at >= s.size {
		return 0, io.EOF
	}
	return n, nil
}

func (s *Stream) load(n int64) error {
	last := (n+1)*chunkPlain >= s.size
	want := int64(chunkSealed)
	if last {
		want = s.size - n*chunkPlain + chacha20poly1305.Overhead
	}
	if _, err := s.r.ReadAt(s.buf[:want], streamHead+n*chunkSealed); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	plain, err := s.aead.Open(s.plain[:0], nonceOf(s.prefix, n, last), s.buf[:want], s.aad)
	if err != nil {
		s.chunk = -1
		return errDamaged
	}
	s.plain, s.chunk = plain, n
	return nil
}

// Seek implements [io.Seeker].
func (s *Stream) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += s.at
	case io.SeekEnd:
		offset += s.size
	}
	if offset < 0 {
		return 0, errors.New("vault: seek before the beginning")
	}
	s.at = offset
	return offset, nil
}
