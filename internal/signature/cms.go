package signature

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSigningCert1  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCert2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
)

// algorithm is an AlgorithmIdentifier; params are DER or empty.
type algorithm struct {
	oid    asn1.ObjectIdentifier
	params []byte
}

// signedData is a parsed SignedData (RFC 5652, 5).
type signedData struct {
	contentType  asn1.ObjectIdentifier
	content      []byte
	attached     bool
	certificates [][]byte
	crls         [][]byte
	signers      []signerInfo
}

type signerInfo struct {
	issuer    []byte // DER of the name; empty if keyID names the certificate
	serial    *big.Int
	keyID     []byte
	digest    algorithm
	attrs     []attribute
	attrsDER  []byte // as SET, in the order they came in; nil without attributes
	algorithm algorithm
	signature []byte
	unsigned  []attribute
}

type attribute struct {
	oid    asn1.ObjectIdentifier
	raw    []byte   // the whole element
	values [][]byte // DER of each
}

const (
	context0 = tag.Tag(0x80)
	inner0   = tag.Tag(0xa0)
	inner1   = tag.Tag(0xa1)
)

// parseCMS reads a ContentInfo in DER with SignedData inside; code tells why not.
func parseCMS(der []byte) (out signedData, code Code) {
	in := cryptobyte.String(der)
	var info, wrapped, sd, encap, set cryptobyte.String
	var kind asn1.ObjectIdentifier
	if !in.ReadASN1(&info, tag.SEQUENCE) || !in.Empty() || !info.ReadASN1ObjectIdentifier(&kind) {
		return out, Malformed
	}
	if !kind.Equal(oidSignedData) {
		return out, NotSigned
	}
	var version int
	if !info.ReadASN1(&wrapped, inner0) || !info.Empty() || !wrapped.ReadASN1(&sd, tag.SEQUENCE) || !wrapped.Empty() ||
		!sd.ReadASN1Integer(&version) || !sd.SkipASN1(tag.SET) ||
		!sd.ReadASN1(&encap, tag.SEQUENCE) || !encap.ReadASN1ObjectIdentifier(&out.contentType) {
		return out, Malformed
	}
	if !encap.Empty() {
		var e, octets cryptobyte.String
		if !encap.ReadASN1(&e, inner0) || !encap.Empty() || !e.ReadASN1(&octets, tag.OCTET_STRING) || !e.Empty() {
			return out, Malformed
		}
		out.content, out.attached = octets, true
	}
	for _, part := range []struct {
		t  tag.Tag
		to *[][]byte
	}{{inner0, &out.certificates}, {inner1, &out.crls}} {
		var has bool
		if !sd.ReadOptionalASN1(&set, &has, part.t) {
			return out, Malformed
		}
		for has && !set.Empty() {
			var one cryptobyte.String
			var t tag.Tag
			if !set.ReadAnyASN1Element(&one, &t) {
				return out, Malformed
			}
			if t == tag.SEQUENCE { // other forms of certificates and answers are passed over
				*part.to = append(*part.to, one)
			}
			if len(*part.to) > MaxCertificates {
				return out, TooManyCertificates
			}
		}
	}
	if !sd.ReadASN1(&set, tag.SET) || !sd.Empty() {
		return out, Malformed
	}
	for !set.Empty() {
		var one cryptobyte.String
		if !set.ReadASN1(&one, tag.SEQUENCE) {
			return out, Malformed
		}
		s, ok := parseSigner(one)
		if !ok {
			return out, Malformed
		}
		if out.signers = append(out.signers, s); len(out.signers) > MaxCertificates {
			return out, SeveralSigners
		}
	}
	return out, ""
}

