package signature

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("broken") }

// put writes bytes beside OpenSSL's files and gives the name.
func put(t testing.TB, b []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// rewrite walks DER and writes each constructed element by its form; strings of
// octets come as they are.
func rewrite(der []byte, form func(tag byte, body []byte) []byte) (out []byte) {
	for len(der) > 0 {
		w := derWriter{in: der}
		tag, length, body, err := w.header(0)
		if err != nil {
			panic(err)
		}
		inner := der[body : body+length]
		if tag&0x20 != 0 {
			inner = rewrite(inner, form)
		}
		out = append(out, form(tag, inner)...)
		der = der[body+length:]
	}
	return out
}

func plain(tag byte, body []byte) []byte {
	w := derWriter{}
	w.writeHeader(0, tag, len(body))
	return append(w.out, body...)
}

// indefinite writes every constructed element without a length, and large
// strings of octets in pieces.
func indefinite(der []byte) []byte {
	return rewrite(der, func(tag byte, body []byte) []byte {
		switch {
		case tag&0x20 != 0:
			return append(append([]byte{tag, 0x80}, body...), 0, 0)
		case tag == 4 && len(body) > 10:
			return append(append(append([]byte{0x24, 0x80}, plain(4, body[:3])...), plain(4, body[3:])...), 0, 0)
		}
		return plain(tag, body)
	})
}

// longLengths writes lengths with more bytes than they need.
func longLengths(der []byte) []byte {
	return rewrite(der, func(tag byte, body []byte) []byte {
		n := len(body)
		return append([]byte{tag, 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, body...)
	})
}

func base64Lines(b []byte) []byte {
	var out strings.Builder
	text := base64.StdEncoding.EncodeToString(b)
	for len(text) > 64 {
		out.WriteString(text[:64] + "\r\n")
		text = text[64:]
	}
	return []byte(out.String() + text + "\r\n")
}
