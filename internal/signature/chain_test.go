package signature

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/internal/gost"
)

func TestCertificatesAreRefused(t *testing.T) {
	ready(t)
	year := 365 * 24 * time.Hour
	for _, c := range []struct {
		name, signer string
		change       func(*Request)
		want         Code
	}{
		{"expired", "person", func(r *Request) { r.At = now().Add(2 * year) }, Expired},
		{"not yet valid", "person", func(r *Request) { r.At = now().Add(-year) }, NotYetValid},
		{"foreign root", "person", func(r *Request) { r.Trust.Roots = r.Trust.Roots[1:] }, ChainBroken},
		{"no trust", "person", func(r *Request) { r.Trust = nil }, ChainBroken},
		{"intermediate missing", "person", func(r *Request) { r.Trust.Authorities = nil }, ChainBroken},
		{"not for signing", "encipher", nil, KeyUsage},
		{"unknown critical extension", "unknown", nil, UnknownCritical},
		{"issued by a person", "underperson", nil, NotAuthority},
		{"path too long", "deep", nil, PathTooLong},
		{"limited names", "limited", nil, NamesConstrained},
		{"term of the private key over", "used", nil, PrivateKeyExpired},
		{"certificate signed over SHA-1", "sha1", nil, UnknownAlgorithm},
		{"short RSA key", "shortrsa", nil, KeyWeak},
		{"not GOST", "rsa", func(r *Request) { r.Qualified = true }, NotGOST},
		{"not accredited", "person", func(r *Request) {
			r.Qualified, r.Intermediates, r.Trust.Authorities = true, []*Certificate{r.Trust.Authorities[0].Certificates[0]}, nil
		}, NotAccredited},
		{"only the authority above is on the list", "person", func(r *Request) {
			r.Qualified, r.Intermediates = true, r.Trust.Authorities[0].Certificates
			r.Trust.Authorities[0].Certificates = r.Trust.Roots[:1]
		}, NotAccredited},
		{"accreditation ended", "person", func(r *Request) {
			r.Qualified, r.Trust.Authorities[0].Periods = true, []Period{{From: now().Add(-year), To: now().Add(-time.Hour)}}
		}, NotAccreditedThen},
		{"accreditation begins later", "person", func(r *Request) {
			r.Qualified, r.Trust.Authorities[0].Periods = true, []Period{{From: now().Add(time.Hour)}}
		}, NotAccreditedThen},
		{"no policy", "plain", func(r *Request) { r.Qualified = true }, PolicyMissing},
		{"no means of signing", "plain", func(r *Request) { r.Qualified = true }, SubjectToolMissing},
		{"no means of the authority", "plain", func(r *Request) { r.Qualified = true }, IssuerToolMissing},
		{"no SNILS", "nosnils", func(r *Request) { r.Qualified = true }, SNILSAbsent},
		{"wrong SNILS", "badsnils", func(r *Request) { r.Qualified = true }, SNILSMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := request(t, sign(t, c.signer, "-md", digestFor(c.signer)))
			req.RevocationOptional = true
			for _, name := range []string{"person", "subca", "limitedca"} {
				req.Intermediates = append(req.Intermediates, cert(t, name))
			}
			if c.change != nil {
				c.change(&req)
			}
			v := verify(t, req)
			if got, _ := codes(v); v.Valid || !slices.Contains(got, c.want) {
				t.Errorf("valid %t, %v; want %s", v.Valid, v.Reasons, c.want)
			}
		})
	}
}

func digestFor(signer string) string {
	if strings.Contains(signer, "rsa") || signer == "sha1" {
		return "sha256"
	}
	return "md_gost12_256"
}

// An organisation without a person's SNILS may hold a qualified certificate, and
// an accreditation that paused is looked at where it was.
func TestQualifiedCorners(t *testing.T) {
	req := request(t, sign(t, "oldinn"))
	req.Qualified = true
	if v := verify(t, req); !v.Valid || !v.Qualified {
		t.Errorf("organisation: %v", v.Reasons)
	}
	req = request(t, sign(t, "person"))
	req.Qualified = true
	req.Trust.Authorities[0].Periods = []Period{
		{From: now().Add(-48 * time.Hour), To: now().Add(-24 * time.Hour)}, {From: now().Add(-time.Hour)}}
	if v := verify(t, req); !v.Qualified {
		t.Errorf("second period: %v", v.Reasons)
	}
}

