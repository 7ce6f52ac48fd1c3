package signature

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// checkAttributes checks what is signed besides the signature itself: the kind
// and the digest of the document, the signer's certificate, the claimed time
// (RFC 5652, 11; RFC 5126, 5.7). A nil digest was told already.
func (v *verification) checkAttributes(digest []byte) {
	s := &v.signer
	if s.attrsDER == nil || len(s.attrs) == 0 {
		v.refuse(AttributesMissing)
		return
	}
	for i, a := range s.attrs {
		if slices.ContainsFunc(s.attrs[:i], func(b attribute) bool { return b.oid.Equal(a.oid) }) {
			v.refuse(AttributeDuplicate, "OID", a.oid.String())
		}
	}
	if value := v.demand(oidContentType); value != nil {
		in := cryptobyte.String(value)
		var kind asn1.ObjectIdentifier
		if !in.ReadASN1ObjectIdentifier(&kind) || !in.Empty() {
			v.refuse(AttributeMalformed, "OID", oidContentType.String())
		} else if !kind.Equal(v.data.contentType) {
			v.refuse(ContentTypeDiffers)
		}
	}
	if value := v.demand(oidMessageDigest); value != nil {
		in := cryptobyte.String(value)
		var claimed cryptobyte.String
		if !in.ReadASN1(&claimed, tag.OCTET_STRING) || !in.Empty() {
			v.refuse(AttributeMalformed, "OID", oidMessageDigest.String())
		} else if digest != nil && !bytes.Equal(claimed, digest) {
			v.refuse(DigestDiffers)
		} else {
			v.held.digest = digest != nil
		}
	}
	if s.has(oidSigningTime) {
		at, ok := parseTime(s.one(oidSigningTime))
		switch {
		case !ok:
			v.refuse(AttributeMalformed, "OID", oidSigningTime.String())
		case at.After(v.Now.Add(skew)):
			v.refuse(SignedInFuture, "Time", at)
		}
		v.verdict.SignedAt = at
	}
	v.checkSigningCertificate()
}

// demand is the value of an attribute that must be there with one value.
func (v *verification) demand(oid asn1.ObjectIdentifier) []byte {
	value := v.signer.one(oid)
	switch {
	case value != nil:
	case v.signer.has(oid):
		v.refuse(AttributeMalformed, "OID", oid.String())
	default:
		v.refuse(AttributeMissing, "OID", oid.String())
	}
	return value
}

func (s *signerInfo) has(oid asn1.ObjectIdentifier) bool {
	return slices.ContainsFunc(s.attrs, func(a attribute) bool { return a.oid.Equal(oid) })
}

// checkSigningCertificate demands signing-certificate-v2 (RFC 5035). Version 1
// knows SHA-1 alone; it is enough, with a note, for keys that are not GOST.
func (v *verification) checkSigningCertificate() {
	s, c := &v.signer, v.verdict.Signer
	if c == nil {
		return
	}
	code := s.certified(c)
	v.held.certificate = code == "" || code == SigningCertificateOld
	switch {
	case code == SigningCertificateOld && v.oldNaming:
	case code == SigningCertificateOld && c.GOST == nil:
		v.note(code)
	case code == SigningCertificateOld:
		v.refuse(SigningCertificateMissing)
	case code == AttributeMalformed:
		v.refuse(code, "OID", oidSigningCert2.String())
	case code != "":
		v.refuse(code)
	}
}

// certified tells whether the signed attributes name this certificate: empty if
// they do, SigningCertificateOld if only version 1 does.
func (s *signerInfo) certified(c *Certificate) Code {
	out := SigningCertificateMissing
	for _, kind := range []struct {
		oid, hash asn1.ObjectIdentifier // hash: the one if none is named
		good      Code
	}{{oidSigningCert1, oidSHA1, SigningCertificateOld}, {oidSigningCert2, oidSHA256, ""}} {
		if !s.has(kind.oid) {
			continue
		}
		first, ok := parseSigningCertificate(s.one(kind.oid), kind.hash)
		switch {
		case !ok:
			return AttributeMalformed
		case !first.names(c):
			return SigningCertificateDiffers
		}
		out = kind.good
	}
	return out
}

// essCertID names a certificate by its hash (RFC 5035, 4).
type essCertID struct {
	hash   asn1.ObjectIdentifier
	digest []byte
	issuer []byte // DER of the name, or nil
	serial *big.Int
}

func (e essCertID) names(c *Certificate) bool {
	h := newNaming(e.hash)
	return h != nil && bytes.Equal(e.digest, sum(h, c.X509.Raw)) &&
		(e.serial == nil || e.serial.Cmp(c.X509.SerialNumber) == 0 && bytes.Equal(e.issuer, c.X509.RawIssuer))
}

// parseSigningCertificate reads the first, which is the signer's, of
// SigningCertificate or, where hash isn't SHA-1, SigningCertificateV2.
func parseSigningCertificate(der []byte, hash asn1.ObjectIdentifier) (e essCertID, ok bool) {
	in := cryptobyte.String(der)
	var seq, certs, one, digest cryptobyte.String
	if !in.ReadASN1(&seq, tag.SEQUENCE) || !in.Empty() || !seq.ReadASN1(&certs, tag.SEQUENCE) || !certs.ReadASN1(&one, tag.SEQUENCE) {
		return e, false
	}
	e.hash = hash
	if one.PeekASN1Tag(tag.SEQUENCE) && !hash.Equal(oidSHA1) {
		alg, ok := readAlgorithm(&one)
		if !ok || alg.oid.Equal(oidSHA1) {
			return e, false
		}
		e.hash = alg.oid
	}
	if !one.ReadASN1(&digest, tag.OCTET_STRING) {
		return e, false
	}
	e.digest = digest
	if one.Empty() {
		return e, true
	}
	// IssuerSerial: GeneralNames, of which the directory name counts, and a number.
	var serial, names cryptobyte.String
	if !one.ReadASN1(&serial, tag.SEQUENCE) || !one.Empty() || !serial.ReadASN1(&names, tag.SEQUENCE) {
		return e, false
	}
	e.serial = new(big.Int)
	if !serial.ReadASN1Integer(e.serial) {
		return e, false
	}
	for !names.Empty() {
		var name cryptobyte.String
		var t tag.Tag
		if !names.ReadAnyASN1(&name, &t) {
			return e, false
		}
		if t == inner0+4 {
			e.issuer = name
		}
	}
	return e, true
}
