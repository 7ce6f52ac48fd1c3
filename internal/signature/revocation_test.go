package signature

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// answer lets OpenSSL answer about a certificate by OCSP. The index says valid
// or revoked, or is empty.
func answer(t testing.TB, name, index, signer string, more ...string) []byte {
	t.Helper()
	ready(t)
	other.write("index", "")
	list := []string{"ca", "-name", "list", "-keyfile", "ca.key", "-cert", "ca.crt"}
	switch index {
	case "valid":
		openssl(t, append(list, "-valid", name+".crt")...)
	case "revoked":
		openssl(t, append(list, "-revoke", name+".crt")...)
	}
	out := filepath.Join(t.TempDir(), "answer")
	openssl(t, append([]string{"ocsp", "-index", "index", "-CA", "ca.crt", "-rsigner", signer + ".crt", "-rkey", signer + ".key",
		"-issuer", "ca.crt", "-cert", name + ".crt", "-respout", out, "-ndays", "7", "-resp_no_certs"}, more...)...)
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRevocationByList(t *testing.T) {
	root := crl(t, "root.crl")
	for _, c := range []struct {
		name   string
		lists  []*CRL
		at     time.Time
		signer string
		want   Code
		note   bool
	}{
		{"revoked", []*CRL{crl(t, "ca-person.crl"), root}, now(), "person", Revoked, false},
		{"another revoked", []*CRL{crl(t, "ca-person.crl"), root}, now(), "company", "", false},
		{"revoked after the moment", []*CRL{crl(t, "ca-person.crl"), root}, cert(t, "person").X509.NotBefore, "person", RevokedLater, true},
		{"a good list does not hide a revoking one", []*CRL{crl(t, "ca.crl"), crl(t, "ca-person.crl"), root}, now(), "person", Revoked, false},
		{"no list", []*CRL{root}, now(), "person", RevocationUnknown, false},
		{"no list of the root", []*CRL{crl(t, "ca.crl")}, now(), "person", RevocationUnknown, false},
		{"stale", []*CRL{crl(t, "ca.crl"), root}, now().AddDate(0, 0, 40), "person", RevocationStale, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := request(t, sign(t, c.signer))
			req.At, req.Now, req.Source = c.at, now().AddDate(0, 0, 41), given{Answers: Answers{CRLs: c.lists}}
			req.Trust.Authorities[0].Periods[0].From = now().AddDate(-2, 0, 0)
			v := verify(t, req)
			refusals, notes := codes(v)
			switch {
			case c.want == "" && !v.Valid, c.note && (!v.Valid || !slices.Contains(notes, c.want)), c.want != "" && !c.note && !slices.Contains(refusals, c.want):
				t.Errorf("%v; want %s", v.Reasons, c.want)
			}
			req.Content, req.RevocationOptional = bytes.NewReader(document(t)), true
			if v := verify(t, req); v.Valid == (c.want == Revoked) {
				t.Errorf("optional: %v", v.Reasons)
			}
		})
	}
	req := request(t, sign(t, "person"))
	req.Source = given{err: errors.New("down")}
	if got, _ := codes(verify(t, req)); !slices.Contains(got, RevocationUnknown) {
		t.Errorf("a source that is down: %v", got)
	}
	req = request(t, sign(t, "person"))
	req.Source = nil
	if got, _ := codes(verify(t, req)); !slices.Contains(got, RevocationUnknown) {
		t.Errorf("no source: %v", got)
	}
}

// A list speaks of the certificates that its distribution point covers; deltas
// and indirect lists are of no use.
func TestListsOfSomeCertificates(t *testing.T) {
	for list, covers := range map[string]map[string]bool{
		"ca.crl":          {"person": true, "pointed": true, "subca": true, "rsa": false},
		"here.crl":        {"person": true, "pointed": true, "subca": false},
		"there.crl":       {"person": true, "pointed": false, "subca": true},
		"authorities.crl": {"person": false, "subca": true},
		"indirect.crl":    {"person": false},
		"delta.crl":       {"person": false},
	} {
		c := crl(t, list)
		for name, want := range covers {
			if got := c.covers(cert(t, name)); got != want {
				t.Errorf("%s, %s: %t", list, name, got)
			}
		}
	}
	for _, bad := range [][]byte{nil, {0x30, 0}, file(t, "ca.crl")[:100], append(file(t, "ca.crl"), 0), make([]byte, maxAnswer+1)} {
		if _, err := ParseCRL(bad); err == nil {
			t.Errorf("%d bytes are a list", len(bad))
		}
	}
}

