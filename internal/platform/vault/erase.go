package vault

import (
	"context"
	"fmt"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// ErasureList is the list of erased subjects, kept outside the database.
// Append returns only after the line is durable.
type ErasureList interface {
	Append(subject id.ID, at time.Time) error
}

// Erasure is one line of the list.
type Erasure struct {
	Subject id.ID
	At      time.Time
}

// Erase destroys all keys of a subject in the caller's transaction. It waits
// for transactions that hold a key alive.
func Erase(tx *db.Tx, subject id.ID, at time.Time) {
	tx.Queue("UPDATE vault_key SET wrapped = NULL, erased = $1 WHERE subject = $2 AND erased IS NULL", clock.Milli(at), subject)
}

// Erase writes the subject to the erasure list and then destroys its keys;
// also, where not nil, does what else belongs to it (facts, open rows) in the
// same transaction. The list comes first: one that names too much is mended by
// erasing, one that names too little is a broken promise.
func (v *Vault) Erase(ctx context.Context, subject id.ID, also func(tx *db.Tx) error) error {
	now := v.d.Clock().Now()
	if err := v.list.Append(subject, now); err != nil {
		return errs.Wrap(errs.Unavailable, fmt.Errorf("erasure list: %w", err))
	}
	err := db.Do(ctx, v.d, db.People, func(tx *db.Tx) error {
		Erase(tx, subject, now)
		if also != nil {
			return also(tx)
		}
		return nil
	})
	v.Forget(subject)
	return err
}

// Forget drops a subject's keys from this process's memory.
func (v *Vault) Forget(subject id.ID) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.cache, subject)
}

// Apply erases again every subject of the list that was erased after the keys
// in this database were made: what restore does before the installation opens.
// also, where not nil, erases what other modules hold open, in the same
// transaction. It returns how many subjects had a living key.
func (v *Vault) Apply(ctx context.Context, list []Erasure, also func(tx *db.Tx, e Erasure) error) (int, error) {
	applied := 0
	for _, e := range list {
		n, err := db.Write(ctx, v.d, db.Background, func(tx *db.Tx) (int64, error) {
			n, err := tx.Exec("UPDATE vault_key SET wrapped = NULL, erased = $1 WHERE subject = $2 AND erased IS NULL AND made <= $1", clock.Milli(e.At), e.Subject)
			if err == nil && also != nil {
				err = also(tx, e)
			}
			return n, err
		})
		if err != nil {
			return applied, err
		}
		if n > 0 {
			applied++
		}
		v.Forget(e.Subject)
	}
	return applied, nil
}

// Rewrap wraps up to n data keys anew that stand under an older key-encryption
// key, and returns how many it found: repeat until none. Nothing sealed changes.
func (v *Vault) Rewrap(ctx context.Context, n int) (int, error) {
	current := v.keys.Current()
	kek, err := v.keys.Key(current)
	if err != nil {
		return 0, errs.Wrap(errs.Internal, err)
	}
	rows, err := db.All(ctx, v.d, scanKey, selectKey+" WHERE kek < $1 AND erased IS NULL ORDER BY subject, version LIMIT $2", current, n)
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		old, err := v.keys.Key(r.kek)
		if err != nil {
			return 0, errs.Wrap(errs.Internal, err)
		}
		_, raw, err := unwrap(old, r.subject, r.version, r.wrapped)
		if err != nil {
			return 0, err
		}
		wrapped, err := wrap(kek, r.subject, r.version, raw)
		if err != nil {
			return 0, err
		}
		// An erasure that came between changes no row here, and that is right.
		if err := db.Do(ctx, v.d, db.Background, func(tx *db.Tx) error {
			tx.Queue("UPDATE vault_key SET wrapped = $1, kek = $2 WHERE subject = $3 AND version = $4 AND kek = $5 AND erased IS NULL",
				wrapped, current, r.subject, r.version, r.kek)
			return nil
		}); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}
