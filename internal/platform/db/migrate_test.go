package db_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
)

// Several processes that bring the same empty database up to date at once all
// succeed, and each change is made once, one that can't be repeated too.
func TestSeveralMigrateAtOnce(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		severalMigrate(t, "sqlite:"+filepath.Join(t.TempDir(), "okno.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		url := dbtest.PostgresURL(t)
		pool, err := sql.Open("pgx", url)
		must(t, err)
		_, err = pool.Exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
		must(t, err)
		must(t, pool.Close())
		severalMigrate(t, url)
	})
}

func severalMigrate(t *testing.T, url string) {
	var rows strings.Builder
	for i := range 400 {
		fmt.Fprintf(&rows, "INSERT INTO turn_log (id, n) VALUES (%d, 0);\n", i)
	}
	files := fstest.MapFS{
		"90001_turn_log.sql":   {Data: []byte("-- +goose Up\nCREATE TABLE turn_log (id BIGINT PRIMARY KEY, n BIGINT NOT NULL);\n" + rows.String())},
		"90002_turn_again.sql": {Data: []byte("-- +goose Up\nUPDATE turn_log SET n = n + 1;\n")},
		"90003_turn_more.sql":  {Data: []byte("-- +goose Up\nALTER TABLE turn_log ADD COLUMN more BIGINT;\nUPDATE turn_log SET n = n + 1;\n")},
	}
	migrateAtOnce(t, url)        // an empty database
	migrateAtOnce(t, url, files) // a new program on one with tables
	d, err := db.Open(t.Context(), db.Config{URL: url})
	must(t, err)
	defer func() { must(t, d.Close()) }()
	for query, want := range map[string]int64{
		"SELECT CAST(SUM(n) AS BIGINT) FROM turn_log":                        800,
		"SELECT COUNT(*) FROM turn_log":                                      400,
		"SELECT COUNT(*) - COUNT(DISTINCT version_id) FROM goose_db_version": 0,
	} {
		got, err := db.One(t.Context(), d, db.Int, query)
		if err != nil || got != want {
			t.Errorf("%s: %d %v, want %d", query, got, err, want)
		}
	}
}

func migrateAtOnce(t *testing.T, url string, files ...fs.FS) {
	const processes = 4
	failures := make([]error, processes)
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range processes {
		d, err := db.Open(t.Context(), db.Config{URL: url, ReadConns: 1, WriteConns: 1})
		must(t, err)
		all.Go(func() {
			<-begin
			failures[i] = errors.Join(d.Migrate(t.Context(), files...), d.Close())
		})
	}
	close(begin)
	all.Wait()
	for i, err := range failures {
		if err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
}

// What is said to PostgreSQL's planner is passed over elsewhere.
func TestForPostgresAlone(t *testing.T) {
	files := fstest.MapFS{
		"90001_plan_table.sql":           {Data: []byte("-- +goose Up\nCREATE TABLE plan_row (a BIGINT, b BIGINT);\n")},
		"80002_plan_advice.postgres.sql": {Data: []byte("-- +goose Up\nCREATE STATISTICS plan_row_ab ON a, b FROM plan_row;\n")},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, d.MigrateOnly(t.Context(), []int64{90001}, files))
		must(t, d.Migrate(t.Context(), files))
		if d.Engine() == db.Postgres {
			if n := count(t, d, "SELECT COUNT(*) FROM pg_statistic_ext WHERE stxname = 'plan_row_ab'"); n != 1 {
				t.Errorf("%d statistics", n)
			}
		}
		if n := count(t, d, "SELECT COUNT(*) FROM plan_row"); n != 0 {
			t.Errorf("%d rows", n)
		}
		if err := d.MigrateOnly(t.Context(), []int64{90003}, files); err == nil {
			t.Error("a number that no file has")
		}
		for _, name := range []string{"80003_plan_bad.sql", "90004_plan_bad.postgres.sql"} {
			if err := d.Migrate(t.Context(), fstest.MapFS{name: {Data: []byte("-- +goose Up\nSELECT 1;\n")}}); err == nil {
				t.Errorf("%s was taken", name)
			}
		}
	})
}
