package signature

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// A Source says what is known about a certificate's revocation. It may read a
// cache or a network; this package does neither. An error is told as a finding,
// unless the context has ended.
type Source interface {
	Revocation(ctx context.Context, cert, issuer *Certificate) (Answers, error)
}

// Answers are lists and OCSP responses; what is not of this certificate's
// issuer is passed over with a finding.
type Answers struct {
	CRLs []*CRL
	OCSP [][]byte // OCSPResponse, DER
	// Nonce is what the responder was asked with. A response that carries
	// another is refused; one without is taken, because responders that
	// prepare their answers leave it out.
	Nonce []byte
}

// A CRL is a list that [ParseCRL] has read. It may serve many verifications at
// once, and remembers whose signature on it was right.
type CRL struct {
	list      *x509.RevocationList
	algorithm algorithm
	revoked   map[string]int // serial → place in the list
	usable    bool
	user, ca  bool     // only certificates of this kind
	places    []string // from which it is one part of several

	mu     sync.Mutex
	signed map[string]Code // by key
}

var (
	oidIssuingPoint = asn1.ObjectIdentifier{2, 5, 29, 28}
	errCRL          = errors.New("signature: the revocation list is malformed")
)

// ParseCRL reads a certificate revocation list in DER. The signature is checked
// when the list is used.
func ParseCRL(der []byte) (*CRL, error) {
	if len(der) > maxAnswer {
		return nil, errors.New("signature: the revocation list is too large")
	}
	list, err := x509.ParseRevocationList(der)
	if err != nil {
		return nil, fmt.Errorf("signature: revocation list: %w", err)
	}
	if len(list.Raw) != len(der) { // the library passes over what follows
		return nil, errCRL
	}
	c := &CRL{list: list, usable: true, revoked: make(map[string]int, len(list.RevokedCertificateEntries)), signed: map[string]Code{}}
	outer := cryptobyte.String(list.Raw)
	var seq cryptobyte.String
	if !outer.ReadASN1(&seq, tag.SEQUENCE) || !seq.SkipASN1(tag.SEQUENCE) {
		return nil, errCRL
	}
	var ok bool
	if c.algorithm, ok = readAlgorithm(&seq); !ok {
		return nil, errCRL
	}
	for i, e := range list.RevokedCertificateEntries {
		for _, x := range e.Extensions {
			c.usable = c.usable && !x.Critical // an entry of another issuer
		}
		c.revoked[string(e.SerialNumber.Bytes())] = i
	}
	for _, e := range list.Extensions {
		switch {
		case e.Id.Equal(oidIssuingPoint):
			c.usable = c.usable && c.readPoint(e.Value)
		case e.Critical: // a delta, or something unknown
			c.usable = false
		}
	}
	return c, nil
}

// readPoint reads IssuingDistributionPoint (RFC 5280, 5.2.5). Lists of some
// reasons only, of attribute certificates, and indirect ones are of no use here.
func (c *CRL) readPoint(der []byte) bool {
	in := cryptobyte.String(der)
	var seq cryptobyte.String
	if !in.ReadASN1(&seq, tag.SEQUENCE) || !in.Empty() {
		return false
	}
	for !seq.Empty() {
		var value cryptobyte.String
		var t tag.Tag
		if !seq.ReadAnyASN1(&value, &t) {
			return false
		}
		yes := len(value) == 1 && value[0] != 0
		switch t {
		case inner0:
			var names, uri cryptobyte.String
			var kind tag.Tag
			if !value.ReadASN1(&names, inner0) { // a name relative to the issuer
				return false
			}
			for !names.Empty() {
				if !names.ReadAnyASN1(&uri, &kind) {
					return false
				}
				if kind == context0+6 {
					c.places = append(c.places, string(uri))
				}
			}
		case context0 + 1:
			c.user = yes
		case context0 + 2:
			c.ca = yes
		default:
			return false
		}
	}
	return true
}

// covers tells whether the list speaks of the certificate.
func (c *CRL) covers(cert *Certificate) bool {
	if !c.usable || !bytes.Equal(c.list.RawIssuer, cert.X509.RawIssuer) || c.user && cert.X509.IsCA || c.ca && !cert.X509.IsCA {
		return false
	}
	points := cert.X509.CRLDistributionPoints
	return len(c.places) == 0 || len(points) == 0 || slices.ContainsFunc(c.places, func(p string) bool { return slices.Contains(points, p) })
}

