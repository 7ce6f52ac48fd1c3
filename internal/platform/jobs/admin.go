package jobs

import (
	"context"
	"strings"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

const outbound = "outbound"

// Pause lets all outbound kinds stand still, in every process; reason is a
// code ("restore").
func Pause(tx *db.Tx, reason string, at time.Time) {
	tx.Queue("INSERT INTO jobs_pause (what, reason, since) VALUES ($1, $2, $3) ON CONFLICT (what) DO UPDATE SET reason = excluded.reason, since = excluded.since",
		outbound, reason, clock.Milli(at))
}

// Resume ends the pause; there need not be one.
func Resume(tx *db.Tx) { tx.Queue("DELETE FROM jobs_pause WHERE what = $1", outbound) }

// Paused tells whether outbound kinds stand still.
func Paused(ctx context.Context, q db.Querier) (bool, error) {
	_, err := db.One(ctx, q, db.Int, "SELECT 1 FROM jobs_pause WHERE what = $1", outbound)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// Count is how many jobs of a kind wait, and since when the oldest is due.
type Count struct {
	Kind     string
	Outbound bool
	Jobs     int64
	Oldest   time.Time
}

// Waiting counts jobs by kind: what stands in the queue, and, for the outbound
// ones, what would be sent by Resume.
func (r *Runner) Waiting(ctx context.Context) ([]Count, error) {
	return db.All(ctx, r.d, func(s db.Scanner) (c Count, err error) {
		var oldest int64
		err = s.Scan(&c.Kind, &c.Jobs, &oldest)
		c.Oldest = clock.FromMilli(oldest)
		if k, ok := r.kinds[c.Kind]; ok {
			c.Outbound = k.outbound
		}
		return c, err
	}, "SELECT kind, COUNT(*), MIN(due) FROM jobs_job GROUP BY kind ORDER BY kind")
}

// DeadJob is a job that was given up.
type DeadJob struct {
	ID       id.ID
	Kind     string
	Subject  id.ID
	Attempts int64
	Error    string
	Died     time.Time
}

// Code is the kind of failure that the job met last.
func (j DeadJob) Code() errs.Code {
	code, _, _ := strings.Cut(j.Error, ":")
	return errs.Code(code)
}

const deadColumns = "id, kind, subject, attempts, last_error, died"

func scanDead(s db.Scanner) (j DeadJob, err error) {
	var died int64
	err = s.Scan(&j.ID, &j.Kind, db.ScanID(&j.Subject), &j.Attempts, &j.Error, &died)
	j.Died = clock.FromMilli(died)
	return j, err
}

// FindDead is one job that was given up; [errs.NotFound] where it is none.
func FindDead(ctx context.Context, q db.Querier, job id.ID) (DeadJob, error) {
	return db.One(ctx, q, scanDead, "SELECT "+deadColumns+" FROM jobs_dead WHERE id = $1", job)
}

// FactRevived is written where a person lets a dead job run again; the body is [Revived].
const FactRevived = "jobs.revived"

// Revived is the body of [FactRevived].
type Revived struct {
	Kind     string `json:"kind"`
	Attempts int64  `json:"attempts"` // before it was given up
}

// Dead lists the newest 200 jobs that were given up.
func Dead(ctx context.Context, q db.Querier) ([]DeadJob, error) {
	return db.All(ctx, q, scanDead, "SELECT "+deadColumns+" FROM jobs_dead ORDER BY died DESC, id DESC LIMIT 200")
}

// Revive puts a dead job back into its lane, due at now, with its attempts
// forgotten; [errs.Stale] if it is not among the dead.
func Revive(tx *db.Tx, job id.ID, now time.Time) {
	tx.Queue("INSERT INTO jobs_job (id, kind, lane, due, subject, body, made, attempts) SELECT id, kind, lane, CAST($2 AS BIGINT), subject, body, made, 0 FROM jobs_dead WHERE id = $1",
		job, clock.Milli(now))
	tx.QueueOne("DELETE FROM jobs_dead WHERE id = $1", job)
}
