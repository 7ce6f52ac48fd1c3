package vault_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/fstest"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
)

var (
	start   = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	letters = fstest.MapFS{"00192_test_letter.sql": {Data: []byte(`-- +goose Up
CREATE TABLE test_letter (id UUID PRIMARY KEY, subject UUID NOT NULL, body BYTEA NOT NULL);
`)}}
)

type bench struct {
	d    *db.DB
	c    *clock.Fixed
	v    *vault.Vault
	path string // of the key file
	list *erasures
}

// erasures is an erasure list in memory.
type erasures struct {
	lines []vault.Erasure
	err   error
}

func (l *erasures) Append(subject id.ID, at time.Time) error {
	if l.err == nil {
		l.lines = append(l.lines, vault.Erasure{Subject: subject, At: at})
	}
	return l.err
}

func each(t *testing.T, test func(t *testing.T, b *bench)) {
	c := clock.At(start)
	dbtest.EachWith(t, db.Config{Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(start)
		dir := t.TempDir()
		b := &bench{d: d, c: c, path: filepath.Join(dir, "vault.keys"), list: &erasures{}}
		b.open(t)
		test(t, b)
	}, vault.Migrations, letters)
}

// open opens the vault as after a start of the program.
func (b *bench) open(t *testing.T) {
	t.Helper()
	keys, err := vault.OpenKeys(b.path, true)
	must(t, err)
	b.v = vault.Open(b.d, keys, b.list)
}

func (b *bench) store(t *testing.T, subject, letter id.ID, text string) error {
	t.Helper()
	k, err := b.v.Subject(context.Background(), subject)
	must(t, err)
	sealed, err := k.Seal("test_letter", letter, "body", []byte(text))
	must(t, err)
	return b.keep(k, subject, letter, sealed)
}

func (b *bench) keep(k *vault.Key, subject, letter id.ID, sealed []byte) error {
	return db.Do(context.Background(), b.d, db.People, func(tx *db.Tx) error {
		tx.Queue("INSERT INTO test_letter (id, subject, body) VALUES ($1, $2, $3)", letter, subject, sealed)
		return k.Keep(tx)
	})
}

func (b *bench) read(t *testing.T, letter id.ID) (string, error) {
	t.Helper()
	ctx := context.Background()
	type row struct {
		subject id.ID
		body    []byte
	}
	r, err := db.One(ctx, b.d, func(s db.Scanner) (r row, err error) { return r, s.Scan(&r.subject, &r.body) },
		"SELECT subject, body FROM test_letter WHERE id = $1", letter)
	must(t, err)
	keys, err := b.v.Keys(ctx, []id.ID{r.subject})
	must(t, err)
	plain, err := keys.Open(r.subject, "test_letter", letter, "body", r.body)
	return string(plain), err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSealAndOpen(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		a, other, letter, second := id.New(), id.New(), id.New(), id.New()
		must(t, b.store(t, a, letter, "не работает лифт"))
		must(t, b.store(t, a, second, "второе"))
		must(t, b.store(t, other, id.New(), "чужое"))
		if n, err := db.One(ctx, b.d, db.Int, "SELECT COUNT(*) FROM vault_key"); err != nil || n != 2 {
			t.Errorf("%d keys %v, want one for each subject", n, err)
		}
		b.open(t) // nothing in memory
		if got, err := b.read(t, letter); err != nil || got != "не работает лифт" {
			t.Errorf("%q %v", got, err)
		}
		k, err := b.v.Subject(ctx, a)
		must(t, err)
		foreign, err := b.v.Subject(ctx, other)
		must(t, err)
		sealed, err := k.Seal("test_letter", letter, "body", []byte("x"))
		must(t, err)
		for name, try := range map[string]func() ([]byte, error){
			"another row":    func() ([]byte, error) { return k.Open("test_letter", second, "body", sealed) },
			"another column": func() ([]byte, error) { return k.Open("test_letter", letter, "name", sealed) },
			"another table":  func() ([]byte, error) { return k.Open("test_lette", letter, "body", sealed) },
			"another key":    func() ([]byte, error) { return foreign.Open("test_letter", letter, "body", sealed) },
			"a changed bit": func() ([]byte, error) {
				bad := bytes.Clone(sealed)
				bad[len(bad)-1] ^= 1
				return k.Open("test_letter", letter, "body", bad)
			},
			"too short": func() ([]byte, error) { return k.Open("test_letter", letter, "body", sealed[:7]) },
			"nothing":   func() ([]byte, error) { return k.Open("test_letter", letter, "body", nil) },
		} {
			if got, err := try(); err == nil {
				t.Errorf("%s opens: %q", name, got)
			}
		}
	})
}

