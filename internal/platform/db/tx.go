package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Tx is one attempt of a transaction. It lives as long as its closure.
type Tx struct {
	d      *DB
	id     id.ID
	engine engineTx
	err    error // the first failed statement; nothing is sent after it

	queue  []statement
	facts  []Fact
	jobs   []Job
	timers []Timer
	proof  *statement // finds a row only if this attempt was committed

	unproven bool // nothing needs to be found: what runs in the background is repeated by its job
}

type statement struct {
	text string
	args []any
	rows int // how many rows it must change; 0: any number
}

// engineTx sends statements of an open transaction at once. No request's
// context reaches it: its transaction ends by its own rules.
type engineTx interface {
	exec(text string, args []any) (int64, error)
	query(text string, args []any) (*sql.Rows, error)
}

// Engine tells which engine runs the transaction.
func (tx *Tx) Engine() Engine { return tx.d.engine }

// ID names the attempt: the journal's facts of one transaction share it.
func (tx *Tx) ID() id.ID { return tx.id }

// Exec runs a statement at once and tells how many rows it changed. Prefer
// [Tx.Queue] and [Tx.QueueOne], which cost no round trip.
func (tx *Tx) Exec(text string, args ...any) (int64, error) {
	if tx.err != nil {
		return 0, tx.err
	}
	tx.d.trace(text, args)
	n, err := tx.engine.exec(text, args)
	if err != nil {
		return 0, tx.fail(err, text)
	}
	return n, nil
}

// Query reads at once, inside the transaction. The end of ctx does not
// interrupt it. Queued statements are not seen by it.
func (tx *Tx) Query(_ context.Context, text string, args ...any) (*Rows, error) {
	if tx.err != nil {
		return nil, tx.err
	}
	tx.d.trace(text, args)
	rows, err := tx.engine.query(text, args)
	if err != nil {
		return nil, tx.fail(err, text)
	}
	return &Rows{rows}, nil
}

// Queue adds a statement that is sent with the commit.
func (tx *Tx) Queue(text string, args ...any) {
	tx.queue = append(tx.queue, statement{text: text, args: args})
}

// QueueOne adds a statement that is sent with the commit and must change (a
// SELECT: find) exactly one row; otherwise the error is [errs.Stale] and
// everything rolls back. It carries no RETURNING.
func (tx *Tx) QueueOne(text string, args ...any) {
	tx.queue = append(tx.queue, statement{text: text, args: args, rows: 1})
}

// QueueExactly is [Tx.QueueOne] for a statement that must change exactly n rows.
func (tx *Tx) QueueExactly(n int, text string, args ...any) {
	tx.queue = append(tx.queue, statement{text: text, args: args, rows: n})
}

// Fact adds a row to the journal. Its id and time are made where empty.
func (tx *Tx) Fact(f Fact) { tx.facts = append(tx.facts, f) }

// Job adds work to be done after the commit.
func (tx *Tx) Job(j Job) { tx.jobs = append(tx.jobs, j) }

// Timer sets, moves or (with a zero moment) removes a timer.
func (tx *Tx) Timer(t Timer) { tx.timers = append(tx.timers, t) }

// Once writes the row that answers a repeat of the same call: (actor,
// operation, key) → fingerprint of the input and id of what was made. A repeat
// that comes at the same time gets [errs.Conflict] on the table db_once; ask
// [Made] before and after.
func (tx *Tx) Once(actor id.ID, operation, key string, fingerprint []byte, made id.ID) {
	tx.Queue(insertOnce, actor, operation, key, fingerprint, made, clock.Milli(tx.d.cfg.Clock.Now()))
	if made != id.Nil {
		tx.Proof("SELECT 1 FROM db_once WHERE actor = $1 AND operation = $2 AND key = $3 AND made = $4", actor, operation, key, made)
	}
}

// Proof names a query that finds a row only if this transaction was committed:
// its last resort when the connection breaks during COMMIT. Where none is
// given, the first fact's row serves, and without facts a row of db_tx. Background
// work without facts has none: its job runs again.
func (tx *Tx) Proof(text string, args ...any) {
	tx.proof = &statement{text: text, args: args}
}

// fail remembers the first failed statement.
func (tx *Tx) fail(err error, text string) error {
	tx.err = fmt.Errorf("%w (in: %.120s)", mapError(err), text)
	return tx.err
}

// statements are everything that goes with the commit, in order.
func (tx *Tx) statements() ([]statement, error) {
	out := tx.queue
	outbox, err := tx.outbox()
	if err != nil {
		return nil, err
	}
	out = append(out, outbox...)
	if tx.d.engine == Postgres && tx.proof == nil && !tx.unproven {
		tx.proof = &statement{text: "SELECT 1 FROM db_tx WHERE id = $1", args: []any{tx.id}}
		out = append(out, statement{text: "INSERT INTO db_tx (id, at) VALUES ($1, $2)", args: []any{tx.id, clock.Milli(tx.d.cfg.Clock.Now())}})
	}
	return out, nil
}

func encode(what, kind string, body any) (any, error) {
	if body == nil {
		return nil, nil
	}
	if raw, ok := body.(json.RawMessage); ok {
		return string(raw), nil
	}
	b, err := json.Marshal(body)
	if err != nil {
		return nil, errs.Wrap(errs.Internal, fmt.Errorf("encode body of %s %s: %w", what, kind, err))
	}
	return string(b), nil
}

func (d *DB) trace(text string, args []any) {
	if d.cfg.Trace != nil {
		d.cfg.Trace(text, args)
	}
}
