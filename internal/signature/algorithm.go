package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	_ "crypto/sha1" // names certificates in OCSP and in old attributes
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/asn1"
	"hash"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"okno/internal/gost"
)

var (
	oidSHA1   = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidSHA256 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	oidRSA    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidPSS    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidMGF1   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}
)

// digests are the hashes a signature may use. SHA-1 and what is older are not
// among them.
var digests = []struct {
	oid  asn1.ObjectIdentifier
	std  crypto.Hash
	gost func() hash.Hash
}{
	{gost.OIDDigest256, 0, gost.New256},
	{gost.OIDDigest512, 0, gost.New512},
	{oidSHA256, crypto.SHA256, nil},
	{oidSHA384, crypto.SHA384, nil},
	{oidSHA512, crypto.SHA512, nil},
}

// newDigest is the hash with this identifier, or nil.
func newDigest(oid asn1.ObjectIdentifier) hash.Hash {
	for _, d := range digests {
		switch {
		case !d.oid.Equal(oid):
		case d.gost != nil:
			return d.gost()
		default:
			return d.std.New()
		}
	}
	return nil
}

// newNaming is newDigest for hashes that only point at a certificate: SHA-1
// serves there too.
func newNaming(oid asn1.ObjectIdentifier) hash.Hash {
	if oid.Equal(oidSHA1) {
		return crypto.SHA1.New()
	}
	return newDigest(oid)
}

func sum(h hash.Hash, parts ...[]byte) []byte {
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func stdHash(oid asn1.ObjectIdentifier) crypto.Hash {
	for _, d := range digests {
		if d.oid.Equal(oid) {
			return d.std
		}
	}
	return 0
}

type family string

const (
	familyGOST  family = "GOST R 34.10-2012"
	familyRSA   family = "RSA"
	familyPSS   family = "RSA-PSS"
	familyECDSA family = "ECDSA"
)

// schemes are the identifiers of signatures; those without a digest take it
// from the message.
var schemes = []struct {
	oid    asn1.ObjectIdentifier
	family family
	digest asn1.ObjectIdentifier
}{
	{gost.OIDSignature256, familyGOST, gost.OIDDigest256},
	{gost.OIDSignature512, familyGOST, gost.OIDDigest512},
	{gost.OIDKey256, familyGOST, gost.OIDDigest256},
	{gost.OIDKey512, familyGOST, gost.OIDDigest512},
	{oidRSA, familyRSA, nil},
	{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, familyRSA, oidSHA256},
	{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}, familyRSA, oidSHA384},
	{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}, familyRSA, oidSHA512},
	{asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}, familyECDSA, nil},
	{asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}, familyECDSA, oidSHA256},
	{asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}, familyECDSA, oidSHA384},
	{asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}, familyECDSA, oidSHA512},
}

// scheme is how a signature is to be checked.
type scheme struct {
	family family
	digest asn1.ObjectIdentifier
	salt   int // of PSS
}

// schemeOf reads the identifier of a signature; digest is the one that the
// message names, or nil where the identifier must tell it.
func schemeOf(alg algorithm, digest asn1.ObjectIdentifier) (scheme, Code) {
	if alg.oid.Equal(oidPSS) {
		s, ok := parsePSS(alg.params)
		switch {
		case !ok:
			return s, UnknownAlgorithm
		case digest != nil && !digest.Equal(s.digest):
			return s, AlgorithmMismatch
		}
		return s, ""
	}
	for _, known := range schemes {
		if !known.oid.Equal(alg.oid) {
			continue
		}
		s := scheme{family: known.family, digest: known.digest}
		switch {
		case s.digest == nil && digest == nil:
			return s, UnknownAlgorithm
		case s.digest == nil:
			s.digest = digest
		case digest != nil && !digest.Equal(s.digest):
			return s, AlgorithmMismatch
		}
		if s.family != familyGOST && stdHash(s.digest) == 0 {
			return s, AlgorithmMismatch
		}
		return s, ""
	}
	return scheme{}, UnknownAlgorithm
}

// parsePSS reads RSASSA-PSS-params (RFC 4055, 3.1); the mask must use the same
// hash. What is absent would be SHA-1 and is refused.
func parsePSS(der []byte) (s scheme, ok bool) {
	in := cryptobyte.String(der)
	var seq, part cryptobyte.String
	if !in.ReadASN1(&seq, tag.SEQUENCE) || !in.Empty() || !seq.ReadASN1(&part, inner0) {
		return s, false
	}
	h, ok := readAlgorithm(&part)
	if !ok || stdHash(h.oid) == 0 || !seq.ReadASN1(&part, inner1) {
		return s, false
	}
	mask, ok := readAlgorithm(&part)
	if !ok || !mask.oid.Equal(oidMGF1) {
		return s, false
	}
	params := cryptobyte.String(mask.params)
	if inner, ok := readAlgorithm(&params); !ok || !inner.oid.Equal(h.oid) {
		return s, false
	}
	s = scheme{family: familyPSS, digest: h.oid, salt: 20}
	const inner2, inner3 = tag.Tag(0xa2), tag.Tag(0xa3)
	if !seq.ReadOptionalASN1Integer(&s.salt, inner2, 20) || s.salt < 0 || s.salt > 512 {
		return s, false
	}
	trailer := 1
	return s, seq.ReadOptionalASN1Integer(&trailer, inner3, 1) && trailer == 1 && seq.Empty()
}

// check verifies sig over a digest by the key of a certificate.
func (s scheme) check(key *Certificate, digest, sig []byte) Code {
	ok := false
	switch s.family {
	case familyGOST:
		if key.GOST == nil || len(digest)*8 != key.GOST.Curve.Bits() {
			return AlgorithmMismatch
		}
		ok = key.GOST.Verify(digest, sig)
	case familyRSA, familyPSS:
		pub, is := key.X509.PublicKey.(*rsa.PublicKey)
		switch {
		case !is:
			return AlgorithmMismatch
		case pub.N.BitLen() < minRSA || pub.N.BitLen() > maxRSA:
			return KeyWeak
		case s.family == familyRSA:
			ok = rsa.VerifyPKCS1v15(pub, stdHash(s.digest), digest, sig) == nil
		default:
			ok = rsa.VerifyPSS(pub, stdHash(s.digest), digest, sig, &rsa.PSSOptions{SaltLength: s.salt}) == nil
		}
	case familyECDSA:
		pub, is := key.X509.PublicKey.(*ecdsa.PublicKey)
		if !is {
			return AlgorithmMismatch
		}
		ok = ecdsa.VerifyASN1(pub, digest, sig)
	default:
		return UnknownAlgorithm
	}
	if !ok {
		return SignatureWrong
	}
	return ""
}

// Sizes of RSA keys in bits: shorter is not safe, longer only takes time.
const (
	minRSA = 2048
	maxRSA = 8192
)

// checkWhole verifies what X.509 signs: a certificate, a list or an answer.
func checkWhole(key *Certificate, alg algorithm, message, sig []byte) Code {
	s, code := schemeOf(alg, nil)
	if code != "" {
		return code
	}
	return s.check(key, sum(newDigest(s.digest), message), sig)
}
