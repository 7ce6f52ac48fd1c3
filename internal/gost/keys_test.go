package gost

import (
	"bytes"
	"encoding/asn1"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

func TestKeysGoBothWays(t *testing.T) {
	for _, c := range Curves() {
		k := testKey(t, c)
		pub, err := ParsePublicKey(k.MarshalSPKI())
		if err != nil || !pub.Equal(k.Public()) {
			t.Errorf("%s: public: %v", c.Name, err)
		}
		again, err := ParsePrivateKey(k.MarshalPKCS8())
		if err != nil || again.d.Cmp(k.d) != 0 {
			t.Errorf("%s: private: %v", c.Name, err)
		}
		if pub.Equal(testKey(t, c).Public()) {
			t.Errorf("%s: two keys are one", c.Name)
		}
	}
}

// swap replaces bytes that must be there.
func swap(t *testing.T, in, from, to []byte) []byte {
	t.Helper()
	if !bytes.Contains(in, from) {
		t.Fatalf("%x is not in %x", from, in)
	}
	return bytes.Replace(in, from, to, 1)
}

func oidBytes(t *testing.T, oid asn1.ObjectIdentifier) []byte {
	t.Helper()
	b, err := asn1.Marshal(oid)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestKeysAreRefused(t *testing.T) {
	c := CurveByOID(asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 1, 1})
	k := testKey(t, c)
	spki := k.MarshalSPKI()
	for name, bad := range map[string][]byte{
		"empty":             nil,
		"broken off":        spki[:len(spki)-1],
		"more after it":     append(bytes.Clone(spki), 0),
		"foreign digest":    swap(t, spki, oidBytes(t, OIDDigest256), oidBytes(t, OIDDigest512)),
		"foreign size":      swap(t, spki, oidBytes(t, OIDKey256), oidBytes(t, OIDKey512)),
		"curve of 512":      swap(t, spki, oidBytes(t, c.OID()), oidBytes(t, under(tc26of512, 1))),
		"unknown curve":     swap(t, spki, oidBytes(t, c.OID()), oidBytes(t, under(tc26of256, 9))),
		"other coordinates": append(spki[:len(spki)-1:len(spki)-1], spki[len(spki)-1]^1),
		"not GOST":          {0x30, 0x08, 0x30, 0x03, 0x06, 0x01, 0x2a, 0x03, 0x01, 0x00},
	} {
		if _, err := ParsePublicKey(bad); err == nil {
			t.Errorf("%s: accepted", name)
		} else if IsOther(err) != (name == "not GOST") {
			t.Errorf("%s: %v", name, err)
		}
	}
	pkcs8 := k.MarshalPKCS8()
	zero := append(pkcs8[:len(pkcs8)-32:len(pkcs8)-32], make([]byte, 32)...)
	over := append(pkcs8[:len(pkcs8)-32:len(pkcs8)-32], Reverse(c.q.FillBytes(make([]byte, 32)))...)
	for name, bad := range map[string][]byte{"empty": nil, "zero": zero, "q": over, "broken off": pkcs8[:len(pkcs8)-1]} {
		if _, err := ParsePrivateKey(bad); err == nil {
			t.Errorf("private, %s: accepted", name)
		}
	}
}

// A key without a digest, on a curve by its alias: so CryptoPro writes it.
func TestKeyWithoutDigest(t *testing.T) {
	k := testKey(t, CurveByOID(under(tc26of256, 2)))
	for _, oid := range k.Curve.oids {
		var b cryptobyte.Builder
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(OIDKey256)
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oid) })
			})
			spki := k.MarshalSPKI()
			b.AddBytes(spki[len(spki)-69:]) // the BIT STRING
		})
		pub, err := ParsePublicKey(b.BytesOrPanic())
		if err != nil || !pub.Equal(k.Public()) {
			t.Errorf("%s: %v", oid, err)
		}
	}
}

// The number of a private key is met in three forms.
func TestFormsOfPrivateKeys(t *testing.T) {
	k := testKey(t, CurveByOID(under(cryptoPro, 1)))
	number := k.d.FillBytes(make([]byte, 32))
	for name, form := range map[string]func(*cryptobyte.Builder){
		"bytes":        func(b *cryptobyte.Builder) { b.AddBytes(Reverse(number)) },
		"INTEGER":      func(b *cryptobyte.Builder) { b.AddASN1BigInt(k.d) },
		"OCTET STRING": func(b *cryptobyte.Builder) { b.AddASN1OctetString(Reverse(number)) },
		"masked":       func(b *cryptobyte.Builder) { b.AddASN1OctetString(make([]byte, 64)) },
		"not a number": func(b *cryptobyte.Builder) { b.AddASN1NULL() },
		"negative":     func(b *cryptobyte.Builder) { b.AddASN1Int64(-1) },
		"two":          func(b *cryptobyte.Builder) { b.AddASN1BigInt(k.d); b.AddASN1NULL() },
	} {
		var b cryptobyte.Builder
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(0)
			k.Curve.addAlgorithm(b)
			b.AddASN1(tag.OCTET_STRING, form)
		})
		got, err := ParsePrivateKey(b.BytesOrPanic())
		if good := name == "bytes" || name == "INTEGER" || name == "OCTET STRING"; good != (err == nil) || good && got.d.Cmp(k.d) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What has no randomness, or a digest of another size, gives no signature.
func TestSigningIsRefused(t *testing.T) {
	k := testKey(t, CurveByOID(under(cryptoPro, 1)))
	if _, err := k.Sign(bytes.NewReader(nil), make([]byte, 32), nil); err == nil {
		t.Error("signed without randomness")
	}
	if _, err := k.Sign(zeros{}, make([]byte, 32), nil); err == nil {
		t.Error("signed with a source that gives only zeros")
	}
	if _, err := k.Sign(nil, make([]byte, 64), nil); err == nil {
		t.Error("signed a digest of 512 bits")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func FuzzParsePublicKey(f *testing.F) {
	for _, c := range Curves() {
		f.Add(testKey(f, c).MarshalSPKI())
	}
	f.Fuzz(func(t *testing.T, spki []byte) {
		k, err := ParsePublicKey(spki)
		if err != nil {
			return
		}
		if !k.Curve.on(k.X, k.Y) {
			t.Error("off the curve")
		}
		again, err := ParsePublicKey(k.MarshalSPKI())
		if err != nil || !again.Equal(k) {
			t.Errorf("%x does not come back: %v", spki, err)
		}
	})
}

func FuzzParsePrivateKey(f *testing.F) {
	for _, c := range Curves() {
		f.Add(testKey(f, c).MarshalPKCS8())
	}
	f.Fuzz(func(t *testing.T, pkcs8 []byte) {
		k, err := ParsePrivateKey(pkcs8)
		if err != nil {
			return
		}
		if again, err := ParsePrivateKey(k.MarshalPKCS8()); err != nil || again.d.Cmp(k.d) != 0 {
			t.Errorf("%x does not come back: %v", pkcs8, err)
		}
	})
}

// No bytes make a signature but those that the key made.
func FuzzVerify(f *testing.F) {
	keys, digest := map[byte]*PrivateKey{}, map[byte][]byte{}
	for i, c := range Curves() {
		keys[byte(i)], digest[byte(i)] = testKey(f, c), make([]byte, c.size())
		sig, err := keys[byte(i)].Sign(nil, digest[byte(i)], nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(byte(i), sig[1:])
	}
	f.Fuzz(func(t *testing.T, i byte, sig []byte) {
		if k := keys[i]; k != nil && k.Verify(digest[i], sig) {
			t.Errorf("%x is accepted", sig)
		}
	})
}
