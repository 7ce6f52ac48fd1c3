package jobs_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// each runs test on both engines with a clock that stands.
func each(t *testing.T, test func(t *testing.T, d *db.DB, c *clock.Fixed)) {
	c := clock.At(start)
	dbtest.EachWith(t, db.Config{Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(start)
		test(t, d, c)
	})
}

func add(t *testing.T, d *db.DB, list ...db.Job) {
	t.Helper()
	must(t, db.Do(context.Background(), d, db.People, func(tx *db.Tx) error {
		for _, j := range list {
			tx.Job(j)
		}
		return nil
	}))
}

func rows(t *testing.T, d *db.DB, table string) int64 {
	t.Helper()
	n, err := db.One(context.Background(), d, db.Int, "SELECT COUNT(*) FROM "+table)
	must(t, err)
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDrainRunsByLaneAndDeletes(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Fixed) {
		r := jobs.New(d, jobs.Config{})
		var got []string
		r.Register("test.say", func(_ context.Context, run jobs.Run) error {
			var body struct{ Word string }
			if err := run.Decode(&body); err != nil {
				return err
			}
			got = append(got, body.Word)
			return nil
		})
		say := func(lane db.JobLane, word string, at time.Time) db.Job {
			return db.Job{Kind: "test.say", Lane: lane, RunAt: at, Body: map[string]string{"Word": word}}
		}
		add(t, d, say(db.Bulk, "bulk", time.Time{}), say(db.Normal, "normal", time.Time{}),
			say(db.Urgent, "urgent", time.Time{}), say(db.Urgent, "later", start.Add(time.Minute)))
		must(t, r.Drain(context.Background()))
		if want := "urgent normal bulk"; join(got) != want {
			t.Errorf("%q, want %q", join(got), want)
		}
		c.Advance(time.Minute)
		must(t, r.Drain(context.Background()))
		if got[len(got)-1] != "later" || rows(t, d, "jobs_job") != 0 {
			t.Errorf("%q, %d rows left", join(got), rows(t, d, "jobs_job"))
		}
	})
}

func join(list []string) (out string) {
	for i, s := range list {
		if i > 0 {
			out += " "
		}
		out += s
	}
	return out
}

func TestUnique(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *clock.Fixed) {
		r := jobs.New(d, jobs.Config{})
		ran, again := 0, db.Job{Kind: "test.rebuild", Unique: "one"}
		r.Register("test.rebuild", func(ctx context.Context, _ jobs.Run) error {
			if ran++; ran == 1 {
				// What changes while the job runs needs another run.
				add(t, d, again, again)
			}
			return nil
		})
		add(t, d, again, again)
		add(t, d, again)
		if n := rows(t, d, "jobs_job"); n != 1 {
			t.Fatalf("%d jobs wait", n)
		}
		must(t, r.Drain(context.Background()))
		if ran != 2 {
			t.Errorf("ran %d times, want 2", ran)
		}
	})
}

func TestFailureBacksOffAndDies(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Fixed) {
		ctx := context.Background()
		r := jobs.New(d, jobs.Config{})
		var attempts []int
		broken := true
		r.Register("test.fail", func(_ context.Context, run jobs.Run) error {
			attempts = append(attempts, run.Attempt)
			if !broken {
				return nil
			}
			if run.Attempt == 2 {
				panic("second")
			}
			return errors.New("broken")
		}, jobs.Attempts(3))
		add(t, d, db.Job{Kind: "test.fail"})
		for range 3 {
			if err := r.Drain(ctx); err == nil {
				t.Fatal("Drain hides the failure")
			}
			must(t, r.Drain(ctx)) // put off: not due
			c.Advance(time.Hour)
		}
		must(t, r.Drain(ctx))
		dead, err := jobs.Dead(ctx, d)
		must(t, err)
		if len(attempts) != 3 || len(dead) != 1 || dead[0].Attempts != 3 || rows(t, d, "jobs_job") != 0 {
			t.Fatalf("attempts %v, dead %+v", attempts, dead)
		}
		broken = false
		must(t, db.Do(ctx, d, db.People, func(tx *db.Tx) error { jobs.Revive(tx, dead[0].ID, c.Now()); return nil }))
		must(t, r.Drain(ctx))
		if len(attempts) != 4 || attempts[3] != 1 || rows(t, d, "jobs_dead")+rows(t, d, "jobs_job") != 0 {
			t.Errorf("after revival: attempts %v", attempts)
		}
		err = db.Do(ctx, d, db.People, func(tx *db.Tx) error { jobs.Revive(tx, dead[0].ID, c.Now()); return nil })
		if !errs.Is(err, errs.Stale) {
			t.Errorf("reviving twice: %v", err)
		}
	})
}

func TestPermanentErrorDiesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *clock.Fixed) {
		r := jobs.New(d, jobs.Config{})
		r.Register("test.bad", func(_ context.Context, run jobs.Run) error { return run.Decode(new(int)) })
		add(t, d, db.Job{Kind: "test.bad", Body: "a word"})
		if err := r.Drain(context.Background()); err == nil {
			t.Error("no error")
		}
		if n := rows(t, d, "jobs_dead"); n != 1 {
			t.Errorf("%d dead", n)
		}
	})
}

// A job whose effect is database work ends in the transaction of the effect;
// one that lost its lease changes nothing.
func TestDoneInOwnTransaction(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Fixed) {
		ctx := context.Background()
		slow, quick := jobs.New(d, jobs.Config{}), jobs.New(d, jobs.Config{})
		effect := func(run jobs.Run) error {
			return db.Do(ctx, d, db.People, func(tx *db.Tx) error {
				run.Done(tx)
				tx.Job(db.Job{Kind: "test.effect"})
				return nil
			})
		}
		slow.Register("test.once", func(_ context.Context, run jobs.Run) error {
			c.Advance(2 * time.Minute) // longer than the lease, without a heartbeat: a dead neighbour
			must(t, quick.Drain(ctx))
			return effect(run)
		})
		quick.Register("test.once", func(_ context.Context, run jobs.Run) error {
			if run.Attempt != 2 {
				t.Errorf("attempt %d, want 2", run.Attempt)
			}
			return effect(run)
		})
		add(t, d, db.Job{Kind: "test.once"})
		if err := slow.Drain(ctx); !errs.Is(err, errs.Stale) {
			t.Errorf("the one who lost its lease: %v", err)
		}
		if n := rows(t, d, "jobs_job WHERE kind = 'test.effect'"); n != 1 {
			t.Errorf("%d effects, want 1", n)
		}
		if n := rows(t, d, "jobs_job WHERE kind = 'test.once'"); n != 0 {
			t.Errorf("%d jobs left", n)
		}
	})
}

func TestHeartbeatKeepsTheLease(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Fixed) {
		ctx := context.Background()
		slow, other := jobs.New(d, jobs.Config{}), jobs.New(d, jobs.Config{})
		ran := 0
		slow.Register("test.long", func(context.Context, jobs.Run) error {
			ran++
			for range 3 {
				c.Advance(40 * time.Second)
				must(t, slow.Beat(ctx))
				must(t, other.Drain(ctx))
			}
			return nil
		})
		other.Register("test.long", func(context.Context, jobs.Run) error { t.Error("taken from a living neighbour"); return nil })
		add(t, d, db.Job{Kind: "test.long"})
		must(t, slow.Drain(ctx))
		if ran != 1 || rows(t, d, "jobs_job") != 0 {
			t.Errorf("ran %d", ran)
		}
	})
}

