package signature

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/internal/gost"
)

// OpenSSL with the engine for GOST is the other party of these tests: it makes
// keys, certificates, lists, answers and messages, and checks what is made here.
// Its files are made once for all tests.

const opensslConfig = `
openssl_conf = start
oid_section = oids
[oids]
INNLE = 1.2.643.100.4
[start]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
dynamic_path = ENGINE
default_algorithms = ALL
[req]
distinguished_name = none
string_mask = utf8only
[none]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ca]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
certificatePolicies = 1.2.643.100.113.1,1.2.643.100.113.2
[person]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
certificatePolicies = 1.2.643.100.113.1,1.2.643.100.113.2
1.2.643.100.111 = ASN1:UTF8String:Signing means
1.2.643.100.112 = ASN1:SEQUENCE:tool
1.2.643.100.114 = ASN1:INTEGER:0
[plain]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[encipher]
basicConstraints = CA:FALSE
keyUsage = critical,keyEncipherment
[constrained]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
nameConstraints = permitted;DNS:example.org
[unknown]
basicConstraints = CA:FALSE
1.2.3.4.5 = critical,ASN1:NULL
[responder]
basicConstraints = CA:FALSE
extendedKeyUsage = OCSPSigning
[pointed]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
crlDistributionPoints = URI:http://example.org/a.crl
[used]
basicConstraints = CA:FALSE
2.5.29.16 = ASN1:SEQUENCE:period
[period]
a = IMPLICIT:0,GENERALIZEDTIME:20200101000000Z
b = IMPLICIT:1,GENERALIZEDTIME:20210101000000Z
[here]
issuingDistributionPoint = critical,@point
[point]
fullname = URI:http://example.org/a.crl
onlyuser = TRUE
[there]
issuingDistributionPoint = critical,@otherpoint
[otherpoint]
fullname = URI:http://example.org/b.crl
[authorities]
issuingDistributionPoint = critical,@capoint
[capoint]
onlyCA = TRUE
[indirect]
issuingDistributionPoint = critical,@indirectpoint
[indirectpoint]
indirectCRL = TRUE
[delta]
2.5.29.27 = critical,ASN1:INTEGER:1
[stamper]
basicConstraints = CA:FALSE
extendedKeyUsage = critical,timeStamping
[tool]
a = UTF8:Signing means
b = UTF8:Authority means
c = UTF8:Paper 1
d = UTF8:Paper 2
[lists]
default_ca = list
[list]
database = index
crlnumber = number
default_md = default
default_crl_days = 30
`

type party struct {
	dir  string
	once sync.Once
	err  error
}

var other party

// openssl runs a command among the files, with a configuration of its own.
func (p *party) run(stdin []byte, args ...string) ([]byte, error) {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "OPENSSL_CONF="+filepath.Join(p.dir, "conf"))
	cmd.Stdin = bytes.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("openssl %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	return out, nil
}

// issue makes a key and a certificate NAME.key, NAME.crt in the section's form.
func (p *party) issue(name, key, issuer, section, subject string, more ...string) {
	p.do(append([]string{"genpkey", "-out", name + ".key"}, strings.Fields(key)...)...)
	p.do("req", "-new", "-utf8", "-key", name+".key", "-subj", subject, "-out", name+".csr")
	args := []string{"x509", "-req", "-in", name + ".csr", "-out", name + ".crt", "-days", "365", "-extfile", "conf", "-extensions", section}
	if issuer == "" {
		args = append(args, "-signkey", name+".key")
	} else {
		args = append(args, "-CA", issuer+".crt", "-CAkey", issuer+".key", "-CAcreateserial")
	}
	p.do(append(args, more...)...)
}

func (p *party) do(args ...string) {
	if p.err == nil {
		_, p.err = p.run(nil, args...)
	}
}

const (
	key256 = "-algorithm gost2012_256 -pkeyopt paramset:A"
	keyXA  = "-algorithm gost2012_256 -pkeyopt paramset:XA"
	key512 = "-algorithm gost2012_512 -pkeyopt paramset:A"
	keyRSA = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"
	keyEC  = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"

	subjectPerson  = "/C=RU/CN=Иванов Иван Иванович/SN=Иванов/GN=Иван Иванович/SNILS=11223344595/INN=500100732259"
	subjectCompany = "/C=RU/CN=ООО «Ромашка»/O=ООО «Ромашка»/SN=Петрова/GN=Анна/title=Директор/SNILS=08765430300/INN=500100732259/INNLE=7707083893/OGRN=1027700132195"
)

