package signature

import (
	"bytes"
	"crypto"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"okno/internal/gost"
)

// craft signs the document like [Sign], with what change leaves of the message
// and its attributes. The key may be another's than the certificate's.
func craft(t testing.TB, certificate, key string, change func(*message)) []byte {
	t.Helper()
	s := Signing{Key: gostKey(t, key), Certificate: cert(t, certificate), Time: time.Now(), Detached: true}
	digest, alg := gost.OIDDigest256, gost.OIDKey256
	if s.Key.Public().(*gost.PublicKey).Curve.Bits() == 512 {
		digest, alg = gost.OIDDigest512, gost.OIDKey512
	}
	m := &message{digest: digest, algorithm: alg, attrs: s.attributes(digest, document(t))}
	if change != nil {
		change(m)
	}
	if m.signature == nil {
		m.sign(t, s.Key, digest)
	}
	return m.marshal(s)
}

func (m *message) sign(t testing.TB, key crypto.Signer, digest asn1.ObjectIdentifier) {
	t.Helper()
	var err error
	if m.signature, err = key.Sign(nil, sum(newDigest(digest), m.attributes(tag.SET)), nil); err != nil {
		t.Fatal(err)
	}
}

// attr makes an attribute with these values.
func attr(oid asn1.ObjectIdentifier, values ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(tag.SET, func(b *cryptobyte.Builder) {
			for _, v := range values {
				b.AddBytes(v)
			}
		})
	})
	return b.BytesOrPanic()
}

func isAttr(oid asn1.ObjectIdentifier) func([]byte) bool {
	return func(a []byte) bool {
		in := cryptobyte.String(a)
		var seq cryptobyte.String
		var own asn1.ObjectIdentifier
		return in.ReadASN1(&seq, tag.SEQUENCE) && seq.ReadASN1ObjectIdentifier(&own) && own.Equal(oid)
	}
}

// without and replaced give a change of the attributes.
func without(oid asn1.ObjectIdentifier) func(*message) {
	return func(m *message) { m.attrs = slices.DeleteFunc(m.attrs, isAttr(oid)) }
}

func replaced(oid asn1.ObjectIdentifier, with ...[]byte) func(*message) {
	return func(m *message) {
		without(oid)(m)
		m.attrs = append(m.attrs, attr(oid, with...))
	}
}

