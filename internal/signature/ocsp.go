package signature

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	oidBasicOCSP = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}
	oidNonce     = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}
)

// ocspResponse is a BasicOCSPResponse (RFC 6960, 4.2.1).
type ocspResponse struct {
	raw, tbs  []byte
	byName    []byte // DER of the responder's name, or
	byKey     []byte // SHA-1 of its key
	produced  time.Time
	answers   []ocspAnswer
	nonce     []byte
	algorithm algorithm
	signature []byte
	certs     [][]byte
}

type ocspAnswer struct {
	hash              asn1.ObjectIdentifier
	nameHash, keyHash []byte
	serial            *big.Int
	status            int // 0 good, 1 revoked, 2 unknown
	revoked           time.Time
	this, next        time.Time // next is zero if absent
}

// parseOCSP reads an OCSPResponse in DER; false is a malformed one or one that
// only says that there is no answer.
func parseOCSP(der []byte) (r ocspResponse, ok bool) {
	in := cryptobyte.String(der)
	var outer, body, part cryptobyte.String
	var status int
	var kind asn1.ObjectIdentifier
	if !in.ReadASN1(&outer, tag.SEQUENCE) || !in.Empty() || !outer.ReadASN1Enum(&status) || status != 0 ||
		!outer.ReadASN1(&part, inner0) || !outer.Empty() || !part.ReadASN1(&body, tag.SEQUENCE) ||
		!body.ReadASN1ObjectIdentifier(&kind) || !kind.Equal(oidBasicOCSP) || !body.ReadASN1(&part, tag.OCTET_STRING) {
		return r, false
	}
	return parseBasicOCSP(part)
}

// parseBasicOCSP reads the answer itself, as signatures with proofs carry it.
func parseBasicOCSP(der []byte) (r ocspResponse, ok bool) {
	in := cryptobyte.String(der)
	var tbs, basic, part, list cryptobyte.String
	if len(der) > maxOCSP || !in.ReadASN1(&basic, tag.SEQUENCE) || !in.Empty() || !basic.ReadASN1Element(&tbs, tag.SEQUENCE) {
		return r, false
	}
	r.raw, r.tbs = der, tbs
	if !r.readData(tbs) {
		return r, false
	}
	if r.algorithm, ok = readAlgorithm(&basic); !ok || !basic.ReadASN1BitStringAsBytes(&r.signature) {
		return r, false
	}
	var has bool
	if !basic.ReadOptionalASN1(&part, &has, inner0) || !basic.Empty() {
		return r, false
	}
	if has && (!part.ReadASN1(&list, tag.SEQUENCE) || !part.Empty()) {
		return r, false
	}
	for !list.Empty() {
		var one cryptobyte.String
		if !list.ReadASN1Element(&one, tag.SEQUENCE) || len(r.certs) >= maxResponderCerts {
			return r, false
		}
		r.certs = append(r.certs, one)
	}
	return r, true
}

// readData reads ResponseData.
func (r *ocspResponse) readData(in cryptobyte.String) bool {
	var data, part, list cryptobyte.String
	if !in.ReadASN1(&data, tag.SEQUENCE) || !data.SkipOptionalASN1(inner0) {
		return false
	}
	const inner2 = tag.Tag(0xa2)
	switch {
	case data.PeekASN1Tag(inner1):
		if !data.ReadASN1(&part, inner1) {
			return false
		}
		r.byName = part
	case data.ReadASN1(&part, inner2):
		var key cryptobyte.String
		if !part.ReadASN1(&key, tag.OCTET_STRING) || !part.Empty() {
			return false
		}
		r.byKey = key
	default:
		return false
	}
	if !data.ReadASN1GeneralizedTime(&r.produced) || !data.ReadASN1(&list, tag.SEQUENCE) {
		return false
	}
	for !list.Empty() {
		a, ok := readAnswer(&list)
		if !ok || len(r.answers) >= 64 {
			return false
		}
		r.answers = append(r.answers, a)
	}
	var has bool
	var extensions cryptobyte.String
	if !data.ReadOptionalASN1(&part, &has, inner1) || !data.Empty() {
		return false
	}
	if has && (!part.ReadASN1(&extensions, tag.SEQUENCE) || !part.Empty()) {
		return false
	}
	for !extensions.Empty() {
		var one, value cryptobyte.String
		var oid asn1.ObjectIdentifier
		critical := false
		if !extensions.ReadASN1(&one, tag.SEQUENCE) || !one.ReadASN1ObjectIdentifier(&oid) ||
			!one.ReadOptionalASN1Boolean(&critical, tag.BOOLEAN, false) || !one.ReadASN1(&value, tag.OCTET_STRING) {
			return false
		}
		if oid.Equal(oidNonce) {
			r.nonce = value
			var inner cryptobyte.String
			if value.ReadASN1(&inner, tag.OCTET_STRING) && value.Empty() {
				r.nonce = inner
			}
		} else if critical {
			return false
		}
	}
	return true
}

