package signature

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"time"
	"unicode"
)

// A Request is what [Verify] judges, and by what.
type Request struct {
	Signature []byte    // CMS: BER, DER, PEM or base64
	Content   io.Reader // the document of a detached signature; nil for an attached one

	// At is the moment that counts for certificates, revocation and
	// accreditation: when the signature is known to have been there (received,
	// registered). An earlier time stamp in the message that holds takes its
	// place. Now is the moment of verification, At if zero.
	At, Now time.Time

	Trust         *TrustList
	Intermediates []*Certificate // besides those in the message and on the list
	Source        Source         // nil knows nothing

	// RevocationOptional makes an unknown or stale state of revocation a note.
	RevocationOptional bool
	// Qualified refuses what is not a qualified signature. Without it the
	// findings about that are notes.
	Qualified bool
	// SNILS, 11 digits, must be the signer's, if it is given.
	SNILS string
}

// A Verdict says what a signature is worth.
type Verdict struct {
	Valid     bool // no finding refuses it
	Qualified bool // under 63-ФЗ; never of an invalid one

	Signer    *Certificate   // nil if not found
	Chain     []*Certificate // from the signer to the root, or as far as it holds
	Authority *Authority     // that issued, if it is on the list
	Proofs    []Proof        // as to revocation, one for each certificate that something is known of

	SignedAt  time.Time // claimed by the signer, UTC; zero if not
	StampedAt time.Time // proven by a time stamp that holds, UTC; zero if not
	Algorithm string    // of the key, as [Certificate.Algorithm]
	Digest    string    // identifier of the hash
	Content   []byte    // the attached document

	Reasons []Finding
}

// Verify judges a signature. An error is no answer: the context has ended, the
// document can't be read, or the request has no moment.
func Verify(ctx context.Context, req Request) (Verdict, error) {
	if req.At.IsZero() {
		return Verdict{}, errors.New("signature: Verify without a moment")
	}
	if req.Now.IsZero() {
		req.Now = req.At
	}
	v := &verification{Request: req, ctx: ctx}
	err := v.run()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return Verdict{}, err
	}
	if !v.refused() && !v.held.all() { // never; a refusal was forgotten
		v.refuse(SignatureWrong)
	}
	v.verdict.Valid = !v.refused()
	v.verdict.Qualified = v.verdict.Valid && v.qualified
	v.verdict.Reasons = v.list
	return v.verdict, nil
}

// verification is one run of Verify.
type verification struct {
	Request
	findings

	ctx       context.Context
	data      signedData
	signer    signerInfo
	pool      []*Certificate // the message's first
	crls      []*CRL         // of the message
	answers   []ocspResponse // of the message
	tried     int            // OCSP responses looked at
	oldNaming bool           // the old signing-certificate is enough
	held      held
	qualified bool
	verdict   Verdict
}

// held is what was found to hold. A verdict is valid if nothing refuses it and
// all of this holds: silence proves nothing.
type held struct{ digest, certificate, signature, chain bool }

func (h held) all() bool { return h.digest && h.certificate && h.signature && h.chain }

func (v *verification) run() error {
	if code := v.read(); code != "" {
		switch code {
		case TooLarge:
			v.refuse(code, "Megabytes", MaxSignature>>20)
		case TooManyCertificates:
			v.refuse(code, "Max", MaxCertificates)
		case SeveralSigners:
			v.refuse(code, "Number", len(v.data.signers))
		default:
			v.refuse(code)
		}
		return nil
	}
	digest, err := v.digestContent()
	if err != nil {
		return err
	}
	if !v.data.contentType.Equal(oidData) { // a time stamp is no signature of a document
		v.refuse(ContentTypeDiffers)
	}
	v.gather()
	v.findSigner()
	v.checkAttributes(digest)
	if v.verdict.Signer == nil {
		return nil
	}
	v.checkSignature()
	if err := v.checkStamp(); err != nil {
		return err
	}
	chain, judged := v.chain(v.verdict.Signer)
	v.verdict.Chain = chain
	v.list = append(v.list, judged.list...)
	if err := v.revocation(chain); err != nil {
		return err
	}
	v.judgeQualified()
	return nil
}

// read parses the message.
func (v *verification) read() Code {
	if len(v.Signature) > MaxSignature {
		return TooLarge
	}
	der, err := toDER(unarmour(v.Signature))
	if err != nil {
		return Malformed
	}
	var code Code
	if v.data, code = parseCMS(der); code != "" {
		return code
	}
	switch len(v.data.signers) {
	case 0:
		return NoSigner
	case 1:
		v.signer = v.data.signers[0]
	default:
		return SeveralSigners
	}
	v.verdict.Content = v.data.content
	v.verdict.Digest = v.signer.digest.oid.String()
	return ""
}

// unarmour gives the bytes of PEM or base64, in which signatures are saved too.
func unarmour(in []byte) []byte {
	if len(in) == 0 || in[0] == 0x30 {
		return in
	}
	text := bytes.TrimPrefix(in, []byte("\ufeff"))
	if block, _ := pem.Decode(text); block != nil {
		return block.Bytes
	}
	if out, err := decodeBase64(text); err == nil {
		return out
	}
	return in
}

// decodeBase64 passes over white space anywhere.
func decodeBase64(text []byte) ([]byte, error) {
	text = bytes.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	out := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(out, text)
	return out[:n], err
}

