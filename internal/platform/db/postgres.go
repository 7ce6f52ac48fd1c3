package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Bounds of a transaction on PostgreSQL.
const (
	txTimeout   = 30 * time.Second // no request's context reaches the driver, but a dead server must end sometime
	maxAttempts = 12
	lookFor     = 5 // tries to find a transaction whose connection was lost
)

// pgWriter runs closures on its callers' goroutines, each on a connection of
// its own, taken only when something has to be sent.
type pgWriter struct {
	d          *DB
	pool       *sql.DB
	background chan struct{} // bounds what background work may hold
	people     atomic.Int64  // transactions of people that run or wait for a connection
	aside      chan struct{} // while those are many, background work goes one by one and rests in between
	groups     pgGroups
}

func (d *DB) openPostgres(ctx context.Context) error {
	cfg, err := pgx.ParseConfig(d.cfg.URL)
	if err != nil {
		return err
	}
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "okno"
	}
	open := func(n int) *sql.DB {
		pool := stdlib.OpenDB(*cfg)
		pool.SetMaxOpenConns(n)
		pool.SetMaxIdleConns(n)
		return pool
	}
	d.read = open(d.cfg.ReadConns)
	d.pg = &pgWriter{d: d, pool: open(d.cfg.WriteConns), background: make(chan struct{}, max(1, d.cfg.WriteConns/4)), aside: make(chan struct{}, 1),
		groups: pgGroups{free: max(1, d.cfg.WriteConns/4)}}
	if err := d.read.PingContext(ctx); err != nil {
		return errors.Join(err, d.read.Close(), d.pg.close())
	}
	return nil
}

func (w *pgWriter) close() error { return w.pool.Close() }

// do runs attempts until one is committed or fails for good.
func (w *pgWriter) do(ctx context.Context, lane Lane, attempt func(tx *Tx) error) error {
	if lane == Background {
		if err := pass(ctx, w.background); err != nil {
			return err
		}
		defer func() { <-w.background }()
		if w.people.Load() > int64(w.d.cfg.WriteConns/4) { // people first
			if err := pass(ctx, w.aside); err != nil {
				return err
			}
			began := time.Now()
			defer func() { time.AfterFunc((peopleShare-1)*time.Since(began), func() { <-w.aside }) }()
		}
	} else {
		w.people.Add(1)
		defer w.people.Add(-1)
	}
	for n := 1; ; n++ {
		if ctx.Err() != nil && n == 1 {
			return ended(ctx)
		}
		err := w.once(ctx, lane, attempt)
		if err == nil {
			w.d.stats.commits.Add(1)
			return nil
		}
		var nothing leftNothing
		if !again(err) || n == maxAttempts || (errors.As(err, &nothing) && n > maxAttempts/2) {
			return mapError(err)
		}
		w.d.stats.retries.Add(1)
		time.Sleep(time.Duration(rand.Int64N(int64(time.Millisecond) << min(n, 7))))
	}
}

// pass waits for a place behind a gate.
func pass(ctx context.Context, gate chan struct{}) error {
	select {
	case gate <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ended(ctx)
	}
}

// again tells whether the attempt certainly left nothing and may be repeated.
func again(err error) bool {
	var nothing leftNothing
	return serialization(err) || errors.As(err, &nothing) || (pgconn.SafeToRetry(err) && !errs.Is(err, errs.OutcomeUnknown))
}

// leftNothing marks the loss of a connection before COMMIT can have happened.
type leftNothing struct{ error }

func (l leftNothing) Unwrap() error { return l.error }

// once is one attempt. Where the closure neither reads nor executes at once,
// the whole transaction is one pipelined batch: one round trip.
func (w *pgWriter) once(ctx context.Context, lane Lane, attempt func(tx *Tx) error) (err error) {
	t := &pgTx{w: w, ctx: ctx}
	finished := false
	defer func() {
		if !finished || err != nil { // also a panic or Goexit of the closure
			t.abandon()
		}
		t.release()
	}()
	tx := &Tx{d: w.d, id: w.d.cfg.IDs(), engine: t, unproven: lane == Background}
	err = attempt(tx)
	if err == nil {
		err = t.commit(tx, lane)
	} else if lost(tx.err) { // before COMMIT was sent
		t.broken = true
		err = leftNothing{err}
	}
	finished = true
	return err
}

// pgTx is the connection and state of one attempt.
type pgTx struct {
	w      *pgWriter
	ctx    context.Context // the caller's, until something was begun
	cancel context.CancelFunc
	conn   *sql.Conn
	begun  bool
	broken bool // the connection must not be used again
}

func (t *pgTx) connect() error {
	if t.conn != nil {
		return nil
	}
	conn, err := t.w.pool.Conn(t.ctx)
	if err != nil {
		return err
	}
	t.conn = conn
	t.ctx, t.cancel = context.WithTimeout(context.WithoutCancel(t.ctx), txTimeout)
	return nil
}

func (t *pgTx) begin() error {
	if t.begun {
		return nil
	}
	if err := t.connect(); err != nil {
		return err
	}
	t.w.d.trace("BEGIN", nil)
	if _, err := t.conn.ExecContext(t.ctx, "BEGIN"); err != nil {
		return err
	}
	t.begun = true
	return nil
}

