package db_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// thing is a table for these tests.
var thing = fstest.MapFS{"00190_test_thing.sql": {Data: []byte(`-- +goose Up
CREATE TABLE test_thing (
    id      UUID   PRIMARY KEY,
    name    TEXT   NOT NULL,
    version BIGINT NOT NULL,
    parent  UUID,
    open    BOOLEAN NOT NULL,
    body    BYTEA
);
CREATE UNIQUE INDEX test_thing_name ON test_thing (name);
`)}}

const insertThing = "INSERT INTO test_thing (id, name, version, parent, open, body) VALUES ($1, $2, $3, $4, $5, $6)"

func add(tx *db.Tx, v id.ID, name string) { tx.Queue(insertThing, v, name, 1, nil, true, []byte{0, 1}) }

func count(t *testing.T, d *db.DB, text string, args ...any) int64 {
	t.Helper()
	n, err := db.One(context.Background(), d, db.Int, text, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWriteAndRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a, b := id.New(), id.New()
		got, err := db.Write(ctx, d, db.People, func(tx *db.Tx) (string, error) {
			tx.Queue(insertThing, a, "яма", int64(1), db.NullID(id.Nil), true, []byte{1, 2})
			if n, err := tx.Exec(insertThing, b, "лампа", 1, db.NullID(a), false, nil); err != nil || n != 1 {
				t.Errorf("Exec: %d %v", n, err)
			}
			seen, err := db.One(ctx, tx, db.Int, "SELECT COUNT(*) FROM test_thing")
			if err != nil || seen != 1 {
				t.Errorf("inside: %d %v, want 1: what is queued comes with the commit", seen, err)
			}
			return "made", nil
		})
		if err != nil || got != "made" {
			t.Fatalf("%q %v", got, err)
		}
		type row struct {
			id, parent id.ID
			name       string
			open       bool
			body       []byte
		}
		scan := func(s db.Scanner) (r row, err error) {
			return r, s.Scan(&r.id, &r.name, db.ScanID(&r.parent), &r.open, &r.body)
		}
		// The second placeholder comes first: they are named, not counted.
		rows, err := db.All(ctx, d, scan, "SELECT id, name, parent, open, body FROM test_thing WHERE version = $2 AND "+
			db.In(d.Engine(), "id", 1)+" ORDER BY id", db.IDs(d.Engine(), []id.ID{a, b}), 1)
		if err != nil || len(rows) != 2 {
			t.Fatalf("%v %v", rows, err)
		}
		if r := rows[0]; r.id != a || r.parent != id.Nil || r.name != "яма" || !r.open || string(r.body) != "\x01\x02" {
			t.Errorf("first: %+v", r)
		}
		if r := rows[1]; r.parent != a || r.open || r.body != nil {
			t.Errorf("second: %+v", r)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM test_thing WHERE "+db.In(d.Engine(), "name", 1), db.Texts(d.Engine(), []string{"яма", "нет"})); n != 1 {
			t.Errorf("Texts: %d", n)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM test_thing WHERE "+db.In(d.Engine(), "version", 1), db.Ints(d.Engine(), []int64{1})); n != 2 {
			t.Errorf("Ints: %d", n)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM test_thing WHERE "+db.In(d.Engine(), "id", 1), db.IDs(d.Engine(), nil)); n != 0 {
			t.Errorf("empty list: %d", n)
		}
		if _, err := db.One(ctx, d, scan, "SELECT id, name, parent, open, body FROM test_thing WHERE id = $1", id.New()); !errs.Is(err, errs.NotFound) {
			t.Errorf("missing row: %v", err)
		}
	}, thing)
}

func TestFailureLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a := id.New()
		must(t, db.Do(ctx, d, db.People, func(tx *db.Tx) error { add(tx, a, "a"); return nil }))
		own := errors.New("own error")
		for name, c := range map[string]struct {
			fn   func(tx *db.Tx) error
			want func(error) bool
		}{
			"own error": {func(tx *db.Tx) error { return own }, func(err error) bool { return errors.Is(err, own) }},
			"stale": {func(tx *db.Tx) error {
				tx.QueueOne("UPDATE test_thing SET version = 3 WHERE id = $1 AND version = $2", a, 2)
				return nil
			}, func(err error) bool { return errs.Is(err, errs.Stale) }},
			"nothing found": {func(tx *db.Tx) error {
				tx.QueueOne("SELECT 1 FROM test_thing WHERE id = $1"+tx.Engine().ForShare(), id.New())
				return nil
			}, func(err error) bool { return errs.Is(err, errs.Stale) }},
			"more than one": {func(tx *db.Tx) error {
				if _, err := tx.Exec(insertThing, id.New(), "c", 1, nil, true, nil); err != nil {
					return err
				}
				tx.QueueOne("UPDATE test_thing SET version = 9")
				return nil
			}, func(err error) bool { return errs.Is(err, errs.Stale) }},
			"unique, queued": {func(tx *db.Tx) error { add(tx, id.New(), "a"); return nil }, uniqueThing},
			"unique, at once and swallowed": {func(tx *db.Tx) error {
				_, err := tx.Exec(insertThing, id.New(), "a", 1, nil, true, nil)
				if !uniqueThing(err) {
					t.Errorf("Exec: %v", err)
				}
				return nil
			}, uniqueThing},
			"unique key": {func(tx *db.Tx) error { add(tx, a, "other"); return nil }, uniqueThing},
			"bad SQL":    {func(tx *db.Tx) error { tx.Queue("UPDATE no_such_table SET a = 1"); return nil }, func(err error) bool { return errs.Is(err, errs.Internal) }},
			"own division by zero": {func(tx *db.Tx) error {
				tx.Queue("UPDATE test_thing SET name = NULL")
				return nil
			}, func(err error) bool { return errs.Is(err, errs.Internal) }},
		} {
			err := db.Do(ctx, d, db.People, func(tx *db.Tx) error {
				add(tx, id.New(), "neighbour of "+name)
				tx.Fact(db.Fact{Kind: "test.made", Subject: a})
				return c.fn(tx)
			})
			if !c.want(err) {
				t.Errorf("%s: %v", name, err)
			}
			if n := count(t, d, "SELECT COUNT(*) FROM test_thing"); n != 1 {
				t.Fatalf("%s: %d rows left", name, n)
			}
			if n := count(t, d, "SELECT COUNT(*) FROM journal_fact"); n != 0 {
				t.Fatalf("%s: %d facts left", name, n)
			}
		}
		must(t, db.Do(ctx, d, db.People, func(tx *db.Tx) error {
			tx.QueueOne("UPDATE test_thing SET version = 2 WHERE id = $1 AND version = $2", a, 1)
			tx.QueueOne("SELECT 1 FROM test_thing WHERE id = $1"+tx.Engine().ForShare(), a)
			return nil
		}))
		if n := count(t, d, "SELECT version FROM test_thing WHERE id = $1", a); n != 2 {
			t.Errorf("version %d", n)
		}
	}, thing)
}

func uniqueThing(err error) bool {
	table, ok := db.Unique(err)
	return ok && table == "test_thing" && errs.Is(err, errs.Conflict)
}

func TestOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		actor, made, print := id.New(), id.New(), []byte("print")
		call := func() error {
			return db.Do(ctx, d, db.People, func(tx *db.Tx) error {
				tx.Once(actor, "file", "k1", print, made)
				add(tx, made, "once")
				return nil
			})
		}
		must(t, call())
		err := call()
		if table, ok := db.Unique(err); !ok || table != "db_once" || !errs.Is(err, errs.Conflict) {
			t.Errorf("repeat: %v (table %q)", err, table)
		}
		got, found, err := db.Made(ctx, d, actor, "file", "k1", print)
		if err != nil || !found || got != made {
			t.Errorf("Made: %v %v %v", got, found, err)
		}
		if _, found, err := db.Made(ctx, d, actor, "file", "k2", print); found || err != nil {
			t.Errorf("unknown key: %v %v", found, err)
		}
		if _, _, err := db.Made(ctx, d, actor, "file", "k1", []byte("other")); !errs.Is(err, errs.IdempotencyMismatch) {
			t.Errorf("other input: %v", err)
		}
	}, thing)
}

func TestMultiInsert(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var rows [][]any
		for range 250 {
			v := id.New()
			rows = append(rows, []any{v, v.String(), int64(1), nil, true, []byte("x")})
		}
		must(t, db.Do(ctx, d, db.Background, func(tx *db.Tx) error {
			db.MultiInsert(tx, "test_thing", []string{"id", "name", "version", "parent", "open", "body"}, rows)
			db.MultiInsert(tx, "test_thing", []string{"id", "name", "version", "parent", "open", "body"}, rows[:3], "ON CONFLICT DO NOTHING")
			return nil
		}))
		if n := count(t, d, "SELECT COUNT(*) FROM test_thing"); n != 250 {
			t.Errorf("%d rows", n)
		}
	}, thing)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
