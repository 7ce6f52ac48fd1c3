package gost

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"math/big"
	"testing"
)

var _ crypto.Signer = (*PrivateKey)(nil)

// example256 and example512 are the parameters of the examples in RFC 7091, 7;
// they have no place among the curves.
func example256() *Curve {
	return &Curve{
		p: number("8000000000000000000000000000000000000000000000000000000000000431"),
		a: number("7"),
		b: number("5FBFF498AA938CE739B8E022FBAFEF40563F6E6A3472FC2A514C0CE9DAE23B7E"),
		q: number("8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3"),
		x: number("2"),
		y: number("08E2A8A0E65147D4BD6316030E16D19C85C97F0A9CA267122B96ABBCEA7E8FC8"), cofactor: 1,
	}
}

func example512() *Curve {
	return &Curve{
		p: number("4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DF1D852741AF4704A0458047E80E4546D35B8336FAC224DD81664BBF528BE6373"),
		a: number("7"),
		b: number("1CFF0806A31116DA29D8CFA54E57EB748BC5F377E49400FDD788B649ECA1AC4361834013B2AD7322480A89CA58E0CF74BC9E540C2ADD6897FAD0A3084F302ADC"),
		q: number("4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DA82F2D7ECB1DBAC719905C5EECC423F1D86E25EDBE23C595D644AAF187E6E6DF"),
		x: number("24D19CC64572EE30F396BF6EBBFD7A6C5213B3B3D7057CC825F91093A68CD762FD60611262CD838DC6B60AA7EEE804E28BC849977FAC33B4B530F1B120248A9A"),
		y: number("2BB312A43BD2CE6E0D020613C857ACDDCFBF061E91E5F2C3F32447C259F39B2C83AB156D77F1496BF7EB3351E1EE4E43DC1A18B91B24640B6DBB92CB1ADD371E"), cofactor: 1,
	}
}

func TestSignatureKnownAnswers(t *testing.T) {
	for _, v := range []struct {
		curve               *Curve
		d, x, y, e, k, r, s string
	}{
		{example256(),
			"7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28",
			"7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B",
			"26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA",
			"2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5",
			"77105C9B20BCD3122823C8CF6FCC7B956DE33814E95B7FE64FED924594DCEAB3",
			"41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493",
			"01456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40"},
		{example512(),
			"0BA6048AADAE241BA40936D47756D7C93091A0E8514669700EE7508E508B102072E8123B2200A0563322DAD2827E2714A2636B7BFD18AADFC62967821FA18DD4",
			"115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1",
			"37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC",
			"3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C5917184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
			"0359E7F4B1410FEACC570456C6801496946312120B39D019D455986E364F365886748ED7A44B3E794434006011842286212273A6D14CF70EA3AF71BB1AE679F1",
			"2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD35492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
			"1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A"},
	} {
		k, err := NewPrivateKey(v.curve, number(v.d))
		if err != nil {
			t.Fatal(err)
		}
		if k.X.Cmp(number(v.x)) != 0 || k.Y.Cmp(number(v.y)) != 0 {
			t.Fatalf("public key %X, %X", k.X, k.Y)
		}
		n := v.curve.size()
		digest := Reverse(number(v.e).FillBytes(make([]byte, n)))
		want := append(number(v.s).FillBytes(make([]byte, n)), number(v.r).FillBytes(make([]byte, n))...)
		if got := k.signWith(number(v.k), digest); !bytes.Equal(got, want) {
			t.Errorf("signature %X, want %X", got, want)
		}
		if !k.Verify(digest, want) {
			t.Error("the example's signature is refused")
		}
	}
}

