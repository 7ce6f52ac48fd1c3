package places

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/sync/errgroup"

	"okno/internal/platform/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this module.
var Migrations, _ = fs.Sub(migrations, "migrations") // can't fail: the path is constant and embedded

// Version is the version of the stored register: it moves when an import that changed something ends.
func Version(ctx context.Context, q db.Querier) (int64, error) {
	return db.One(ctx, q, db.Int, `SELECT version FROM places_register WHERE id = 1`)
}

// ReadRegister reads all five tables, each ordered by code, at once on several connections.
func ReadRegister(ctx context.Context, d *db.DB) (Register, error) {
	var r Register
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { r.Addresses, err = readTable(ctx, d, Addresses, scanAddress); return err })
	g.Go(func() (err error) {
		if r.Assets, err = readTable(ctx, d, Assets, scanAsset); err != nil {
			return err
		}
		if r.Territories, err = readTable(ctx, d, Territories, scanTerritory); err != nil {
			return err
		}
		if r.Localities, err = readTable(ctx, d, Localities, scanLocality); err != nil {
			return err
		}
		r.Streets, err = readTable(ctx, d, Streets, scanStreet)
		return err
	})
	return r, g.Wait()
}

func readTable[T any](ctx context.Context, q db.Querier, set Dataset, scan func(db.Scanner) (T, error)) ([]T, error) {
	t := tables[set]
	list, err := db.All(ctx, q, scan, `SELECT `+strings.Join(t.columns[:len(t.columns)-1], ", ")+` FROM `+t.name+` ORDER BY code`)
	if err != nil {
		return nil, fmt.Errorf("places: read %s: %w", set, err)
	}
	return list, nil
}

type codeDigest struct {
	code   string
	digest int64
}

// digests tells what is stored: the digest of every row by its code. All of
// them at once, for PostgreSQL plans a look-up of some hundred codes once, while
// the table is empty, and then reads the growing table through for each piece.
func digests(ctx context.Context, d *db.DB, set Dataset) (map[string]int64, error) {
	list, err := db.All(ctx, d, func(s db.Scanner) (v codeDigest, err error) { return v, s.Scan(&v.code, &v.digest) }, `SELECT code, digest FROM `+tables[set].name)
	if err != nil {
		return nil, fmt.Errorf("places: compare %s: %w", set, err)
	}
	out := make(map[string]int64, len(list))
	for _, v := range list {
		out[v.code] = v.digest
	}
	return out, nil
}

// codesOf reads all codes of a dataset: what rows to be imported may refer to.
func codesOf(ctx context.Context, d *db.DB, set Dataset) (map[string]bool, error) {
	list, err := db.All(ctx, d, db.Text, `SELECT code FROM `+tables[set].name)
	if err != nil {
		return nil, fmt.Errorf("places: codes of %s: %w", set, err)
	}
	out := make(map[string]bool, len(list))
	for _, code := range list {
		out[code] = true
	}
	return out, nil
}

// putRows stores new or changed rows and marks the register as being changed.
func putRows(tx *db.Tx, set Dataset, rows [][]any) {
	t := tables[set]
	db.MultiInsert(tx, t.name, t.columns, rows, t.upsert())
	tx.Queue(`UPDATE places_register SET pending = TRUE WHERE id = 1 AND pending = FALSE`)
}

// pending tells whether rows were changed since the version last moved.
func pending(ctx context.Context, d *db.DB) (bool, error) {
	n, err := db.One(ctx, d, db.Int, `SELECT COUNT(*) FROM places_register WHERE id = 1 AND pending = TRUE`)
	return n > 0, err
}

func bumpVersion(tx *db.Tx) {
	tx.QueueOne(`UPDATE places_register SET version = version + 1, pending = FALSE WHERE id = 1`)
}
