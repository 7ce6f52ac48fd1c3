package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// litePath splits "sqlite:/path/okno.db?synchronous=off" into the file's path and its options.
func litePath(rawURL string) (path string, options url.Values, err error) {
	path, query, _ := strings.Cut(strings.TrimPrefix(rawURL, "sqlite:"), "?")
	if options, err = url.ParseQuery(query); err != nil {
		return "", nil, err
	}
	path = strings.TrimPrefix(path, "//")
	if path == "" || path == ":memory:" {
		return "", nil, fmt.Errorf("SQLite needs a file: sqlite:/path/okno.db")
	}
	return path, options, nil
}

func liteDSN(path string, pragmas ...string) string {
	q := url.Values{}
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), OmitHost: true, RawQuery: q.Encode()}).String()
}

func (d *DB) openSQLite(ctx context.Context) error {
	path, options, err := litePath(d.cfg.URL)
	if err != nil {
		return err
	}
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	// The file holds personal data: make it before SQLite does, for its owner alone.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	synchronous := "FULL"
	if options.Get("synchronous") == "off" { // tests
		synchronous = "OFF"
	}
	common := []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(" + synchronous + ")", "foreign_keys(1)", "temp_store(MEMORY)"}

	if d.lite, err = openWriter(ctx, d, liteDSN(path, append(common, "wal_autocheckpoint(0)", "cache_size(-65536)")...), path); err != nil {
		return err
	}
	read, err := sql.Open("sqlite", liteDSN(path, append(common, "query_only(1)", "cache_size(-16384)")...))
	if err != nil {
		return err
	}
	read.SetMaxOpenConns(d.cfg.ReadConns)
	read.SetMaxIdleConns(d.cfg.ReadConns)
	d.read = read
	if err := read.PingContext(ctx); err != nil {
		_ = d.lite.close() // the ping's error is the one to tell
		return err
	}
	return nil
}

// prepared returns the statement for text, prepared once for the reading pool.
func (d *DB) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if st, ok := d.stmts.Load(text); ok {
		return st.(*sql.Stmt), nil
	}
	st, err := d.read.PrepareContext(ctx, Placeholders(text))
	if err != nil {
		return nil, err
	}
	if other, loaded := d.stmts.LoadOrStore(text, st); loaded {
		return other.(*sql.Stmt), st.Close()
	}
	return st, nil
}