func parseSigner(in cryptobyte.String) (s signerInfo, ok bool) {
	var version int
	if !in.ReadASN1Integer(&version) {
		return s, false
	}
	var id cryptobyte.String
	if in.PeekASN1Tag(context0) {
		if !in.ReadASN1(&id, context0) || len(id) == 0 {
			return s, false
		}
		s.keyID = id
	} else {
		var name cryptobyte.String
		s.serial = new(big.Int)
		if !in.ReadASN1(&id, tag.SEQUENCE) || !id.ReadASN1Element(&name, tag.SEQUENCE) || !id.ReadASN1Integer(s.serial) || !id.Empty() {
			return s, false
		}
		s.issuer = name
	}
	if s.digest, ok = readAlgorithm(&in); !ok {
		return s, false
	}
	if in.PeekASN1Tag(inner0) {
		var set, whole cryptobyte.String
		if !in.ReadASN1Element(&whole, inner0) {
			return s, false
		}
		// What was signed is the SET, not the implicit [0] (RFC 5652, 5.4).
		s.attrsDER = slices.Clone(whole)
		s.attrsDER[0] = byte(tag.SET)
		if !whole.ReadASN1(&set, inner0) {
			return s, false
		}
		if s.attrs, ok = parseAttributes(set); !ok {
			return s, false
		}
	}
	if s.algorithm, ok = readAlgorithm(&in); !ok {
		return s, false
	}
	var sig, set cryptobyte.String
	if !in.ReadASN1(&sig, tag.OCTET_STRING) || !in.ReadOptionalASN1(&set, nil, inner1) || !in.Empty() {
		return s, false
	}
	s.signature = sig
	s.unsigned, ok = parseAttributes(set)
	return s, ok
}

func parseAttributes(set cryptobyte.String) (out []attribute, ok bool) {
	for !set.Empty() {
		var whole, one, values cryptobyte.String
		var a attribute
		if !set.ReadASN1Element(&whole, tag.SEQUENCE) {
			return nil, false
		}
		a.raw = whole
		if !whole.ReadASN1(&one, tag.SEQUENCE) || !one.ReadASN1ObjectIdentifier(&a.oid) || !one.ReadASN1(&values, tag.SET) || !one.Empty() {
			return nil, false
		}
		for !values.Empty() {
			var v cryptobyte.String
			var t tag.Tag
			if !values.ReadAnyASN1Element(&v, &t) || len(a.values) >= maxAttributes {
				return nil, false
			}
			a.values = append(a.values, v)
		}
		if out = append(out, a); len(out) > maxAttributes {
			return nil, false
		}
	}
	return out, true
}

func readAlgorithm(in *cryptobyte.String) (a algorithm, ok bool) {
	var seq cryptobyte.String
	if !in.ReadASN1(&seq, tag.SEQUENCE) || !seq.ReadASN1ObjectIdentifier(&a.oid) {
		return a, false
	}
	if !seq.Empty() {
		var params cryptobyte.String
		var t tag.Tag
		if !seq.ReadAnyASN1Element(&params, &t) || !seq.Empty() {
			return a, false
		}
		a.params = params
	}
	return a, true
}

// sortedAttributes is the SET in the order of DER, for signers that wrote
// another order than they hashed; nil if it is the same.
func (s *signerInfo) sortedAttributes() []byte {
	raws := make([][]byte, len(s.attrs))
	for i, a := range s.attrs {
		raws[i] = a.raw
	}
	if slices.IsSortedFunc(raws, bytes.Compare) {
		return nil
	}
	slices.SortFunc(raws, bytes.Compare)
	var b cryptobyte.Builder
	b.AddASN1(tag.SET, func(b *cryptobyte.Builder) {
		for _, r := range raws {
			b.AddBytes(r)
		}
	})
	return b.BytesOrPanic()
}

// one is the only value of a signed attribute, or nil.
func (s *signerInfo) one(oid asn1.ObjectIdentifier) []byte { return only(s.attrs, oid) }

func only(attrs []attribute, oid asn1.ObjectIdentifier) []byte {
	for _, a := range attrs {
		if a.oid.Equal(oid) && len(a.values) == 1 {
			return a.values[0]
		}
	}
	return nil
}

// parseTime reads a UTCTime or GeneralizedTime.
func parseTime(der []byte) (at time.Time, ok bool) {
	in := cryptobyte.String(der)
	if in.PeekASN1Tag(tag.UTCTime) {
		ok = in.ReadASN1UTCTime(&at)
	} else {
		ok = in.ReadASN1GeneralizedTime(&at)
	}
	return at.UTC(), ok && in.Empty()
}
