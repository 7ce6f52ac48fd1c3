package signature

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"okno/internal/gost"
)

// stampOf lets OpenSSL stamp the bytes.
func stampOf(t testing.TB, data []byte, digest, signer string, more ...string) []byte {
	t.Helper()
	ready(t)
	dir := t.TempDir()
	query, token := filepath.Join(dir, "query"), filepath.Join(dir, "token")
	openssl(t, "ts", "-query", "-data", put(t, data), "-"+digest, "-cert", "-out", query)
	openssl(t, append([]string{"ts", "-reply", "-config", "stampconf", "-section", "stamp", "-queryfile", query, "-token_out", "-out", token,
		"-signer", signer + ".crt", "-inkey", signer + ".key"}, more...)...)
	return file(t, token)
}

// withUnsigned is the person's signature with these attributes beside it, made
// from the signature's bytes.
func withUnsigned(t testing.TB, attrs func(signature []byte) [][]byte) []byte {
	t.Helper()
	return craft(t, "person", "person", func(m *message) {
		m.sign(t, gostKey(t, "person"), gost.OIDDigest256)
		for _, a := range attrs(m.signature) {
			m.unsigned = append(m.unsigned, a...)
		}
	})
}

func TestTimeStamps(t *testing.T) {
	ready(t)
	later := now().AddDate(2, 0, 0)
	stamped := func(change func([]byte) []byte, digest, signer string, more ...string) []byte {
		return withUnsigned(t, func(sig []byte) [][]byte {
			token := stampOf(t, change(sig), digest, signer, more...)
			return [][]byte{attr(oidSignatureStamp, token)}
		})
	}
	same := func(b []byte) []byte { return b }
	for _, c := range []struct {
		name  string
		sig   []byte
		holds bool
	}{
		{"GOST", stamped(same, "md_gost12_256", "stamper", "-md_gost12_256"), true},
		{"of SHA-256", stamped(same, "sha256", "stamper", "-md_gost12_256"), true},
		{"over something else", stamped(bytes.ToUpper, "md_gost12_256", "stamper", "-md_gost12_256"), false},
		{"twice", withUnsigned(t, func(sig []byte) [][]byte {
			one := attr(oidSignatureStamp, stampOf(t, sig, "sha256", "stamper", "-md_gost12_256"), stampOf(t, sig, "sha256", "stamper", "-md_gost12_256"))
			return [][]byte{one}
		}), false},
		{"altered", withUnsigned(t, func(sig []byte) [][]byte {
			return [][]byte{attr(oidSignatureStamp, alter(stampOf(t, sig, "sha256", "stamper", "-md_gost12_256")))}
		}), false},
		{"no token", withUnsigned(t, func([]byte) [][]byte { return [][]byte{attr(oidSignatureStamp, null)} }), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			// Two years on, the certificates have expired; the stamp proves that
			// they had not when it was made.
			req := request(t, c.sig)
			req.At, req.Now = later, later
			v := verify(t, req)
			refusals, notes := codes(v)
			switch {
			case c.holds && (!v.Valid || !v.Qualified || time.Since(v.StampedAt).Abs() > time.Hour):
				t.Errorf("%v, stamped %v", v.Reasons, v.StampedAt)
			case !c.holds && (v.Valid || !v.StampedAt.IsZero() || !slices.Contains(refusals, Expired) || !slices.Contains(notes, StampWrong)):
				t.Errorf("%v, stamped %v", v.Reasons, v.StampedAt)
			}
			req = request(t, c.sig)
			if v := verify(t, req); !v.Valid {
				t.Errorf("today: %v", v.Reasons)
			}
		})
	}
}

