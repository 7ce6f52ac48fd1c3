package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"okno/internal/platform/errs"
)

// writer owns the one writing connection. Its goroutine begins and commits.
// A closure runs on its caller's goroutine before it has the turn, and where it
// only queues, the writer runs what it queued. One that reads or executes runs
// again in its turn, in a savepoint, while the writer waits for the turn to
// come back. So a panic or a runtime.Goexit in a closure unwinds its own caller alone.
type writer struct {
	d          *DB
	pool       *sql.DB
	conn       *sql.Conn
	stmts      map[string]*sql.Stmt
	people     chan *call
	background chan *call
	rest       time.Time // until then people go before background work

	closing chan struct{}
	stopped chan struct{}
	once    sync.Once
	ckpt    *checkpointer
}

// call is one waiting Write.
type call struct {
	lane    Lane
	attempt func(tx *Tx) error
	state   atomic.Int32 // waiting → taken by the writer, or abandoned by the caller
	turn    chan signal  // writer → caller
	back    chan outcome // caller → writer
	err     error        // of the last run

	tx  *Tx // of a closure that only queued
	all []statement
}

const (
	waiting int32 = iota
	taken
	abandoned
)

// signal gives the turn, or (final) says that the call is over with err.
type signal struct {
	final bool
	err   error
}

type outcome int

const (
	kept    outcome = iota // released
	undone                 // rolled back to its savepoint
	gone                   // the whole outer transaction is lost
	unwound outcome = 8    // flag: the caller's stack is gone, it cannot run again
)

func openWriter(ctx context.Context, d *DB, dsn, path string) (*writer, error) {
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	w := &writer{
		d: d, pool: pool, conn: conn, stmts: map[string]*sql.Stmt{},
		people: make(chan *call, 1024), background: make(chan *call, 1024),
		closing: make(chan struct{}), stopped: make(chan struct{}),
	}
	if w.ckpt, err = startCheckpointer(d, dsn, path); err != nil {
		return nil, errors.Join(err, conn.Close(), pool.Close())
	}
	go w.loop()
	return w, nil
}

// do queues the call and runs its closure whenever it has the turn.
func (w *writer) do(ctx context.Context, lane Lane, attempt func(tx *Tx) error) error {
	c := &call{lane: lane, attempt: attempt, turn: make(chan signal, 1), back: make(chan outcome, 1)}
	queue := w.people
	if lane == Background {
		queue = w.background
	}
	if ctx.Err() != nil {
		return ended(ctx)
	}
	select {
	case <-w.closing:
		return errClosed
	default:
	}
	if err := c.ahead(w.d); err != nil {
		return err
	}
	w.d.stats.waiting.Add(1)
	defer w.d.stats.waiting.Add(-1)
	select {
	case queue <- c:
	case <-ctx.Done():
		return ended(ctx)
	case <-w.closing:
		return errClosed
	}
	done := ctx.Done()
	stopped := w.stopped
	for {
		select {
		case s := <-c.turn:
			if s.final {
				return s.err
			}
			done, stopped = nil, nil // begun: wait for the outcome
			w.run(c)
		case <-done:
			if c.state.CompareAndSwap(waiting, abandoned) {
				return ended(ctx)
			}
			done = nil
		case <-stopped:
			if c.state.CompareAndSwap(waiting, abandoned) {
				return errClosed
			}
			stopped = nil
		}
	}
}

// ahead runs the closure without the turn. One that reads or executes is left
// at that point; nothing has happened, and it runs again in its turn.
func (c *call) ahead(d *DB) (err error) {
	tx := &Tx{d: d, id: d.cfg.IDs(), engine: noTurn{}}
	defer func() {
		if p := recover(); p != nil && p != any(noTurn{}) {
			panic(p)
		} else if p != nil {
			err = nil
		}
	}()
	if err := c.attempt(tx); err != nil {
		return err
	}
	all, err := tx.statements()
	if err == nil {
		c.tx, c.all = tx, all
	}
	return err
}

// noTurn is the engine of a closure that runs ahead of its turn, and what it
// panics with to leave the closure.
type noTurn struct{}

