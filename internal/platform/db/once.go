package db

import (
	"bytes"
	"context"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

const insertOnce = "INSERT INTO db_once (actor, operation, key, fingerprint, made, at) VALUES ($1, $2, $3, $4, $5, $6)"

// How long the rows of [Tx.Once] and of db_tx are kept.
const (
	OnceKept = 7 * 24 * time.Hour
	txKept   = time.Hour
)

// Made tells what an earlier call with the same key made. The same key with
// other input is [errs.IdempotencyMismatch].
func Made(ctx context.Context, d *DB, actor id.ID, operation, key string, fingerprint []byte) (made id.ID, found bool, err error) {
	type row struct {
		fingerprint []byte
		made        id.ID
	}
	r, err := One(ctx, d, func(s Scanner) (r row, err error) { return r, s.Scan(&r.fingerprint, &r.made) },
		"SELECT fingerprint, made FROM db_once WHERE actor = $1 AND operation = $2 AND key = $3", actor, operation, key)
	switch {
	case errs.Is(err, errs.NotFound):
		return id.Nil, false, nil
	case err != nil:
		return id.Nil, false, err
	case !bytes.Equal(r.fingerprint, fingerprint):
		return id.Nil, false, errs.New(errs.IdempotencyMismatch, "")
	}
	return r.made, true, nil
}

// Sweep removes idempotency rows older than 7 days and markers of transactions
// older than an hour. The job runner calls it now and then.
func (d *DB) Sweep(ctx context.Context) error {
	now := d.cfg.Clock.Now()
	return Do(ctx, d, Background, func(tx *Tx) error {
		tx.Queue("DELETE FROM db_once WHERE at < $1", clock.Milli(now.Add(-OnceKept)))
		tx.Queue("DELETE FROM db_tx WHERE at < $1", clock.Milli(now.Add(-txKept)))
		return nil
	})
}
