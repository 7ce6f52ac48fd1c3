package db

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Querier reads: a [*DB] outside a transaction, a [*Tx] inside one.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (*Rows, error)
	Engine() Engine
}

// Scanner is one row.
type Scanner interface{ Scan(dest ...any) error }

// Rows are the rows of a query, to be closed by the caller. [All] and [One] do all of it.
type Rows struct{ *sql.Rows }

// Query reads outside a transaction. $1… are placeholders on both engines.
func (d *DB) Query(ctx context.Context, text string, args ...any) (*Rows, error) {
	var (
		rows *sql.Rows
		err  error
	)
	if d.engine == SQLite {
		var st *sql.Stmt
		if st, err = d.prepared(ctx, text); err == nil {
			rows, err = st.QueryContext(ctx, args...)
		}
	} else {
		rows, err = d.read.QueryContext(ctx, text, pgArgs(args)...)
	}
	if err != nil {
		return nil, mapError(err)
	}
	return &Rows{rows}, nil
}

// Planned is d for queries whose best index depends on the values they come
// with: PostgreSQL plans each anew instead of falling back to one plan for all.
// SQLite plans by the text alone.
func (d *DB) Planned() Querier { return planned{d} }

type planned struct{ *DB }

// Query implements [Querier].
func (p planned) Query(ctx context.Context, text string, args ...any) (*Rows, error) {
	if p.engine == Postgres {
		args = append([]any{pgx.QueryExecModeCacheDescribe}, args...)
	}
	return p.DB.Query(ctx, text, args...)
}

// All reads every row of a query. No row is an empty result, not an error.
func All[T any](ctx context.Context, q Querier, scan func(Scanner) (T, error), text string, args ...any) ([]T, error) {
	for try := 0; ; try++ {
		out, err := readAll(ctx, q, scan, text, args)
		if _, inside := q.(*Tx); !inside && err != nil && try < 5 && serialization(err) {
			continue // a single reading statement may be repeated
		}
		return out, err
	}
}

func readAll[T any](ctx context.Context, q Querier, scan func(Scanner) (T, error), text string, args []any) ([]T, error) {
	rows, err := q.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows.Rows)
		if err != nil {
			return nil, mapError(err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, mapError(err)
	}
	return out, nil
}

// One reads the first row of a query; [errs.NotFound] where there is none.
func One[T any](ctx context.Context, q Querier, scan func(Scanner) (T, error), text string, args ...any) (T, error) {
	all, err := All(ctx, q, scan, text, args...)
	if err != nil || len(all) == 0 {
		var zero T
		if err == nil {
			err = errs.New(errs.NotFound, "")
		}
		return zero, err
	}
	return all[0], nil
}

// Int scans one integer.
func Int(s Scanner) (n int64, err error) { return n, s.Scan(&n) }

// Text scans one string.
func Text(s Scanner) (v string, err error) { return v, s.Scan(&v) }

// ID scans one id; NULL is Nil.
func ID(s Scanner) (v id.ID, err error) { return v, s.Scan(ScanID(&v)) }

// NullID is how an id that may be none is written: Nil becomes NULL.
func NullID(v id.ID) any {
	if v == id.Nil {
		return nil
	}
	return v
}

type scanID struct{ to *id.ID }

func (s scanID) Scan(src any) error {
	if src == nil {
		*s.to = id.Nil
		return nil
	}
	return s.to.Scan(src)
}

// ScanID reads an id that may be none: NULL becomes Nil.
func ScanID(to *id.ID) sql.Scanner { return scanID{to} }