// A list that the issuer did not sign says nothing.
func TestForgedList(t *testing.T) {
	der := bytes.Clone(file(t, "ca.crl"))
	der[len(der)-1] ^= 1
	forged, err := ParseCRL(der)
	if err != nil {
		t.Fatal(err)
	}
	req := request(t, sign(t, "person"))
	req.Source = given{Answers: Answers{CRLs: []*CRL{forged, crl(t, "root.crl"), nil}}}
	if got, _ := codes(verify(t, req)); !slices.Contains(got, RevocationForeign) {
		t.Errorf("%v", got)
	}
}

func TestRevocationByOCSP(t *testing.T) {
	good := answer(t, "person", "valid", "responder", "-resp_key_id")
	withCert := func(signer string) []byte {
		ready(t)
		return answerWithCert(t, signer)
	}
	for _, c := range []struct {
		name   string
		answer []byte
		nonce  []byte
		want   Code
	}{
		{"by the issuer", answer(t, "person", "valid", "ca"), nil, ""},
		{"by the issuer without nonce, asked with one", answer(t, "person", "valid", "ca", "-no_nonce"), []byte("12345678"), ""},
		{"with another nonce", answer(t, "person", "valid", "ca"), []byte("12345678"), RevocationForeign},
		{"by a delegate", withCert("responder"), nil, ""},
		{"by a delegate whose certificate is missing", good, nil, RevocationForeign},
		{"by one who is no delegate", withCert("plain"), nil, RevocationForeign},
		{"by a stranger", withCert("rsa"), nil, RevocationForeign},
		{"revoked", answer(t, "person", "revoked", "ca"), nil, Revoked},
		{"unknown", answer(t, "person", "", "ca"), nil, RevocationUnknown},
		{"about another", answer(t, "company", "valid", "ca"), nil, RevocationUnknown},
		{"altered", alter(answer(t, "person", "valid", "ca")), nil, RevocationForeign},
		{"broken off", good[:len(good)-3], nil, RevocationBroken},
		{"refused by the responder", []byte{0x30, 3, 0x0a, 1, 6}, nil, RevocationBroken},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := request(t, sign(t, "person"))
			req.Source = given{Answers: Answers{OCSP: [][]byte{c.answer}, CRLs: []*CRL{crl(t, "root.crl")}, Nonce: c.nonce}}
			// The answer speaks of the person alone; the authority is on the root's list.
			v := verify(t, req)
			if c.want == "" && (len(v.Proofs) != 2 || !v.Proofs[0].OCSP || !v.Proofs[0].Of.is(v.Signer) || v.Proofs[1].OCSP || len(v.Proofs[0].DER) == 0) {
				t.Errorf("proofs: %+v", v.Proofs)
			}
			if got, _ := codes(v); c.want == "" && !v.Valid || c.want != "" && !slices.Contains(got, c.want) {
				t.Errorf("%v; want %s", v.Reasons, c.want)
			}
		})
	}
	req := request(t, sign(t, "person"))
	req.At, req.Now = now().AddDate(0, 0, 20), now().AddDate(0, 0, 20)
	req.Source = given{Answers: Answers{OCSP: [][]byte{good, answer(t, "person", "valid", "ca")}, CRLs: []*CRL{crl(t, "root.crl")}}}
	if got, _ := codes(verify(t, req)); !slices.Equal(got, []Code{RevocationStale}) {
		t.Errorf("after a week: %v", got)
	}
}

// answerWithCert has the responder's certificate inside.
func answerWithCert(t testing.TB, signer string) []byte {
	t.Helper()
	other.write("index", "")
	openssl(t, "ca", "-name", "list", "-keyfile", "ca.key", "-cert", "ca.crt", "-valid", "person.crt")
	out := filepath.Join(t.TempDir(), "answer")
	openssl(t, "ocsp", "-index", "index", "-CA", "ca.crt", "-rsigner", signer+".crt", "-rkey", signer+".key",
		"-issuer", "ca.crt", "-cert", "person.crt", "-respout", out, "-ndays", "7")
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func alter(b []byte) []byte {
	b = bytes.Clone(b)
	b[len(b)-1] ^= 1
	return b
}
