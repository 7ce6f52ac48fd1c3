package gost

import "math/big"

// Points are computed in Jacobian coordinates: (X, Y, Z) is (X/Z², Y/Z³), and
// Z = 0 is the point at infinity.
type point struct{ x, y, z element }

type affine struct{ x, y element }

// Widths of the signed windows (wNAF) of a multiplier: the base point's
// multiples are made once, those of a key for each multiplication.
const (
	baseWindow = 7
	keyWindow  = 5
)

// ready makes what computing needs, once.
func (c *Curve) ready() {
	c.once.Do(func() {
		c.f = newField(c.p)
		c.fa, c.fb = c.f.from(c.a), c.f.from(c.b)
		c.minus3 = new(big.Int).Sub(c.p, c.a).Cmp(big.NewInt(3)) == 0
		g := point{c.f.from(c.x), c.f.from(c.y), c.f.one}
		for _, m := range c.oddMultiples(&g, baseWindow) {
			x, y := c.toAffine(&m)
			c.base = append(c.base, affine{c.f.from(x), c.f.from(y)})
		}
	})
}

// on tells whether (x, y) fulfils the equation; both must be in [0, p).
func (c *Curve) on(x, y *big.Int) bool {
	if x.Sign() < 0 || y.Sign() < 0 || x.Cmp(c.p) >= 0 || y.Cmp(c.p) >= 0 {
		return false
	}
	c.ready()
	f := c.f
	ex, ey := f.from(x), f.from(y)
	var left, right element
	f.mul(&left, &ey, &ey)
	f.mul(&right, &ex, &ex)
	f.add(&right, &right, &c.fa)
	f.mul(&right, &right, &ex)
	f.add(&right, &right, &c.fb)
	return left == right
}

// double sets z = 2p.
func (c *Curve) double(z, p *point) {
	f := c.f
	if f.isZero(&p.z) {
		*z = *p
		return
	}
	var m, zz, yy, s, t element
	f.mul(&zz, &p.z, &p.z)
	if c.minus3 { // 3X² − 3Z⁴ = 3(X − Z²)(X + Z²)
		f.sub(&m, &p.x, &zz)
		f.add(&t, &p.x, &zz)
		f.mul(&m, &m, &t)
		f.add(&t, &m, &m)
		f.add(&m, &m, &t)
	} else {
		f.mul(&t, &p.x, &p.x)
		f.add(&m, &t, &t)
		f.add(&m, &m, &t)
		f.mul(&t, &zz, &zz)
		f.mul(&t, &t, &c.fa)
		f.add(&m, &m, &t)
	}
	f.mul(&z.z, &p.y, &p.z)
	f.add(&z.z, &z.z, &z.z)
	f.mul(&yy, &p.y, &p.y)
	f.add(&yy, &yy, &yy) // 2Y²
	f.mul(&s, &p.x, &yy)
	f.add(&s, &s, &s) // 4XY²
	f.mul(&z.x, &m, &m)
	f.sub(&z.x, &z.x, &s)
	f.sub(&z.x, &z.x, &s)
	f.mul(&yy, &yy, &yy)
	f.add(&yy, &yy, &yy) // 8Y⁴
	f.sub(&s, &s, &z.x)
	f.mul(&s, &s, &m)
	f.sub(&z.y, &s, &yy)
}

// add sets z = p + o.
func (c *Curve) add(z, p, o *point) {
	f := c.f
	switch {
	case f.isZero(&p.z):
		*z = *o
		return
	case f.isZero(&o.z):
		*z = *p
		return
	}
	var oo, u1, s1 element
	f.mul(&oo, &o.z, &o.z)
	f.mul(&u1, &p.x, &oo)
	f.mul(&s1, &p.y, &o.z)
	f.mul(&s1, &s1, &oo)
	var zz element
	f.mul(&zz, &p.z, &o.z)
	c.finishAdd(z, p, &o.x, &o.y, &u1, &s1, &zz)
}

// addAffine sets z = p + o; o is not the point at infinity.
func (c *Curve) addAffine(z, p *point, o *affine) {
	if c.f.isZero(&p.z) {
		*z = point{o.x, o.y, c.f.one}
		return
	}
	u1, s1, zz := p.x, p.y, p.z
	c.finishAdd(z, p, &o.x, &o.y, &u1, &s1, &zz)
}

