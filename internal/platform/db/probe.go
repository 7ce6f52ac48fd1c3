package db

import (
	"context"

	"okno/internal/platform/clock"
	"okno/internal/platform/id"
)

// probed is the one row that [DB.Probe] writes; no transaction has this id.
var probed = id.ID{15: 1}

// Probe writes one small row and waits for the durable commit: it tells whether
// anything can be written at all. A full disk, a database that only reads, or
// one that is gone is [errs.Unavailable].
func (d *DB) Probe(ctx context.Context) error {
	at := clock.Milli(d.cfg.Clock.Now())
	return Do(ctx, d, People, func(tx *Tx) error {
		const mine = "SELECT 1 FROM db_tx WHERE id = $1 AND at = $2"
		tx.Proof(mine, probed, at)
		tx.Queue("INSERT INTO db_tx (id, at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET at = excluded.at", probed, at)
		return nil
	})
}