// digestContent hashes the document; nil if there is none or the hash is
// unknown, which is told then.
func (v *verification) digestContent() ([]byte, error) {
	h := newDigest(v.signer.digest.oid)
	switch {
	case h == nil:
		v.refuse(UnknownDigest, "OID", v.signer.digest.oid.String())
		return nil, nil
	case v.Content == nil && !v.data.attached:
		v.refuse(ContentMissing)
		return nil, nil
	case v.Content == nil:
		return sum(h, v.data.content), nil
	}
	if err := v.copyContent(h); err != nil {
		return nil, err
	}
	digest := h.Sum(nil)
	if v.data.attached && !bytes.Equal(digest, sum(newDigest(v.signer.digest.oid), v.data.content)) {
		v.refuse(ContentDiffers)
	}
	return digest, nil
}

func (v *verification) copyContent(h hash.Hash) error {
	buf := make([]byte, 1<<16)
	for {
		n, err := v.Content.Read(buf)
		h.Write(buf[:n])
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("signature: the document: %w", err)
		case v.ctx.Err() != nil:
			return v.ctx.Err()
		}
	}
}

// gather collects the certificates that a chain may use besides those on the
// trust list. What can't be read in
// the message is passed over with a note: the signer's certificate is missed, if
// it was that.
func (v *verification) gather() {
	seen := map[string]bool{}
	add := func(list []*Certificate) {
		for _, c := range list {
			if c != nil && !seen[string(c.X509.Raw)] {
				seen[string(c.X509.Raw)] = true
				v.pool = append(v.pool, c)
			}
		}
	}
	proofs := v.signer.proofs()
	for _, der := range slices.Concat(v.data.certificates, proofs.certificates) {
		if c, err := ParseCertificate(der); err == nil {
			add([]*Certificate{c})
		} else {
			v.note(CertificateMalformed)
		}
	}
	add(v.Intermediates)
	for _, der := range slices.Concat(v.data.crls, proofs.crls) {
		if c, err := ParseCRL(der); err == nil {
			v.crls = append(v.crls, c)
		}
	}
	v.answers = proofs.answers
}

// findSigner finds the certificate that the signer names. Issuer and number may
// fit several (an attacker's beside the right one); the one that the signed
// attributes name is preferred.
func (v *verification) findSigner() {
	for _, c := range v.pool {
		if !v.signer.names(c) {
			continue
		}
		if v.verdict.Signer == nil {
			v.verdict.Signer = c
		}
		if v.signer.certified(c) == "" {
			v.verdict.Signer = c
			break
		}
	}
	if v.verdict.Signer == nil {
		v.refuse(SignerUnknown)
		return
	}
	v.verdict.Algorithm = v.verdict.Signer.Algorithm()
}

func (s *signerInfo) names(c *Certificate) bool {
	if s.keyID != nil {
		return bytes.Equal(s.keyID, c.X509.SubjectKeyId)
	}
	return bytes.Equal(s.issuer, c.X509.RawIssuer) && s.serial.Cmp(c.X509.SerialNumber) == 0
}

// checkSignature verifies the signature over the signed attributes.
func (v *verification) checkSignature() {
	key, s := v.verdict.Signer, &v.signer
	if s.attrsDER == nil || newDigest(s.digest.oid) == nil || key.keyErr != nil {
		return // told already, or by the chain
	}
	how, code := schemeOf(s.algorithm, s.digest.oid)
	if code == "" {
		code = how.check(key, sum(newDigest(s.digest.oid), s.attrsDER), s.signature)
	}
	if sorted := s.sortedAttributes(); code == SignatureWrong && sorted != nil {
		code = how.check(key, sum(newDigest(s.digest.oid), sorted), s.signature)
	}
	switch code {
	case "":
		v.held.signature = true
	case UnknownAlgorithm:
		v.refuse(code, "OID", s.algorithm.oid.String())
	case KeyWeak:
		v.refuse(code, "Name", key.label())
	default:
		v.refuse(code)
	}
}

// judgeQualified says whether the signature is qualified (63-ФЗ art. 5 p. 4,
// art. 11, art. 17), and compares the SNILS.
func (v *verification) judgeQualified() {
	c := v.verdict.Signer
	if v.SNILS != "" {
		switch c.Subject.SNILS {
		case v.SNILS:
		case "":
			v.refuse(SNILSAbsent)
		default:
			v.refuse(SNILSDiffers)
		}
	}
	var q findings
	if c.GOST == nil {
		q.refuse(NotGOST)
	}
	issuer := c.Issuer.Label()
	v.verdict.Authority = v.Trust.authority(v.verdict.Chain)
	switch a := v.verdict.Authority; {
	case a == nil:
		q.refuse(NotAccredited, "Name", issuer)
	case !a.Accredited(v.At):
		q.refuse(NotAccreditedThen, "Name", issuer, "Time", v.At.UTC())
	}
	if c.GOST != nil { // other certificates are not meant to have these
		v.judgeFields(c, &q)
	}
	v.qualified = !q.refused()
	for _, f := range q.list {
		f.Note = f.Note || !v.Request.Qualified
		v.list = append(v.list, f)
	}
}

func (v *verification) judgeFields(c *Certificate, q *findings) {
	if len(c.Qualified.Classes) == 0 {
		q.refuse(PolicyMissing)
	}
	if c.Qualified.SubjectTool == "" {
		q.refuse(SubjectToolMissing)
	}
	if len(c.Qualified.IssuerTool) != 4 {
		q.refuse(IssuerToolMissing)
	}
	// A person is known by SNILS, an organisation by OGRN (art. 17 p. 2).
	if c.Subject.SNILS == "" && c.Subject.OGRN == "" && v.SNILS == "" {
		q.refuse(SNILSAbsent)
	}
	for _, bad := range c.Subject.malformed() {
		q.refuse(bad.code, "Number", bad.number)
	}
	for _, chained := range v.verdict.Chain {
		if chained.GOST == nil && chained != c {
			q.refuse(NotGOST)
			break
		}
	}
}