func (p *party) prepare() {
	p.once.Do(func() {
		engines, _ := filepath.Glob("/usr/lib/*/engines-3/gost.so")
		if len(engines) == 0 {
			return
		}
		if p.dir, p.err = os.MkdirTemp("", "okno-signature"); p.err != nil {
			return
		}
		p.err = os.WriteFile(filepath.Join(p.dir, "conf"), []byte(strings.Replace(opensslConfig, "ENGINE", engines[0], 1)), 0o600)
		p.issue("root", key256, "", "root", "/C=RU/O=Минцифры/CN=Минцифры России/OGRN=1047702026701")
		p.issue("ca", "-algorithm gost2012_512 -pkeyopt paramset:B", "root", "ca", "/C=RU/O=Удостоверяющий центр/CN=УЦ/OGRN=1027700132195")
		p.issue("person", keyXA, "ca", "person", subjectPerson)
		p.issue("company", key512, "ca", "person", subjectCompany)
		p.issue("nosnils", key256, "ca", "person", "/C=RU/CN=Никто")
		p.issue("oldinn", key256, "ca", "person", "/C=RU/O=Старое/CN=Старое/OGRN=1027700132195/INN=007707083893")
		p.issue("badsnils", key256, "ca", "person", "/C=RU/CN=Ошибка/SNILS=08767530300")
		p.issue("plain", key256, "ca", "plain", subjectPerson)
		p.issue("encipher", key256, "ca", "encipher", subjectPerson)
		p.issue("unknown", key256, "ca", "unknown", subjectPerson)
		p.issue("underperson", key256, "person", "person", "/C=RU/CN=Подделка/SNILS=11223344595")
		p.issue("subca", key256, "ca", "ca", "/C=RU/CN=Лишний УЦ")
		p.issue("deep", key256, "subca", "person", subjectPerson)
		p.issue("limitedca", key256, "root", "constrained", "/C=RU/CN=Ограниченный УЦ")
		p.issue("limited", key256, "limitedca", "person", subjectPerson)
		p.issue("responder", key512, "ca", "responder", "/C=RU/CN=OCSP")
		p.issue("stamper", key256, "ca", "stamper", "/C=RU/CN=TSA")
		p.write("stamps", "01\n")
		p.write("stampconf", "[stamp]\nserial = stamps\ndefault_policy = 1.2.3.4\ndigests = sha256,md_gost12_256\n")
		p.issue("pointed", key256, "ca", "pointed", subjectPerson)
		p.issue("used", key256, "ca", "used", subjectPerson)
		p.issue("rsaroot", keyRSA, "", "root", "/CN=RSA root")
		p.issue("rsa", keyRSA, "rsaroot", "plain", "/CN=RSA person")
		p.issue("rsapss", keyRSA, "rsaroot", "plain", "/CN=PSS person", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-sha256")
		p.issue("sha1", keyRSA, "rsaroot", "plain", "/CN=SHA-1", "-sha1")
		p.issue("shortrsa", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024", "rsaroot", "plain", "/CN=Short RSA")
		p.issue("ec", keyEC, "rsaroot", "plain", "/CN=EC person")
		p.write("document", "Документ\n")
		p.revoke("ca", "none", "ca.crl")
		p.revoke("ca", "person", "ca-person.crl")
		for _, form := range []string{"here", "there", "authorities", "indirect", "delta"} {
			p.revoke("ca", "none", form+".crl", "-crlexts", form)
		}
		p.revoke("root", "none", "root.crl")
		p.revoke("rsaroot", "none", "rsaroot.crl")
	})
}

func (p *party) write(name, text string) {
	if p.err == nil {
		p.err = os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600)
	}
}

// revoke makes the issuer's list, with the named certificate on it if there is
// such, and more options.
func (p *party) revoke(issuer, name, list string, more ...string) {
	p.write("index", "")
	p.write("number", "01\n")
	args := []string{"ca", "-name", "list", "-keyfile", issuer + ".key", "-cert", issuer + ".crt"}
	if _, err := os.Stat(filepath.Join(p.dir, name+".crt")); err == nil {
		p.do(append(args, "-revoke", name+".crt")...)
	}
	p.do(append(append(args, "-gencrl", "-out", list), more...)...)
}

func openssl(t testing.TB, args ...string) []byte {
	t.Helper()
	ready(t)
	out, err := other.run(nil, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ready skips a test where OpenSSL or the engine is missing.
func ready(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is missing")
	}
	other.prepare()
	if other.err != nil {
		t.Fatal(other.err)
	}
	if other.dir == "" {
		t.Skip("libengine-gost-openssl is missing")
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	if other.dir != "" {
		os.RemoveAll(other.dir)
	}
	os.Exit(code)
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	ready(t)
	if !filepath.IsAbs(name) {
		name = filepath.Join(other.dir, name)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if block, _ := pem.Decode(b); block != nil {
		return block.Bytes
	}
	return b
}

func cert(t testing.TB, name string) *Certificate {
	t.Helper()
	c, err := ParseCertificate(file(t, name+".crt"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func crl(t testing.TB, name string) *CRL {
	t.Helper()
	c, err := ParseCRL(file(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func gostKey(t testing.TB, name string) *gost.PrivateKey {
	t.Helper()
	k, err := gost.ParsePrivateKey(file(t, name+".key"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sign lets OpenSSL sign the document.
func sign(t testing.TB, name string, more ...string) []byte {
	t.Helper()
	return openssl(t, append([]string{"cms", "-sign", "-cades", "-binary", "-in", "document", "-signer", name + ".crt", "-inkey", name + ".key", "-outform", "DER"}, more...)...)
}

func document(t testing.TB) []byte { return file(t, "document") }

// now is a moment at which all that OpenSSL made is valid.
func now() time.Time { return time.Now().Add(time.Minute) }
