package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"reflect"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"okno/internal/platform/id"
)

// table is rows for one table.
type table struct {
	name    string
	columns []string
	rows    [][]any
}

func (t *table) add(values ...any) { t.rows = append(t.rows, values) }

// sink writes rows past the product: COPY on PostgreSQL, multi-row inserts on SQLite.
type sink interface {
	// write puts rows of several tables in one transaction, for one of several workers.
	write(ctx context.Context, worker int, tables []*table) error
	exec(ctx context.Context, text string) error
	strings(ctx context.Context, query string) ([]string, error)
	// indexes gives the definitions of the tables' own indexes by name.
	indexes(ctx context.Context, tables []string) (map[string]string, error)
	close(ctx context.Context) error
}

// openSink connects to a database by the product's URL. Nothing that is
// written by it is durable before settle.
func openSink(ctx context.Context, dsn string, workers int) (sink, error) {
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		path, _, _ = strings.Cut(path, "?")
		return openLite(ctx, path)
	}
	p := &pgSink{}
	for range workers {
		c, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return nil, errors.Join(err, p.close(ctx))
		}
		p.conns = append(p.conns, c)
		if _, err := c.Exec(ctx, "SET synchronous_commit = off"); err != nil {
			return nil, errors.Join(err, p.close(ctx))
		}
	}
	return p, nil
}

// bare is a value as plain drivers take it.
func bare(v any) any {
	switch v.(type) {
	case nil, string, int64, bool, []byte, id.ID, float64:
		return v
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String:
		return r.String()
	case reflect.Int, reflect.Int32, reflect.Int64:
		return r.Int()
	}
	return v
}

type pgSink struct{ conns []*pgx.Conn }

func (p *pgSink) write(ctx context.Context, worker int, tables []*table) error {
	c := p.conns[worker]
	tx, err := c.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }() // after Commit it does nothing
	for _, t := range tables {
		_, err := c.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromSlice(len(t.rows), func(i int) ([]any, error) {
			row := t.rows[i]
			out := make([]any, len(row))
			for j, v := range row {
				v = bare(v)
				if u, ok := v.(id.ID); ok {
					v = pgtype.UUID{Bytes: u, Valid: true}
				}
				out[j] = v
			}
			return out, nil
		}))
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return tx.Commit(ctx)
}

func (p *pgSink) exec(ctx context.Context, text string) error {
	_, err := p.conns[0].Exec(ctx, text)
	return err
}

func (p *pgSink) strings(ctx context.Context, query string) ([]string, error) {
	rows, err := p.conns[0].Query(ctx, query)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func (p *pgSink) indexes(ctx context.Context, tables []string) (map[string]string, error) {
	rows, err := p.conns[0].Query(ctx, `SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		JOIN pg_class t ON t.oid = i.indrelid WHERE t.relname = ANY($1) AND NOT i.indisprimary AND NOT i.indisunique`, tables)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	var name, text string
	_, err = pgx.ForEachRow(rows, []any{&name, &text}, func() error { out[name] = text; return nil })
	return out, err
}

func (p *pgSink) close(ctx context.Context) error {
	var err error
	for _, c := range p.conns {
		err = errors.Join(err, c.Close(ctx))
	}
	return err
}

type liteSink struct {
	mu    sync.Mutex
	pool  *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func liteDSN(path string, pragmas ...string) string {
	q := url.Values{}
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), OmitHost: true, RawQuery: q.Encode()}).String()
}

func openLite(ctx context.Context, path string) (*liteSink, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", liteDSN(path, "busy_timeout(10000)", "journal_mode(WAL)", "synchronous(OFF)", "cache_size(-262144)", "temp_store(MEMORY)"))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &liteSink{pool: pool, conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

// liteValues bounds the number of arguments of one statement.
const liteValues = 4000

func (l *liteSink) write(ctx context.Context, _ int, tables []*table) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		end := "COMMIT"
		if err != nil {
			end = "ROLLBACK"
		}
		err = errors.Join(err, l.exec(ctx, end))
	}()
	for _, t := range tables {
		most := max(1, liteValues/len(t.columns))
		for rows := t.rows; len(rows) > 0; {
			n := min(len(rows), most)
			st, err := l.insert(ctx, t, n)
			if err != nil {
				return err
			}
			args := make([]any, 0, n*len(t.columns))
			for _, row := range rows[:n] {
				for _, v := range row {
					args = append(args, bare(v))
				}
			}
			if _, err := st.ExecContext(ctx, args...); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			rows = rows[n:]
		}
	}
	return nil
}

func (l *liteSink) insert(ctx context.Context, t *table, rows int) (*sql.Stmt, error) {
	key := fmt.Sprint(t.name, " ", rows)
	if st, ok := l.stmts[key]; ok {
		return st, nil
	}
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(t.columns)), ",") + ")"
	text := "INSERT INTO " + t.name + " (" + strings.Join(t.columns, ", ") + ") VALUES " + strings.TrimSuffix(strings.Repeat(one+",", rows), ",")
	st, err := l.conn.PrepareContext(ctx, text)
	if err == nil && rows > 1 {
		l.stmts[key] = st
	}
	return st, err
}

func (l *liteSink) exec(ctx context.Context, text string) error {
	_, err := l.conn.ExecContext(ctx, text)
	return err
}

func (l *liteSink) strings(ctx context.Context, query string) ([]string, error) {
	rows, err := l.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func (l *liteSink) indexes(ctx context.Context, tables []string) (map[string]string, error) {
	out := map[string]string{}
	for _, t := range tables {
		names, err := l.strings(ctx, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE%' AND tbl_name = '"+t+"'")
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			text, err := l.strings(ctx, "SELECT sql FROM sqlite_master WHERE name = '"+n+"'")
			if err != nil || len(text) != 1 {
				return nil, errors.Join(err, fmt.Errorf("index %s is gone", n))
			}
			out[n] = text[0]
		}
	}
	return out, nil
}

func (l *liteSink) close(ctx context.Context) error {
	var err error
	for _, st := range l.stmts {
		err = errors.Join(err, st.Close())
	}
	err = errors.Join(err, l.exec(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"))
	return errors.Join(err, l.conn.Close(), l.pool.Close())
}