func der(build func(*cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	build(&b)
	return b.BytesOrPanic()
}

func raw(s, r *big.Int) func(*message) {
	return func(m *message) {
		m.signature = append(s.FillBytes(make([]byte, 32)), r.FillBytes(make([]byte, 32))...)
	}
}

var null = []byte{5, 0}

func TestAlteredMessagesAreRefused(t *testing.T) {
	ready(t)
	q, _ := new(big.Int).SetString("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893", 16)
	one := big.NewInt(1)
	good := func(t testing.TB) []byte { return craft(t, "person", "person", nil) }
	for _, c := range []struct {
		name   string
		make   func(t testing.TB) []byte
		change func(*Request)
		want   Code
	}{
		{"altered content", good, func(r *Request) { r.Content = bytes.NewReader([]byte("Документ.\n")) }, DigestDiffers},
		{"no content", good, func(r *Request) { r.Content = nil }, ContentMissing},
		{"attached another", func(t testing.TB) []byte { return sign(t, "person", "-nodetach") },
			func(r *Request) { r.Content = bytes.NewReader([]byte("Другой")) }, ContentDiffers},
		{"altered attribute", func(t testing.TB) []byte {
			out := good(t)
			out[bytes.LastIndex(out, []byte(time.Now().UTC().Format("060102")))+1]--
			return out
		}, nil, SignatureWrong},
		{"foreign key", func(t testing.TB) []byte { return craft(t, "person", "plain", nil) }, nil, SignatureWrong},
		{"foreign key of another size", func(t testing.TB) []byte { return craft(t, "person", "company", nil) }, nil, AlgorithmMismatch},
		{"attribute twice", func(t testing.TB) []byte {
			return craft(t, "person", "person", func(m *message) { m.attrs = append(m.attrs, m.attrs[0]) })
		}, nil, AttributeDuplicate},
		{"two values", func(t testing.TB) []byte {
			octets := der(func(b *cryptobyte.Builder) { b.AddASN1OctetString(make([]byte, 32)) })
			return craft(t, "person", "person", replaced(oidMessageDigest, octets, octets))
		}, nil, AttributeMalformed},
		{"digest that is none", func(t testing.TB) []byte { return craft(t, "person", "person", replaced(oidMessageDigest, null)) }, nil, AttributeMalformed},
		{"time that is none", func(t testing.TB) []byte { return craft(t, "person", "person", replaced(oidSigningTime, null)) }, nil, AttributeMalformed},
		{"no digest", func(t testing.TB) []byte { return craft(t, "person", "person", without(oidMessageDigest)) }, nil, AttributeMissing},
		{"no content type", func(t testing.TB) []byte { return craft(t, "person", "person", without(oidContentType)) }, nil, AttributeMissing},
		{"another content type", func(t testing.TB) []byte {
			return craft(t, "person", "person", replaced(oidContentType, der(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidSignedData) })))
		}, nil, ContentTypeDiffers},
		{"content that is no data", func(t testing.TB) []byte { return sign(t, "person", "-econtent_type", "1.2.840.113549.1.9.16.1.4") }, nil, ContentTypeDiffers},
		{"no signing-certificate", func(t testing.TB) []byte { return craft(t, "person", "person", without(oidSigningCert2)) }, nil, SigningCertificateMissing},
		{"old signing-certificate for GOST", func(t testing.TB) []byte {
			return craft(t, "person", "person", func(m *message) {
				without(oidSigningCert2)(m)
				m.attrs = append(m.attrs, attr(oidSigningCert1, certIDs(t, "person", nil)))
			})
		}, nil, SigningCertificateMissing},
		{"another signing-certificate", func(t testing.TB) []byte {
			return craft(t, "person", "person", replaced(oidSigningCert2, certIDs(t, "plain", gost.OIDDigest256)))
		}, nil, SigningCertificateDiffers},
		{"signing-certificate by SHA-1", func(t testing.TB) []byte {
			return craft(t, "person", "person", replaced(oidSigningCert2, certIDs(t, "person", oidSHA1)))
		}, nil, AttributeMalformed},
		{"both, the old one of another", func(t testing.TB) []byte {
			return craft(t, "person", "person", func(m *message) { m.attrs = append(m.attrs, attr(oidSigningCert1, certIDs(t, "plain", nil))) })
		}, nil, SigningCertificateDiffers},
		{"no attributes", func(t testing.TB) []byte {
			return openssl(t, "cms", "-sign", "-noattr", "-binary", "-in", "document", "-signer", "person.crt", "-inkey", "person.key", "-outform", "DER")
		}, nil, AttributesMissing},
		{"signed tomorrow", good, func(r *Request) { r.Now = now().Add(-24 * time.Hour) }, SignedInFuture},
		{"s = 0", func(t testing.TB) []byte { return craft(t, "person", "person", raw(new(big.Int), one)) }, nil, SignatureWrong},
		{"r = 0", func(t testing.TB) []byte { return craft(t, "person", "person", raw(one, new(big.Int))) }, nil, SignatureWrong},
		{"s = q", func(t testing.TB) []byte { return craft(t, "person", "person", raw(q, one)) }, nil, SignatureWrong},
		{"r = q", func(t testing.TB) []byte { return craft(t, "person", "person", raw(one, q)) }, nil, SignatureWrong},
		{"empty signature", func(t testing.TB) []byte {
			return craft(t, "person", "person", func(m *message) { m.signature = []byte{} })
		}, nil, SignatureWrong},
		{"digest of 512 bits", func(t testing.TB) []byte {
			return craft(t, "person", "person", func(m *message) { m.digest = gost.OIDDigest512 })
		}, nil, AlgorithmMismatch},
		{"digest SHA-256", func(t testing.TB) []byte {
			return craft(t, "person", "person", func(m *message) { m.digest = oidSHA256 })
		}, nil, AlgorithmMismatch},
		{"digest SHA-1", func(t testing.TB) []byte {
			return craft(t, "person", "person", func(m *message) { m.digest = oidSHA1 })
		}, nil, UnknownDigest},
		{"algorithm RSA", func(t testing.TB) []byte {
			return craft(t, "person", "person", func(m *message) { m.algorithm = oidRSA })
		}, nil, AlgorithmMismatch},
		{"unknown algorithm", func(t testing.TB) []byte {
			return craft(t, "person", "person", func(m *message) { m.algorithm = oidData })
		}, nil, UnknownAlgorithm},
		{"two signers", func(t testing.TB) []byte { return sign(t, "person", "-signer", "company.crt", "-inkey", "company.key") }, nil, SeveralSigners},
		{"no signer", func(t testing.TB) []byte {
			return openssl(t, "crl2pkcs7", "-nocrl", "-certfile", "person.crt", "-outform", "DER")
		}, nil, NoSigner},
		{"not signed", func(t testing.TB) []byte {
			return openssl(t, "cms", "-data_create", "-in", "document", "-outform", "DER")
		}, nil, NotSigned},
		{"many certificates", func(t testing.TB) []byte {
			s := Signing{Key: gostKey(t, "person"), Certificate: cert(t, "person"), Time: time.Now()}
			for range MaxCertificates {
				s.Chain = append(s.Chain, s.Certificate)
			}
			out, err := Sign(s, document(t))
			if err != nil {
				t.Fatal(err)
			}
			return out
		}, nil, TooManyCertificates},
		{"unknown signer", func(t testing.TB) []byte { return sign(t, "person", "-nocerts") }, nil, SignerUnknown},
		{"too large", func(testing.TB) []byte { return make([]byte, MaxSignature+1) }, nil, TooLarge},
		{"empty", func(testing.TB) []byte { return nil }, nil, Malformed},
		{"text", func(testing.TB) []byte { return []byte("подписано") }, nil, Malformed},
		{"bytes after the end", func(t testing.TB) []byte { return append(good(t), 0) }, nil, Malformed},
		{"deep", func(testing.TB) []byte { return bytes.Repeat([]byte{0x30, 0x80}, 1<<20) }, nil, Malformed},
		{"deep pieces", func(testing.TB) []byte { return bytes.Repeat([]byte{0x24, 0x80}, 1<<20) }, nil, Malformed},
		{"huge length", func(testing.TB) []byte { return []byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0} }, nil, Malformed},
		{"huge length of length", func(testing.TB) []byte { return append([]byte{0x30, 0xff}, bytes.Repeat([]byte{0xff}, 0x7f)...) }, nil, Malformed},
		{"many elements", func(testing.TB) []byte { return append([]byte{0x30, 0x80}, bytes.Repeat([]byte{5, 0}, 1<<20)...) }, nil, Malformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := request(t, c.make(t))
			if c.change != nil {
				c.change(&req)
			}
			v := verify(t, req)
			if got, _ := codes(v); v.Valid || v.Qualified || !slices.Contains(got, c.want) {
				t.Errorf("valid %t, %v; want %s", v.Valid, v.Reasons, c.want)
			}
		})
	}
}

