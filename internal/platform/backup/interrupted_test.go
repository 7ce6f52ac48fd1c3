package backup_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"okno/internal/platform/backup"
	"okno/internal/platform/blob"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/vault"
	"okno/internal/privacy"
)

// TestMain is also the child of the tests that kill: it begins what it is told
// and stops for ever at its first attachment.
func TestMain(m *testing.M) {
	if task := os.Getenv("OKNO_BACKUP_CHILD"); task != "" {
		if err := child(task, os.Getenv("OKNO_BACKUP_URL"), os.Getenv("OKNO_BACKUP_DIR"), os.Getenv("OKNO_BACKUP_FILE")); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(task, url, dir, file string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: url, Clock: clock.At(began)})
	if err != nil {
		return err
	}
	storage, err := blob.OpenFolder(filepath.Join(dir, "files"))
	if err != nil {
		return err
	}
	if task == "write" {
		_, err = backup.Write(ctx, d, stuck{storage}, file, backup.Options{})
		return err
	}
	_, err = backup.Restore(ctx, file, backup.Target{DB: d, Files: stuck{storage}, Migrations: schemas(),
		Erasures: privacy.NewErasureList(filepath.Join(dir, "erased.list"))})
	return err
}

// stuck never gets past the beginning of an attachment.
type stuck struct{ blob.Storage }

func (s stuck) Range(ctx context.Context, name string, from, n int64) (io.ReadCloser, error) {
	fmt.Println("stuck")
	select {}
}

func (s stuck) Put(ctx context.Context, name string, size int64, r io.Reader) error {
	if err := s.Storage.Put(ctx, name, size, r); err != nil {
		return err
	}
	fmt.Println("stuck")
	select {}
}

// killed runs a child until it is stuck, and kills it.
func killed(t *testing.T, task, url, dir, file string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "OKNO_BACKUP_CHILD="+task, "OKNO_BACKUP_URL="+url, "OKNO_BACKUP_DIR="+dir, "OKNO_BACKUP_FILE="+file)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if line != "stuck\n" {
		t.Fatalf("the child says %q, %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) {
		t.Fatalf("the child ended: %v", err)
	}
}

func TestAKilledBackupLeavesNothingThatLooksWhole(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "okno.db")
	h := newHouse(t, open(t, url), t.TempDir())
	h.must(h.d.Migrate(t.Context(), schemas()...))
	h.live(6)
	file := filepath.Join(h.dir, "a.okno")
	killed(t, "write", url, h.dir, file)
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("there is a file of the backup's name: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(h.dir, ".a.okno-*.partial"))
	if err != nil || len(left) != 1 {
		t.Fatalf("left: %v %v", left, err)
	}
	if _, err := backup.Verify(t.Context(), left[0], nil); !errs.Is(err, errs.Invalid) {
		t.Errorf("what was left looks whole: %v", err)
	}
	if _, err := backup.Write(t.Context(), h.d, h.storage, file, backup.Options{}); err != nil {
		t.Errorf("the next backup: %v", err)
	}
}

func TestAKilledRestoreIsNoticedAndRunsAgain(t *testing.T) {
	each(t, func(t *testing.T, e db.Engine) {
		keys := t.TempDir()
		h := newHouse(t, full(t, e), keys)
		h.live(6)
		file, first := h.write("a.okno")
		var url string
		if e == db.SQLite {
			url = "sqlite:" + filepath.Join(t.TempDir(), "okno.db")
		} else {
			url = emptyPostgres(t)
		}
		there := newHouse(t, open(t, url), keys)
		killed(t, "restore", url, there.dir, file)
		if half, err := backup.Interrupted(t.Context(), there.d); err != nil || !half {
			t.Fatalf("nobody notices the half restore: %v", err)
		}
		if _, err := backup.Write(t.Context(), there.d, there.storage, filepath.Join(there.dir, "half.okno"), backup.Options{}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a half restored installation was backed up: %v", err)
		}
		if _, err := backup.Restore(t.Context(), file, there.target()); err != nil {
			t.Fatal(err)
		}
		if half, err := backup.Interrupted(t.Context(), there.d); err != nil || half {
			t.Errorf("still half restored: %v", err)
		}
		if _, second := there.write("b.okno"); !second.Same(&first) {
			t.Error("the second try gave another content")
		}
	})
}

// filled refuses an attachment after some.
type filled struct {
	blob.Storage
	left int
}