// Two first transactions of one subject at once: one key is stored, the other
// transaction is told so and leaves nothing.
func TestFirstKeyTwice(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		subject := id.New()
		one, err := b.v.Subject(ctx, subject)
		must(t, err)
		two, err := b.v.Subject(ctx, subject)
		must(t, err)
		must(t, b.keep(one, subject, id.New(), []byte("x")))
		err = b.keep(two, subject, id.New(), []byte("y"))
		if table, ok := db.Unique(err); !ok || table != "vault_key" {
			t.Errorf("%v", err)
		}
		if n, err := db.One(ctx, b.d, db.Int, "SELECT COUNT(*) FROM test_letter"); err != nil || n != 1 {
			t.Errorf("%d letters %v", n, err)
		}
	})
}

func TestEraseBetweenSealAndWrite(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		subject, letter := id.New(), id.New()
		must(t, b.store(t, subject, letter, "тайна"))
		held, err := b.v.Subject(ctx, subject) // sealed with it, not yet written
		must(t, err)
		other := vault.Open(b.d, mustKeys(t, b.path), b.list) // another process erases
		b.list.err = errors.New("disk full")
		if err := other.Erase(ctx, subject, nil); err == nil {
			t.Error("erased without a line in the list")
		}
		if got, err := b.read(t, letter); err != nil || got != "тайна" {
			t.Errorf("%q %v", got, err)
		}
		b.list.err = nil
		noted := false
		must(t, other.Erase(ctx, subject, func(tx *db.Tx) error { noted = true; return nil }))
		if !noted {
			t.Error("also was not called")
		}
		if err := b.keep(held, subject, id.New(), []byte("sealed")); !errs.Is(err, errs.Stale) {
			t.Errorf("writing under an erased key: %v", err)
		}
		if n, err := db.One(ctx, b.d, db.Int, "SELECT COUNT(*) FROM test_letter"); err != nil || n != 1 {
			t.Errorf("%d letters %v", n, err)
		}
		b.c.Advance(6 * time.Minute) // memory forgets
		if got, err := b.read(t, letter); !errs.Is(err, errs.Gone) {
			t.Errorf("%q %v, want gone", got, err)
		}
		if n, err := db.One(ctx, b.d, db.Int, "SELECT COUNT(*) FROM vault_key WHERE wrapped IS NOT NULL"); err != nil || n != 0 {
			t.Errorf("%d wrapped keys left, %v", n, err)
		}
		// A person who comes back gets a new key; the old letter stays gone.
		again := id.New()
		must(t, b.store(t, subject, again, "новое"))
		b.open(t)
		if got, err := b.read(t, again); err != nil || got != "новое" {
			t.Errorf("%q %v", got, err)
		}
		if got, err := b.read(t, letter); !errs.Is(err, errs.Gone) {
			t.Errorf("%q %v, want gone", got, err)
		}
	})
}

func mustKeys(t *testing.T, path string) vault.Keys {
	t.Helper()
	k, err := vault.OpenKeys(path, false)
	must(t, err)
	return k
}

// Back up, erase, restore, apply the list: gone.
func TestErasureListAfterRestore(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		erased, kept, back := id.New(), id.New(), id.New()
		le, lk, lb := id.New(), id.New(), id.New()
		must(t, b.store(t, erased, le, "стереть"))
		must(t, b.store(t, kept, lk, "оставить"))
		type row struct {
			subject id.ID
			wrapped []byte
		}
		backup, err := db.All(ctx, b.d, func(s db.Scanner) (r row, err error) { return r, s.Scan(&r.subject, &r.wrapped) }, "SELECT subject, wrapped FROM vault_key")
		must(t, err)
		b.c.Advance(time.Hour)
		must(t, b.v.Erase(ctx, erased, nil))
		must(t, b.v.Erase(ctx, back, nil)) // has no key yet, makes one after the erasure
		b.c.Advance(time.Hour)
		must(t, b.store(t, back, lb, "после стирания"))
		must(t, db.Do(ctx, b.d, db.People, func(tx *db.Tx) error { // the old copy comes back
			for _, r := range backup {
				tx.QueueOne("UPDATE vault_key SET wrapped = $1, erased = NULL WHERE subject = $2", r.wrapped, r.subject)
			}
			return nil
		}))
		b.open(t)
		if got, err := b.read(t, le); err != nil || got != "стереть" {
			t.Fatalf("the copy is no copy: %q %v", got, err)
		}
		list := b.list.lines
		if len(list) != 2 || list[0].Subject != erased || !list[0].At.Equal(start.Add(time.Hour)) {
			t.Fatalf("list: %+v", list)
		}
		told := 0
		n, err := b.v.Apply(ctx, list, func(_ *db.Tx, e vault.Erasure) error { told++; return nil })
		if err != nil || n != 1 || told < 2 {
			t.Errorf("applied %d, told %d, %v", n, told, err)
		}
		if got, err := b.read(t, le); !errs.Is(err, errs.Gone) {
			t.Errorf("%q %v, want gone", got, err)
		}
		for letter, want := range map[id.ID]string{lk: "оставить", lb: "после стирания"} {
			if got, err := b.read(t, letter); err != nil || got != want {
				t.Errorf("%q %v, want %q", got, err, want)
			}
		}
	})
}