// A stamp by one who may not stamp, or whom no root vouches for, proves nothing.
func TestForeignTimeStamps(t *testing.T) {
	sig := withUnsigned(t, func(sig []byte) [][]byte {
		return [][]byte{attr(oidSignatureStamp, stampOf(t, sig, "sha256", "stamper", "-md_gost12_256"))}
	})
	req := request(t, sig)
	req.At, req.Now = now().AddDate(2, 0, 0), now().AddDate(2, 0, 0)
	req.Source = given{Answers: Answers{CRLs: []*CRL{crl(t, "root.crl")}}}
	if v := verify(t, req); !v.StampedAt.IsZero() {
		t.Errorf("revocation of who stamped is unknown: %v", v.StampedAt)
	}
	time.Sleep(1100 * time.Millisecond) // lists count seconds
	other.revoke("ca", "stamper", "ca-stamper.crl")
	req.Content = bytes.NewReader(document(t))
	req.Source = given{Answers: Answers{CRLs: []*CRL{crl(t, "root.crl"), crl(t, "ca-stamper.crl")}}}
	if v := verify(t, req); !v.StampedAt.IsZero() {
		t.Errorf("revoked after stamping: %v", v.StampedAt)
	}
	req = request(t, sig)
	req.Trust.Roots = nil
	if v := verify(t, req); !v.StampedAt.IsZero() {
		t.Errorf("no root: %v", v.StampedAt)
	}
}

// A message may bring lists and answers of its own.
func TestProofsInTheMessage(t *testing.T) {
	basic := cryptobyte.String(answer(t, "person", "valid", "ca"))
	var outer, body, part, response cryptobyte.String
	if !basic.ReadASN1(&outer, tag.SEQUENCE) || !outer.SkipASN1(tag.ENUM) || !outer.ReadASN1(&part, inner0) ||
		!part.ReadASN1(&body, tag.SEQUENCE) || !body.SkipASN1(tag.OBJECT_IDENTIFIER) || !body.ReadASN1(&response, tag.OCTET_STRING) {
		t.Fatal("the answer")
	}
	sequence := func(b *cryptobyte.Builder, items ...[]byte) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, i := range items {
				b.AddBytes(i)
			}
		})
	}
	sig := withUnsigned(t, func([]byte) [][]byte {
		return [][]byte{
			attr(oidCertificateProof, der(func(b *cryptobyte.Builder) { sequence(b, cert(t, "ca").X509.Raw) })),
			attr(oidRevocationProof, der(func(b *cryptobyte.Builder) {
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(inner0, func(b *cryptobyte.Builder) { sequence(b, file(t, "root.crl")) })
					b.AddASN1(inner1, func(b *cryptobyte.Builder) { sequence(b, response) })
				})
			})),
		}
	})
	req := request(t, sig)
	req.Source, req.Trust.Authorities = nil, nil
	if v := verify(t, req); !v.Valid {
		t.Errorf("%v", v.Reasons)
	}
	both := openssl(t, "crl2pkcs7", "-nocrl", "-certfile", "root.crt", "-certfile", "ca.crt")
	list := openssl(t, "pkcs7", "-in", put(t, both), "-print_certs")
	got := openssl(t, "cms", "-verify", "-binary", "-purpose", "any", "-inform", "DER", "-in", put(t, sig),
		"-content", filepath.Join(other.dir, "document"), "-CAfile", put(t, list))
	if !bytes.Equal(got, document(t)) {
		t.Errorf("OpenSSL on it: %q", got)
	}
}

func TestMomentOfAStamp(t *testing.T) {
	info := func(at string) []byte {
		return der(func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1ObjectIdentifier(oidData)
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
					addAlgorithm(b, oidSHA256, true)
					b.AddASN1OctetString(make([]byte, 32))
				})
				b.AddASN1Int64(7)
				b.AddASN1(tag.GeneralizedTime, func(b *cryptobyte.Builder) { b.AddBytes([]byte(at)) })
			})
		})
	}
	want := time.Date(2026, 11, 23, 10, 20, 30, 0, time.UTC)
	for at, ok := range map[string]bool{"20261123102030Z": true, "20261123102030.25Z": true, "20261123102030": false, "2026112310Z": false, "": false} {
		if s, got := parseStampInfo(info(at)); got != ok || ok && !s.at.Equal(want) {
			t.Errorf("%q: %v, %t", at, s.at, got)
		}
	}
}

func FuzzStamp(f *testing.F) {
	f.Add([]byte{0x30, 0})
	base := keptRequest(f, nil)
	f.Fuzz(func(t *testing.T, sig []byte) {
		parseStampInfo(sig)
		(&signerInfo{unsigned: []attribute{{oid: oidRevocationProof, values: [][]byte{sig}}, {oid: oidCertificateProof, values: [][]byte{sig}}}}).proofs()
		v := &verification{Request: base, ctx: t.Context()}
		if at, err := v.stamped(sig); err != nil || !at.IsZero() {
			t.Errorf("%v, %v", at, err)
		}
	})
}
