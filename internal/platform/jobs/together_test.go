package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/jobs"
)

// Jobs that wait go together; one bad job among them keeps nobody and dies alone.
func TestTogether(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *clock.Fixed) {
		r := jobs.New(d, jobs.Config{Poll: 10 * time.Millisecond})
		var largest, alone atomic.Int64
		good := make(chan string, 100)
		r.RegisterTogether("test.many", 10, func(ctx context.Context, runs []jobs.Run) error {
			largest.Store(max(largest.Load(), int64(len(runs))))
			if len(runs) == 1 {
				alone.Add(1)
			}
			var words []string
			for _, run := range runs {
				var word string
				if err := run.Decode(&word); err != nil {
					return err
				}
				if word == "bad" {
					return jobs.Permanent(errors.New("never"))
				}
				words = append(words, word)
			}
			if err := db.Do(ctx, d, db.Background, func(tx *db.Tx) error { jobs.DoneAll(tx, runs); return nil }); err != nil {
				return err
			}
			for _, w := range words {
				good <- w
			}
			return nil
		})
		var list []db.Job
		for i := range 35 {
			word := "good"
			if i == 4 {
				word = "bad"
			}
			list = append(list, db.Job{Kind: "test.many", Body: word})
		}
		add(t, d, list...)
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- r.Run(ctx) }()
		for range 34 {
			<-good
		}
		cancel()
		must(t, <-ended)
		dead, err := jobs.Dead(context.Background(), d)
		must(t, err)
		if len(dead) != 1 || rows(t, d, "jobs_job") != 0 || len(good) != 0 {
			t.Errorf("%d dead, %d left, %d done twice", len(dead), rows(t, d, "jobs_job"), len(good))
		}
		if largest.Load() != 10 || alone.Load() < 10 {
			t.Errorf("at most %d together, %d alone", largest.Load(), alone.Load())
		}
	})
}

// Jobs that come one by one, faster than turns do, gather for the next one; the first doesn't wait.
func TestJobsGather(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *clock.Fixed) {
		r := jobs.New(d, jobs.Config{Poll: time.Hour})
		var calls atomic.Int64
		done := make(chan int, 1000)
		r.RegisterTogether("test.many", 100, func(ctx context.Context, runs []jobs.Run) error {
			calls.Add(1)
			err := db.Do(ctx, d, db.Background, func(tx *db.Tx) error { jobs.DoneAll(tx, runs); return nil })
			done <- len(runs)
			return err
		})
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- r.Run(ctx) }()
		add(t, d, db.Job{Kind: "test.many"})
		for left := 1; left > 0; left -= <-done {
		}
		began, before := time.Now(), calls.Load()
		const n = 200
		for range n {
			add(t, d, db.Job{Kind: "test.many"})
		}
		for left := n; left > 0; left -= <-done {
		}
		took := time.Since(began)
		if got, most := calls.Load()-before, int64(took/jobs.Gather)+3; got > most {
			t.Errorf("%d turns in %s for %d jobs, at most %d", got, took, n, most)
		}
		cancel()
		must(t, <-ended)
	})
}

// A lease that is lost of one fails the transaction of all.
func TestDoneAllNeedsEachLease(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Fixed) {
		other := jobs.New(d, jobs.Config{})
		other.RegisterTogether("test.many", 2, func(context.Context, []jobs.Run) error { return nil })
		r := jobs.New(d, jobs.Config{})
		r.RegisterTogether("test.many", 2, func(ctx context.Context, runs []jobs.Run) error {
			c.Advance(2 * time.Minute)
			must(t, other.Drain(ctx))
			err := db.Do(ctx, d, db.Background, func(tx *db.Tx) error { jobs.DoneAll(tx, runs); return nil })
			if !errs.Is(err, errs.Stale) {
				t.Errorf("%v, want stale", err)
			}
			return err
		})
		add(t, d, db.Job{Kind: "test.many"})
		if err := r.Drain(context.Background()); err == nil {
			t.Error("a lost lease is no success")
		}
	})
}

// Looking for what is due reads what is due, not what waits.
func TestLooksUseTheIndexByTime(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *clock.Fixed) {
		if d.Engine() != db.SQLite {
			t.Skip("PostgreSQL plans by what the table holds")
		}
		plan, err := db.All(context.Background(), d, func(s db.Scanner) (string, error) {
			var a, b, c int64
			var what string
			err := s.Scan(&a, &b, &c, &what)
			return what, err
		}, "EXPLAIN QUERY PLAN SELECT 1 FROM jobs_timer WHERE at <= $1 AND "+db.In(d.Engine(), jobs.OfKind, 2)+" LIMIT 1", 1, db.Texts(d.Engine(), []string{"a"}))
		must(t, err)
		if len(plan) == 0 || !strings.Contains(plan[0], "jobs_timer_at") {
			t.Errorf("%q", plan)
		}
	})
}
