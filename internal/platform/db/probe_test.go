package db_test

import (
	"context"
	"net/url"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
)

// A database that only reads is told from one that takes a row.
func TestProbeTellsWhetherAnythingCanBeWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		for range 2 {
			if err := d.Probe(ctx); err != nil {
				t.Fatal(err)
			}
		}
		n, err := db.One(ctx, d, db.Int, "SELECT COUNT(*) FROM db_tx")
		if err != nil || n != 1 {
			t.Errorf("%d rows after two probes, %v", n, err)
		}
		if d.Engine() != db.SQLite {
			return
		}
		err = db.Do(ctx, d, db.People, func(tx *db.Tx) error { _, err := tx.Exec("PRAGMA query_only = 1"); return err })
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Probe(ctx); !errs.Is(err, errs.Unavailable) {
			t.Errorf("of a database that only reads: %v", err)
		}
	})
	t.Run("postgres that only reads", func(t *testing.T) {
		u, err := url.Parse(dbtest.PostgresURL(t))
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set("default_transaction_read_only", "on")
		u.RawQuery = q.Encode()
		d, err := db.Open(context.Background(), db.Config{URL: u.String()})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if err := d.Probe(t.Context()); !errs.Is(err, errs.Unavailable) {
			t.Errorf("%v", err)
		}
	})
}