func (f *filled) Put(ctx context.Context, name string, size int64, r io.Reader) error {
	if f.left--; f.left < 0 {
		return errs.Wrap(errs.Unavailable, errors.New("disk full"))
	}
	return f.Storage.Put(ctx, name, size, r)
}

func TestAFailedRestoreLeavesTheTargetEmpty(t *testing.T) {
	each(t, func(t *testing.T, e db.Engine) {
		keys := t.TempDir()
		h := newHouse(t, full(t, e), keys)
		h.live(11)
		file, first := h.write("a.okno")
		there := newHouse(t, empty(t, e), keys)
		target := there.target()
		target.Files = &filled{there.storage, 2}
		if _, err := backup.Restore(t.Context(), file, target); !errs.Is(err, errs.Unavailable) {
			t.Fatalf("a full disk: %v", err)
		}
		for info := range there.storage.List(t.Context(), "") {
			t.Errorf("left: %v", info)
		}
		if _, err := backup.Restore(t.Context(), file, there.target()); err != nil {
			t.Fatalf("after a failure: %v", err)
		}
		if _, second := there.write("b.okno"); !second.Same(&first) {
			t.Error("the second try gave another content")
		}
	})
}

func TestOlderAndNewerPrograms(t *testing.T) {
	later := fstest.MapFS{"09001_odd_later.sql": {Data: []byte("-- +goose Up\nALTER TABLE odd_value ADD COLUMN later TEXT NOT NULL DEFAULT 'new';\nCREATE TABLE odd_later (id UUID PRIMARY KEY);\n")}}
	each(t, func(t *testing.T, e db.Engine) {
		keys := t.TempDir()
		h := newHouse(t, full(t, e), keys)
		h.live(2)
		file, _ := h.write("old.okno")
		there := newHouse(t, empty(t, e), keys)
		target := there.target()
		target.Migrations = append(target.Migrations, later)
		if _, err := backup.Restore(t.Context(), file, target); err != nil {
			t.Fatal(err)
		}
		n, err := db.One(t.Context(), there.d, db.Int, "SELECT COUNT(*) FROM odd_value WHERE later = 'new'")
		if err != nil || n != 7 {
			t.Errorf("%d rows came into the newer schema: %v", n, err)
		}
		file, _ = there.write("new.okno")
		back := newHouse(t, empty(t, e), keys)
		if _, err := backup.Restore(t.Context(), file, back.target()); !errs.Is(err, errs.UnsupportedType) {
			t.Errorf("a newer program's backup: %v", err)
		}
		if half, err := backup.Interrupted(t.Context(), back.d); err != nil || half {
			t.Errorf("the refused restore left something: %v", err)
		}
	})
}

func TestKeysAreWrittenApart(t *testing.T) {
	keys := t.TempDir()
	h := newHouse(t, full(t, db.SQLite), keys)
	nina := h.register("nina@example.ru")
	file, _ := h.write("a.okno")
	content, err := os.ReadFile(file)
	h.must(err)
	secret, err := os.ReadFile(filepath.Join(keys, "vault.key"))
	h.must(err)
	if strings.Contains(string(content), string(secret)) || strings.Contains(string(content), "nina@example.ru") {
		t.Error("the backup holds what must be sealed")
	}
	apart := filepath.Join(t.TempDir(), "safe")
	list := filepath.Join(h.dir, "erased.list")
	h.must(backup.Keys(filepath.Join(keys, "vault.key"), list, apart))
	if _, err := os.Stat(filepath.Join(apart, backup.ErasureFileName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an erasure list came from nowhere: %v", err)
	}
	if _, err := vault.OpenKeys(filepath.Join(apart, backup.KeyFileName), false); err != nil {
		t.Errorf("the copy does not open: %v", err)
	}
	if err := backup.Keys(filepath.Join(keys, "vault.key"), list, apart); !errs.Is(err, errs.Conflict) {
		t.Errorf("over other keys: %v", err)
	}
	there := newHouse(t, empty(t, db.SQLite), apart)
	_, err = backup.Restore(t.Context(), file, there.target())
	h.must(err)
	if _, c, err := there.people.Get(t.Context(), nina); err != nil || c.Login != "nina@example.ru" {
		t.Errorf("with the copied key: %v", err)
	}
	strange := newHouse(t, empty(t, db.SQLite), t.TempDir())
	_, err = backup.Restore(t.Context(), file, strange.target())
	h.must(err)
	if _, c, err := strange.people.Get(t.Context(), nina); err == nil || c.Login != "" {
		t.Error("another key opened what is sealed")
	}
}
