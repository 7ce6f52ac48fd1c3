package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// migrateTurn waits until no other process changes the schema; end lets the
// next one do so. A process that dies loses its turn at once, for the system
// or the server frees what it held. Take it only where something is to be
// done, and look again afterwards whether it still is.
func (d *DB) migrateTurn(ctx context.Context) (end func() error, err error) {
	if d.engine == SQLite {
		return d.turnByFile(ctx)
	}
	return d.turnByRow(ctx)
}

// turnByRow locks the first row of goose's table of versions, in a transaction
// on a connection of its own that does nothing else.
func (d *DB) turnByRow(ctx context.Context) (end func() error, err error) {
	cfg, err := pgx.ParseConfig(d.cfg.URL)
	if err != nil {
		return nil, err
	}
	pool := stdlib.OpenDB(*cfg)
	defer func() {
		if err != nil {
			err = errors.Join(err, pool.Close())
		}
	}()
	tx, err := pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0"); err != nil {
		return nil, err
	}
	var one int
	if err := tx.QueryRowContext(ctx, "SELECT 1 FROM goose_db_version WHERE version_id = 0 FOR UPDATE").Scan(&one); err != nil {
		return nil, fmt.Errorf("lock the table of versions: %w", err)
	}
	return func() error {
		err := tx.Rollback()
		if errors.Is(err, sql.ErrTxDone) { // the context ended and took it along
			err = nil
		}
		return errors.Join(err, pool.Close())
	}, nil
}

// turnByFile locks a file beside the database. It stays there, empty: removing
// it would let two processes hold locks on two files of one name.
func (d *DB) turnByFile(ctx context.Context) (end func() error, err error) {
	path, _, err := litePath(d.cfg.URL)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path+".migrate", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err := lockFile(f)
		if err == nil {
			return f.Close, nil
		}
		if !errors.Is(err, errHeld) {
			return nil, errors.Join(err, f.Close())
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), f.Close())
		}
	}
}
