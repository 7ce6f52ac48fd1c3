package db

import (
	"strings"
	"time"
)

// Bounds of one durable commit.
const (
	batchClosures  = 64
	batchTime      = 20 * time.Millisecond // with 5 it cut groups at about 14 filings, and each paid for its flush
	closureTooLong = 30 * time.Second      // said in the log, once per closure: it probably waits for itself
)

func (w *writer) loop() {
	defer close(w.stopped)
	for {
		c := w.wait()
		if c == nil {
			return
		}
		w.batch(c)
	}
}

// wait blocks until a call is there; nil after close, when the queues are empty.
func (w *writer) wait() *call {
	for {
		if c := w.next(); c != nil {
			return c
		}
		select {
		case c := <-w.people:
			if c.state.CompareAndSwap(waiting, taken) {
				return c
			}
		case c := <-w.background:
			if c.state.CompareAndSwap(waiting, taken) {
				return c
			}
		case <-w.closing:
			return w.next()
		}
	}
}

// next takes a waiting call without blocking: people first, but background
// work has its share of the time while any waits there.
func (w *writer) next() *call {
	for {
		first, second := w.people, w.background
		if !time.Now().Before(w.rest) {
			first, second = second, first
		}
		var c *call
		select {
		case c = <-first:
		default:
			select {
			case c = <-second:
			default:
				return nil
			}
		}
		if c.state.CompareAndSwap(waiting, taken) {
			return c
		}
	}
}

// batch runs closures until the queue is empty or a bound is reached, commits
// once and answers all of them. Where the outer transaction is lost, every
// closure of the batch runs again, each in a transaction of its own, so that
// the one that breaks it harms nobody.
func (w *writer) batch(first *call) {
	if err := w.begin(); err != nil {
		first.turn <- signal{final: true, err: err}
		return
	}
	began := time.Now()
	var ran []*call
	for c, n := first, 1; c != nil; n++ {
		turn := time.Now()
		result := w.give(c)
		if c.lane == Background {
			now := time.Now()
			w.rest = now.Add((peopleShare - 1) * now.Sub(turn))
		}
		if result&unwound == 0 {
			ran = append(ran, c)
		}
		if result&^unwound == gone {
			w.again(ran)
			return
		}
		if n >= batchClosures || time.Since(began) >= batchTime {
			break
		}
		c = w.next()
	}
	if err := w.commit(); err != nil {
		if len(ran) == 1 && ran[0].err == nil {
			ran[0].turn <- signal{final: true, err: err}
			return
		}
		w.again(ran)
		return
	}
	for _, c := range ran {
		c.turn <- signal{final: true, err: c.err}
	}
}

// again runs each call alone.
func (w *writer) again(calls []*call) {
	w.rollback()
	for _, c := range calls {
		w.d.stats.retries.Add(1)
		if err := w.begin(); err != nil {
			c.turn <- signal{final: true, err: err}
			continue
		}
		result := w.give(c)
		err := c.err
		if result&^unwound == gone {
			w.rollback()
		} else if cerr := w.commit(); cerr != nil && err == nil {
			err = cerr
		}
		if result&unwound == 0 {
			c.turn <- signal{final: true, err: err}
		}
	}
}

// give hands the turn to the caller and waits until it comes back; what only
// queued needs no caller.
func (w *writer) give(c *call) outcome {
	if c.tx != nil {
		return w.put(c)
	}
	c.turn <- signal{}
	long := time.NewTimer(closureTooLong)
	defer long.Stop()
	for {
		select {
		case o := <-c.back:
			return o
		case <-long.C:
			w.d.cfg.Log.Error("a transaction closure does not return; does it open a second transaction?")
		}
	}
}

// begin takes SQLite's write lock; another process (import, backup) may hold it for a while.
func (w *writer) begin() (err error) {
	for try := 0; try < 3; try++ {
		if err = w.simple("BEGIN IMMEDIATE"); err == nil {
			return nil
		}
		if strings.Contains(err.Error(), "within a transaction") {
			w.rollback()
		}
	}
	return mapError(err)
}

func (w *writer) commit() error {
	if err := w.simple("COMMIT"); err != nil {
		w.rollback()
		return mapError(err)
	}
	w.d.stats.commits.Add(1)
	w.ckpt.dirty()
	return nil
}

// rollback leaves the outer transaction if there is one; the driver's "no
// transaction is active" is what is wanted.
func (w *writer) rollback() {
	if err := w.simple("ROLLBACK"); err != nil && !strings.Contains(err.Error(), "no transaction is active") {
		w.d.cfg.Log.Error("rollback failed", "err", err)
	}
}
