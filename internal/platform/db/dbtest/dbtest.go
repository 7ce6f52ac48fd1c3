// Package dbtest gives each test a fresh database of every engine.
//
// SQLite is a file in the test's folder. PostgreSQL is a clone of a template
// that is migrated once per test binary, in the cluster of OKNO_TEST_POSTGRES
// (a base URL) or, where that is unset, in a cluster of the test binary's own.
// With OKNO_TEST_SERIALIZABLE=1 PostgreSQL runs every transaction serializable.
package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest/pgcluster"
)

// Each runs test on SQLite and on PostgreSQL, each with a fresh database in
// which db's own migrations and the given ones are applied.
func Each(t *testing.T, test func(t *testing.T, d *db.DB), migrations ...fs.FS) {
	t.Helper()
	EachWith(t, db.Config{}, test, migrations...)
}

// EachWith is [Each] with a configuration (clock, ids, trace); its URL is set here.
func EachWith(t *testing.T, cfg db.Config, test func(t *testing.T, d *db.DB), migrations ...fs.FS) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, OpenSQLite(t, cfg, migrations...)) })
	t.Run("postgres", func(t *testing.T) { test(t, OpenPostgres(t, cfg, migrations...)) })
}

// OpenSQLite gives a fresh SQLite database.
func OpenSQLite(t testing.TB, cfg db.Config, migrations ...fs.FS) *db.DB {
	t.Helper()
	cfg.URL = SQLiteURL(t, migrations...)
	return open(t, cfg)
}

// OpenPostgres gives a fresh PostgreSQL database; it skips the test where no server is found.
func OpenPostgres(t testing.TB, cfg db.Config, migrations ...fs.FS) *db.DB {
	t.Helper()
	cfg.URL = PostgresURL(t, migrations...)
	if cfg.WriteConns == 0 {
		cfg.WriteConns = 8
	}
	if cfg.ReadConns == 0 {
		cfg.ReadConns = 4
	}
	return open(t, cfg)
}

func open(t testing.TB, cfg db.Config) *db.DB {
	t.Helper()
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.NewTextHandler(output{t}, &slog.HandlerOptions{Level: slog.LevelInfo}))
	}
	d, err := db.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return d
}

// output writes the log of a test's database to the test.
type output struct{ t testing.TB }

func (o output) Write(p []byte) (int, error) {
	o.t.Logf("%s", p)
	return len(p), nil
}

var (
	mu        sync.Mutex
	liteFiles = map[uint64][]byte{}
	templates = map[string]string{} // by cluster and migrations
	number    atomic.Int64
)

// SQLiteURL gives the URL of a fresh migrated file.
func SQLiteURL(t testing.TB, migrations ...fs.FS) string {
	t.Helper()
	mu.Lock()
	defer mu.Unlock()
	key := fingerprint(t, migrations)
	content, ok := liteFiles[key]
	if !ok {
		path := filepath.Join(t.TempDir(), "template.db")
		must(t, migrate("sqlite:"+path+"?synchronous=off", migrations))
		var err error
		if content, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		liteFiles[key] = content
	}
	path := filepath.Join(t.TempDir(), "okno.db")
	must(t, os.WriteFile(path, content, 0o600))
	return "sqlite:" + path + "?synchronous=off"
}

// PostgresURL gives the URL of a fresh migrated database, dropped after the test.
func PostgresURL(t testing.TB, migrations ...fs.FS) string {
	t.Helper()
	base := baseURL(t)
	admin, err := sql.Open("pgx", base)
	must(t, err)
	mu.Lock()
	defer mu.Unlock()
	key := fingerprint(t, migrations)
	of := fmt.Sprintf("%s %x", base, key)
	template, ok := templates[of]
	if !ok {
		template = fmt.Sprintf("okno_template_%d_%x", os.Getpid(), key)
		exec(t, admin, "CREATE DATABASE "+template)
		must(t, migrate(within(t, base, template, false), migrations))
		templates[of] = template
	}
	name := fmt.Sprintf("okno_test_%d_%d", os.Getpid(), number.Add(1))
	exec(t, admin, "CREATE DATABASE "+name+" TEMPLATE "+template)
	t.Cleanup(func() {
		_, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		if err := errors.Join(err, admin.Close()); err != nil {
			t.Errorf("drop database: %v", err)
		}
	})
	return within(t, base, name, os.Getenv("OKNO_TEST_SERIALIZABLE") == "1")
}

func migrate(rawURL string, migrations []fs.FS) error {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: rawURL, ReadConns: 1, WriteConns: 1})
	if err != nil {
		return err
	}
	return errors.Join(d.Migrate(ctx, migrations...), d.Close())
}

// within is base with another database's name.
func within(t testing.TB, base, name string, serializable bool) string {
	t.Helper()
	u, err := url.Parse(base)
	must(t, err)
	u.Path = "/" + name
	if serializable {
		q := u.Query()
		q.Set("default_transaction_isolation", "serializable")
		u.RawQuery = q.Encode()
	}
	return u.String()
}

var (
	clusterOnce sync.Once
	cluster     *pgcluster.Cluster // ends with the test binary: its watcher sees the pipe close
	clusterErr  error
)

func baseURL(t testing.TB) string {
	t.Helper()
	if base := os.Getenv("OKNO_TEST_POSTGRES"); base != "" {
		return base
	}
	clusterOnce.Do(func() { cluster, clusterErr = pgcluster.Start(pgcluster.Options{}) })
	if errors.Is(clusterErr, pgcluster.ErrMissing) {
		t.Skip("not run on PostgreSQL: OKNO_TEST_POSTGRES is unset and " + clusterErr.Error())
	}
	must(t, clusterErr)
	return cluster.URL
}

// fingerprint tells sets of migrations apart.
func fingerprint(t testing.TB, migrations []fs.FS) uint64 {
	t.Helper()
	h := fnv.New64a()
	for _, f := range migrations {
		must(t, fs.WalkDir(f, ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := fs.ReadFile(f, path)
			if err != nil {
				return err
			}
			_, err = io.WriteString(h, path+"\x00"+string(b)+"\x00")
			return err
		}))
	}
	return h.Sum64()
}

func exec(t testing.TB, admin *sql.DB, text string) {
	t.Helper()
	_, err := admin.Exec(text)
	must(t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
