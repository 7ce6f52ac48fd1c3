package signature

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

// given is a source that says the same of everything.
type given struct {
	Answers
	err error
}

func (g given) Revocation(context.Context, *Certificate, *Certificate) (Answers, error) {
	return g.Answers, g.err
}

func trust(t testing.TB) *TrustList {
	return &TrustList{
		Roots: []*Certificate{cert(t, "root"), cert(t, "rsaroot")},
		Authorities: []Authority{{Name: "УЦ", Certificates: []*Certificate{cert(t, "ca")},
			Periods: []Period{{From: now().AddDate(-1, 0, 0)}}}},
	}
}

// request is one that finds nothing wrong in a good detached signature.
func request(t testing.TB, sig []byte) Request {
	return Request{
		Signature: sig, Content: bytes.NewReader(document(t)), At: now(), Trust: trust(t),
		Source: given{Answers: Answers{CRLs: []*CRL{crl(t, "ca.crl"), crl(t, "root.crl"), crl(t, "rsaroot.crl")}}},
	}
}

func verify(t testing.TB, req Request) Verdict {
	t.Helper()
	v, err := Verify(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func codes(v Verdict) (refusals, notes []Code) {
	for _, f := range v.Reasons {
		if f.Note {
			notes = append(notes, f.Code)
		} else {
			refusals = append(refusals, f.Code)
		}
	}
	return refusals, notes
}

func TestOpenSSLsSignaturesAreValid(t *testing.T) {
	for _, c := range []struct {
		name, signer, algorithm string
		more                    []string
		qualified               bool
	}{
		{"person 256", "person", "GOST R 34.10-2012 256", nil, true},
		{"company 512", "company", "GOST R 34.10-2012 512", nil, true},
		{"by key identifier", "person", "GOST R 34.10-2012 256", []string{"-keyid"}, true},
		{"without certificates", "person", "GOST R 34.10-2012 256", []string{"-nocerts"}, true},
		{"streamed", "person", "GOST R 34.10-2012 256", []string{"-stream"}, true},
		{"chain inside", "person", "GOST R 34.10-2012 256", []string{"-certfile", "ca.crt"}, true},
		{"no policies", "plain", "GOST R 34.10-2012 256", nil, false},
		{"RSA", "rsa", "RSA 2048", []string{"-md", "sha256"}, false},
		{"RSA SHA-512", "rsa", "RSA 2048", []string{"-md", "sha512"}, false},
		{"PSS", "rsapss", "RSA 2048", []string{"-md", "sha256", "-keyopt", "rsa_padding_mode:pss"}, false},
		{"ECDSA", "ec", "ECDSA P-256", []string{"-md", "sha256"}, false},
		{"ECDSA SHA-384", "ec", "ECDSA P-256", []string{"-md", "sha384"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, attached := range []bool{false, true} {
				more := c.more
				if attached {
					more = append(slices.Clone(more), "-nodetach")
				}
				req := request(t, sign(t, c.signer, more...))
				req.Intermediates = []*Certificate{cert(t, c.signer)}
				if attached {
					req.Content = nil
				}
				v := verify(t, req)
				if !v.Valid || v.Qualified != c.qualified || v.Algorithm != c.algorithm {
					t.Errorf("attached %t: %+v", attached, v)
				}
				if attached && !bytes.Equal(v.Content, document(t)) {
					t.Errorf("content %q", v.Content)
				}
				if v.Signer == nil || !v.Signer.is(cert(t, c.signer)) || len(v.Chain) < 2 || time.Since(v.SignedAt).Abs() > time.Hour {
					t.Errorf("signer %v, chain of %d, at %v", v.Signer, len(v.Chain), v.SignedAt)
				}
				req = request(t, req.Signature)
				req.Intermediates, req.Qualified = []*Certificate{cert(t, c.signer)}, true
				if v := verify(t, req); v.Valid != c.qualified {
					t.Errorf("attached %t, qualified demanded: %+v", attached, v.Reasons)
				}
			}
		})
	}
}

func TestSignersNumbersAreRead(t *testing.T) {
	v := verify(t, request(t, sign(t, "company")))
	want := Name{CommonName: "ООО «Ромашка»", Organisation: "ООО «Ромашка»", Surname: "Петрова", GivenName: "Анна", Title: "Директор",
		Country: "RU", SNILS: "08765430300", INN: "500100732259", INNLE: "7707083893", OGRN: "1027700132195"}
	if got := v.Signer.Subject; got.Label() != "Петрова Анна" || !equalNames(got, want) {
		t.Errorf("subject %+v", got)
	}
	q := v.Signer.Qualified
	if !slices.Equal(q.Classes, []string{"КС1", "КС2"}) || q.SubjectTool != "Signing means" || len(q.IssuerTool) != 4 || q.Identification == nil || *q.Identification != 0 {
		t.Errorf("%+v", q)
	}
	if v.Authority == nil || v.Authority.Name != "УЦ" {
		t.Errorf("authority %+v", v.Authority)
	}
	old := cert(t, "oldinn").Subject
	if old.INN != "" || old.INNLE != "7707083893" {
		t.Errorf("an old certificate's INN: %+v", old)
	}
}

func equalNames(a, b Name) bool {
	a.twice, b.twice = nil, nil
	for _, f := range nameFields {
		if *f.to(&a) != *f.to(&b) {
			return false
		}
	}
	return true
}

// BER of indefinite length, as CryptoPro writes it, and armour are read.
func TestFormsOfTheMessage(t *testing.T) {
	der := sign(t, "person")
	pemForm := openssl(t, "cms", "-cmsout", "-inform", "DER", "-in", put(t, der), "-outform", "PEM")
	for name, form := range map[string][]byte{
		"indefinite": indefinite(der), "long lengths": longLengths(der), "PEM": pemForm,
		"base64": base64Lines(der), "attached in pieces": indefinite(sign(t, "person", "-nodetach")),
	} {
		if v := verify(t, request(t, form)); !v.Valid || !v.Qualified {
			t.Errorf("%s: %+v", name, v.Reasons)
		}
	}
	again, err := toDER(indefinite(der))
	if err != nil || !bytes.Equal(again, der) {
		t.Errorf("the way back from BER: %v", err)
	}
}

func TestSNILSIsCompared(t *testing.T) {
	for signer, want := range map[string][]Code{"person": nil, "company": {SNILSDiffers}, "nosnils": {SNILSAbsent}} {
		req := request(t, sign(t, signer))
		req.SNILS = "11223344595"
		if got, _ := codes(verify(t, req)); !slices.Equal(got, want) {
			t.Errorf("%s: %v", signer, got)
		}
	}
}

func TestVerifyWithoutAnAnswer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Verify(ctx, request(t, sign(t, "person"))); err == nil {
		t.Error("a verdict in a context that has ended")
	}
	req := request(t, sign(t, "person"))
	req.Content = failing{}
	if _, err := Verify(t.Context(), req); err == nil {
		t.Error("a verdict on a document that can't be read")
	}
	if _, err := Verify(t.Context(), Request{}); err == nil {
		t.Error("a verdict without a moment")
	}
}

// Lists, trust and certificates serve many verifications at once.
func TestManyAtOnce(t *testing.T) {
	base := keptRequest(t, kept(t, "person.p7s"))
	document := kept(t, "document")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				req := base
				req.Content = bytes.NewReader(document)
				if v, err := Verify(context.Background(), req); err != nil || !v.Qualified {
					t.Errorf("%v, %v", v.Reasons, err)
				}
			}
		})
	}
	all.Wait()
}
