package blob

import (
	"context"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

const objectColumns = "id, version, owner, uploader, name, kind, size, sha256, store, state, reason, width, height, linked, created, source_after, source_gone, deleted_after"

func scanObject(s db.Scanner) (o Object, err error) {
	var state string
	var created, source, deleted int64
	err = s.Scan(&o.ID, &o.Version, &o.Owner, &o.Uploader, &o.Name, &o.Kind, &o.Size, &o.SHA256, &o.store, &state, &o.Reason,
		&o.Width, &o.Height, &o.Linked, &created, &source, &o.sourceGone, &deleted)
	o.State, o.Created, o.sourceAfter, o.deleteAfter = State(state), clock.FromMilli(created), clock.FromMilli(source), clock.FromMilli(deleted)
	o.Deleted = deleted != 0
	return o, err
}

// Objects reads attachments in the order of ids; missing ones are left out.
// One query, whatever the number.
func (s *Service) Objects(ctx context.Context, q db.Querier, ids []id.ID) ([]Object, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	e := q.Engine()
	rows, err := db.All(ctx, q, scanObject, "SELECT "+objectColumns+" FROM blob_object WHERE "+db.In(e, "id", 1), db.IDs(e, ids))
	if err != nil {
		return nil, err
	}
	byID := make(map[id.ID]Object, len(rows))
	for _, o := range rows {
		byID[o.ID] = o
	}
	out := rows[:0]
	for _, i := range ids {
		if o, ok := byID[i]; ok {
			out = append(out, o)
			delete(byID, i)
		}
	}
	return out, nil
}

// Object reads one attachment; [errs.NotFound] where there is none.
func (s *Service) Object(ctx context.Context, which id.ID) (Object, error) {
	return db.One(ctx, s.db, scanObject, "SELECT "+objectColumns+" FROM blob_object WHERE id = $1", which)
}

type variantRow struct {
	variant, kind, store string
	size                 int64
	sha256               []byte
	width, height        int
}

func scanVariant(s db.Scanner) (v variantRow, err error) {
	return v, s.Scan(&v.variant, &v.kind, &v.size, &v.sha256, &v.store, &v.width, &v.height)
}

func (s *Service) variants(ctx context.Context, of id.ID) ([]variantRow, error) {
	return db.All(ctx, s.db, scanVariant, "SELECT variant, kind, size, sha256, store, width, height FROM blob_variant WHERE object_id = $1", of)
}

func (s *Service) variant(ctx context.Context, of id.ID, name string) (variantRow, error) {
	return db.One(ctx, s.db, scanVariant,
		"SELECT variant, kind, size, sha256, store, width, height FROM blob_variant WHERE object_id = $1 AND variant = $2", of, name)
}

func insertObject(tx *db.Tx, o Object) {
	tx.Queue(`INSERT INTO blob_object (id, version, owner, uploader, name, kind, size, sha256, store, state, reason, width, height,
		linked, sealed, created, processed, source_after, source_gone, deleted_after)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $11, FALSE, FALSE, $12, 0, 0, FALSE, 0)`,
		o.ID, o.Owner, o.Uploader, o.Name, o.Kind, o.Size, o.SHA256, o.store, string(o.State), o.Width, o.Height, clock.Milli(o.Created))
}

// unsent is how many bytes an uploader has uploaded and linked to nothing.
func (s *Service) unsent(ctx context.Context, uploader id.ID) (int64, error) {
	return db.One(ctx, s.db, db.Int,
		"SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM blob_object WHERE uploader = $1 AND linked = FALSE AND deleted_after = 0", uploader)
}

// Check reads attachments that are about to be linked: each must be the
// uploader's own, linked to nothing, and not refused; already is what the
// report has. Foreign and missing ids are the same [errs.NotFound]. The limits
// of one report hold over all of them.
func (s *Service) Check(ctx context.Context, uploader id.ID, ids []id.ID, already []Object) ([]Object, error) {
	list, err := s.Objects(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	if len(list) != len(ids) {
		return nil, errs.New(errs.NotFound, "blob.missing")
	}
	var total int64
	for _, o := range already {
		total += o.Size
	}
	for _, o := range list {
		switch {
		case o.Uploader != uploader:
			return nil, errs.New(errs.NotFound, "blob.missing")
		case o.Deleted:
			return nil, errs.With(errs.Gone, "blob.expired", map[string]any{"Name": o.Name})
		case o.State == Infected:
			return nil, errs.With(errs.Gone, "blob.infected", map[string]any{"Name": o.Name})
		case o.Linked:
			return nil, errs.With(errs.Conflict, "blob.linked", map[string]any{"Name": o.Name})
		}
		total += o.Size
	}
	return list, s.Limits(len(already)+len(list), total)
}

// Limits tells whether so many files of so many bytes in all may belong to one report.
func (s *Service) Limits(files int, total int64) error {
	if files > s.cfg.MaxFiles {
		return errs.With(errs.TooLarge, "blob.too_many", map[string]any{"Max": s.cfg.MaxFiles})
	}
	if total > s.cfg.MaxTotal {
		return errs.With(errs.TooLarge, "blob.total", map[string]any{"Megabytes": s.cfg.MaxTotal >> 20})
	}
	return nil
}

// Link marks uploads as belonging to something, in the transaction that writes
// what they belong to; they no longer expire. One that went meanwhile, or was
// linked by another, fails the transaction with [errs.Stale]. Ask [Service.Check] before.
func Link(tx *db.Tx, uploader id.ID, ids ...id.ID) {
	for _, i := range ids {
		tx.QueueOne(`UPDATE blob_object SET linked = TRUE, version = version + 1
			WHERE id = $1 AND uploader = $2 AND linked = FALSE AND deleted_after = 0 AND state <> 'infected'`, i, uploader)
		tx.Timer(db.Timer{Kind: JobExpire, Subject: i})
	}
}

// Delete takes attachments away in the caller's transaction: from its commit
// on nobody can open them, and after [Keep] their bytes go. Already deleted
// ones stay as they are.
func Delete(tx *db.Tx, now time.Time, ids ...id.ID) {
	for _, i := range ids {
		tx.Queue("UPDATE blob_object SET deleted_after = $2, version = version + 1 WHERE id = $1 AND deleted_after = 0", i, clock.Milli(now.Add(Keep)))
		tx.Timer(db.Timer{Kind: JobExpire, Subject: i})
		tx.Timer(db.Timer{Kind: JobPurge, Subject: i, At: now.Add(Keep)})
	}
}
