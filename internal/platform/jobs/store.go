package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"math/rand/v2"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// timerPage is how many timers become jobs in one transaction.
const timerPage = 100

// ofKind is the column kind where an index by it must not be used: few rows
// are due, and of a kind there may be millions.
const ofKind = "kind || ''"

const runColumns = "id, kind, lane, subject, body, attempts, made"

func scanRun(s db.Scanner) (Run, error) {
	var (
		r    Run
		body sql.NullString
		made int64
	)
	err := s.Scan(&r.ID, &r.Kind, &r.Lane, db.ScanID(&r.Subject), &body, &r.Attempt, &made)
	r.Body, r.Made = json.RawMessage(body.String), clock.FromMilli(made)
	return r, err
}

// claim takes up to n due jobs of a lane. Taking clears the unique key: from
// then on a second job with it may wait. The lease is the new due moment, so a
// job whose runner died becomes due again by itself.
func (r *Runner) claim(ctx context.Context, lane db.JobLane, n int) ([]Run, error) {
	now := r.now()
	// Most looks find nothing: look outside a transaction first.
	_, err := db.One(ctx, r.d, db.Int, "SELECT 1 FROM jobs_job WHERE lane = $1 AND due <= $2 LIMIT 1", int64(lane), now)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	paused, err := Paused(ctx, r.d)
	if err != nil {
		return nil, err
	}
	kinds := r.claimable(paused)
	lease := r.now() + r.cfg.Lease.Milliseconds()
	runs, err := db.Write(ctx, r.d, db.Background, func(tx *db.Tx) ([]Run, error) {
		e := tx.Engine()
		runs, err := db.All(ctx, tx, scanRun, "SELECT "+runColumns+" FROM jobs_job WHERE lane = $1 AND due <= $2 AND "+
			db.In(e, ofKind, 3)+" ORDER BY due LIMIT $4"+e.SkipLocked(), int64(lane), now, db.Texts(e, kinds), n)
		if err != nil {
			return nil, err
		}
		ids := make([]id.ID, len(runs))
		for i := range runs {
			ids[i] = runs[i].ID
			runs[i].Attempt++
			runs[i].lease, runs[i].done = r.me, new(bool)
		}
		if len(runs) > 0 {
			tx.Queue("UPDATE jobs_job SET due = $1, lease = $2, attempts = attempts + 1, uniq = NULL WHERE "+db.In(e, "id", 3),
				lease, r.me, db.IDs(e, ids))
		}
		return runs, nil
	})
	return runs, err
}

// Beat extends the leases of the jobs that this runner works on.
func (r *Runner) Beat(ctx context.Context) error {
	r.mu.Lock()
	ids := make([]id.ID, 0, len(r.running))
	for v := range r.running {
		ids = append(ids, v)
	}
	r.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	due := r.now() + r.cfg.Lease.Milliseconds()
	return db.Do(ctx, r.d, db.People, func(tx *db.Tx) error {
		tx.Queue("UPDATE jobs_job SET due = $1 WHERE lease = $2 AND "+db.In(tx.Engine(), "id", 3), due, r.me, db.IDs(tx.Engine(), ids))
		return nil
	})
}

func (r *Runner) finish(ctx context.Context, run Run) error {
	return db.Do(ctx, r.d, db.Background, func(tx *db.Tx) error { run.Done(tx); return nil })
}

// free gives a job back without counting the attempt.
func (r *Runner) free(ctx context.Context, run Run) error {
	now := r.now()
	return db.Do(ctx, r.d, db.Background, func(tx *db.Tx) error {
		tx.Queue("UPDATE jobs_job SET due = $1, lease = NULL, attempts = attempts - 1 WHERE id = $2 AND lease = $3 AND attempts = $4",
			now, run.ID, run.lease, run.Attempt)
		return nil
	})
}

