package vault

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"embed"
	"io/fs"
	"sync"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

//go:embed migrations/*.sql
var embedded embed.FS

// Migrations are the vault's tables.
var Migrations = sub(embedded)

func sub(f embed.FS) fs.FS {
	s, err := fs.Sub(f, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return s
}

// How long and how many opened keys are kept in memory.
const (
	cacheFor  = 5 * time.Minute
	cacheSize = 10_000
)

// Vault opens and makes data keys.
type Vault struct {
	d    *db.DB
	keys Keys
	list ErasureList

	mu    sync.Mutex
	cache map[id.ID]cached
}

type cached struct {
	key   *Key
	until time.Time
}

// Open makes a vault over the database.
func Open(d *db.DB, keys Keys, list ErasureList) *Vault {
	return &Vault{d: d, keys: keys, list: list, cache: map[id.ID]cached{}}
}

// Set is the keys of a page of subjects.
type Set map[id.ID]*Key

// Open opens sealed bytes of a subject; [errs.Gone] where its key was erased
// or never was.
func (s Set) Open(subject id.ID, table string, row id.ID, column string, sealed []byte) ([]byte, error) {
	k, ok := s[subject]
	if !ok {
		return nil, gone()
	}
	return k.Open(table, row, column, sealed)
}

// Keys reads the keys of a page of subjects in one query, or from memory. A
// subject that has no key is missing from the set; one whose key was erased
// opens nothing. Another process's erasure is noticed within 5 minutes for
// reading, and at once for writing.
func (v *Vault) Keys(ctx context.Context, subjects []id.ID) (Set, error) {
	now := v.d.Clock().Now()
	out := make(Set, len(subjects))
	var ask []id.ID
	v.mu.Lock()
	for _, s := range subjects {
		if c, ok := v.cache[s]; ok && now.Before(c.until) {
			out[s] = c.key
		} else {
			ask = append(ask, s)
		}
	}
	v.mu.Unlock()
	if len(ask) == 0 {
		return out, nil
	}
	rows, err := db.All(ctx, v.d, scanKey, selectKey+" WHERE "+db.In(v.d.Engine(), "subject", 1)+" ORDER BY subject, version",
		db.IDs(v.d.Engine(), ask))
	if err != nil {
		return nil, err
	}
	read := Set{}
	for _, r := range rows {
		if err := v.add(read, r); err != nil {
			return nil, err
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.cache)+len(read) > cacheSize {
		clear(v.cache)
	}
	for s, k := range read {
		out[s] = k
		v.cache[s] = cached{k, now.Add(cacheFor)}
	}
	return out, nil
}

// add opens a row's key and makes it the newest of its subject.
func (v *Vault) add(set Set, r keyRow) error {
	k, ok := set[r.subject]
	if !ok {
		k = &Key{Subject: r.subject, history: map[int64]cipher.AEAD{}}
		set[r.subject] = k
	} else if !k.erased {
		k.history[k.Version] = k.aead
	}
	k.Version, k.erased, k.aead = r.version, r.erased.Valid, nil
	if k.erased {
		return nil
	}
	kek, err := v.keys.Key(r.kek)
	if err != nil {
		return errs.Wrap(errs.Internal, err)
	}
	k.aead, _, err = unwrap(kek, r.subject, r.version, r.wrapped)
	return err
}

// Used tells whether the database holds data keys: then the key file must be
// there, and a new one would be of no use.
func Used(ctx context.Context, d *db.DB) (bool, error) {
	n, err := db.One(ctx, d, db.Int, "SELECT COUNT(*) FROM (SELECT 1 FROM vault_key LIMIT 1) x")
	return n > 0, err
}

// Check tells whether the keys at hand open what the database holds: it opens
// one data key. A database without any is fine with every key.
func Check(ctx context.Context, d *db.DB, keys Keys) error {
	rows, err := db.All(ctx, d, scanKey, selectKey+" WHERE erased IS NULL LIMIT 1")
	if err != nil || len(rows) == 0 {
		return err
	}
	kek, err := keys.Key(rows[0].kek)
	if err == nil {
		_, _, err = unwrap(kek, rows[0].subject, rows[0].version, rows[0].wrapped)
	}
	if err != nil {
		return &errs.Error{Code: errs.Conflict, Key: "vault.wrong_key", Err: err}
	}
	return nil
}

// Subject finds the newest key of a subject, or prepares a new one, which
// [Key.Keep] stores. After an erasure a new version begins.
func (v *Vault) Subject(ctx context.Context, subject id.ID) (*Key, error) {
	set, err := v.Keys(ctx, []id.ID{subject})
	if err != nil {
		return nil, err
	}
	if k, ok := set[subject]; ok {
		if !k.erased {
			return k, nil
		}
		return v.fresh(subject, k.Version+1)
	}
	return v.fresh(subject, 1)
}

// New prepares the first key of a subject that was just made: no query.
func (v *Vault) New(subject id.ID) (*Key, error) { return v.fresh(subject, 1) }

func (v *Vault) fresh(subject id.ID, version int64) (*Key, error) {
	raw := make([]byte, chacha20poly1305.KeySize)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(raw)
	if err != nil {
		return nil, err
	}
	kek, err := v.keys.Key(v.keys.Current())
	if err != nil {
		return nil, errs.Wrap(errs.Internal, err)
	}
	wrapped, err := wrap(kek, subject, version, raw)
	if err != nil {
		return nil, err
	}
	return &Key{
		Subject: subject, Version: version, aead: aead, fresh: wrapped, kek: v.keys.Current(), made: clock.Milli(v.d.Clock().Now()),
	}, nil
}

// Hash is a keyed hash of value within domain, for looking up what is sealed.
// The first two bytes are the key's version.
func (v *Vault) Hash(domain, value string) []byte {
	h, err := v.hash(v.keys.Current(), domain, value)
	if err != nil {
		panic(err) // the current key was there when the file was opened
	}
	return h
}

// Hashes are the hashes under the current key and every earlier one that is
// still there, newest first: for looking up what was stored before a change of keys.
func (v *Vault) Hashes(domain, value string) [][]byte {
	var out [][]byte
	for n := v.keys.Current(); n > 0; n-- {
		if h, err := v.hash(n, domain, value); err == nil {
			out = append(out, h)
		}
	}
	return out
}

func (v *Vault) hash(version int, domain, value string) ([]byte, error) {
	kek, err := v.keys.Key(version)
	if err != nil {
		return nil, err
	}
	return hash(kek, version, domain, value), nil
}

type keyRow struct {
	subject id.ID
	version int64
	kek     int
	wrapped []byte
	erased  sql.NullInt64
}

const selectKey = "SELECT subject, version, kek, wrapped, erased FROM vault_key"

func scanKey(s db.Scanner) (r keyRow, err error) {
	return r, s.Scan(&r.subject, &r.version, &r.kek, &r.wrapped, &r.erased)
}
