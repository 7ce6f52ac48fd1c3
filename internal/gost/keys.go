package gost

import (
	"encoding/asn1"
	"errors"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// Identifiers of RFC 9215.
var (
	OIDKey256       = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 1, 1}
	OIDKey512       = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 1, 2}
	OIDDigest256    = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 2}
	OIDDigest512    = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 3}
	OIDSignature256 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 3, 2} // with its digest
	OIDSignature512 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 3, 3}
)

var (
	errAlgorithm = errors.New("gost: not a key of GOST R 34.10-2012")
	errKey       = errors.New("gost: the key is malformed")
)

// ParsePublicKey reads a SubjectPublicKeyInfo (RFC 9215, 4): a BIT STRING that
// holds an OCTET STRING with X‖Y, each little-endian. A key of another
// algorithm gives an error for which [IsOther] is true.
func ParsePublicKey(spki []byte) (*PublicKey, error) {
	in := cryptobyte.String(spki)
	var seq, alg cryptobyte.String
	var bits []byte
	if !in.ReadASN1(&seq, tag.SEQUENCE) || !in.Empty() || !seq.ReadASN1(&alg, tag.SEQUENCE) {
		return nil, errKey
	}
	c, err := parseAlgorithm(alg)
	if err != nil {
		return nil, err
	}
	if !seq.ReadASN1BitStringAsBytes(&bits) || !seq.Empty() {
		return nil, errKey
	}
	in = bits
	var xy cryptobyte.String
	if !in.ReadASN1(&xy, tag.OCTET_STRING) || !in.Empty() || len(xy) != 2*c.size() {
		return nil, errKey
	}
	return NewPublicKey(c, littleEndian(xy[:c.size()]), littleEndian(xy[c.size():]))
}

// IsOther tells whether a parser refused a key only for being of another
// algorithm.
func IsOther(err error) bool { return err == errAlgorithm }

func littleEndian(b []byte) *big.Int { return new(big.Int).SetBytes(Reverse(b)) }

// parseAlgorithm reads what stands in an AlgorithmIdentifier. The digest may be
// absent; if it is there it must be the one of the key's size.
func parseAlgorithm(alg cryptobyte.String) (*Curve, error) {
	var key, curve, digest asn1.ObjectIdentifier
	if !alg.ReadASN1ObjectIdentifier(&key) {
		return nil, errKey
	}
	if !key.Equal(OIDKey256) && !key.Equal(OIDKey512) {
		return nil, errAlgorithm
	}
	var params cryptobyte.String
	if !alg.ReadASN1(&params, tag.SEQUENCE) || !alg.Empty() || !params.ReadASN1ObjectIdentifier(&curve) {
		return nil, errKey
	}
	c := CurveByOID(curve)
	if c == nil {
		return nil, errors.New("gost: unknown curve " + curve.String())
	}
	want, hash := OIDKey256, OIDDigest256
	if c.Bits() == 512 {
		want, hash = OIDKey512, OIDDigest512
	}
	if !key.Equal(want) {
		return nil, errors.New("gost: the curve is not of the key's size")
	}
	if !params.Empty() && (!params.ReadASN1ObjectIdentifier(&digest) || !digest.Equal(hash)) {
		return nil, errors.New("gost: the key names a foreign digest")
	}
	// A third identifier is the cipher for key transport; signatures need none.
	if !params.Empty() && !params.SkipASN1(tag.OBJECT_IDENTIFIER) || !params.Empty() {
		return nil, errKey
	}
	return c, nil
}

func (c *Curve) addAlgorithm(b *cryptobyte.Builder) {
	key, digest := OIDKey256, OIDDigest256
	if c.Bits() == 512 {
		key, digest = OIDKey512, OIDDigest512
	}
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(key)
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(c.OID())
			b.AddASN1ObjectIdentifier(digest)
		})
	})
}

// MarshalSPKI is the SubjectPublicKeyInfo, DER.
func (k *PublicKey) MarshalSPKI() []byte {
	n := k.Curve.size()
	xy := make([]byte, 2*n)
	k.Y.FillBytes(xy[:n])
	k.X.FillBytes(xy[n:])
	var inner, b cryptobyte.Builder
	inner.AddASN1OctetString(Reverse(xy))
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		k.Curve.addAlgorithm(b)
		b.AddASN1BitString(inner.BytesOrPanic())
	})
	return b.BytesOrPanic()
}

// ParsePrivateKey reads a PKCS #8 PrivateKeyInfo that is not encrypted. Three
// forms of the number are met: an OCTET STRING or bare bytes, little-endian,
// and an INTEGER. Keys split by masks are refused.
func ParsePrivateKey(pkcs8 []byte) (*PrivateKey, error) {
	in := cryptobyte.String(pkcs8)
	var seq, alg, key cryptobyte.String
	var version int
	if !in.ReadASN1(&seq, tag.SEQUENCE) || !in.Empty() || !seq.ReadASN1Integer(&version) || version < 0 || version > 1 ||
		!seq.ReadASN1(&alg, tag.SEQUENCE) {
		return nil, errKey
	}
	c, err := parseAlgorithm(alg)
	if err != nil {
		return nil, err
	}
	if !seq.ReadASN1(&key, tag.OCTET_STRING) { // attributes may follow
		return nil, errKey
	}
	if len(key) == c.size() {
		return NewPrivateKey(c, littleEndian(key))
	}
	if key.PeekASN1Tag(tag.INTEGER) {
		d := new(big.Int)
		if !key.ReadASN1Integer(d) || !key.Empty() {
			return nil, errKey
		}
		return NewPrivateKey(c, d)
	}
	var bytes cryptobyte.String
	if !key.ReadASN1(&bytes, tag.OCTET_STRING) || !key.Empty() || len(bytes) != c.size() {
		return nil, errKey
	}
	return NewPrivateKey(c, littleEndian(bytes))
}

// MarshalPKCS8 is the PrivateKeyInfo, DER, not encrypted.
func (k *PrivateKey) MarshalPKCS8() []byte {
	d := make([]byte, k.Curve.size())
	k.d.FillBytes(d)
	var inner, b cryptobyte.Builder
	inner.AddASN1OctetString(Reverse(d))
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		k.Curve.addAlgorithm(b)
		b.AddASN1OctetString(inner.BytesOrPanic())
	})
	return b.BytesOrPanic()
}
