package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"okno/internal/gost"
)

// A Signing is what [Sign] signs with.
type Signing struct {
	Key         crypto.Signer  // of Certificate: *gost.PrivateKey, *rsa.PrivateKey, *ecdsa.PrivateKey or what holds such
	Certificate *Certificate   // goes into the message
	Chain       []*Certificate // goes with it
	Time        time.Time      // claimed moment
	Detached    bool           // leaves the document out
}

// Sign makes a CMS message in DER of the form CAdES-BES over the document: with
// content type, digest, claimed time and signing-certificate-v2. RSA signs with
// PKCS #1 v1.5 and SHA-256, ECDSA with SHA-256, GOST with the hash of its size.
func Sign(s Signing, content []byte) ([]byte, error) {
	if s.Certificate == nil || s.Key == nil {
		return nil, errors.New("signature: Sign without a key or its certificate")
	}
	digest, alg, std := oidSHA256, oidRSA, crypto.Hash(crypto.SHA256)
	switch pub := s.Key.Public().(type) {
	case *rsa.PublicKey:
	case *ecdsa.PublicKey:
		alg = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	case *gost.PublicKey:
		digest, alg, std = gost.OIDDigest256, gost.OIDKey256, 0
		if pub.Curve.Bits() == 512 {
			digest, alg = gost.OIDDigest512, gost.OIDKey512
		}
		if s.Certificate.GOST == nil || !s.Certificate.GOST.Equal(pub) {
			return nil, errors.New("signature: the certificate is of another key")
		}
	default:
		return nil, fmt.Errorf("signature: no signing with a %T", pub)
	}
	m := message{digest: digest, algorithm: alg, attrs: s.attributes(digest, content)}
	signed := m.attributes(tag.SET)
	var err error
	if m.signature, err = s.Key.Sign(nil, sum(newDigest(digest), signed), std); err != nil {
		return nil, fmt.Errorf("signature: signing: %w", err)
	}
	if !s.Detached {
		m.content = content
	}
	return m.marshal(s), nil
}

// message is what goes into a SignedData.
type message struct {
	digest, algorithm asn1.ObjectIdentifier
	attrs             [][]byte // DER of each, sorted
	signature         []byte
	content           []byte // nil if detached
	unsigned          []byte // attributes that are not signed, DER of each
}

// attributes are the signed ones, in the order of DER.
func (s Signing) attributes(digest asn1.ObjectIdentifier, content []byte) [][]byte {
	one := func(oid asn1.ObjectIdentifier, value func(*cryptobyte.Builder)) []byte {
		var b cryptobyte.Builder
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oid)
			b.AddASN1(tag.SET, value)
		})
		return b.BytesOrPanic()
	}
	out := [][]byte{
		one(oidContentType, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) }),
		one(oidMessageDigest, func(b *cryptobyte.Builder) { b.AddASN1OctetString(sum(newDigest(digest), content)) }),
		one(oidSigningTime, func(b *cryptobyte.Builder) {
			if at := s.Time.UTC(); at.Year() < 2050 {
				b.AddASN1UTCTime(at)
			} else {
				b.AddASN1GeneralizedTime(at)
			}
		}),
		one(oidSigningCert2, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { s.addCertID(b, digest) })
				})
			})
		}),
	}
	slices.SortFunc(out, slices.Compare)
	return out
}

// addCertID names the certificate; SHA-256 is the default and left out.
func (s Signing) addCertID(b *cryptobyte.Builder, digest asn1.ObjectIdentifier) {
	if !digest.Equal(oidSHA256) {
		addAlgorithm(b, digest, false)
	}
	b.AddASN1OctetString(sum(newDigest(digest), s.Certificate.X509.Raw))
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(inner0+4, func(b *cryptobyte.Builder) { b.AddBytes(s.Certificate.X509.RawIssuer) })
		})
		b.AddASN1BigInt(s.Certificate.X509.SerialNumber)
	})
}

func addAlgorithm(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, null bool) {
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		if null {
			b.AddASN1NULL()
		}
	})
}

func (m *message) attributes(t tag.Tag) []byte {
	var b cryptobyte.Builder
	b.AddASN1(t, func(b *cryptobyte.Builder) {
		for _, a := range m.attrs {
			b.AddBytes(a)
		}
	})
	return b.BytesOrPanic()
}

func (m *message) marshal(s Signing) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidSignedData)
		b.AddASN1(inner0, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { m.addSignedData(b, s) })
		})
	})
	return b.BytesOrPanic()
}

func (m *message) addSignedData(b *cryptobyte.Builder, s Signing) {
	b.AddASN1Int64(1)
	b.AddASN1(tag.SET, func(b *cryptobyte.Builder) { addAlgorithm(b, m.digest, false) })
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidData)
		if m.content != nil {
			b.AddASN1(inner0, func(b *cryptobyte.Builder) { b.AddASN1OctetString(m.content) })
		}
	})
	b.AddASN1(inner0, func(b *cryptobyte.Builder) {
		b.AddBytes(s.Certificate.X509.Raw)
		for _, c := range s.Chain {
			b.AddBytes(c.X509.Raw)
		}
	})
	b.AddASN1(tag.SET, func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(1)
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddBytes(s.Certificate.X509.RawIssuer)
				b.AddASN1BigInt(s.Certificate.X509.SerialNumber)
			})
			addAlgorithm(b, m.digest, false)
			b.AddBytes(m.attributes(inner0))
			addAlgorithm(b, m.algorithm, m.algorithm.Equal(oidRSA))
			b.AddASN1OctetString(m.signature)
			if len(m.unsigned) > 0 {
				b.AddASN1(inner1, func(b *cryptobyte.Builder) { b.AddBytes(m.unsigned) })
			}
		})
	})
}