func TestTimers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Fixed) {
		ctx := context.Background()
		r := jobs.New(d, jobs.Config{})
		var got []jobs.Run
		r.Register("test.remind", func(_ context.Context, run jobs.Run) error { got = append(got, run); return nil })
		a, b, gone := id.New(), id.New(), id.New()
		set := func(list ...db.Timer) {
			must(t, db.Do(ctx, d, db.People, func(tx *db.Tx) error {
				for _, x := range list {
					x.Kind = "test.remind"
					tx.Timer(x)
				}
				return nil
			}))
		}
		set(db.Timer{Subject: a, At: start.Add(time.Hour), Body: 1}, db.Timer{Subject: b, At: start.Add(time.Hour)}, db.Timer{Subject: gone, At: start.Add(time.Hour)})
		set(db.Timer{Subject: a, At: start.Add(5 * time.Hour)}, db.Timer{Subject: a, At: start.Add(2 * time.Hour), Body: 2}, db.Timer{Subject: gone})
		must(t, r.Drain(ctx))
		if len(got) != 0 {
			t.Fatalf("ran early: %+v", got)
		}
		c.Advance(time.Hour)
		must(t, r.Drain(ctx))
		if len(got) != 1 || got[0].Subject != b {
			t.Fatalf("%+v, want one for b", got)
		}
		c.Advance(time.Hour)
		must(t, r.Drain(ctx))
		if len(got) != 2 || got[1].Subject != a || string(got[1].Body) != "2" {
			t.Fatalf("%+v, want one for a with its newer body", got)
		}
		c.Advance(100 * time.Hour)
		must(t, r.Drain(ctx))
		if len(got) != 2 || rows(t, d, "jobs_timer") != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestPauseStopsOutboundOnly(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *clock.Fixed) {
		ctx := context.Background()
		r := jobs.New(d, jobs.Config{})
		sent, local := 0, 0
		r.Register("test.send", func(context.Context, jobs.Run) error { sent++; return nil }, jobs.Outbound())
		r.Register("test.local", func(context.Context, jobs.Run) error { local++; return nil })
		must(t, db.Do(ctx, d, db.People, func(tx *db.Tx) error { jobs.Pause(tx, "restore", start); return nil }))
		add(t, d, db.Job{Kind: "test.send"}, db.Job{Kind: "test.local"})
		must(t, r.Drain(ctx))
		waiting, err := r.Waiting(ctx)
		must(t, err)
		if sent != 0 || local != 1 || len(waiting) != 1 || !waiting[0].Outbound || waiting[0].Jobs != 1 {
			t.Errorf("paused: sent %d, local %d, waiting %+v", sent, local, waiting)
		}
		must(t, db.Do(ctx, d, db.People, func(tx *db.Tx) error { jobs.Resume(tx); return nil }))
		must(t, r.Drain(ctx))
		if sent != 1 {
			t.Errorf("after resume: sent %d", sent)
		}
	})
}

// Several runners share the work, wake up after a commit, and stop cleanly.
func TestRunShareAndStop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		var ran atomic.Int64
		seen := sync.Map{}
		all := make(chan struct{})
		stuck := make(chan struct{}, 1)
		var done sync.WaitGroup
		for range 2 {
			r := jobs.New(d, jobs.Config{Poll: time.Minute, Grace: 50 * time.Millisecond}) // only wake-ups can be in time
			r.Register("test.count", func(_ context.Context, run jobs.Run) error {
				if _, twice := seen.LoadOrStore(run.ID, true); twice {
					t.Error("a job ran twice")
				}
				if ran.Add(1) == 200 {
					close(all)
				}
				return nil
			})
			r.Register("test.stuck", func(ctx context.Context, _ jobs.Run) error {
				stuck <- struct{}{}
				<-ctx.Done()
				return ctx.Err()
			})
			done.Go(func() { must(t, r.Run(ctx)) })
		}
		time.Sleep(50 * time.Millisecond) // the runners have found nothing and wait
		for range 20 {
			list := make([]db.Job, 10)
			for i := range list {
				list[i] = db.Job{Kind: "test.count", Lane: db.JobLane(i % 3)}
			}
			add(t, d, list...)
		}
		wait(t, all)
		add(t, d, db.Job{Kind: "test.stuck"})
		wait(t, stuck)
		cancel()
		done.Wait()
		n, err := db.One(context.Background(), d, db.Int, "SELECT COUNT(*) FROM jobs_job WHERE kind = 'test.stuck' AND lease IS NULL AND attempts = 0")
		if err != nil || n != 1 {
			t.Errorf("the interrupted job is not free: %d %v", n, err)
		}
		if n := rows(t, d, "jobs_job"); n != 1 {
			t.Errorf("%d jobs left", n)
		}
	})
}

func wait(t *testing.T, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(20 * time.Second):
		t.Fatal("nothing happened in 20 s")
	}
}