// finishAdd adds p, whose coordinates on the common denominator are u1 and s1,
// and the point with numerators ox, oy; zz is the product of both Z.
func (c *Curve) finishAdd(z, p *point, ox, oy, u1, s1, zz *element) {
	f := c.f
	var pp, h, r element
	f.mul(&pp, &p.z, &p.z)
	f.mul(&h, ox, &pp)
	f.sub(&h, &h, u1)
	f.mul(&r, oy, &p.z)
	f.mul(&r, &r, &pp)
	f.sub(&r, &r, s1)
	if f.isZero(&h) {
		if f.isZero(&r) {
			c.double(z, p)
		} else {
			*z = point{}
		}
		return
	}
	var hh, hhh, v element
	f.mul(&hh, &h, &h)
	f.mul(&hhh, &hh, &h)
	f.mul(&v, u1, &hh)
	f.mul(&z.z, zz, &h)
	f.mul(&z.x, &r, &r)
	f.sub(&z.x, &z.x, &hhh)
	f.sub(&z.x, &z.x, &v)
	f.sub(&z.x, &z.x, &v)
	f.sub(&v, &v, &z.x)
	f.mul(&v, &v, &r)
	f.mul(&hhh, &hhh, s1)
	f.sub(&z.y, &v, &hhh)
}

func (f *field) negate(z, x *element) { f.sub(z, &element{}, x) }

// oddMultiples are 1p, 3p, 5p … for signed windows of this width.
func (c *Curve) oddMultiples(p *point, width int) []point {
	out := make([]point, 1<<(width-2))
	var twice point
	c.double(&twice, p)
	out[0] = *p
	for i := 1; i < len(out); i++ {
		c.add(&out[i], &out[i-1], &twice)
	}
	return out
}

// toAffine gives the coordinates of a point that is not at infinity.
func (c *Curve) toAffine(p *point) (x, y *big.Int) {
	f := c.f
	inv := f.invert(&p.z)
	var t, e element
	f.mul(&t, &inv, &inv)
	f.mul(&e, &p.x, &t)
	x = f.value(&e)
	f.mul(&t, &t, &inv)
	f.mul(&e, &p.y, &t)
	return x, f.value(&e)
}

// windows writes k ≥ 0 as signed odd digits with at least width−1 zeros between
// them, the lowest first.
func windows(k *big.Int, width uint) []int8 {
	out := make([]int8, k.BitLen()+1)
	n := new(big.Int).Set(k)
	for i := 0; n.Sign() > 0; {
		shift := n.TrailingZeroBits()
		n.Rsh(n, shift)
		i += int(shift)
		d := int(n.Bits()[0] & (1<<width - 1))
		if d >= 1<<(width-1) {
			d -= 1 << width
		}
		out[i] = int8(d)
		n.Sub(n, big.NewInt(int64(d)))
	}
	return out
}

// combine is k·G + m·Q, computed together (Shamir's trick); q may be nil.
func (c *Curve) combine(k *big.Int, q *point, m *big.Int) (sum point) {
	c.ready()
	digits := windows(k, baseWindow)
	var own []int8
	var table []point
	if q != nil {
		own, table = windows(m, keyWindow), c.oddMultiples(q, keyWindow)
	}
	for i := max(len(digits), len(own)) - 1; i >= 0; i-- {
		c.double(&sum, &sum)
		if i < len(digits) && digits[i] != 0 {
			d := digits[i]
			t := c.base[abs(d)/2]
			if d < 0 {
				c.f.negate(&t.y, &t.y)
			}
			c.addAffine(&sum, &sum, &t)
		}
		if i < len(own) && own[i] != 0 {
			d := own[i]
			t := table[abs(d)/2]
			if d < 0 {
				c.f.negate(&t.y, &t.y)
			}
			c.add(&sum, &sum, &t)
		}
	}
	return sum
}

func abs(d int8) int {
	if d < 0 {
		return -int(d)
	}
	return int(d)
}