// certIDs is SigningCertificate, or with a hash SigningCertificateV2.
func certIDs(t testing.TB, name string, hash asn1.ObjectIdentifier) []byte {
	c := cert(t, name)
	return der(func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
					if hash == nil {
						b.AddASN1OctetString(sum(newNaming(oidSHA1), c.X509.Raw))
						return
					}
					addAlgorithm(b, hash, false)
					b.AddASN1OctetString(sum(newNaming(hash), c.X509.Raw))
				})
			})
		})
	})
}

// A message that breaks off anywhere is refused, and nothing panics.
func TestTruncatedMessages(t *testing.T) {
	whole := craft(t, "person", "person", nil)
	for _, form := range [][]byte{whole, indefinite(whole)} {
		for n := 0; n < len(form); n += 5 {
			if v := verify(t, request(t, form[:n])); v.Valid {
				t.Fatalf("%d of %d bytes are valid", n, len(form))
			}
		}
	}
}

// No single altered bit in what is signed or signs passes unseen.
func TestAlteredBits(t *testing.T) {
	whole := craft(t, "person", "person", nil)
	base := request(t, whole)
	for i := 0; i < len(whole); i += 3 {
		bad := bytes.Clone(whole)
		bad[i] ^= 1 << (i % 8)
		req := base
		req.Signature, req.Content = bad, bytes.NewReader(document(t))
		if v := verify(t, req); v.Valid && !bytes.Equal(v.Signer.X509.Raw, cert(t, "person").X509.Raw) {
			t.Fatalf("bit %d of byte %d altered: valid, another signer", i%8, i)
		} else if v.Valid && !harmless(whole, i) {
			t.Errorf("bit %d of byte %d altered: valid", i%8, i)
		}
	}
}

// harmless tells bytes that no signature covers: versions, the list of digests.
func harmless(whole []byte, i int) bool {
	certificate := bytes.Index(whole, []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01})
	return i < certificate || whole[i-1] == 1 && whole[i-2] == 2 // INTEGER of one byte
}

// Attributes out of order are taken, whichever order was hashed.
func TestUnsortedAttributes(t *testing.T) {
	for name, hashed := range map[string]func(*message){
		"hashed as sent": nil,
		"hashed sorted": func(m *message) {
			m.sign(t, gostKey(t, "person"), gost.OIDDigest256)
		},
	} {
		sig := craft(t, "person", "person", func(m *message) {
			if hashed != nil {
				hashed(m)
			}
			slices.Reverse(m.attrs)
		})
		if v := verify(t, request(t, sig)); !v.Valid {
			t.Errorf("%s: %v", name, v.Reasons)
		}
	}
}

// What is signed with the key alone and the old signing-certificate passes for
// RSA, with a note.
func TestOldSigningCertificate(t *testing.T) {
	sig := openssl(t, "cms", "-sign", "-cades", "-md", "sha1", "-binary", "-in", "document", "-signer", "rsa.crt", "-inkey", "rsa.key", "-outform", "DER")
	if got, _ := codes(verify(t, request(t, sig))); !slices.Contains(got, UnknownDigest) {
		t.Errorf("SHA-1: %v", got)
	}
	data, code := parseCMS(sig)
	if code != "" {
		t.Fatal(code)
	}
	if got := data.signers[0].certified(cert(t, "rsa")); got != SigningCertificateOld {
		t.Errorf("version 1: %q", got)
	}
	v := &verification{Request: Request{Now: now()}, data: data, signer: data.signers[0]}
	v.verdict.Signer = cert(t, "rsa")
	v.checkSigningCertificate()
	if len(v.list) != 1 || !v.list[0].Note || v.list[0].Code != SigningCertificateOld {
		t.Errorf("%v", v.list)
	}
}
