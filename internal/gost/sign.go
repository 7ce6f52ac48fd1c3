package gost

import (
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
)

// PublicKey is a point that [NewPublicKey] or [ParsePublicKey] has checked: a
// key made in another way verifies nothing.
type PublicKey struct {
	Curve *Curve
	X, Y  *big.Int

	p point
}

// NewPublicKey refuses coordinates beyond the field, points that are not on the
// curve, and points outside the group of order q (the curves with cofactor 4
// have such).
func NewPublicKey(c *Curve, x, y *big.Int) (*PublicKey, error) {
	if c == nil {
		return nil, errors.New("gost: no curve")
	}
	if !c.on(x, y) {
		return nil, errors.New("gost: the point is not on the curve")
	}
	k := &PublicKey{Curve: c, X: x, Y: y, p: point{c.f.from(x), c.f.from(y), c.f.one}}
	if c.cofactor > 1 {
		if at := c.combine(new(big.Int), &k.p, c.q); !c.f.isZero(&at.z) {
			return nil, errors.New("gost: the point is not in the group of order q")
		}
	}
	return k, nil
}

// Equal tells whether both are the same point of the same curve.
func (k *PublicKey) Equal(other crypto.PublicKey) bool {
	o, ok := other.(*PublicKey)
	return ok && k.Curve == o.Curve && k.X.Cmp(o.X) == 0 && k.Y.Cmp(o.Y) == 0
}

// Verify checks sig, big-endian s‖r of twice the key's size, over a digest of
// the key's size (RFC 7091, 6.2).
func (k *PublicKey) Verify(digest, sig []byte) bool {
	c := k.Curve
	if c == nil || c.f == nil || k.p == (point{}) || len(digest) != c.size() || len(sig) != 2*c.size() {
		return false
	}
	s, r := new(big.Int).SetBytes(sig[:c.size()]), new(big.Int).SetBytes(sig[c.size():])
	if r.Sign() == 0 || s.Sign() == 0 || r.Cmp(c.q) >= 0 || s.Cmp(c.q) >= 0 {
		return false
	}
	v := new(big.Int).ModInverse(c.residue(digest), c.q)
	s.Mul(s, v).Mod(s, c.q)
	v.Mul(v, r).Sub(c.q, v.Mod(v, c.q))
	sum := c.combine(s, &k.p, v)
	if c.f.isZero(&sum.z) {
		return false
	}
	x, _ := c.toAffine(&sum)
	return x.Mod(x, c.q).Cmp(r) == 0
}

// residue reads a digest as a little-endian number modulo q, never 0.
func (c *Curve) residue(digest []byte) *big.Int {
	e := new(big.Int).SetBytes(Reverse(digest))
	if e.Mod(e, c.q).Sign() == 0 {
		e.SetInt64(1)
	}
	return e
}

// Reverse gives the bytes from the last to the first: so CryptoPro's CSP writes
// a raw signature.
func Reverse(b []byte) []byte {
	out := slices.Clone(b)
	slices.Reverse(out)
	return out
}

// PrivateKey signs. It is a [crypto.Signer]. Its use is not in constant time
// (see the package).
type PrivateKey struct {
	PublicKey
	d *big.Int
}

// NewPrivateKey takes the secret number 0 < d < q.
func NewPrivateKey(c *Curve, d *big.Int) (*PrivateKey, error) {
	if c == nil || d.Sign() <= 0 || d.Cmp(c.q) >= 0 {
		return nil, errors.New("gost: the private key is out of range")
	}
	at := c.combine(d, nil, nil)
	x, y := c.toAffine(&at)
	pub, err := NewPublicKey(c, x, y)
	if err != nil {
		return nil, err
	}
	return &PrivateKey{*pub, new(big.Int).Set(d)}, nil
}

// GenerateKey makes a key on the curve from random.
func GenerateKey(c *Curve, random io.Reader) (*PrivateKey, error) {
	d, err := c.scalar(random)
	if err != nil {
		return nil, err
	}
	return NewPrivateKey(c, d)
}

// scalar is a number evenly from 1 to q−1.
func (c *Curve) scalar(random io.Reader) (*big.Int, error) {
	if random == nil {
		random = rand.Reader
	}
	buf := make([]byte, (c.q.BitLen()+7)/8)
	for range 1000 {
		if _, err := io.ReadFull(random, buf); err != nil {
			return nil, fmt.Errorf("gost: randomness: %w", err)
		}
		buf[0] &= byte(0xff >> (8*len(buf) - c.q.BitLen()))
		if k := new(big.Int).SetBytes(buf); k.Sign() > 0 && k.Cmp(c.q) < 0 {
			return k, nil
		}
	}
	return nil, errors.New("gost: the source of randomness gives no number in range")
}

// Public is the *[PublicKey].
func (k *PrivateKey) Public() crypto.PublicKey { return &k.PublicKey }

// Sign signs a digest of the key's size and gives big-endian s‖r (RFC 7091,
// 6.1); opts are not read. A nil random is the system's.
func (k *PrivateKey) Sign(random io.Reader, digest []byte, _ crypto.SignerOpts) ([]byte, error) {
	c := k.Curve
	if len(digest) != c.size() {
		return nil, fmt.Errorf("gost: a key of %d bits signs no digest of %d", c.Bits(), 8*len(digest))
	}
	for {
		once, err := c.scalar(random)
		if err != nil {
			return nil, err
		}
		if sig := k.signWith(once, digest); sig != nil {
			return sig, nil
		}
	}
}

// signWith signs with a given number for this signature, or gives nil where
// that one serves not.
func (k *PrivateKey) signWith(once *big.Int, digest []byte) []byte {
	c := k.Curve
	at := c.combine(once, nil, nil)
	r, _ := c.toAffine(&at)
	if r.Mod(r, c.q).Sign() == 0 {
		return nil
	}
	s := new(big.Int).Mul(once, c.residue(digest))
	s.Add(s, new(big.Int).Mul(k.d, r)).Mod(s, c.q)
	if s.Sign() == 0 {
		return nil
	}
	sig := make([]byte, 2*c.size())
	s.FillBytes(sig[:c.size()])
	r.FillBytes(sig[c.size():])
	return sig
}
