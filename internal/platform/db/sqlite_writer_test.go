package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// inTurn makes a closure wait for its turn: one that only queues runs ahead of it.
func inTurn(tx *db.Tx) error {
	_, err := db.One(context.Background(), tx, db.Int, "SELECT 1")
	return err
}

// hold keeps the writer busy until release is called, so that what is queued
// meanwhile runs in one batch after it.
func hold(t *testing.T, d *db.DB) (release func()) {
	t.Helper()
	began, end, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		done <- db.Do(context.Background(), d, db.People, func(tx *db.Tx) error {
			if err := inTurn(tx); err != nil {
				return err
			}
			once.Do(func() { close(began) })
			<-end
			return nil
		})
	}()
	<-began
	return func() {
		t.Helper()
		close(end)
		must(t, <-done)
	}
}

// queued waits until n calls wait in the writer's queue (the holder counts as one).
func queued(t *testing.T, d *db.DB, n int64) {
	t.Helper()
	for range 2000 {
		if d.Stats().Waiting == n+1 {
			time.Sleep(5 * time.Millisecond) // counted just before it is queued
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%d wait, want %d", d.Stats().Waiting, n+1)
}

// neighbours queues the given closures together with two good ones and returns
// the errors of the given ones.
func neighbours(t *testing.T, d *db.DB, ctx context.Context, bad ...func(tx *db.Tx) error) []error {
	t.Helper()
	release := hold(t, d)
	out := make([]error, len(bad))
	var wg sync.WaitGroup
	good := func(name string) {
		wg.Go(func() {
			v := id.New()
			if err := db.Do(context.Background(), d, db.People, func(tx *db.Tx) error { add(tx, v, name); return nil }); err != nil {
				t.Errorf("neighbour %s: %v", name, err)
			}
		})
	}
	good("before")
	queued(t, d, 1)
	for i, fn := range bad {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					out[i] = fmt.Errorf("panic: %v", p)
				}
			}()
			out[i] = db.Do(ctx, d, db.People, fn)
		})
	}
	queued(t, d, int64(1+len(bad)))
	good("after")
	queued(t, d, int64(2+len(bad)))
	release()
	wg.Wait()
	for _, name := range []string{"before", "after"} {
		if n := count(t, d, "SELECT COUNT(*) FROM test_thing WHERE name = $1", name); n != 1 {
			t.Errorf("neighbour %s: %d rows", name, n)
		}
	}
	return out
}

func TestGroupCommitJoinsClosures(t *testing.T) {
	d := dbtest.OpenSQLite(t, db.Config{}, thing)
	release := hold(t, d)
	before := d.Stats()
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			must(t, db.Do(context.Background(), d, db.People, func(tx *db.Tx) error {
				add(tx, id.New(), fmt.Sprint(i))
				return nil
			}))
		})
	}
	queued(t, d, 40)
	release()
	wg.Wait()
	s := d.Stats()
	if n := s.Commits - before.Commits; n > 20 || s.Writes-before.Writes != 41 {
		t.Errorf("%d commits for %d transactions", n, s.Writes-before.Writes)
	}
	if n := count(t, d, "SELECT COUNT(*) FROM test_thing"); n != 40 {
		t.Errorf("%d rows", n)
	}
}

