package journal_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
	"okno/internal/platform/journal"
)

var (
	start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	sums  = fstest.MapFS{"00191_test_sum.sql": {Data: []byte(`-- +goose Up
CREATE TABLE test_sum (subject UUID PRIMARY KEY, total BIGINT NOT NULL, seen_version BIGINT NOT NULL);
`)}}
)

type house struct {
	d       *db.DB
	c       *clock.Fixed
	runner  *jobs.Runner
	journal *journal.Journal
}

func newHouse(d *db.DB, c *clock.Fixed) *house {
	r := jobs.New(d, jobs.Config{})
	return &house{d: d, c: c, runner: r, journal: journal.New(d, r)}
}

func each(t *testing.T, test func(t *testing.T, h *house)) {
	c := clock.At(start)
	dbtest.EachWith(t, db.Config{Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(start)
		test(t, newHouse(d, c))
	}, sums)
}

func (h *house) start(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	must(t, h.journal.Start(ctx))
}

func (h *house) drain(t *testing.T) {
	t.Helper()
	must(t, h.runner.Drain(context.Background()))
}

// added is a fact that a sum consumes.
type added struct{ By int64 }

func (h *house) add(t *testing.T, subject id.ID, by ...int64) {
	t.Helper()
	must(t, db.Do(context.Background(), h.d, db.People, func(tx *db.Tx) error {
		for i, n := range by {
			tx.Fact(db.Fact{Kind: "test.added", Subject: subject, Version: int64(i + 1), Role: "system", Body: added{n}})
		}
		return nil
	}))
}

// sum registers a consumer that adds up test.added.
func (h *house) sum(t *testing.T, name string, options ...journal.Option) {
	h.journal.Consume(name, []string{"test.added"}, func(ctx context.Context, dl journal.Delivery) error {
		return dl.Write(ctx, func(tx *db.Tx, facts []journal.Entry) error {
			for _, f := range facts {
				var body added
				if err := f.Decode(&body); err != nil {
					return err
				}
				tx.Queue("INSERT INTO test_sum (subject, total, seen_version) VALUES ($1, $2, 0) ON CONFLICT (subject) DO UPDATE SET total = test_sum.total + excluded.total",
					f.Subject, body.By)
			}
			return nil
		})
	}, options...)
}

func (h *house) total(t *testing.T, subject id.ID) int64 {
	t.Helper()
	n, err := db.One(context.Background(), h.d, db.Int, "SELECT COALESCE(SUM(total), 0) FROM test_sum WHERE subject = $1", subject)
	must(t, err)
	return n
}

func (h *house) rows(t *testing.T, what string) int64 {
	t.Helper()
	n, err := db.One(context.Background(), h.d, db.Int, "SELECT COUNT(*) FROM "+what)
	must(t, err)
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestHistoryOfSubject(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		subject, person, office := id.New(), id.New(), id.New()
		for i := range 5 {
			must(t, db.Do(ctx, h.d, db.People, func(tx *db.Tx) error {
				tx.Fact(db.Fact{Kind: "test.changed", Subject: subject, Version: int64(i), Person: person, Role: "handler",
					Organisation: office, At: start.Add(time.Duration(i/2) * time.Minute), Reason: "late", Body: added{int64(i)}})
				tx.Fact(db.Fact{Kind: "test.changed", Subject: id.New()})
				return nil
			}))
		}
		var got []journal.Entry
		var at journal.Place
		for {
			page, err := journal.Of(ctx, h.d, subject, at, 2)
			must(t, err)
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			at = page[len(page)-1].Place()
		}
		if len(got) != 5 {
			t.Fatalf("%d facts, want 5", len(got))
		}
		for i, e := range got {
			if e.Version != int64(i) || e.Person != person || e.Organisation != office || e.Role != "handler" || e.Reason != "late" ||
				string(e.Body) != fmt.Sprintf(`{"By":%d}`, i) || e.Tx == id.Nil || !e.At.Equal(start.Add(time.Duration(i/2)*time.Minute)) {
				t.Errorf("%d: %+v", i, e)
			}
		}
	})
}

