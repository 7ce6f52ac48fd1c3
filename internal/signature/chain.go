package signature

import (
	"context"
	"crypto/x509"
	"slices"
	"time"
)

// skew is by how much clocks may differ.
const skew = 5 * time.Minute

// paths finds chains from a certificate to a root.
type paths struct {
	ctx    context.Context
	pool   []*Certificate
	trust  *TrustList
	checks int
	found  [][]*Certificate
	far    []*Certificate // the longest without an end
	code   Code           // why no link from its end held, if one looked right by its name
}

// find walks up from the end of path. Only links whose signature holds are
// followed; the number of signatures tried is bounded, because a message brings
// its own certificates.
func (p *paths) find(path []*Certificate) {
	last := path[len(path)-1]
	if len(path) > len(p.far) {
		p.far, p.code = append([]*Certificate(nil), path...), ""
	}
	if p.trust.root(last) {
		p.found = append(p.found, append([]*Certificate(nil), path...))
		return
	}
	if len(path) == maxPath {
		return
	}
candidates:
	for _, c := range slices.Concat(p.pool, p.trust.issuers(last)) {
		if !c.mayHaveIssued(last) || len(p.found) >= 4 || p.checks >= maxChecks || p.ctx.Err() != nil {
			continue
		}
		for _, seen := range path {
			if seen.sameKey(c) {
				continue candidates
			}
		}
		p.checks++
		if code := c.signed(last); code != "" {
			if len(path) == len(p.far) {
				p.code = code
			}
			continue
		}
		p.find(append(path, c))
	}
}

// chain is the best way from the signer to a root, with what is wrong with it.
// Without a way it is as far as links hold, and a finding says what is missing.
func (v *verification) chain(signer *Certificate) ([]*Certificate, findings) {
	p := &paths{ctx: v.ctx, pool: v.pool, trust: v.Trust}
	p.find([]*Certificate{signer})
	if len(p.found) == 0 {
		out := v.judge(p.far, false)
		last := p.far[len(p.far)-1]
		switch p.code {
		case "":
			out.refuse(ChainBroken, "Name", signer.label(), "Issuer", last.Issuer.Label())
		case UnknownAlgorithm:
			out.refuse(UnknownAlgorithm, "OID", last.algorithm.oid.String())
		default:
			out.refuse(CertificateForged, "Name", last.label())
		}
		return p.far, out
	}
	v.held.chain = true
	best, judged := p.found[0], v.judge(p.found[0], true)
	for _, path := range p.found[1:] {
		if !judged.refused() {
			break
		}
		if other := v.judge(path, true); other.refusals() < judged.refusals() {
			best, judged = path, other
		}
	}
	return best, judged
}

// judge checks periods, uses, constraints and keys of a chain (RFC 5280, 6).
func (v *verification) judge(path []*Certificate, complete bool) (out findings) {
	below := 0 // authorities between this one and the signer, self-issued ones not counted
	for i, c := range path {
		x := c.X509
		switch {
		case v.At.Before(x.NotBefore):
			out.refuse(NotYetValid, "Name", c.label(), "Time", x.NotBefore.UTC())
		case v.At.After(x.NotAfter):
			out.refuse(Expired, "Name", c.label(), "Time", x.NotAfter.UTC())
		}
		switch {
		case c.keyErr != nil:
			out.refuse(KeyMalformed, "Name", c.label())
		case c.Algorithm() == "":
			out.refuse(UnknownAlgorithm, "OID", c.algorithm.oid.String())
		}
		for _, oid := range x.UnhandledCriticalExtensions {
			if !oid.Equal(oidSubjectSignTool) && !oid.Equal(oidIssuerSignTool) && !oid.Equal(oidIdentification) && !oid.Equal(oidKeyPeriod) {
				out.refuse(UnknownCritical, "Name", c.label(), "OID", oid.String())
			}
		}
		if i == 0 {
			v.judgeSigner(c, &out)
			continue
		}
		anchor := complete && i == len(path)-1
		// A root is trusted for being on the list; old ones are of version 1.
		if !anchor || x.BasicConstraintsValid {
			if !x.BasicConstraintsValid || !x.IsCA || x.KeyUsage != 0 && x.KeyUsage&x509.KeyUsageCertSign == 0 {
				out.refuse(NotAuthority, "Name", c.label())
			}
		}
		if limit := x.MaxPathLen; x.BasicConstraintsValid && (limit > 0 || limit == 0 && x.MaxPathLenZero) && below > limit {
			out.refuse(PathTooLong, "Name", c.label())
		}
		if constrainsNames(x) {
			out.refuse(NamesConstrained, "Name", c.label())
		}
		if !c.selfIssued() {
			below++
		}
	}
	return out
}

func (v *verification) judgeSigner(c *Certificate, out *findings) {
	const may = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if c.X509.KeyUsage != 0 && c.X509.KeyUsage&may == 0 {
		out.refuse(KeyUsage, "Name", c.label())
	}
	if !c.keyUntil.IsZero() && v.At.After(c.keyUntil) {
		out.refuse(PrivateKeyExpired, "Name", c.label(), "Time", c.keyUntil)
	}
}

func constrainsNames(x *x509.Certificate) bool {
	for _, e := range x.Extensions {
		if e.Id.Equal([]int{2, 5, 29, 30}) {
			return true
		}
	}
	return false
}