func TestCancelledNeighbour(t *testing.T) {
	d := dbtest.OpenSQLite(t, db.Config{}, thing)
	// Cancelled while it waits: never runs.
	ctx, cancel := context.WithCancel(context.Background())
	release := hold(t, d)
	result := make(chan error, 1)
	go func() {
		result <- db.Do(ctx, d, db.People, func(tx *db.Tx) error {
			if err := inTurn(tx); err != nil {
				return err
			}
			t.Error("ran")
			return nil
		})
	}()
	queued(t, d, 1)
	cancel()
	if err := <-result; !errs.Is(err, errs.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled in the queue: %v", err)
	}
	release()
	// Cancelled in the middle of its closure: runs to its end, and its caller hears the outcome.
	ctx, cancel = context.WithCancel(context.Background())
	v := id.New()
	errsGot := neighbours(t, d, ctx, func(tx *db.Tx) error {
		if err := inTurn(tx); err != nil {
			return err
		}
		cancel()
		n, err := db.One(ctx, tx, db.Int, "SELECT COUNT(*) FROM test_thing")
		if err != nil || n != 1 {
			t.Errorf("reading after the end of ctx: %d %v", n, err)
		}
		add(tx, v, "cancelled")
		return nil
	})
	if errsGot[0] != nil {
		t.Errorf("outcome: %v", errsGot[0])
	}
	if n := count(t, d, "SELECT COUNT(*) FROM test_thing WHERE id = $1", v); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestPanickingNeighbour(t *testing.T) {
	d := dbtest.OpenSQLite(t, db.Config{}, thing)
	exited := make(chan struct{})
	got := neighbours(t, d, context.Background(),
		func(tx *db.Tx) error {
			if _, err := tx.Exec(insertThing, id.New(), "panicking", 1, nil, true, nil); err != nil {
				return err
			}
			panic("boom")
		},
		func(tx *db.Tx) error {
			if err := inTurn(tx); err != nil {
				return err
			}
			add(tx, id.New(), "leaving")
			defer close(exited)
			runtime.Goexit()
			return nil
		},
		func(tx *db.Tx) error {
			if err := inTurn(tx); err != nil {
				return err
			}
			add(tx, id.New(), "failing")
			return errors.New("no")
		})
	<-exited
	if got[0] == nil || got[0].Error() != "panic: boom" {
		t.Errorf("the panic did not reach its own caller: %v", got[0])
	}
	if got[2] == nil || got[2].Error() != "no" {
		t.Errorf("own error: %v", got[2])
	}
	if n := count(t, d, "SELECT COUNT(*) FROM test_thing"); n != 2 {
		t.Errorf("%d rows, want the two neighbours'", n)
	}
}

// What only queues runs ahead of its turn and fails alone, whether it stands in
// a savepoint or not; a panic there reaches its caller.
func TestFailingAhead(t *testing.T) {
	d := dbtest.OpenSQLite(t, db.Config{}, thing)
	ctx := context.Background()
	taken := id.New()
	must(t, db.Do(ctx, d, db.People, func(tx *db.Tx) error { add(tx, taken, "taken"); return nil }))
	got := neighbours(t, d, ctx,
		func(tx *db.Tx) error { add(tx, id.New(), "half"); add(tx, taken, "again"); return nil },
		func(tx *db.Tx) error {
			add(tx, id.New(), "stale half")
			tx.QueueOne("UPDATE test_thing SET version = 5 WHERE id = $1 AND version = 4", taken)
			return nil
		})
	if !uniqueThing(got[0]) || !errs.Is(got[1], errs.Stale) {
		t.Errorf("%v; %v", got[0], got[1])
	}
	if n := count(t, d, "SELECT COUNT(*) FROM test_thing"); n != 3 {
		t.Errorf("%d rows, want the one that was there and the two neighbours'", n)
	}
	func() {
		defer func() {
			if p := recover(); p != "boom" {
				t.Errorf("panic: %v", p)
			}
		}()
		must(t, db.Do(ctx, d, db.People, func(tx *db.Tx) error { add(tx, id.New(), "panicking"); panic("boom") }))
	}()
	own := errors.New("own")
	if err := db.Do(ctx, d, db.People, func(tx *db.Tx) error { add(tx, id.New(), "refused"); return own }); !errors.Is(err, own) {
		t.Errorf("own error: %v", err)
	}
	if n := count(t, d, "SELECT COUNT(*) FROM test_thing"); n != 3 {
		t.Errorf("%d rows", n)
	}
}

// A full disk rolls back the whole outer transaction. PRAGMA max_page_count
// makes one: SQLite answers as on a full disk.
func TestDiskFullNeighbour(t *testing.T) {
	d := dbtest.OpenSQLite(t, db.Config{}, thing)
	ctx := context.Background()
	must(t, db.Do(ctx, d, db.People, func(tx *db.Tx) error {
		pages, err := db.One(ctx, tx, db.Int, "PRAGMA page_count")
		if err != nil {
			return err
		}
		_, err = db.One(ctx, tx, db.Int, fmt.Sprintf("PRAGMA max_page_count = %d", pages+20))
		return err
	}))
	big := []byte(strings.Repeat("x", 1<<20))
	before := d.Stats()
	got := neighbours(t, d, ctx,
		func(tx *db.Tx) error {
			tx.Queue(insertThing, id.New(), "too big", 1, nil, true, big)
			return nil
		},
		func(tx *db.Tx) error { // swallows the error and goes on
			v := id.New()
			if _, err := tx.Exec(insertThing, v, "too big and swallowed", 1, nil, true, big); err == nil {
				t.Error("the disk is not full")
			}
			if _, err := tx.Exec(insertThing, id.New(), "must not commit by itself", 1, nil, true, nil); err == nil {
				t.Error("a statement ran outside of any transaction")
			}
			return nil
		})
	for i, err := range got {
		if !errs.Is(err, errs.Unavailable) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if d.Stats().Retries == before.Retries {
		t.Error("nothing ran again: the outer transaction was not lost, the test proves nothing")
	}
	if n := count(t, d, "SELECT COUNT(*) FROM test_thing"); n != 2 {
		t.Errorf("%d rows, want the two neighbours'", n)
	}
}

// While people wait, background work has an eighth of the time: after its turn
// it rests for seven times as long, and no longer.
func TestLanes(t *testing.T) {
	d := dbtest.OpenSQLite(t, db.Config{}, thing)
	release := hold(t, d)
	type turn struct {
		lane       db.Lane
		began, end time.Time
	}
	var mu sync.Mutex
	var turns []turn
	var wg sync.WaitGroup
	put := func(lane db.Lane) {
		wg.Go(func() {
			must(t, db.Do(context.Background(), d, lane, func(tx *db.Tx) error {
				if err := inTurn(tx); err != nil {
					return err
				}
				began := time.Now()
				for time.Since(began) < time.Millisecond { // work
				}
				mu.Lock()
				defer mu.Unlock()
				turns = append(turns, turn{lane, began, time.Now()})
				return nil
			}))
		})
	}
	for range 3 {
		put(db.Background)
	}
	queued(t, d, 3)
	for range 40 {
		put(db.People)
	}
	queued(t, d, 43)
	release()
	wg.Wait()
	last, longest := -1, time.Duration(0)
	for i, x := range turns {
		longest = max(longest, x.end.Sub(x.began))
		if x.lane != db.Background {
			continue
		}
		if last >= 0 && slices.ContainsFunc(turns[i:], func(x turn) bool { return x.lane == db.People }) {
			took, rested := turns[last].end.Sub(turns[last].began), x.began.Sub(turns[last].end)
			if rested < 15*took || rested > 16*took+3*longest+25*time.Millisecond {
				t.Errorf("turn %d: rested %v after a turn of %v", i, rested, took)
			}
		}
		last = i
	}
	if len(turns) != 43 || last < 2 {
		t.Errorf("%d turns, the last of the background is %d", len(turns), last)
	}
}

func TestClosedDatabaseRefuses(t *testing.T) {
	d, err := db.Open(context.Background(), db.Config{URL: dbtest.SQLiteURL(t, thing)})
	must(t, err)
	must(t, d.Close())
	if err := db.Do(context.Background(), d, db.People, func(tx *db.Tx) error { return nil }); !errs.Is(err, errs.Unavailable) {
		t.Errorf("%v", err)
	}
	must(t, d.Close())
}

// Another process that writes to the same file is waited for.
func TestTwoProcessesOneFile(t *testing.T) {
	url := dbtest.SQLiteURL(t, thing)
	var dbs [2]*db.DB
	for i := range dbs {
		d, err := db.Open(context.Background(), db.Config{URL: url})
		must(t, err)
		t.Cleanup(func() { must(t, d.Close()) })
		dbs[i] = d
	}
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			must(t, db.Do(context.Background(), dbs[i%2], db.People, func(tx *db.Tx) error { add(tx, id.New(), fmt.Sprint(i)); return nil }))
		})
	}
	wg.Wait()
	if n := count(t, dbs[0], "SELECT COUNT(*) FROM test_thing"); n != 60 {
		t.Errorf("%d rows", n)
	}
}