func TestNewKeyEncryptionKey(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		letter := id.New()
		must(t, b.store(t, id.New(), letter, "письмо"))
		before := b.v.Hash("login", "anna")
		must(t, vault.AddKey(b.path))
		b.open(t)
		after := b.v.Hash("login", "anna")
		all := b.v.Hashes("login", "anna")
		if bytes.Equal(before, after) || len(all) != 2 || !bytes.Equal(all[0], after) || !bytes.Equal(all[1], before) {
			t.Error("look-up hashes do not carry the key's version")
		}
		if bytes.Equal(b.v.Hash("phone", "anna"), after) {
			t.Error("domains share hashes")
		}
		if got, err := b.read(t, letter); err != nil || got != "письмо" {
			t.Errorf("under the old key: %q %v", got, err)
		}
		for want := 1; want >= 0; want-- {
			if n, err := b.v.Rewrap(ctx, 100); err != nil || n != want {
				t.Errorf("rewrapped %d %v, want %d", n, err, want)
			}
		}
		b.open(t)
		if got, err := b.read(t, letter); err != nil || got != "письмо" {
			t.Errorf("under the new key: %q %v", got, err)
		}
	})
}

func TestKeyFileRefusesOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault.keys")
	if _, err := vault.OpenKeys(path, false); err == nil {
		t.Error("a missing file opens")
	}
	must(t, func() error { _, err := vault.OpenKeys(path, true); return err }())
	st, err := os.Stat(path)
	must(t, err)
	if runtime.GOOS == "windows" {
		return
	}
	if st.Mode().Perm() != 0o600 {
		t.Errorf("mode %04o", st.Mode().Perm())
	}
	must(t, os.Chmod(path, 0o640))
	if _, err := vault.OpenKeys(path, false); err == nil {
		t.Error("a file that its group can read opens")
	}
	must(t, os.Chmod(path, 0o600))
	must(t, os.WriteFile(path, []byte(`{"current": 1, "keys": {"1": "c2hvcnQ="}}`), 0o600))
	if _, err := vault.OpenKeys(path, false); err == nil {
		t.Error("a short key opens")
	}
}

func TestStream(t *testing.T) {
	b := &bench{d: dbtest.OpenSQLite(t, db.Config{}, vault.Migrations), path: filepath.Join(t.TempDir(), "k"), list: &erasures{}}
	b.open(t)
	k, err := b.v.New(id.New())
	must(t, err)
	row := id.New()
	random := rand.NewChaCha8([32]byte{1})
	for _, size := range []int{0, 1, 64<<10 - 1, 64 << 10, 64<<10 + 1, 128 << 10, 200_000} {
		plain := make([]byte, size)
		random.Read(plain)
		var sealed bytes.Buffer
		n, err := k.SealStream(&sealed, bytes.NewReader(plain), "blob_object", row, "bytes")
		must(t, err)
		if n != int64(size) || int64(sealed.Len()) != vault.SealedSize(n) {
			t.Fatalf("%d: read %d, sealed %d bytes, want %d", size, n, sealed.Len(), vault.SealedSize(n))
		}
		open := func(b []byte, column string) ([]byte, error) {
			s, err := k.OpenStream(bytes.NewReader(b), int64(len(b)), "blob_object", row, column)
			if err != nil {
				return nil, err
			}
			return io.ReadAll(s)
		}
		if got, err := open(sealed.Bytes(), "bytes"); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d: %d bytes, %v", size, len(got), err)
		}
		if _, err := open(sealed.Bytes(), "other"); err == nil {
			t.Errorf("%d: opens in another place", size)
		}
		if _, err := open(sealed.Bytes()[:sealed.Len()-1], "bytes"); err == nil {
			t.Errorf("%d: a byte is missing unnoticed", size)
		}
		const chunk = 64<<10 + 16
		if size > 64<<10 {
			if _, err := open(sealed.Bytes()[:24+chunk], "bytes"); err == nil {
				t.Errorf("%d: cut after the first chunk unnoticed", size)
			}
			s, err := k.OpenStream(bytes.NewReader(sealed.Bytes()), int64(sealed.Len()), "blob_object", row, "bytes")
			must(t, err)
			at := int64(size) - 10
			if size > 70_000 {
				at = 65_530 // across two chunks
			}
			_, err = s.Seek(at, io.SeekStart)
			must(t, err)
			got := make([]byte, min(10, size-int(at)))
			if _, err := io.ReadFull(s, got); err != nil || !bytes.Equal(got, plain[at:int(at)+len(got)]) {
				t.Errorf("%d: range: %v", size, err)
			}
		}
		if size == 128<<10 {
			swapped := bytes.Clone(sealed.Bytes())
			copy(swapped[24:], sealed.Bytes()[24+chunk:24+2*chunk])
			copy(swapped[24+chunk:], sealed.Bytes()[24:24+chunk])
			if _, err := open(swapped, "bytes"); err == nil {
				t.Error("swapped chunks unnoticed")
			}
		}
	}
}
