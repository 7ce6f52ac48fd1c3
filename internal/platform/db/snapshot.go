package db

import (
	"context"
	"database/sql"
	"errors"
)

// Snapshot is one consistent state of the whole database, read while others
// write. It belongs to one goroutine.
type Snapshot struct {
	conn   *sql.Conn
	engine Engine
}

// Snapshot runs fn over one state of the database, on a connection of its own:
// a read transaction on SQLite, REPEATABLE READ READ ONLY on PostgreSQL. While
// it is open SQLite's log can't be cut short and PostgreSQL keeps dead rows, so
// fn does nothing but read.
func (d *DB) Snapshot(ctx context.Context, fn func(s *Snapshot) error) (err error) {
	conn, err := d.read.Conn(ctx)
	if err != nil {
		return mapError(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	begin := "BEGIN"
	if d.engine == Postgres {
		begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	}
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		return mapError(err)
	}
	defer func() {
		if _, end := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); end != nil && err == nil {
			err = mapError(end)
		}
	}()
	return fn(&Snapshot{conn, d.engine})
}

// Engine tells which engine is read.
func (s *Snapshot) Engine() Engine { return s.engine }

// Query implements [Querier].
func (s *Snapshot) Query(ctx context.Context, text string, args ...any) (*Rows, error) {
	if s.engine == SQLite {
		text = Placeholders(text)
	}
	rows, err := s.conn.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, mapError(err)
	}
	return &Rows{rows}, nil
}