func (t *pgTx) exec(text string, args []any) (int64, error) {
	if err := t.begin(); err != nil {
		return 0, err
	}
	res, err := t.conn.ExecContext(t.ctx, text, pgArgs(args)...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t *pgTx) query(text string, args []any) (*sql.Rows, error) {
	if err := t.begin(); err != nil {
		return nil, err
	}
	return t.conn.QueryContext(t.ctx, text, pgArgs(args)...)
}

// pgArgs gives ids the type that pgx encodes directly: as driver.Valuer they
// took a third of the program's time in a filing.
func pgArgs(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		if v, ok := a.(id.ID); ok {
			a = pgtype.UUID{Bytes: v, Valid: true}
		}
		out[i] = a
	}
	return out
}

// commit sends everything queued and COMMIT, together with others where that may be.
func (t *pgTx) commit(tx *Tx, lane Lane) error {
	all, err := tx.statements()
	if err != nil {
		return err
	}
	if lane == People && t.conn == nil && inserts(all) {
		return t.w.together(t.ctx, tx, all)
	}
	return t.send(tx, all)
}

// finish is [pgTx.send] of a transaction that has no connection yet.
func (t *pgTx) finish(tx *Tx, all []statement) (err error) {
	finished := false
	defer func() {
		if !finished || err != nil {
			t.abandon()
		}
		t.release()
	}()
	err = t.send(tx, all)
	finished = true
	return err
}

// send sends statements and COMMIT in one pipelined batch. A statement that
// must change exactly one row makes the server itself fail otherwise, so
// nothing has to be checked between.
func (t *pgTx) send(tx *Tx, all []statement) error {
	if err := t.connect(); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	queue := func(text string, args []any) {
		t.w.d.trace(text, args)
		batch.Queue(text, pgArgs(args)...)
	}
	if !t.begun {
		queue("BEGIN", nil)
	}
	head := batch.Len()
	for _, s := range all {
		text := s.text
		if s.rows > 0 {
			text = exactly(text, s.rows)
		}
		queue(text, s.args)
	}
	queue("COMMIT", nil)
	t.begun = true

	const nowhere = -100
	failed := nowhere
	err := t.conn.Raw(func(dc any) error {
		results := dc.(*stdlib.Conn).Conn().SendBatch(t.ctx, batch)
		for i := range batch.Len() {
			tag, err := results.Exec()
			if err != nil {
				failed = i - head
				return errors.Join(err, ignoreRepeated(results.Close(), err))
			}
			if i == batch.Len()-1 && tag.String() != "COMMIT" {
				failed = i - head
				return errors.Join(fmt.Errorf("COMMIT answered %q", tag), results.Close())
			}
		}
		return results.Close()
	})
	if err == nil {
		t.begun = false
		return nil
	}
	var pg *pgconn.PgError
	told := errors.As(err, &pg) // by the server, not by a broken connection
	if told && failed >= 0 && failed < len(all) && all[failed].rows > 0 && pg.Code == "22012" {
		return errs.Wrap(errs.Stale, fmt.Errorf("not exactly %d rows: %.120s", all[failed].rows, all[failed].text))
	}
	if lost(err) || t.ctx.Err() != nil {
		t.broken = true
		// The server answers in order: what it says in place of an earlier
		// statement's answer was said before COMMIT.
		if pgconn.SafeToRetry(err) || (told && failed >= -head && failed < len(all)) {
			return leftNothing{err}
		}
		return t.w.find(tx, err)
	}
	if failed >= 0 && failed < len(all) {
		return fmt.Errorf("%w (in: %.120s)", err, all[failed].text)
	}
	return err
}

// ignoreRepeated drops what Close says again of an error that is told already.
func ignoreRepeated(err, told error) error {
	var a, b *pgconn.PgError
	if errors.As(err, &a) && errors.As(told, &b) {
		return nil
	}
	return err
}

// find looks for a transaction whose connection was lost during COMMIT. Found
// is done; not found may still be on its way, so nobody knows.
func (w *pgWriter) find(tx *Tx, cause error) error {
	for n := range lookFor {
		if tx.proof == nil {
			break
		}
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		rows, err := w.d.Query(ctx, tx.proof.text, tx.proof.args...)
		if err == nil {
			found := rows.Next()
			err = errors.Join(rows.Err(), rows.Close())
			if found {
				cancel()
				w.d.cfg.Log.Warn("connection lost during commit; the transaction was found", "cause", cause)
				return nil
			}
		}
		cancel()
		w.d.cfg.Log.Warn("connection lost during commit; looking for the transaction", "try", n+1, "cause", cause, "err", err)
		time.Sleep(time.Duration(n+1) * 50 * time.Millisecond)
	}
	w.d.stats.unknown.Add(1)
	return errs.Wrap(errs.OutcomeUnknown, cause)
}

// abandon rolls back what was begun.
func (t *pgTx) abandon() {
	if t.conn == nil || !t.begun || t.broken {
		return
	}
	if _, err := t.conn.ExecContext(t.ctx, "ROLLBACK"); err != nil {
		t.broken = true
	}
}

func (t *pgTx) release() {
	if t.conn == nil {
		return
	}
	if t.broken {
		// Raw with ErrBadConn takes the connection out of the pool.
		if err := t.conn.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) {
			t.w.d.cfg.Log.Warn("drop broken connection", "err", err)
		}
	}
	if err := t.conn.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
		t.w.d.cfg.Log.Warn("release connection", "err", err)
	}
	if t.cancel != nil {
		t.cancel()
	}
}
