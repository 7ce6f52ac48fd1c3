package bench

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"okno/internal/app"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
)

// listTable is the list that filters look into.
const listTable = "casework_inbox"

// Indexes measures filings without the product with every index of the list
// table, and with one of them dropped at a time, by turns: each run without is
// beside one with. Every index stands again afterwards.
func Indexes(ctx context.Context, dsn string, shapes []Shape, l Loop, conns int, engine string, say func(Result)) (out []Result, err error) {
	admin, err := openSink(ctx, dsn, 1)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, admin.close(context.WithoutCancel(ctx))) }()
	indexes, err := admin.indexes(ctx, []string{listTable})
	if err != nil {
		return nil, err
	}
	run := func(what string) (Result, error) {
		b, err := OpenBare(ctx, dsn, shapes, conns)
		if err != nil {
			return Result{}, err
		}
		r := RunBare(ctx, b, l, what, engine)
		out = append(out, r)
		say(r)
		return r, errors.Join(r.Err(), CloseBare(ctx, b))
	}
	for _, name := range slices.Sorted(maps.Keys(indexes)) {
		with, err := run("bare, every index")
		if err != nil {
			return out, err
		}
		if err := admin.exec(ctx, "DROP INDEX "+name); err != nil {
			return out, err
		}
		without, err := run("bare without " + name)
		if e := admin.exec(context.WithoutCancel(ctx), indexes[name]); e != nil {
			return out, errors.Join(err, e)
		}
		if err != nil {
			return out, err
		}
		cost := Result{What: "cost of " + name, Engine: engine}
		cost.with("percent", 100*(1-with.Rate/without.Rate))
		out = append(out, cost)
		say(cost)
	}
	return out, nil
}

// Settle removes the jobs that filings left and the clocks that run out within
// an hour (some topics have hours), so that the next run begins as the one
// before did. It tells how many jobs there were.
func Settle(ctx context.Context, a *app.App) (int64, error) {
	n, err := db.One(ctx, a.DB, db.Int, "SELECT COUNT(*) FROM jobs_job")
	if err != nil {
		return 0, err
	}
	soon := clock.Milli(a.DB.Clock().Now().Add(time.Hour))
	return n, db.Do(ctx, a.DB, db.People, func(tx *db.Tx) error {
		tx.Queue("DELETE FROM jobs_job WHERE kind LIKE 'journal.%' OR kind LIKE 'casework.%'")
		tx.Queue("DELETE FROM jobs_timer WHERE at <= $1 AND kind LIKE 'casework.%'", soon)
		return nil
	})
}
