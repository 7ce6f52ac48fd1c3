package db

import (
	"errors"

	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// DispatchKind is the kind of the job that hands a transaction's facts to
// their consumers; package journal handles it.
const DispatchKind = "journal.dispatch"

// Dispatch is the body of that job: a transaction's facts and their kinds, in the same order.
type Dispatch struct {
	Tx    id.ID    `json:"tx"`
	Facts []id.ID  `json:"facts"`
	Kinds []string `json:"kinds"`
}

var (
	factColumns  = []string{"id", "tx", "kind", "subject", "version", "person", "role", "organisation", "at", "reason", "body"}
	jobColumns   = []string{"id", "kind", "lane", "uniq", "due", "subject", "body", "made", "attempts"}
	timerColumns = []string{"kind", "subject", "at", "body"}
)

// outbox turns facts, jobs and timers into statements, one multi-row insert of each.
func (tx *Tx) outbox() ([]statement, error) {
	if len(tx.facts)+len(tx.jobs)+len(tx.timers) == 0 {
		return nil, nil
	}
	now := clock.Milli(tx.d.cfg.Clock.Now())
	var out []statement
	add := func(table string, columns []string, rows [][]any, after string) {
		for len(rows) > 0 {
			n := min(len(rows), maxRows)
			text, args := insertText(table, columns, rows[:n], after)
			out = append(out, statement{text: text, args: args})
			rows = rows[n:]
		}
	}
	facts, dispatch, err := tx.factRows(now)
	if err != nil {
		return nil, err
	}
	jobs := tx.jobs
	if len(dispatch.Facts) > 0 {
		jobs = append(jobs[:len(jobs):len(jobs)], Job{Kind: DispatchKind, Lane: Urgent, Body: dispatch})
	}
	rows := make([][]any, 0, len(jobs))
	for _, j := range jobs {
		body, err := encode("job", j.Kind, j.Body)
		if err != nil {
			return nil, err
		}
		due := now
		if !j.RunAt.IsZero() {
			due = clock.Milli(j.RunAt)
		}
		var uniq any
		if j.Unique != "" {
			uniq = j.Unique
		}
		rows = append(rows, []any{tx.d.cfg.IDs(), j.Kind, int64(j.Lane), uniq, due, nil, body, now, int64(0)})
	}
	add("journal_fact", factColumns, facts, "")
	add("jobs_job", jobColumns, rows, "ON CONFLICT DO NOTHING")
	timers, err := tx.timerStatements()
	if err != nil {
		return nil, err
	}
	return append(out, timers...), nil
}

func (tx *Tx) factRows(now int64) (rows [][]any, dispatch Dispatch, err error) {
	dispatch.Tx = tx.id
	consumed := tx.d.consumed.Load()
	for _, f := range tx.facts {
		if f.ID == id.Nil {
			f.ID = tx.d.cfg.IDs()
		}
		if f.Kind == "" {
			return nil, dispatch, errs.Wrap(errs.Internal, errors.New("a fact without a kind"))
		}
		at := now
		if !f.At.IsZero() {
			at = clock.Milli(f.At)
		}
		body, err := encode("fact", f.Kind, f.Body)
		if err != nil {
			return nil, dispatch, err
		}
		rows = append(rows, []any{f.ID, tx.id, f.Kind, f.Subject, f.Version, NullID(f.Person), f.Role, NullID(f.Organisation), at, f.Reason, body})
		if consumed == nil || (*consumed)[f.Kind] {
			dispatch.Facts = append(dispatch.Facts, f.ID)
			dispatch.Kinds = append(dispatch.Kinds, f.Kind)
		}
		if tx.proof == nil {
			tx.proof = &statement{text: "SELECT 1 FROM journal_fact WHERE id = $1 AND tx = $2", args: []any{f.ID, tx.id}}
		}
	}
	return rows, dispatch, nil
}

// timerStatements sets and removes timers; of several for one (kind, subject) the last counts.
func (tx *Tx) timerStatements() ([]statement, error) {
	type key struct {
		kind    string
		subject id.ID
	}
	last := make(map[key]int, len(tx.timers))
	for i, t := range tx.timers {
		last[key{t.Kind, t.Subject}] = i
	}
	var out []statement
	var rows [][]any
	for i, t := range tx.timers {
		if last[key{t.Kind, t.Subject}] != i {
			continue
		}
		if t.At.IsZero() {
			out = append(out, statement{text: "DELETE FROM jobs_timer WHERE kind = $1 AND subject = $2", args: []any{t.Kind, t.Subject}})
			continue
		}
		body, err := encode("timer", t.Kind, t.Body)
		if err != nil {
			return nil, err
		}
		rows = append(rows, []any{t.Kind, t.Subject, clock.Milli(t.At), body})
	}
	for len(rows) > 0 {
		n := min(len(rows), maxRows)
		text, args := insertText("jobs_timer", timerColumns, rows[:n],
			"ON CONFLICT (kind, subject) DO UPDATE SET at = excluded.at, body = excluded.body")
		out = append(out, statement{text: text, args: args})
		rows = rows[n:]
	}
	return out, nil
}

// wakes tells whether the attempt left work for the runner.
func (tx *Tx) wakes() bool { return len(tx.jobs)+len(tx.facts)+len(tx.timers) > 0 }
