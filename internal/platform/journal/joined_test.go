package journal_test

import (
	"context"
	"sync/atomic"
	"testing"

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
