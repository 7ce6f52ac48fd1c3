package db

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"okno/internal/platform/errs"
)

// slowClosure is when a closure is logged and counted; it is never interrupted.
const slowClosure = 20 * time.Millisecond

// peopleShare is of how many parts of the time background work has one while
// people wait: on SQLite of the writer's, on PostgreSQL of one connection's.
const peopleShare = 16

// Write runs fn in a transaction and returns its result after the durable
// commit. fn may run several times: what it makes is its return value, it
// touches nothing else, does no I/O, hashing or rendering, and opens no second
// transaction. People's work goes before background work.
//
// Errors: what fn returns; [errs.Stale] from [Tx.QueueOne]; [errs.Conflict]
// for a violated uniqueness (see [Unique]); [errs.Unavailable];
// [errs.OutcomeUnknown]. A ctx that ends before the transaction has its turn is
// [errs.Unavailable], and nothing is written; afterwards the caller waits for the outcome.
func Write[T any](ctx context.Context, d *DB, lane Lane, fn func(tx *Tx) (T, error)) (T, error) {
	var out T
	err := d.write(ctx, lane, func(tx *Tx) error {
		v, err := fn(tx)
		if err == nil {
			out = v
		}
		return err
	})
	if err != nil {
		var zero T
		return zero, err
	}
	return out, nil
}

// Do is [Write] without a result.
func Do(ctx context.Context, d *DB, lane Lane, fn func(tx *Tx) error) error {
	return d.write(ctx, lane, fn)
}

func (d *DB) write(ctx context.Context, lane Lane, fn func(tx *Tx) error) error {
	var last *Tx // the attempt that was committed
	attempt := func(tx *Tx) error {
		last = tx
		began := time.Now()
		err := fn(tx)
		if took := time.Since(began); took > slowClosure {
			d.stats.slow.Add(1)
			d.cfg.Log.Warn("slow transaction closure", "took", took, "at", callerOfWrite())
		}
		if tx.err != nil {
			return tx.err // a closure must not swallow the failure of a statement
		}
		return err
	}
	var err error
	if d.engine == SQLite {
		err = d.lite.do(ctx, lane, attempt)
	} else {
		err = d.pg.do(ctx, lane, attempt)
	}
	if err != nil {
		d.stats.failed.Add(1)
		return err
	}
	d.stats.writes.Add(1)
	if last.wakes() {
		d.wake()
	}
	return nil
}

// callerOfWrite finds the first frame outside this package.
func callerOfWrite() string {
	var pcs [24]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if !strings.Contains(f.Function, "internal/platform/db.") {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		if !more {
			return "unknown"
		}
	}
}

func ended(ctx context.Context) error {
	return errs.Wrap(errs.Unavailable, fmt.Errorf("transaction not begun: %w", context.Cause(ctx)))
}