func (noTurn) exec(string, []any) (int64, error)      { panic(noTurn{}) }
func (noTurn) query(string, []any) (*sql.Rows, error) { panic(noTurn{}) }

var errClosed = errs.Wrap(errs.Unavailable, errors.New("database is closed"))

// run executes the closure in a savepoint and gives the turn back, whatever happens.
func (w *writer) run(c *call) {
	result := gone | unwound
	returned := false
	defer func() {
		if !returned { // panic or Goexit: undo, and let it unwind its own caller
			result = w.undo() | unwound
		}
		c.back <- result
	}()
	result, c.err = w.attempt(c)
	returned = true
}

func (w *writer) attempt(c *call) (outcome, error) {
	if err := w.simple("SAVEPOINT closure"); err != nil {
		return gone, mapError(err)
	}
	tx, all := c.tx, c.all
	var err error
	if tx == nil {
		tx = &Tx{d: w.d, id: w.d.cfg.IDs(), engine: w}
		if err = c.attempt(tx); err == nil {
			all, err = tx.statements()
		}
	}
	if err == nil {
		err = w.flush(tx, all)
	}
	if err == nil {
		if rerr := w.simple("RELEASE closure"); rerr != nil {
			return gone, mapError(rerr) // no such savepoint: the outer transaction was rolled back
		}
		return kept, nil
	}
	return w.undo(), err
}

// undo goes back to the savepoint. If there is none any more, the failure has
// rolled back the whole outer transaction, neighbours included.
func (w *writer) undo() outcome {
	if w.simple("ROLLBACK TO closure") != nil || w.simple("RELEASE closure") != nil {
		return gone
	}
	return undone
}

// put runs what a closure queued. Rows alone need no savepoint, which costs
// them a fifth: where one fails, the whole group is rolled back, and each of
// its members goes again alone.
func (w *writer) put(c *call) (result outcome) {
	if !inserts(c.all) {
		result, c.err = w.attempt(c)
		return result
	}
	if c.err = w.flush(c.tx, c.all); c.err != nil {
		return gone
	}
	return kept
}

// flush runs statements in order.
func (w *writer) flush(tx *Tx, all []statement) error {
	for _, s := range all {
		var n int64
		var err error
		w.d.trace(s.text, s.args)
		if s.rows > 0 && isSelect(s.text) {
			n, err = w.count(s)
		} else {
			n, err = w.exec(s.text, s.args)
		}
		if err != nil {
			return tx.fail(err, s.text)
		}
		if s.rows > 0 && n != int64(s.rows) {
			return errs.Wrap(errs.Stale, fmt.Errorf("%d rows instead of %d: %.120s", n, s.rows, s.text))
		}
	}
	return nil
}

func (w *writer) count(s statement) (n int64, err error) {
	rows, err := w.query(s.text, s.args)
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		n++
	}
	return n, errors.Join(rows.Err(), rows.Close())
}

func (w *writer) stmt(text string) (*sql.Stmt, error) {
	if st, ok := w.stmts[text]; ok {
		return st, nil
	}
	if len(w.stmts) > 500 {
		for k, st := range w.stmts {
			if err := st.Close(); err != nil {
				return nil, err
			}
			delete(w.stmts, k)
		}
	}
	st, err := w.conn.PrepareContext(context.Background(), Placeholders(text))
	if err != nil {
		return nil, err
	}
	w.stmts[text] = st
	return st, nil
}

func (w *writer) exec(text string, args []any) (int64, error) {
	st, err := w.stmt(text)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (w *writer) query(text string, args []any) (*sql.Rows, error) {
	st, err := w.stmt(text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(context.Background(), args...)
}

func (w *writer) simple(text string) error {
	w.d.trace(text, nil)
	_, err := w.exec(text, nil)
	return err
}

func (w *writer) close() error {
	var err error
	w.once.Do(func() {
		close(w.closing)
		<-w.stopped
		for _, st := range w.stmts {
			err = errors.Join(err, st.Close())
		}
		err = errors.Join(err, w.ckpt.close(), w.conn.Close(), w.pool.Close())
	})
	return err
}
