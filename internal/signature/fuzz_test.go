package signature

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// kept is a file of testdata: what OpenSSL made on 23 November 2026, for tests
// that run without it.
func kept(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func keptCert(t testing.TB, name string) *Certificate {
	t.Helper()
	c, err := ParseCertificate(kept(t, name+".crt"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// keptRequest judges at a moment at which all kept files are valid.
func keptRequest(t testing.TB, sig []byte) Request {
	t.Helper()
	req := Request{
		Signature: sig, Content: bytes.NewReader(kept(t, "document")), At: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
		Trust: &TrustList{Roots: []*Certificate{keptCert(t, "root"), keptCert(t, "rsaroot")}, Authorities: []Authority{{
			Name: "УЦ", Certificates: []*Certificate{keptCert(t, "ca")}, Periods: []Period{{From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}}}},
	}
	var lists []*CRL
	for _, name := range []string{"ca.crl", "root.crl"} {
		c, err := ParseCRL(kept(t, name))
		if err != nil {
			t.Fatal(err)
		}
		lists = append(lists, c)
	}
	req.Source = given{Answers: Answers{CRLs: lists}}
	return req
}

func TestKeptSignatures(t *testing.T) {
	for _, name := range []string{"person.p7s", "company.p7s"} {
		if v := verify(t, keptRequest(t, kept(t, name))); !v.Valid || !v.Qualified {
			t.Errorf("%s: %v", name, v.Reasons)
		}
	}
	req := keptRequest(t, kept(t, "rsa.p7s"))
	req.RevocationOptional = true
	if v := verify(t, req); !v.Valid || v.Qualified {
		t.Errorf("RSA: %v", v.Reasons)
	}
}

// Whatever comes in, nothing panics, and a valid verdict stands on a kept
// certificate and the right document.
func FuzzVerify(f *testing.F) {
	for _, name := range []string{"person.p7s", "company.p7s", "rsa.p7s"} {
		f.Add(kept(f, name))
		f.Add(indefinite(kept(f, name)))
	}
	base := keptRequest(f, nil)
	base.RevocationOptional = true
	document := kept(f, "document")
	f.Fuzz(func(t *testing.T, sig []byte) {
		req := base
		req.Signature, req.Content = sig, bytes.NewReader(document)
		v, err := Verify(context.Background(), req)
		if err != nil {
			t.Fatal(err)
		}
		if v.Valid && (v.Signer == nil || len(v.Chain) < 2 || v.Content != nil && !bytes.Equal(v.Content, document)) {
			t.Errorf("valid: %+v", v)
		}
		if !v.Valid && len(v.Reasons) == 0 {
			t.Error("refused without a reason")
		}
	})
}

// What became DER stays as it is, and is not much larger than it was.
func FuzzToDER(f *testing.F) {
	f.Add(indefinite(kept(f, "person.p7s")))
	f.Add(longLengths(kept(f, "ca.crt")))
	f.Add([]byte{0x24, 0x80, 0x04, 1, 2, 0, 0})
	f.Fuzz(func(t *testing.T, ber []byte) {
		der, err := toDER(ber)
		if err != nil {
			return
		}
		again, err := toDER(der)
		if err != nil || !bytes.Equal(again, der) {
			t.Errorf("%x became %x, then %x, %v", ber, der, again, err)
		}
		if len(der) > 4*len(ber) {
			t.Errorf("%d bytes became %d", len(ber), len(der))
		}
	})
}

func FuzzParseCertificate(f *testing.F) {
	for _, name := range []string{"root.crt", "ca.crt", "person.crt", "rsaroot.crt"} {
		f.Add(kept(f, name))
	}
	ca := keptCert(f, "ca")
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := ParseCertificate(der)
		if err != nil {
			return
		}
		ca.signed(c)
		c.Subject.Label()
		if c.GOST != nil && c.keyErr != nil {
			t.Error("a key and an error")
		}
	})
}

func FuzzParseCRL(f *testing.F) {
	f.Add(kept(f, "ca.crl"))
	f.Add(kept(f, "root.crl"))
	v := &verification{Request: keptRequest(f, nil)}
	ca, person := keptCert(f, "ca"), keptCert(f, "person")
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := ParseCRL(der)
		if err != nil {
			return
		}
		if c.covers(person) && c.say(v, person, ca).code == Revoked {
			t.Error("a list that nobody signed revokes")
		}
	})
}

func FuzzOCSP(f *testing.F) {
	f.Add(kept(f, "person.ocsp"))
	v := &verification{Request: keptRequest(f, nil)}
	ca, person := keptCert(f, "ca"), keptCert(f, "person")
	f.Fuzz(func(t *testing.T, der []byte) {
		v.tried = 0
		if r, ok := parseOCSP(der); ok && v.ocsp(r, nil, person, ca).code == Revoked {
			t.Error("an answer that nobody signed revokes")
		}
	})
}

func FuzzSigningCertificate(f *testing.F) {
	f.Add([]byte{0x30, 6, 0x30, 4, 0x30, 2, 4, 0})
	person := keptCert(f, "person")
	f.Fuzz(func(t *testing.T, der []byte) {
		for _, hash := range [][]int{oidSHA1, oidSHA256} {
			if e, ok := parseSigningCertificate(der, hash); ok {
				e.names(person)
			}
		}
		parsePSS(der)
		parseTime(der)
	})
}

// The rate of whole verifications: message, chain of three, two lists.
func BenchmarkVerify(b *testing.B) {
	for _, name := range []string{"person.p7s", "company.p7s"} {
		b.Run(name, func(b *testing.B) {
			req := keptRequest(b, kept(b, name))
			document := kept(b, "document")
			for b.Loop() {
				req.Content = bytes.NewReader(document)
				if v, err := Verify(b.Context(), req); err != nil || !v.Valid {
					b.Fatal(v.Reasons, err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}
