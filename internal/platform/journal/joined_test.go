package journal_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
)

// A joined consumer gets the facts of many transactions at once, and each
// takes effect once.
func TestJoined(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		const n = 200
		var deliveries, facts atomic.Int64
		all := make(chan struct{})
		h.journal.Consume("sum", []string{"test.added"}, func(ctx context.Context, dl journal.Delivery) error {
			err := dl.Write(ctx, func(tx *db.Tx, facts []journal.Entry) error {
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
			deliveries.Add(1)
			if facts.Add(int64(len(dl.Facts))) == n {
				close(all)
			}
			return err
		}, journal.Joined())
		h.start(t)
		subject := id.New()
		for range n {
			h.add(t, subject, 1)
		}
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- h.runner.Run(ctx) }()
		<-all
		cancel()
		must(t, <-ended)
		if total := h.total(t, subject); total != n || h.rows(t, "jobs_job") != 0 {
			t.Errorf("total %d, %d jobs left", total, h.rows(t, "jobs_job"))
		}
		if deliveries.Load() > n/10 {
			t.Errorf("%d deliveries of %d transactions", deliveries.Load(), n)
		}
	})
}

// What a joined consumer takes is committed with the dispatch. One that fails,
// in its effect or before it, gets jobs of its own, and the other one's effect
// stays single.
func TestJoinedFails(t *testing.T) {
	for _, where := range []string{"before", "effect", "panic"} {
		t.Run(where, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				ctx := context.Background()
				h.sum(t, "sum", journal.Joined())
				fails := 2 // with the dispatch, and once by the job
				var subjects int
				h.journal.Consume("weak", []string{"test.added"}, func(ctx context.Context, dl journal.Delivery) error {
					bad := fails > 0
					fails--
					if bad && where == "before" {
						return errors.New("weak")
					}
					if bad && where == "panic" {
						panic("weak")
					}
					return dl.Write(ctx, func(tx *db.Tx, facts []journal.Entry) error {
						if bad {
							return errors.New("weak")
						}
						subjects += len(facts)
						return nil
					})
				}, journal.Joined())
				h.start(t)
				subject := id.New()
				h.add(t, subject, 1, 2)
				if err := h.runner.Drain(ctx); err == nil {
					t.Error("the weak one must have failed by its job")
				}
				if n := h.total(t, subject); n != 3 || subjects != 0 {
					t.Errorf("total %d, want 3; the weak one took %d", n, subjects)
				}
				if n := h.rows(t, "jobs_job WHERE kind = 'journal.deliver:weak'"); n != 1 || h.rows(t, "jobs_job") != 1 {
					t.Errorf("%d jobs for the weak one of %d, want one", n, h.rows(t, "jobs_job"))
				}
				h.c.Advance(10 * time.Minute)
				h.drain(t)
				if n := h.total(t, subject); n != 3 || subjects != 2 || h.rows(t, "jobs_job") != 0 {
					t.Errorf("total %d, the weak one took %d, %d jobs left", n, subjects, h.rows(t, "jobs_job"))
				}
			})
		})
	}
}
