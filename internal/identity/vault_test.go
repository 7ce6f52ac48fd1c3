package identity

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"io/fs"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

func migrationsOfTests() []fs.FS { return []fs.FS{Migrations} }

type memory struct{ aead cipher.AEAD }

func testVault(t *testing.T, _ *db.DB) Vault {
	k := make([]byte, 32)
	_, _ = rand.Read(k)
	b, err := aes.NewCipher(k)
	if err != nil {
		t.Fatal(err)
	}
	g, err := cipher.NewGCMWithRandomNonce(b)
	if err != nil {
		t.Fatal(err)
	}
	return memory{g}
}
func (m memory) Subject(context.Context, id.ID) (Sealer, error) { return m, nil }
func (m memory) Hash(domain, value string) []byte {
	h := hmac.New(sha256.New, []byte(domain))
	h.Write([]byte(value))
	return h.Sum([]byte{1})
}
func (m memory) Seal(table string, row id.ID, column string, plain []byte) ([]byte, error) {
	return m.aead.Seal(nil, nil, plain, []byte(table+row.String()+column)), nil
}
func (m memory) Open(table string, row id.ID, column string, sealed []byte) ([]byte, error) {
	return m.aead.Open(nil, nil, sealed, []byte(table+row.String()+column))
}
func (m memory) Keep(*db.Tx) error { return nil }