// A certificate whose key is no point of its curve is told so, whatever else is
// wrong with it.
func TestKeysThatAreNoPoints(t *testing.T) {
	good := cert(t, "person")
	bits := keyBits(good)[2:]
	for name, change := range map[string]func([]byte){
		"off the curve":    func(b []byte) { b[0] ^= 1 },
		"infinity as 0, 0": func(b []byte) { clear(b) },
		"beyond the field": func(b []byte) {
			for i := range b[:32] {
				b[i] = 0xff
			}
		},
	} {
		bad := bytes.Clone(bits)
		change(bad)
		c, err := ParseCertificate(bytes.Replace(good.X509.Raw, bits, bad, 1))
		if err != nil {
			t.Fatal(err)
		}
		s := Signing{Key: gostKey(t, "person"), Certificate: c, Time: time.Now(), Detached: true}
		m := message{digest: gost.OIDDigest256, algorithm: gost.OIDKey256, attrs: s.attributes(gost.OIDDigest256, document(t))}
		m.sign(t, s.Key, gost.OIDDigest256)
		v := verify(t, request(t, m.marshal(s)))
		got, _ := codes(v)
		if v.Valid || !slices.Contains(got, KeyMalformed) || !slices.Contains(got, CertificateForged) {
			t.Errorf("%s: %v", name, v.Reasons)
		}
	}
}

// An altered certificate holds on no chain, even if its holder signs over it.
func TestAlteredCertificate(t *testing.T) {
	good := cert(t, "person")
	c, err := ParseCertificate(bytes.Replace(good.X509.Raw, []byte("11223344595"), []byte("08765430300"), 1))
	if err != nil {
		t.Fatal(err)
	}
	sig, err := Sign(Signing{Key: gostKey(t, "person"), Certificate: c, Time: time.Now(), Detached: true}, document(t))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := codes(verify(t, request(t, sig))); !slices.Contains(got, CertificateForged) {
		t.Errorf("%v", got)
	}
}

// A certificate with the same issuer and number as the signer's doesn't displace
// it.
func TestDecoyBesideTheSigner(t *testing.T) {
	good := cert(t, "person")
	decoy, err := ParseCertificate(bytes.Replace(good.X509.Raw, []byte("11223344595"), []byte("08765430300"), 1))
	if err != nil {
		t.Fatal(err)
	}
	req := request(t, sign(t, "person", "-nocerts"))
	req.Intermediates = []*Certificate{decoy, good}
	if v := verify(t, req); !v.Valid || !v.Signer.is(good) {
		t.Errorf("%v", v.Reasons)
	}
}

// The certificate and the list of RFC 9215, appendix A, on the curve
// id-tc26-gost-3410-2012-256-paramSetA.
func TestExamplesOfTheStandard(t *testing.T) {
	c, err := ParseCertificate(unarmour([]byte(`
MIIBJTCB06ADAgECAgEKMAoGCCqFAwcBAQMCMBIxEDAOBgNVBAMTB0V4YW1wbGUw
IBcNMDEwMTAxMDAwMDAwWhgPMjA1MDEyMzEwMDAwMDBaMBIxEDAOBgNVBAMTB0V4
YW1wbGUwXjAXBggqhQMHAQEBATALBgkqhQMHAQIBAQEDQwAEQHQnldS+6ITd8oUP
7APqP68YROAdnaYLZFCTpV4m38OZePWWz01NDGzx0YlD2UST0WuewKFtUS0uEnzE
aRpjGOKjEzARMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoUDBwEBAwIDQQAUC02pEksJ
yw1c6Sjuh0JzoxASlJLsDik2njt5EkhXjB0OHaW+NHxvG1JWx66sIArWSsd6b1s6
DglzGOeubudp`)))
	if err != nil {
		t.Fatal(err)
	}
	if code := c.signed(c); code != "" || c.Algorithm() != "GOST R 34.10-2012 256" {
		t.Errorf("certificate: %s, %s", code, c.Algorithm())
	}
	list, err := ParseCRL(unarmour([]byte(`
MIGSMEECAQEwCgYIKoUDBwEBAwIwEjEQMA4GA1UEAxMHRXhhbXBsZRcNMTQwMTAx
MDAwMDAwWhcNMTQwMTAyMDAwMDAwWjAKBggqhQMHAQEDAgNBABS9aAh8O5A8eqKL
B/6y571v4JY/VjJnNZ9c2Oq0UFmtHQ4dpb40fG8bUlbHrqwgCtZKx3pvWzoOCXMY
565u52k=`)))
	if err != nil {
		t.Fatal(err)
	}
	if code := list.signedBy(c); code != "" {
		t.Errorf("list: %s", code)
	}
}
