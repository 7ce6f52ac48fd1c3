package signature

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"hash"
	"path/filepath"
	"testing"
	"time"

	"okno/internal/gost"
)

// What is signed here, OpenSSL and this package both find right.
func TestOpenSSLVerifiesOurSignatures(t *testing.T) {
	ready(t)
	for _, name := range []string{"person", "company", "rsa", "ec"} {
		for _, detached := range []bool{true, false} {
			s := Signing{Certificate: cert(t, name), Time: time.Now(), Detached: detached}
			root := "root.crt"
			switch name {
			case "rsa", "ec":
				key, err := x509.ParsePKCS8PrivateKey(file(t, name+".key"))
				if err != nil {
					t.Fatal(err)
				}
				s.Key, root = key.(crypto.Signer), "rsaroot.crt"
			default:
				s.Key, s.Chain = gostKey(t, name), []*Certificate{cert(t, "ca")}
			}
			sig, err := Sign(s, document(t))
			if err != nil {
				t.Fatal(err)
			}
			args := []string{"cms", "-verify", "-cades", "-binary", "-purpose", "any", "-inform", "DER", "-in", put(t, sig), "-CAfile", root}
			if detached {
				args = append(args, "-content", filepath.Join(other.dir, "document"))
			}
			if out := openssl(t, args...); !bytes.Equal(out, document(t)) {
				t.Errorf("%s: content %q", name, out)
			}
			req := request(t, sig)
			if v := verify(t, req); !v.Valid {
				t.Errorf("%s: %v", name, v.Reasons)
			}
		}
	}
	if _, err := Sign(Signing{Key: gostKey(t, "plain"), Certificate: cert(t, "person"), Time: time.Now()}, nil); err == nil {
		t.Error("signed with another's certificate")
	}
}

// Keys of every curve go both ways, and so do bare signatures.
func TestKeysAndBareSignatures(t *testing.T) {
	ready(t)
	for _, c := range []struct{ algorithm, set string }{
		{"gost2012_256", "A"}, {"gost2012_256", "B"}, {"gost2012_256", "C"}, {"gost2012_256", "XA"}, {"gost2012_256", "XB"},
		{"gost2012_256", "TCA"}, {"gost2012_256", "TCB"}, {"gost2012_256", "TCC"}, {"gost2012_256", "TCD"},
		{"gost2012_512", "A"}, {"gost2012_512", "B"}, {"gost2012_512", "C"},
	} {
		dir := t.TempDir()
		secret, public := filepath.Join(dir, "key"), filepath.Join(dir, "pub")
		openssl(t, "genpkey", "-algorithm", c.algorithm, "-pkeyopt", "paramset:"+c.set, "-outform", "DER", "-out", secret)
		openssl(t, "pkey", "-in", secret, "-inform", "DER", "-pubout", "-outform", "DER", "-out", public)
		key, err := gost.ParsePrivateKey(file(t, secret))
		if err != nil {
			t.Fatalf("%v: %v", c, err)
		}
		pub, err := gost.ParsePublicKey(file(t, public))
		if err != nil || !pub.Equal(key.Public()) {
			t.Fatalf("%v: public key: %v", c, err)
		}
		name, digest := "md_gost12_256", sum(gost.New256(), document(t))
		if key.Curve.Bits() == 512 {
			name, digest = "md_gost12_512", sum(gost.New512(), document(t))
		}
		if sig := openssl(t, "dgst", "-"+name, "-sign", secret, "-keyform", "DER", "document"); !pub.Verify(digest, sig) {
			t.Errorf("%v: OpenSSL's signature is refused", c)
		}
		sig, err := key.Sign(nil, digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := gost.ParsePrivateKey(key.MarshalPKCS8())
		if err != nil || !again.Equal(key.Public()) {
			t.Errorf("%v: the key written and read: %v", c, err)
		}
		other.write("own.key", string(key.MarshalPKCS8()))
		other.write("own.pub", string(key.MarshalSPKI()))
		openssl(t, "pkey", "-in", "own.key", "-inform", "DER", "-noout")
		openssl(t, "dgst", "-"+name, "-verify", "own.pub", "-keyform", "DER", "-signature", put(t, sig), "document")
	}
}

// Lengths around the block, and bytes that carry through the sums.
func TestStreebogAgreesWithOpenSSL(t *testing.T) {
	ready(t)
	for _, n := range []int{0, 1, 63, 64, 65, 127, 128, 129, 5000} {
		data := bytes.Repeat([]byte{0xff}, n)
		name := put(t, data)
		for digest, h := range map[string]hash.Hash{"md_gost12_256": gost.New256(), "md_gost12_512": gost.New512()} {
			if want := openssl(t, "dgst", "-"+digest, "-binary", name); !bytes.Equal(sum(h, data), want) {
				t.Errorf("%s of %d bytes", digest, n)
			}
		}
	}
}
