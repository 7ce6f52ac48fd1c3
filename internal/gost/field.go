package gost

import (
	"math/big"
	"math/bits"
)

// An element of a field is kept in Montgomery form, its words from the lowest;
// a field of 256 bits uses the first four of them.
type element [8]uint64

// A field is the integers modulo a prime p of at most 256 or 512 bits.
type field struct {
	p     element
	words int    // 4 or 8
	inv   uint64 // −1/p modulo 2^64
	one   element
	r2    element // for the way into Montgomery form
	prime *big.Int
}

func newField(p *big.Int) *field {
	f := &field{prime: p, words: 4}
	if p.BitLen() > 256 {
		f.words = 8
	}
	f.p = toWords(p)
	f.inv = 1
	for range 6 { // Newton: each step doubles the right bits
		f.inv *= 2 - f.p[0]*f.inv
	}
	f.inv = -f.inv
	r := new(big.Int).Lsh(big.NewInt(1), uint(64*f.words))
	f.one = toWords(new(big.Int).Mod(r, p))
	f.r2 = toWords(new(big.Int).Mod(new(big.Int).Mul(r, r), p))
	return f
}

func toWords(x *big.Int) (e element) {
	var b [64]byte
	x.FillBytes(b[:])
	for i := range e {
		for k := range 8 {
			e[i] |= uint64(b[63-8*i-k]) << (8 * k)
		}
	}
	return e
}

// from brings a number below p into the field.
func (f *field) from(x *big.Int) element {
	e := toWords(x)
	f.mul(&e, &e, &f.r2)
	return e
}

// value is the number that an element stands for.
func (f *field) value(e *element) *big.Int {
	var out element
	f.mul(&out, e, &element{1})
	b := make([]byte, 64)
	for i, w := range out {
		for k := range 8 {
			b[63-8*i-k] = byte(w >> (8 * k))
		}
	}
	return new(big.Int).SetBytes(b)
}

func (f *field) invert(e *element) element {
	return f.from(new(big.Int).ModInverse(f.value(e), f.prime))
}

func (f *field) isZero(e *element) bool { return *e == element{} }

func (f *field) mul(z, x, y *element) {
	if f.words == 4 {
		f.mul4(z, x, y)
	} else {
		f.mul8(z, x, y)
	}
}

// step adds x·y + carry to t and gives the low word and the new carry.
func step(t, x, y, carry uint64) (low, high uint64) {
	high, low = bits.Mul64(x, y)
	var c uint64
	low, c = bits.Add64(low, t, 0)
	high += c
	low, c = bits.Add64(low, carry, 0)
	return low, high + c
}

// mul4 is Montgomery's product by words (CIOS) of four words.
func (f *field) mul4(z, x, y *element) {
	var t0, t1, t2, t3, t4, c, over uint64
	p0, p1, p2, p3 := f.p[0], f.p[1], f.p[2], f.p[3]
	y0, y1, y2, y3 := y[0], y[1], y[2], y[3]
	for i := range 4 {
		a := x[i]
		t0, c = step(t0, a, y0, 0)
		t1, c = step(t1, a, y1, c)
		t2, c = step(t2, a, y2, c)
		t3, c = step(t3, a, y3, c)
		t4, over = bits.Add64(t4, c, 0)
		m := t0 * f.inv
		_, c = step(t0, m, p0, 0)
		t0, c = step(t1, m, p1, c)
		t1, c = step(t2, m, p2, c)
		t2, c = step(t3, m, p3, c)
		t3, c = bits.Add64(t4, c, 0)
		t4 = over + c
	}
	var b uint64
	var s0, s1, s2, s3 uint64
	s0, b = bits.Sub64(t0, p0, 0)
	s1, b = bits.Sub64(t1, p1, b)
	s2, b = bits.Sub64(t2, p2, b)
	s3, b = bits.Sub64(t3, p3, b)
	if t4 >= b { // not below p
		t0, t1, t2, t3 = s0, s1, s2, s3
	}
	z[0], z[1], z[2], z[3] = t0, t1, t2, t3
}

// mul8 is the same of eight words.
func (f *field) mul8(z, x, y *element) {
	var t element
	var top, over uint64
	p := &f.p
	for i := range x {
		a := x[i]
		var c uint64
		t[0], c = step(t[0], a, y[0], 0)
		t[1], c = step(t[1], a, y[1], c)
		t[2], c = step(t[2], a, y[2], c)
		t[3], c = step(t[3], a, y[3], c)
		t[4], c = step(t[4], a, y[4], c)
		t[5], c = step(t[5], a, y[5], c)
		t[6], c = step(t[6], a, y[6], c)
		t[7], c = step(t[7], a, y[7], c)
		top, over = bits.Add64(top, c, 0)
		m := t[0] * f.inv
		_, c = step(t[0], m, p[0], 0)
		t[0], c = step(t[1], m, p[1], c)
		t[1], c = step(t[2], m, p[2], c)
		t[2], c = step(t[3], m, p[3], c)
		t[3], c = step(t[4], m, p[4], c)
		t[4], c = step(t[5], m, p[5], c)
		t[5], c = step(t[6], m, p[6], c)
		t[6], c = step(t[7], m, p[7], c)
		t[7], c = bits.Add64(top, c, 0)
		top = over + c
	}
	f.reduce(z, &t, top)
}

// reduce brings t + top·2^(64·words), which is below 2p, below p.
func (f *field) reduce(z, t *element, top uint64) {
	var s element
	var b uint64
	for i := range f.words {
		s[i], b = bits.Sub64(t[i], f.p[i], b)
	}
	if top >= b {
		*z = s
	} else {
		*z = *t
	}
}

func (f *field) add(z, x, y *element) {
	var t element
	var c uint64
	for i := range f.words {
		t[i], c = bits.Add64(x[i], y[i], c)
	}
	f.reduce(z, &t, c)
}

func (f *field) sub(z, x, y *element) {
	var t element
	var b, c uint64
	for i := range f.words {
		t[i], b = bits.Sub64(x[i], y[i], b)
	}
	if b != 0 {
		for i := range f.words {
			t[i], c = bits.Add64(t[i], f.p[i], c)
		}
	}
	*z = t
}
