package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"runtime"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// gather lets n transactions wait behind one that hangs in the server until
// all have gathered, and returns what each of them answers.
func gather(t *testing.T, d *db.DB, server string, n int, gathered func(), fn func(i int, tx *db.Tx) error) (answers []error) {
	t.Helper()
	outside, err := sql.Open("pgx", server)
	must(t, err)
	defer func() { must(t, outside.Close()) }()
	hang, err := outside.Begin()
	must(t, err)
	first := id.New()
	_, err = hang.Exec("INSERT INTO test_thing (id, name, version, open) VALUES ($1, 'hanging', 1, true)", first.String())
	must(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		if err := db.Do(context.Background(), d, db.People, func(tx *db.Tx) error { add(tx, first, first.String()); return nil }); err != nil {
			t.Errorf("first: %v", err)
		}
	})
	for waits := int64(0); waits == 0; {
		must(t, outside.QueryRow("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&waits))
	}
	answers = make([]error, n)
	for i := range n {
		all.Go(func() {
			answers[i] = db.Do(context.Background(), d, db.People, func(tx *db.Tx) error { return fn(i, tx) })
		})
	}
	for d.Gathered() < n {
		runtime.Gosched()
	}
	gathered()
	must(t, hang.Rollback())
	all.Wait()
	return answers
}

// Transactions that only insert and come while others are on their way are one
// transaction of the server; what a member can't do alone harms nobody.
func TestTogether(t *testing.T) {
	const n = 20
	server := dbtest.PostgresURL(t, thing)
	d, err := db.Open(context.Background(), db.Config{URL: server, WriteConns: 2})
	must(t, err)
	defer func() { must(t, d.Close()) }()
	for i, err := range gather(t, d, server, n, func() {}, func(_ int, tx *db.Tx) error {
		v := id.New()
		add(tx, v, "good "+v.String())
		tx.Fact(db.Fact{Kind: "test.made", Subject: v})
		return nil
	}) {
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if rows, own := count(t, d, "SELECT COUNT(*) FROM test_thing WHERE name LIKE 'good %'"), count(t, d, "SELECT COUNT(DISTINCT xmin::text) FROM test_thing WHERE name LIKE 'good %'"); rows != n || own != 1 {
		t.Errorf("%d rows in %d transactions, want %d in one", rows, own, n)
	}
	if facts := count(t, d, "SELECT COUNT(DISTINCT tx) FROM journal_fact"); facts != n {
		t.Errorf("facts of %d transactions, want %d", facts, n)
	}

	same := id.New()
	var fell int
	for i, err := range gather(t, d, server, n, func() {}, func(i int, tx *db.Tx) error {
		v := id.New()
		if i%5 == 0 {
			v = same
		}
		add(tx, v, fmt.Sprint("twice ", i))
		return nil
	}) {
		if _, unique := db.Unique(err); unique && i%5 == 0 {
			fell++
		} else if err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if rows := count(t, d, "SELECT COUNT(*) FROM test_thing WHERE name LIKE 'twice %'"); fell != n/5-1 || rows != n-int64(fell) {
		t.Errorf("%d fell, %d rows", fell, rows)
	}
}

// The connection of a group breaks while COMMIT is under way: all of its
// members get the same answer, and it is true.
func TestGroupLostDuringCommit(t *testing.T) {
	for name, arrives := range map[string]bool{"arrives": true, "lost": false} {
		t.Run(name, func(t *testing.T) {
			server := dbtest.PostgresURL(t, thing)
			u, err := url.Parse(server)
			must(t, err)
			p := startProxy(t, u.Host)
			u.Host = p.listener.Addr().String()
			d, err := db.Open(context.Background(), db.Config{URL: u.String(), WriteConns: 1, ReadConns: 1})
			must(t, err)
			defer func() { must(t, d.Close()) }()
			must(t, db.Do(context.Background(), d, db.People, func(tx *db.Tx) error { // statements are prepared
				add(tx, id.New(), "before")
				tx.Fact(db.Fact{Kind: "test.made", Subject: id.New()})
				return nil
			}))
			const n = 6
			answers := gather(t, d, server, n, func() { p.cut(arrives) }, func(i int, tx *db.Tx) error {
				add(tx, id.New(), fmt.Sprint("group ", i))
				tx.Fact(db.Fact{Kind: "test.made", Subject: id.New()})
				return nil
			})
			if !p.didCut() {
				t.Fatal("nothing was cut")
			}
			rows := count(t, d, "SELECT COUNT(*) FROM test_thing WHERE name LIKE 'group %'")
			for _, err := range answers {
				switch {
				case arrives && (err != nil || rows != n):
					t.Errorf("arrived: %v, %d rows", err, rows)
				case !arrives && (!errs.Is(err, errs.OutcomeUnknown) || rows != 0):
					t.Errorf("did not arrive: %v, %d rows", err, rows)
				}
			}
		})
	}
}