func TestOnlyConsumedFactsAreDispatched(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.sum(t, "sum")
		h.start(t)
		must(t, db.Do(context.Background(), h.d, db.People, func(tx *db.Tx) error {
			tx.Fact(db.Fact{Kind: "test.ignored", Subject: id.New()})
			return nil
		}))
		if n := h.rows(t, "jobs_job"); n != 0 {
			t.Errorf("%d jobs for a fact that nobody consumes", n)
		}
		subject := id.New()
		h.add(t, subject, 1, 2, 3)
		if n := h.rows(t, "jobs_job"); n != 1 {
			t.Errorf("%d jobs, want one dispatch", n)
		}
		h.drain(t)
		if n := h.total(t, subject); n != 6 || h.rows(t, "jobs_job") != 0 {
			t.Errorf("total %d, %d jobs left", n, h.rows(t, "jobs_job"))
		}
	})
}

// The fact that commits last has the lower id and the earlier time: a cursor
// over either would lose it.
func TestCommitInReverseOrder(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.sum(t, "sum")
		h.start(t)
		ctx := context.Background()
		subject, early, late := id.New(), id.New(), id.New()
		write := func(fact id.ID, at time.Time, by int64, before func()) error {
			return db.Do(ctx, h.d, db.People, func(tx *db.Tx) error {
				tx.Fact(db.Fact{ID: fact, Kind: "test.added", Subject: subject, At: at, Body: added{by}})
				before()
				return nil
			})
		}
		second := func() {
			must(t, write(late, start.Add(time.Second), 10, func() {}))
			h.drain(t)
		}
		if h.d.Engine() == db.SQLite { // one writer: the later one simply commits first
			second()
			must(t, write(early, start, 1, func() {}))
		} else { // the earlier transaction stays open meanwhile
			var once sync.Once
			must(t, write(early, start, 1, func() { once.Do(second) }))
		}
		h.drain(t)
		if n := h.total(t, subject); n != 11 {
			t.Errorf("total %d, want 11", n)
		}
	})
}

func TestVersionsSwapped(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		subject := id.New()
		current := int64(2) // what the owner's interface answers
		var order []int64
		failed := false
		h.journal.Consume("state", []string{"test.changed"}, func(ctx context.Context, dl journal.Delivery) error {
			version := dl.Facts[0].Version
			if version == 1 && !failed {
				failed = true
				return errors.New("down for a moment")
			}
			order = append(order, version)
			return dl.Write(ctx, func(tx *db.Tx, _ []journal.Entry) error {
				tx.Queue("INSERT INTO test_sum (subject, total, seen_version) VALUES ($1, $2, $2) ON CONFLICT (subject) DO UPDATE SET total = excluded.total, seen_version = excluded.seen_version WHERE test_sum.seen_version < excluded.seen_version",
					subject, version)
				return nil
			})
		})
		h.start(t)
		for v := int64(1); v <= current; v++ {
			must(t, db.Do(ctx, h.d, db.People, func(tx *db.Tx) error {
				tx.Fact(db.Fact{Kind: "test.changed", Subject: subject, Version: v})
				return nil
			}))
			if err := h.runner.Drain(ctx); (err != nil) != (v == 1) {
				t.Fatalf("version %d: %v", v, err)
			}
		}
		h.c.Advance(time.Minute)
		h.drain(t)
		if fmt.Sprint(order) != "[2 1]" {
			t.Fatalf("order %v: the test did not swap", order)
		}
		if n := h.total(t, subject); n != 2 {
			t.Errorf("state is of version %d, want 2", n)
		}
	})
}

