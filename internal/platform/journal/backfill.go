package journal

import (
	"context"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
)

const (
	backfillPage  = 200
	backfillPages = 50 // of one run; then other bulk work has its turn
	// A delivery that was on its way when the backfill ended comes within this
	// time or stands in the table of jobs.
	settleAfter = 10 * time.Minute
)

// Backfill lets a consumer take the whole journal once more, beside live
// facts. Call it in the transaction that empties what the consumer wrote: it
// waits until effects under way are committed, so call it before emptying.
func (j *Journal) Backfill(tx *db.Tx, name string) error {
	now := j.d.Clock().Now()
	n, err := tx.Exec("UPDATE journal_consumer SET state = $1, upto = NULL, reached = NULL, since = $2 WHERE name = $3", filling, clock.Milli(now), name)
	if err != nil {
		return err
	}
	if n != 1 {
		return errs.New(errs.NotFound, "")
	}
	tx.Queue("DELETE FROM journal_seen WHERE consumer = $1", name)
	tx.Job(db.Job{Kind: backfillPrefix + name, Lane: db.Bulk, Unique: "fill"})
	return nil
}

// Forget removes a consumer that no program has any more.
func (j *Journal) Forget(tx *db.Tx, name string) {
	tx.Queue("DELETE FROM journal_consumer WHERE name = $1", name)
	tx.Queue("DELETE FROM journal_seen WHERE consumer = $1", name)
	tx.Queue("DELETE FROM jobs_job WHERE kind = $1 OR kind = $2", deliverPrefix+name, backfillPrefix+name)
}

// backfill walks the journal by id up to the last fact there was when it
// began. What was committed before is found; what is committed later, with
// whatever id, is dispatched, because the consumer stands in the table.
func (j *Journal) backfill(ctx context.Context, name string, run jobs.Run) error {
	c, err := db.One(ctx, j.d, scanConsumer, selectConsumer+" WHERE name = $1", name)
	if err != nil {
		return err
	}
	if c.state != filling {
		return nil
	}
	if c.upto == id.Nil {
		last, err := db.One(ctx, j.d, db.ID, "SELECT id FROM journal_fact ORDER BY id DESC LIMIT 1")
		if errs.Is(err, errs.NotFound) {
			return j.filled(ctx, name, run)
		}
		if err != nil {
			return err
		}
		c.upto = last
		if err := db.Do(ctx, j.d, db.Background, func(tx *db.Tx) error {
			tx.QueueOne("UPDATE journal_consumer SET upto = $1 WHERE name = $2 AND state = $3 AND upto IS NULL", last, name, filling)
			return nil
		}); err != nil {
			return err
		}
	}
	for range backfillPages {
		page, err := db.All(ctx, j.d, scan, "SELECT "+columns+" FROM journal_fact WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3", c.reached, c.upto, backfillPage)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return j.filled(ctx, name, run)
		}
		if err := j.fillPage(ctx, name, c, page); err != nil {
			return err
		}
		c.reached = page[len(page)-1].ID
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return db.Do(ctx, j.d, db.Background, func(tx *db.Tx) error {
		run.Done(tx)
		tx.Job(db.Job{Kind: run.Kind, Lane: run.Lane, Unique: "fill"})
		return nil
	})
}

// fillPage hands a piece of the journal to the consumer and moves its mark in
// the transaction of the effect.
func (j *Journal) fillPage(ctx context.Context, name string, c consumerRow, page []Entry) error {
	reached := page[len(page)-1].ID
	advance := func(tx *db.Tx) {
		tx.QueueOne("UPDATE journal_consumer SET reached = $1 WHERE name = $2 AND state = $3 AND upto = $4 AND (reached IS NULL OR reached < $1)",
			reached, name, filling, c.upto)
	}
	dl := Delivery{Consumer: name, id: name + ":" + reached.String(), d: j.d, finish: advance, ended: new(bool)}
	for _, f := range page {
		if j.consumers[name].kinds[f.Kind] {
			dl.Facts = append(dl.Facts, f)
		}
	}
	if len(dl.Facts) > 0 {
		if err := j.consumers[name].handle(ctx, dl); err != nil {
			return err
		}
	}
	if *dl.ended {
		return nil
	}
	return db.Do(ctx, j.d, db.Background, func(tx *db.Tx) error { advance(tx); return nil })
}

// filled ends the walk; what was taken stays remembered until no delivery from
// before can come any more.
func (j *Journal) filled(ctx context.Context, name string, run jobs.Run) error {
	now := j.d.Clock().Now()
	return db.Do(ctx, j.d, db.Background, func(tx *db.Tx) error {
		tx.QueueOne("UPDATE journal_consumer SET state = $1, since = $2 WHERE name = $3 AND state = $4", settling, clock.Milli(now), name, filling)
		tx.Job(db.Job{Kind: settleKind, Lane: db.Bulk, Unique: name, RunAt: now.Add(settleAfter), Body: name})
		run.Done(tx)
		return nil
	})
}

// settle makes a consumer live once no delivery is left that is older than the
// end of its backfill, dead ones included: they may be revived.
func (j *Journal) settle(ctx context.Context, run jobs.Run) error {
	var name string
	if err := run.Decode(&name); err != nil {
		return err
	}
	now := j.d.Clock().Now()
	return db.Do(ctx, j.d, db.Background, func(tx *db.Tx) error {
		run.Done(tx)
		c, err := db.One(ctx, tx, scanConsumer, selectConsumer+" WHERE name = $1"+tx.Engine().ForUpdate(), name)
		if errs.Is(err, errs.NotFound) || (err == nil && c.state != settling) {
			return nil
		}
		if err != nil {
			return err
		}
		open := c.since + settleAfter.Milliseconds()/2
		left, err := db.One(ctx, tx, db.Int, `SELECT (SELECT COUNT(*) FROM jobs_job WHERE kind IN ($1, $2) AND made <= $3)
			+ (SELECT COUNT(*) FROM jobs_dead WHERE kind IN ($1, $2) AND made <= $3)`, db.DispatchKind, deliverPrefix+name, open)
		if err != nil {
			return err
		}
		if left > 0 {
			tx.Job(db.Job{Kind: settleKind, Lane: db.Bulk, Unique: name, RunAt: now.Add(settleAfter), Body: name})
			return nil
		}
		tx.QueueOne("UPDATE journal_consumer SET state = $1, upto = NULL, reached = NULL WHERE name = $2 AND state = $3", live, name, settling)
		tx.Queue("DELETE FROM journal_seen WHERE consumer = $1", name)
		return nil
	})
}
