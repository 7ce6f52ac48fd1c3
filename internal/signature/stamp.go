package signature

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	oidTSTInfo          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidSignatureStamp   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}
	oidCertificateProof = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 23}
	oidRevocationProof  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 24}
)

// proofs are what a CAdES-X Long message carries besides: certificates, lists
// and answers of its day (RFC 5126, 6.3). They count for no more than such from
// elsewhere: their signatures are checked.
type proofs struct {
	certificates, crls [][]byte
	answers            []ocspResponse
}

func (s *signerInfo) proofs() (p proofs) {
	in := cryptobyte.String(only(s.unsigned, oidCertificateProof))
	p.certificates = elements(&in, tag.SEQUENCE)
	in = only(s.unsigned, oidRevocationProof)
	var seq, part cryptobyte.String
	var has bool
	if !in.ReadASN1(&seq, tag.SEQUENCE) || !seq.ReadOptionalASN1(&part, &has, inner0) {
		return p
	}
	p.crls = elements(&part, tag.SEQUENCE)
	if !seq.ReadOptionalASN1(&part, &has, inner1) || !has {
		return p
	}
	for _, der := range elements(&part, tag.SEQUENCE) {
		if r, ok := parseBasicOCSP(der); ok {
			p.answers = append(p.answers, r)
		}
	}
	return p
}

// elements reads a SEQUENCE of elements, no more than a message may carry.
func elements(in *cryptobyte.String, t tag.Tag) (out [][]byte) {
	var seq, one cryptobyte.String
	if !in.ReadASN1(&seq, tag.SEQUENCE) {
		return nil
	}
	for len(out) < MaxCertificates && seq.ReadASN1Element(&one, t) {
		out = append(out, one)
	}
	return out
}

// stampInfo is a TSTInfo (RFC 3161, 2.4.2).
type stampInfo struct {
	hash   asn1.ObjectIdentifier
	digest []byte
	at     time.Time
}

func parseStampInfo(der []byte) (s stampInfo, ok bool) {
	in := cryptobyte.String(der)
	var seq, imprint, digest, at cryptobyte.String
	var version int
	if !in.ReadASN1(&seq, tag.SEQUENCE) || !in.Empty() || !seq.ReadASN1Integer(&version) || version != 1 ||
		!seq.SkipASN1(tag.OBJECT_IDENTIFIER) || !seq.ReadASN1(&imprint, tag.SEQUENCE) {
		return s, false
	}
	alg, ok := readAlgorithm(&imprint)
	if !ok || !imprint.ReadASN1(&digest, tag.OCTET_STRING) || !imprint.Empty() ||
		!seq.SkipASN1(tag.INTEGER) || !seq.ReadASN1(&at, tag.GeneralizedTime) {
		return s, false
	}
	s.hash, s.digest = alg.oid, digest
	// The moment may have a fraction of a second, which is left off.
	text, _, _ := strings.Cut(strings.TrimSuffix(string(at), "Z"), ".")
	moment, err := time.Parse("20060102150405", text)
	s.at = moment
	return s, err == nil && strings.HasSuffix(string(at), "Z")
}

// checkStamp looks for a time stamp over the signature (RFC 5126, 6.1.1). One
// that holds, and is from before the moment of the request, proves an earlier
// moment, which counts then. One that doesn't hold is told and proves nothing.
func (v *verification) checkStamp() error {
	token := only(v.signer.unsigned, oidSignatureStamp)
	if token == nil {
		if slices.ContainsFunc(v.signer.unsigned, func(a attribute) bool { return a.oid.Equal(oidSignatureStamp) }) {
			v.note(StampWrong)
		}
		return nil
	}
	at, err := v.stamped(token)
	switch {
	case err != nil:
		return err
	case at.IsZero() || at.After(v.Now.Add(skew)):
		v.note(StampWrong)
		return nil
	}
	v.verdict.StampedAt = at
	if at.Before(v.At) {
		v.At = at
	}
	return nil
}

// stamped verifies a token over the signature and gives its moment, or zero.
// Who stamps needs a chain to a root of the trust list and the extended use of
// stamping; accreditation is not asked.
func (v *verification) stamped(token []byte) (time.Time, error) {
	data, code := parseCMS(token)
	if code != "" || !data.contentType.Equal(oidTSTInfo) || len(data.signers) != 1 {
		return time.Time{}, nil
	}
	info, ok := parseStampInfo(data.content)
	h := newDigest(info.hash)
	if !ok || h == nil || !bytes.Equal(info.digest, sum(h, v.signer.signature)) {
		return time.Time{}, nil
	}
	inner := &verification{Request: v.Request, ctx: v.ctx, data: data, signer: data.signers[0], oldNaming: true}
	inner.At = info.at
	inner.Intermediates = v.pool
	inner.gather()
	inner.crls, inner.answers = slices.Concat(inner.crls, v.crls), slices.Concat(inner.answers, v.answers)
	digest := newDigest(inner.signer.digest.oid)
	if digest == nil {
		return time.Time{}, nil
	}
	inner.findSigner()
	inner.checkAttributes(sum(digest, data.content))
	who := inner.verdict.Signer
	if who == nil || !slices.Contains(who.X509.ExtKeyUsage, x509.ExtKeyUsageTimeStamping) {
		return time.Time{}, nil
	}
	inner.checkSignature()
	chain, judged := inner.chain(who)
	if err := inner.revocation(chain); err != nil {
		return time.Time{}, err
	}
	// A certificate revoked since may have lost its key, and then anybody stamps
	// any moment (RFC 3161, 4).
	revoked := slices.ContainsFunc(inner.list, func(f Finding) bool { return f.Code == RevokedLater })
	if inner.refused() || judged.refused() || revoked || !inner.held.all() {
		return time.Time{}, nil
	}
	return info.at, nil
}
