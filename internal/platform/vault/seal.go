package vault

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// format is the first byte of everything sealed; the key's version follows in four bytes.
const (
	format = 1
	header = 1 + 4
)

// Key is a subject's data key, opened. It is safe for concurrent use.
type Key struct {
	Subject id.ID
	Version int64

	aead    cipher.AEAD
	fresh   []byte // wrapped bytes of a key that is not stored yet
	kek     int
	made    int64
	erased  bool
	history map[int64]cipher.AEAD // earlier versions, for opening
}

// Place is where sealed bytes stand; they open nowhere else.
func place(table string, row id.ID, column string) []byte {
	return fmt.Appendf(nil, "%s\x00%s\x00%s\x00", table, row, column)
}

func (k *Key) head() []byte {
	return binary.BigEndian.AppendUint32([]byte{format}, uint32(k.Version))
}

// Seal seals plain for one column of one row. Empty is sealed too: its absence is not shown.
func (k *Key) Seal(table string, row id.ID, column string, plain []byte) ([]byte, error) {
	if k.erased {
		return nil, gone()
	}
	out := k.head()
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	aad := append(place(table, row, column), out...)
	out = append(out, nonce...)
	return k.aead.Seal(out, nonce, plain, aad), nil
}

// Open opens what Seal made; [errs.Gone] where the key was erased.
func (k *Key) Open(table string, row id.ID, column string, sealed []byte) ([]byte, error) {
	aead, err := k.forSealed(sealed)
	if err != nil {
		return nil, err
	}
	if len(sealed) < header+chacha20poly1305.NonceSizeX {
		return nil, errDamaged
	}
	nonce, text := sealed[header:header+chacha20poly1305.NonceSizeX], sealed[header+chacha20poly1305.NonceSizeX:]
	plain, err := aead.Open(nil, nonce, text, append(place(table, row, column), sealed[:header]...))
	if err != nil {
		return nil, errDamaged
	}
	return plain, nil
}

var errDamaged = errs.Wrap(errs.Internal, errors.New("sealed bytes are damaged or stand in another place"))

func gone() error { return errs.New(errs.Gone, "") }

// forSealed picks the version that sealed the bytes.
func (k *Key) forSealed(sealed []byte) (cipher.AEAD, error) {
	if len(sealed) < header || sealed[0] != format {
		return nil, errDamaged
	}
	version := int64(binary.BigEndian.Uint32(sealed[1:header]))
	if version == k.Version && !k.erased {
		return k.aead, nil
	}
	if aead, ok := k.history[version]; ok {
		return aead, nil
	}
	return nil, gone()
}

// Keep is called in the transaction that stores what was sealed: it writes a
// new key, or makes the transaction fail with stale where the key was erased
// meanwhile. Where two transactions keep the first key of one subject at the
// same time, one fails with conflict on vault_key.
func (k *Key) Keep(tx *db.Tx) error {
	if k.erased {
		return gone()
	}
	if k.fresh != nil {
		tx.Queue("INSERT INTO vault_key (subject, version, kek, wrapped, made) VALUES ($1, $2, $3, $4, $5)", k.Subject, k.Version, k.kek, k.fresh, k.made)
		return nil
	}
	KeyAlive(tx, k.Subject, k.Version)
	return nil
}

// KeyAlive makes the transaction fail with stale if the subject's key of this
// version has been erased, and holds the erasure back until the commit.
func KeyAlive(tx *db.Tx, subject id.ID, version int64) {
	tx.QueueOne("SELECT 1 FROM vault_key WHERE subject = $1 AND version = $2 AND erased IS NULL"+tx.Engine().ForShare(), subject, version)
}

// wrap seals a data key under a key-encryption key, bound to its subject and version.
func wrap(kek []byte, subject id.ID, version int64, key []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(derive(kek, "okno vault wrap v1"))
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return aead.Seal(nonce, nonce, key, place("vault_key", subject, fmt.Sprint(version))), nil
}

func unwrap(kek []byte, subject id.ID, version int64, wrapped []byte) (cipher.AEAD, []byte, error) {
	outer, err := chacha20poly1305.NewX(derive(kek, "okno vault wrap v1"))
	if err != nil {
		return nil, nil, err
	}
	if len(wrapped) < outer.NonceSize() {
		return nil, nil, errDamaged
	}
	key, err := outer.Open(nil, wrapped[:outer.NonceSize()], wrapped[outer.NonceSize():], place("vault_key", subject, fmt.Sprint(version)))
	if err != nil {
		return nil, nil, errs.Wrap(errs.Internal, errors.New("a data key does not open: is this the key file of this database?"))
	}
	aead, err := chacha20poly1305.NewX(key)
	return aead, key, err
}

// derive makes a key for one purpose, so that no key serves two.
func derive(kek []byte, purpose string) []byte {
	key, err := hkdf.Expand(sha256.New, kek, purpose, 32)
	if err != nil {
		panic(err) // 32 bytes are within every bound of HKDF
	}
	return key
}

// hash is the keyed hash of a value within a domain, the key's version in front.
func hash(kek []byte, version int, domain, value string) []byte {
	mac := hmac.New(sha256.New, derive(kek, "okno vault lookup v1"))
	fmt.Fprintf(mac, "%d:%s\x00%s", len(domain), domain, value)
	return mac.Sum(binary.BigEndian.AppendUint16(nil, uint16(version)))
}