// signedBy checks the list's signature once for each key.
func (c *CRL) signedBy(issuer *Certificate) Code {
	key := string(issuer.X509.RawSubjectPublicKeyInfo)
	c.mu.Lock()
	defer c.mu.Unlock()
	code, known := c.signed[key]
	if !known {
		code = checkWhole(issuer, c.algorithm, c.list.RawTBSRevocationList, c.list.Signature)
		if len(c.signed) < 16 {
			c.signed[key] = code
		}
	}
	return code
}

// A Proof is the list or answer on which a verdict rests as to revocation, to be
// kept with it (63-ФЗ art. 11: valid at the moment of signing).
type Proof struct {
	Of   *Certificate
	OCSP bool      // otherwise a list
	This time.Time // the moment it speaks of, UTC
	DER  []byte    // CertificateList or BasicOCSPResponse
}

// state is what one answer says about a certificate.
type state struct {
	code    Code // empty: says that it is not revoked
	revoked time.Time
	proof   Proof // if it says something
}

// say reads the list for a certificate.
func (c *CRL) say(v *verification, cert, issuer *Certificate) state {
	ku := issuer.X509.KeyUsage
	switch {
	case ku != 0 && ku&x509.KeyUsageCRLSign == 0, !bytes.Equal(c.list.RawIssuer, issuer.X509.RawSubject), c.signedBy(issuer) != "":
		return state{code: RevocationForeign}
	}
	proof := Proof{Of: cert, This: c.list.ThisUpdate.UTC(), DER: c.list.Raw}
	if i, is := c.revoked[string(cert.X509.SerialNumber.Bytes())]; is {
		return state{Revoked, c.list.RevokedCertificateEntries[i].RevocationTime.UTC(), proof}
	}
	return state{code: v.fresh(c.list.ThisUpdate, c.list.NextUpdate), proof: proof}
}

// fresh tells whether an answer for these times says something about the
// moment that counts. Lists of a later day do: they hold what was revoked
// before.
func (v *verification) fresh(this, next time.Time) Code {
	if this.After(v.Now.Add(skew)) || !next.IsZero() && next.Before(v.At) || next.IsZero() && this.Before(v.At.Add(-24*time.Hour)) {
		return RevocationStale
	}
	return ""
}

// revocation checks all of a chain but its root.
func (v *verification) revocation(chain []*Certificate) error {
	for i := 0; i+1 < len(chain); i++ {
		cert, issuer := chain[i], chain[i+1]
		var answers Answers
		if v.Source != nil {
			var err error
			answers, err = v.Source.Revocation(v.ctx, cert, issuer)
			if v.ctx.Err() != nil {
				return v.ctx.Err()
			}
			if err != nil {
				answers = Answers{}
			}
		}
		v.tell(cert, v.weigh(cert, issuer, answers))
	}
	return nil
}

// weigh finds the answer that counts: revoked before all, then good, then why
// none was good.
func (v *verification) weigh(cert, issuer *Certificate, answers Answers) state {
	out := state{code: RevocationUnknown}
	rank := func(c Code) int {
		return slices.Index([]Code{Revoked, "", RevocationStale, RevocationForeign, RevocationBroken, RevocationUnknown}, c)
	}
	take := func(s state) {
		earlier := s.code == Revoked && out.code == Revoked && s.revoked.Before(out.revoked)
		if rank(s.code) < rank(out.code) || earlier {
			out = s
		}
	}
	for _, der := range answers.OCSP {
		if r, ok := parseOCSP(der); ok {
			take(v.ocsp(r, answers.Nonce, cert, issuer))
		} else {
			take(state{code: RevocationBroken})
		}
	}
	for _, r := range v.answers {
		take(v.ocsp(r, nil, cert, issuer))
	}
	for _, list := range slices.Concat(answers.CRLs, v.crls) {
		if list != nil && list.covers(cert) {
			take(list.say(v, cert, issuer))
		}
	}
	return out
}

func (v *verification) tell(cert *Certificate, s state) {
	if s.code == "" || s.code == Revoked {
		v.verdict.Proofs = append(v.verdict.Proofs, s.proof)
	}
	switch {
	case s.code == "":
	case s.code == Revoked && s.revoked.After(v.At):
		v.note(RevokedLater, "Name", cert.label(), "Time", s.revoked)
	case s.code == Revoked:
		v.refuse(Revoked, "Name", cert.label(), "Time", s.revoked)
	case v.RevocationOptional:
		v.note(s.code, "Name", cert.label())
	default:
		v.refuse(s.code, "Name", cert.label())
	}
}
