package signature

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"okno/internal/gost"
)

// maxCertificate is the size in bytes above which a certificate isn't read.
const maxCertificate = 1 << 16

// A Certificate is one that [ParseCertificate] has read.
type Certificate struct {
	X509 *x509.Certificate
	GOST *gost.PublicKey // nil for other keys

	Subject, Issuer Name
	Qualified       QualifiedFields

	keyErr    error // a GOST key that is none
	algorithm algorithm
	keyUntil  time.Time // end of the private key's term, or zero
}

// ParseCertificate reads a certificate in DER. The standard library parses it;
// keys of GOST R 34.10-2012, which it doesn't know, are read here. A key that is
// no point of its curve is told when the certificate is used.
func ParseCertificate(der []byte) (*Certificate, error) {
	if len(der) > maxCertificate {
		return nil, errors.New("signature: the certificate is too large")
	}
	x, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("signature: certificate: %w", err)
	}
	c := &Certificate{X509: x, Subject: nameOf(x.Subject), Issuer: nameOf(x.Issuer)}
	outer := cryptobyte.String(x.Raw)
	var seq cryptobyte.String
	ok := outer.ReadASN1(&seq, tag.SEQUENCE) && seq.SkipASN1(tag.SEQUENCE)
	if ok {
		c.algorithm, ok = readAlgorithm(&seq)
	}
	if !ok {
		return nil, errors.New("signature: certificate: no algorithm")
	}
	if x.PublicKey == nil {
		if c.GOST, c.keyErr = gost.ParsePublicKey(x.RawSubjectPublicKeyInfo); gost.IsOther(c.keyErr) {
			c.keyErr = nil
		}
	}
	c.readExtensions()
	return c, nil
}

// Algorithm is the certificate's key in words of the standards, with its size
// in bits; empty for a key that isn't known here.
func (c *Certificate) Algorithm() string {
	switch k := c.X509.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + k.Curve.Params().Name
	}
	if c.GOST != nil {
		return fmt.Sprintf("%s %d", familyGOST, c.GOST.Curve.Bits())
	}
	return ""
}

// label names a certificate for a finding.
func (c *Certificate) label() string { return c.Subject.Label() }

func (c *Certificate) is(o *Certificate) bool { return bytes.Equal(c.X509.Raw, o.X509.Raw) }

// subjectAndKey is the same for all certificates of one subject with one key.
func (c *Certificate) subjectAndKey() string {
	return string(c.X509.RawSubject) + string(c.X509.RawSubjectPublicKeyInfo)
}

// sameKey tells whether both speak of one subject with one key.
func (c *Certificate) sameKey(o *Certificate) bool {
	return bytes.Equal(c.X509.RawSubject, o.X509.RawSubject) &&
		bytes.Equal(c.X509.RawSubjectPublicKeyInfo, o.X509.RawSubjectPublicKeyInfo)
}

// selfIssued tells whether subject and issuer are one.
func (c *Certificate) selfIssued() bool { return bytes.Equal(c.X509.RawSubject, c.X509.RawIssuer) }

// mayHaveIssued compares names, and key identifiers where both are there.
func (c *Certificate) mayHaveIssued(o *Certificate) bool {
	if !bytes.Equal(c.X509.RawSubject, o.X509.RawIssuer) {
		return false
	}
	a, b := c.X509.SubjectKeyId, o.X509.AuthorityKeyId
	return len(a) == 0 || len(b) == 0 || bytes.Equal(a, b)
}

// signed checks the signature of o by the key of c.
func (c *Certificate) signed(o *Certificate) Code {
	return checkWhole(c, o.algorithm, o.X509.RawTBSCertificate, o.X509.Signature)
}

var (
	oidPolicies        = asn1.ObjectIdentifier{1, 2, 643, 100, 113, 1}
	oidSubjectSignTool = asn1.ObjectIdentifier{1, 2, 643, 100, 111}
	oidIssuerSignTool  = asn1.ObjectIdentifier{1, 2, 643, 100, 112}
	oidIdentification  = asn1.ObjectIdentifier{1, 2, 643, 100, 114}
	oidKeyPeriod       = asn1.ObjectIdentifier{2, 5, 29, 16}
)

// classes are the classes of signing means by the last figure of their policy
// (приказ ФСБ № 795): 1.2.643.100.113.1 is КС1.
var classes = []string{"", "КС1", "КС2", "КС3", "КВ1", "КВ2", "КА1"}

// QualifiedFields are what a qualified certificate has beyond others (63-ФЗ
// art. 17, приказ ФСБ № 795).
type QualifiedFields struct {
	Classes        []string `json:"classes,omitempty"`        // of signing means: КС1 …
	SubjectTool    string   `json:"subject_tool,omitempty"`   // what its holder signs with
	IssuerTool     []string `json:"issuer_tool,omitempty"`    // the authority's means, its product and both conformity papers
	Identification *int     `json:"identification,omitempty"` // how its holder was identified: 0 in person, 1 by signature, 2 by passport chip, 3 by ЕСИА and biometrics
}

func (c *Certificate) readExtensions() {
	for _, p := range c.X509.PolicyIdentifiers {
		if n := len(oidPolicies); len(p) == n && p[:n-1].Equal(oidPolicies[:n-1]) && p[n-1] > 0 && p[n-1] < len(classes) {
			c.Qualified.Classes = append(c.Qualified.Classes, classes[p[n-1]])
		}
	}
	for _, e := range c.X509.Extensions {
		in := cryptobyte.String(e.Value)
		switch {
		case e.Id.Equal(oidSubjectSignTool):
			if s, ok := readText(&in); ok {
				c.Qualified.SubjectTool = s
			}
		case e.Id.Equal(oidIssuerSignTool):
			var seq cryptobyte.String
			for ok := in.ReadASN1(&seq, tag.SEQUENCE); ok && !seq.Empty() && len(c.Qualified.IssuerTool) < 4; {
				var s string
				if s, ok = readText(&seq); ok {
					c.Qualified.IssuerTool = append(c.Qualified.IssuerTool, s)
				}
			}
		case e.Id.Equal(oidIdentification):
			var n int
			if in.ReadASN1Integer(&n) && n >= 0 && n <= 3 {
				c.Qualified.Identification = &n
			}
		case e.Id.Equal(oidKeyPeriod):
			var seq, end cryptobyte.String
			var has bool
			if in.ReadASN1(&seq, tag.SEQUENCE) && seq.SkipOptionalASN1(context0) && seq.ReadOptionalASN1(&end, &has, context0+1) && has {
				if at, err := time.Parse("20060102150405Z", string(end)); err == nil {
					c.keyUntil = at
				}
			}
		}
	}
}

// readText reads a UTF8String, PrintableString or NumericString.
func readText(in *cryptobyte.String) (string, bool) {
	var s cryptobyte.String
	var t tag.Tag
	if !in.ReadAnyASN1(&s, &t) || t != tag.UTF8String && t != tag.PrintableString && t != tag.Tag(18) {
		return "", false
	}
	return strings.ToValidUTF8(string(s), "�"), true
}