// readAnswer reads a SingleResponse.
func readAnswer(list *cryptobyte.String) (a ocspAnswer, ok bool) {
	var one, id, status, name, key cryptobyte.String
	if !list.ReadASN1(&one, tag.SEQUENCE) || !one.ReadASN1(&id, tag.SEQUENCE) {
		return a, false
	}
	hash, ok := readAlgorithm(&id)
	a.hash, a.serial = hash.oid, new(big.Int)
	if !ok || !id.ReadASN1(&name, tag.OCTET_STRING) || !id.ReadASN1(&key, tag.OCTET_STRING) || !id.ReadASN1Integer(a.serial) || !id.Empty() {
		return a, false
	}
	a.nameHash, a.keyHash = name, key
	var t tag.Tag
	if !one.ReadAnyASN1(&status, &t) {
		return a, false
	}
	switch t {
	case context0:
		a.status = 0
	case inner1:
		a.status = 1
		if !status.ReadASN1GeneralizedTime(&a.revoked) || !status.SkipOptionalASN1(inner0) || !status.Empty() {
			return a, false
		}
	case context0 + 2:
		a.status = 2
	default:
		return a, false
	}
	var next cryptobyte.String
	var has bool
	if !one.ReadASN1GeneralizedTime(&a.this) || !one.ReadOptionalASN1(&next, &has, inner0) {
		return a, false
	}
	if has && (!next.ReadASN1GeneralizedTime(&a.next) || !next.Empty()) {
		return a, false
	}
	return a, one.SkipOptionalASN1(inner1) && one.Empty()
}

// about tells whether the answer is about the certificate.
func (a *ocspAnswer) about(cert, issuer *Certificate) bool {
	if a.serial.Cmp(cert.X509.SerialNumber) != 0 || newNaming(a.hash) == nil {
		return false
	}
	return bytes.Equal(a.nameHash, sum(newNaming(a.hash), cert.X509.RawIssuer)) &&
		bytes.Equal(a.keyHash, sum(newNaming(a.hash), keyBits(issuer)))
}

// keyBits is the content of the BIT STRING with the public key.
func keyBits(c *Certificate) []byte {
	in := cryptobyte.String(c.X509.RawSubjectPublicKeyInfo)
	var seq cryptobyte.String
	var bits []byte
	if !in.ReadASN1(&seq, tag.SEQUENCE) || !seq.SkipASN1(tag.SEQUENCE) || !seq.ReadASN1BitStringAsBytes(&bits) {
		return nil
	}
	return bits
}

// ocsp is what a response says about a certificate. Who signed it must be the
// issuer, or hold a certificate of the issuer's for that (EKU OCSPSigning);
// whether that one is revoked is not asked.
func (v *verification) ocsp(r ocspResponse, nonce []byte, cert, issuer *Certificate) state {
	i := slices.IndexFunc(r.answers, func(a ocspAnswer) bool { return a.about(cert, issuer) })
	if i >= 0 {
		v.tried++
	}
	if i < 0 || v.tried > maxTried {
		return state{code: RevocationUnknown}
	}
	responder := r.responder(issuer)
	if responder == nil || checkWhole(responder, r.algorithm, r.tbs, r.signature) != "" ||
		len(nonce) > 0 && len(r.nonce) > 0 && !bytes.Equal(nonce, r.nonce) {
		return state{code: RevocationForeign}
	}
	a := r.answers[i]
	proof := Proof{Of: cert, OCSP: true, This: a.this.UTC(), DER: r.raw}
	switch {
	case a.status == 1:
		return state{Revoked, a.revoked.UTC(), proof}
	case a.status == 2:
		return state{code: RevocationUnknown}
	}
	return state{code: v.fresh(a.this, a.next), proof: proof}
}

// responder is who may have signed: the issuer or its delegate, found among the
// response's certificates; nil if neither.
func (r *ocspResponse) responder(issuer *Certificate) *Certificate {
	named := func(c *Certificate) bool {
		if r.byName != nil {
			return bytes.Equal(r.byName, c.X509.RawSubject)
		}
		return bytes.Equal(r.byKey, sum(newNaming(oidSHA1), keyBits(c)))
	}
	if named(issuer) {
		return issuer
	}
	for _, der := range r.certs {
		c, err := ParseCertificate(der)
		if err != nil || !named(c) {
			continue
		}
		switch {
		case !slices.Contains(c.X509.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning),
			r.produced.Before(c.X509.NotBefore.Add(-skew)), r.produced.After(c.X509.NotAfter),
			len(c.X509.UnhandledCriticalExtensions) > 0, !issuer.mayHaveIssued(c):
		case issuer.signed(c) == "":
			return c
		}
	}
	return nil
}