// One consumer is broken, another process dies in the middle of a delivery:
// the rest goes on, and each fact takes effect once.
func TestDeadNeighbour(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		other := newHouse(h.d, h.c)
		other.sum(t, "sum")
		other.journal.Consume("broken", []string{"test.added"}, func(context.Context, journal.Delivery) error { return nil })
		subject := id.New()
		h.journal.Consume("broken", []string{"test.added"}, func(context.Context, journal.Delivery) error { return errors.New("always") })
		died := false
		h.journal.Consume("sum", []string{"test.added"}, func(ctx context.Context, dl journal.Delivery) error {
			h.c.Advance(2 * time.Minute) // the lease runs out while this process hangs
			must(t, other.runner.Drain(ctx))
			died = true
			return dl.Write(ctx, func(tx *db.Tx, _ []journal.Entry) error {
				tx.Queue("UPDATE test_sum SET total = total + 100")
				return nil
			})
		})
		h.start(t)
		h.add(t, subject, 1)
		h.add(t, id.New(), 1)
		if err := h.runner.Drain(ctx); err == nil {
			t.Error("the one that hung must fail: its job is another's")
		}
		h.c.Advance(10 * time.Minute)
		must(t, other.runner.Drain(ctx))
		if n := h.total(t, subject); !died || n != 1 {
			t.Errorf("total %d, want 1", n)
		}
		if n := h.rows(t, "jobs_job"); n != 0 {
			t.Errorf("%d jobs left", n)
		}
	})
}

// A new consumer takes the past and what comes meanwhile, each fact once, and
// goes on live; a second backfill after emptying gives the same sum.
func TestBackfillBesideLiveFacts(t *testing.T) {
	t.Run("alone", func(t *testing.T) { backfill(t) })
	t.Run("joined", func(t *testing.T) { backfill(t, journal.Joined()) })
}

func backfill(t *testing.T, options ...journal.Option) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		h.start(t)
		subject, want := id.New(), int64(0)
		add := func(h *house, n int64) { h.add(t, subject, n, n); want += 2 * n }
		for n := range int64(150) { // 300 facts: more than one page
			add(h, n)
		}
		h.drain(t)

		next := newHouse(h.d, h.c)
		pages := 0
		next.journal.Consume("sum", []string{"test.added"}, func(ctx context.Context, dl journal.Delivery) error {
			if pages++; pages < 4 { // facts come while the backfill and deliveries run
				add(next, 1000)
			}
			return dl.Write(ctx, func(tx *db.Tx, facts []journal.Entry) error {
				for _, f := range facts {
					var body added
					if err := f.Decode(&body); err != nil {
						return err
					}
					tx.Queue("INSERT INTO test_sum (subject, total, seen_version) VALUES ($1, $2, 0) ON CONFLICT (subject) DO UPDATE SET total = test_sum.total + excluded.total", f.Subject, body.By)
				}
				return nil
			})
		}, options...)
		next.start(t)
		add(next, 7) // registered, not yet backfilled: dispatched and in the backfill's reach
		state := func() int64 { return next.rows(t, "journal_consumer WHERE state = 'live'") }
		if state() != 0 {
			t.Fatal("live before the backfill")
		}
		h.c.Advance(time.Minute)
		next.drain(t)
		if n := next.total(t, subject); n != want {
			t.Errorf("total %d, want %d", n, want)
		}
		if pages < 4 {
			t.Errorf("only %d deliveries: nothing came beside", pages)
		}
		h.c.Advance(11 * time.Minute)
		next.drain(t)
		if state() != 1 || next.rows(t, "journal_seen") != 0 {
			t.Errorf("not live after settling; %d remembered", next.rows(t, "journal_seen"))
		}
		add(next, 5)
		must(t, db.Do(ctx, h.d, db.People, func(tx *db.Tx) error {
			if err := next.journal.Backfill(tx, "sum"); err != nil {
				return err
			}
			tx.Queue("DELETE FROM test_sum")
			return nil
		}))
		next.drain(t)
		if n := next.total(t, subject); n != want {
			t.Errorf("after rebuilding: total %d, want %d", n, want)
		}
	})
}