// putOff lets a failed job wait; a lost lease means that another has it, and
// nothing is to do.
func (r *Runner) putOff(ctx context.Context, run Run, cause error) error {
	due := r.now() + backoff(run.Attempt, rand.Float64()).Milliseconds()
	return db.Do(ctx, r.d, db.Background, func(tx *db.Tx) error {
		tx.Queue("UPDATE jobs_job SET due = $1, lease = NULL, last_error = $2 WHERE id = $3 AND lease = $4 AND attempts = $5",
			due, reason(cause), run.ID, run.lease, run.Attempt)
		return nil
	})
}

// bury moves a job to the dead.
func (r *Runner) bury(ctx context.Context, run Run, cause error) error {
	now := r.now()
	return db.Do(ctx, r.d, db.Background, func(tx *db.Tx) error {
		tx.Queue("INSERT INTO jobs_dead (id, kind, lane, subject, body, made, attempts, last_error, died) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
			run.ID, run.Kind, int64(run.Lane), db.NullID(run.Subject), nullText(run.Body), clock.Milli(run.Made), run.Attempt, reason(cause), now)
		run.Done(tx)
		return nil
	})
}

func nullText(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return string(b)
}

type due struct {
	kind    string
	subject id.ID
	body    sql.NullString
}

// fire turns due timers into jobs: the timer goes and the job comes in one transaction.
func (r *Runner) fire(ctx context.Context) (int, error) {
	now := r.now()
	kinds := r.Kinds() // a timer of a newer program's kind waits for that program
	_, err := db.One(ctx, r.d, db.Int, "SELECT 1 FROM jobs_timer WHERE at <= $1 AND "+db.In(r.d.Engine(), ofKind, 2)+" LIMIT 1",
		now, db.Texts(r.d.Engine(), kinds))
	if errs.Is(err, errs.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	ids := make([]id.ID, timerPage)
	for i := range ids {
		ids[i] = r.d.NewID()
	}
	n, err := db.Write(ctx, r.d, db.Background, func(tx *db.Tx) (int, error) {
		e := tx.Engine()
		list, err := db.All(ctx, tx, func(s db.Scanner) (t due, err error) { return t, s.Scan(&t.kind, &t.subject, &t.body) },
			"SELECT kind, subject, body FROM jobs_timer WHERE at <= $1 AND "+db.In(e, ofKind, 2)+" ORDER BY at LIMIT $3"+e.SkipLocked(),
			now, db.Texts(e, kinds), timerPage)
		if err != nil {
			return 0, err
		}
		rows, gone := make([][]any, len(list)), map[string][]id.ID{}
		for i, t := range list {
			gone[t.kind] = append(gone[t.kind], t.subject)
			var body any
			if t.body.Valid {
				body = t.body.String
			}
			rows[i] = []any{ids[i], t.kind, int64(db.Urgent), now, t.subject, body, now, 0}
		}
		for kind, subjects := range gone { // a kind's timers in one statement
			tx.QueueExactly(len(subjects), "DELETE FROM jobs_timer WHERE kind = $1 AND "+db.In(e, "subject", 2), kind, db.IDs(e, subjects))
		}
		db.MultiInsert(tx, "jobs_job", []string{"id", "kind", "lane", "due", "subject", "body", "made", "attempts"}, rows)
		return len(list), nil
	})
	if n > 0 {
		r.nudge(db.Urgent)
	}
	return n, err
}

// FreeLeases makes every job due that a runner has taken, and returns how many
// there were. It is for an installation that only one process at a time works
// on, at that process's start and before its own runner runs: whoever held a
// lease is dead then, and nobody need wait for its end. The attempt stays
// counted, so that a job that kills its process is given up some day.
func FreeLeases(ctx context.Context, d *db.DB) (int64, error) {
	held, err := db.One(ctx, d, db.Int, "SELECT COUNT(*) FROM jobs_job WHERE lease IS NOT NULL")
	if err != nil || held == 0 {
		return 0, err
	}
	now := clock.Milli(d.Clock().Now())
	return held, db.Do(ctx, d, db.Background, func(tx *db.Tx) error {
		tx.Queue("UPDATE jobs_job SET due = $1, lease = NULL WHERE lease IS NOT NULL AND due > $1", now)
		return nil
	})
}
