package gost

import (
	"encoding/binary"
	"hash"
	"math/bits"
	"sync"
)

// Sizes of digests and of the block, in bytes.
const (
	Size256   = 32
	Size512   = 64
	BlockSize = 64
)

// Streebog is GOST R 34.11-2012 as a [hash.Hash].
type streebog struct {
	h, n, sigma [8]uint64 // words from the lowest
	block       [BlockSize]byte
	filled      int
	size        int
}

// New256 is Streebog with a digest of 256 bits.
func New256() hash.Hash { return newStreebog(Size256) }

// New512 is Streebog with a digest of 512 bits.
func New512() hash.Hash { return newStreebog(Size512) }

// Sum256 is the digest of data with 256 bits.
func Sum256(data []byte) (out [Size256]byte) {
	d := newStreebog(Size256)
	d.Write(data)
	d.Sum(out[:0])
	return out
}

// Sum512 is the digest of data with 512 bits.
func Sum512(data []byte) (out [Size512]byte) {
	d := newStreebog(Size512)
	d.Write(data)
	d.Sum(out[:0])
	return out
}

func newStreebog(size int) *streebog {
	lpsOnce.Do(makeLPS)
	d := &streebog{size: size}
	d.Reset()
	return d
}

func (d *streebog) Size() int      { return d.size }
func (d *streebog) BlockSize() int { return BlockSize }

func (d *streebog) Reset() {
	*d = streebog{size: d.size}
	if d.size == Size256 {
		for i := range d.h {
			d.h[i] = 0x0101010101010101
		}
	}
}

func (d *streebog) Write(p []byte) (int, error) {
	n := len(p)
	if d.filled > 0 {
		k := copy(d.block[d.filled:], p)
		d.filled += k
		p = p[k:]
		if d.filled < BlockSize {
			return n, nil
		}
		d.take(d.block[:], 8*BlockSize)
		d.filled = 0
	}
	for len(p) >= BlockSize {
		d.take(p[:BlockSize], 8*BlockSize)
		p = p[BlockSize:]
	}
	d.filled = copy(d.block[:], p)
	return n, nil
}

// Sum appends the digest and leaves the state as it is.
func (d *streebog) Sum(b []byte) []byte {
	end := *d
	clear(end.block[end.filled:])
	end.block[end.filled] = 1
	end.take(end.block[:], uint64(8*end.filled))
	var zero [8]uint64
	compress(&end.h, &zero, &end.n)
	compress(&end.h, &zero, &end.sigma)
	var out [Size512]byte
	for i, w := range end.h {
		binary.LittleEndian.PutUint64(out[8*i:], w)
	}
	return append(b, out[Size512-d.size:]...)
}

// take mixes in a whole block that holds length bits of the message.
func (d *streebog) take(block []byte, length uint64) {
	var m [8]uint64
	for i := range m {
		m[i] = binary.LittleEndian.Uint64(block[8*i:])
	}
	compress(&d.h, &d.n, &m)
	add512(&d.n, &[8]uint64{length})
	add512(&d.sigma, &m)
}

func add512(to, x *[8]uint64) {
	var carry uint64
	for i := range to {
		to[i], carry = bits.Add64(to[i], x[i], carry)
	}
}

// compress is the function g_N(h, m) of RFC 6986, 8.
func compress(h, n, m *[8]uint64) {
	var key, state, t [8]uint64
	xor512(&t, h, n)
	lps(&key, &t)
	state = *m
	for i := range roundConstants {
		xor512(&t, &state, &key)
		lps(&state, &t)
		xor512(&t, &key, &roundConstants[i])
		lps(&key, &t)
	}
	for i := range h {
		h[i] ^= state[i] ^ key[i] ^ m[i]
	}
}

func xor512(out, a, b *[8]uint64) {
	for i := range out {
		out[i] = a[i] ^ b[i]
	}
}

// lpsTable joins substitution, transposition and linear transformation: entry
// j, x is what the byte x in word j adds to an output word.
var (
	lpsTable [8][256]uint64
	lpsOnce  sync.Once
)

func makeLPS() {
	for j := range lpsTable {
		for x := range lpsTable[j] {
			for bit := range 8 {
				if substitution[x]>>bit&1 == 1 {
					lpsTable[j][x] ^= linearRows[63-8*j-bit]
				}
			}
		}
	}
}

func lps(out, in *[8]uint64) {
	w0, w1, w2, w3, w4, w5, w6, w7 := in[0], in[1], in[2], in[3], in[4], in[5], in[6], in[7]
	t := &lpsTable
	for i := range out {
		out[i] = t[0][byte(w0)] ^ t[1][byte(w1)] ^ t[2][byte(w2)] ^ t[3][byte(w3)] ^
			t[4][byte(w4)] ^ t[5][byte(w5)] ^ t[6][byte(w6)] ^ t[7][byte(w7)]
		w0, w1, w2, w3, w4, w5, w6, w7 = w0>>8, w1>>8, w2>>8, w3>>8, w4>>8, w5>>8, w6>>8, w7>>8
	}
}