func testKey(t testing.TB, c *Curve) *PrivateKey {
	t.Helper()
	k, err := GenerateKey(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The parameters are right: q points make a whole round, and the base point
// lies on its curve.
func TestCurves(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Curves() {
		if !c.on(c.x, c.y) || !c.q.ProbablyPrime(20) || !c.p.ProbablyPrime(20) {
			t.Errorf("%s: parameters", c.Name)
		}
		if at := c.combine(c.q, nil, nil); !c.f.isZero(&at.z) {
			t.Errorf("%s: q·G is not the point at infinity", c.Name)
		}
		for _, oid := range c.oids {
			if seen[oid.String()] || CurveByOID(oid) != c {
				t.Errorf("%s: %s", c.Name, oid)
			}
			seen[oid.String()] = true
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d identifiers", len(seen))
	}
}

// The windows and the joined multiplication agree with plain doubling and
// adding, in the corners too (0, equal points, opposite points).
func TestCombineAgreesWithPlainMultiplication(t *testing.T) {
	for _, c := range Curves() {
		k := testKey(t, c)
		plain := func(p *point, n *big.Int) (out point) {
			for i := n.BitLen() - 1; i >= 0; i-- {
				c.double(&out, &out)
				if n.Bit(i) == 1 {
					c.add(&out, &out, p)
				}
			}
			return out
		}
		g := point{c.f.from(c.x), c.f.from(c.y), c.f.one}
		random, _ := rand.Int(rand.Reader, c.q)
		minus1 := new(big.Int).Sub(c.q, big.NewInt(1))
		for _, a := range []*big.Int{new(big.Int), big.NewInt(1), big.NewInt(2), big.NewInt(63), minus1, random} {
			for _, b := range []*big.Int{new(big.Int), big.NewInt(1), minus1, random} {
				for _, q := range []*point{&g, &k.p} {
					got := c.combine(a, q, b)
					var want point
					left, right := plain(&g, a), plain(q, b)
					c.add(&want, &left, &right)
					if c.f.isZero(&got.z) != c.f.isZero(&want.z) {
						t.Fatalf("%s: %v, %v: infinity", c.Name, a, b)
					}
					if c.f.isZero(&got.z) {
						continue
					}
					gx, gy := c.toAffine(&got)
					wx, wy := c.toAffine(&want)
					if gx.Cmp(wx) != 0 || gy.Cmp(wy) != 0 || !c.on(gx, gy) {
						t.Fatalf("%s: %v·G + %v·Q is wrong", c.Name, a, b)
					}
				}
			}
		}
	}
}

func TestFieldAgreesWithBigNumbers(t *testing.T) {
	for _, c := range Curves() {
		f := newField(c.p)
		edge := []*big.Int{new(big.Int), big.NewInt(1), new(big.Int).Sub(c.p, big.NewInt(1)), new(big.Int).Rsh(c.p, 1)}
		for range 50 {
			n, _ := rand.Int(rand.Reader, c.p)
			edge = append(edge, n)
		}
		for _, a := range edge {
			for _, b := range edge {
				x, y := f.from(a), f.from(b)
				var z element
				for name, op := range map[string]func() *big.Int{
					"mul": func() *big.Int { f.mul(&z, &x, &y); return new(big.Int).Mul(a, b) },
					"add": func() *big.Int { f.add(&z, &x, &y); return new(big.Int).Add(a, b) },
					"sub": func() *big.Int { f.sub(&z, &x, &y); return new(big.Int).Sub(a, b) },
				} {
					want := op()
					if want.Mod(want, c.p); f.value(&z).Cmp(want) != 0 {
						t.Fatalf("%s: %s of %v and %v is %v", c.Name, name, a, b, f.value(&z))
					}
				}
			}
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	for _, c := range Curves() {
		k := testKey(t, c)
		n := c.size()
		digest := bytes.Repeat([]byte{7}, n)
		sig, err := k.Sign(nil, digest, nil)
		if err != nil || !k.Verify(digest, sig) {
			t.Fatalf("%s: own signature: %v", c.Name, err)
		}
		join := func(s, r *big.Int) []byte {
			return append(s.FillBytes(make([]byte, n)), r.FillBytes(make([]byte, n))...)
		}
		s, r := new(big.Int).SetBytes(sig[:n]), new(big.Int).SetBytes(sig[n:])
		cases := map[string][]byte{
			"s = 0": join(new(big.Int), r), "r = 0": join(s, new(big.Int)), "s = q": join(c.q, r), "r = q": join(s, c.q),
			"empty": nil, "short": sig[1:], "long": append([]byte{0}, sig...), "r‖s": join(r, s), "reversed": Reverse(sig),
			"negative s": join(new(big.Int).Sub(c.q, s), r),
		}
		if more := new(big.Int).Add(s, c.q); more.BitLen() <= 8*n {
			cases["s + q"] = join(more, r)
		}
		if more := new(big.Int).Add(r, c.q); more.BitLen() <= 8*n {
			cases["r + q"] = join(s, more)
		}
		for name, bad := range cases {
			if k.Verify(digest, bad) {
				t.Errorf("%s: %s is accepted", c.Name, name)
			}
		}
		for i := range sig {
			bad := bytes.Clone(sig)
			bad[i] ^= 1
			if i%8 == 0 && k.Verify(digest, bad) {
				t.Errorf("%s: byte %d altered", c.Name, i)
			}
		}
		if k.Verify(digest[1:], sig) || k.Verify(Reverse(append(digest[1:], 8)), sig) || testKey(t, c).Verify(digest, sig) {
			t.Errorf("%s: a foreign digest or key", c.Name)
		}
		if (&PublicKey{Curve: c, X: k.X, Y: k.Y}).Verify(digest, sig) {
			t.Errorf("%s: a key that nobody checked", c.Name)
		}
	}
}

// A digest that is 0 modulo q counts as 1 (RFC 7091, 6.1).
func TestZeroDigest(t *testing.T) {
	for _, c := range Curves() {
		k := testKey(t, c)
		zero, one := make([]byte, c.size()), make([]byte, c.size())
		one[0] = 1
		sig, err := k.Sign(nil, zero, nil)
		if err != nil || !k.Verify(zero, sig) || !k.Verify(one, sig) {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}

func TestPointsThatAreNoKeys(t *testing.T) {
	for _, c := range Curves() {
		k := testKey(t, c)
		for name, at := range map[string][2]*big.Int{
			"off the curve":    {k.X, new(big.Int).Add(k.Y, big.NewInt(1))},
			"infinity as 0, 0": {new(big.Int), new(big.Int)},
			"beyond the field": {new(big.Int).Add(k.X, c.p), k.Y},
			"negative":         {new(big.Int).Neg(k.X), k.Y},
		} {
			if _, err := NewPublicKey(c, at[0], at[1]); err == nil {
				t.Errorf("%s: %s is accepted", c.Name, name)
			}
		}
		if c.cofactor == 1 {
			continue
		}
		// A point of order 2: y = 0, x a root of x³ + ax + b. One times a
		// random point by q gives a point of small order.
		for x := big.NewInt(1); ; x.Add(x, big.NewInt(1)) {
			y := c.root(x)
			if y == nil {
				continue
			}
			p := point{c.f.from(x), c.f.from(y), c.f.one}
			if at := c.combine(new(big.Int), &p, c.q); !c.f.isZero(&at.z) {
				if _, err := NewPublicKey(c, new(big.Int).Set(x), y); err == nil {
					t.Errorf("%s: a point outside the group is accepted", c.Name)
				}
				break
			}
		}
	}
	if _, err := NewPublicKey(nil, new(big.Int), new(big.Int)); err == nil {
		t.Error("no curve")
	}
}

// root is a y for this x, or nil.
func (c *Curve) root(x *big.Int) *big.Int {
	n := new(big.Int).Exp(x, big.NewInt(3), c.p)
	n.Add(n, new(big.Int).Mul(c.a, x)).Add(n, c.b).Mod(n, c.p)
	return new(big.Int).ModSqrt(n, c.p)
}

func BenchmarkVerify(b *testing.B) {
	for _, c := range Curves() {
		b.Run(c.Name, func(b *testing.B) {
			k := testKey(b, c)
			digest := make([]byte, c.size())
			rand.Read(digest)
			sig, err := k.Sign(nil, digest, nil)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if !k.Verify(digest, sig) {
					b.Fatal("refused")
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "verifications/s")
		})
	}
}
