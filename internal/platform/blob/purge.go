package blob

import (
	"context"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Expire takes away an upload that was linked to nothing.
func (s *Service) Expire(ctx context.Context, which id.ID) error {
	now := s.db.Clock().Now()
	return db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error {
		n, err := tx.Exec("UPDATE blob_object SET deleted_after = $2, version = version + 1 WHERE id = $1 AND linked = FALSE AND deleted_after = 0",
			which, clock.Milli(now.Add(Keep)))
		if n == 1 {
			tx.Timer(db.Timer{Kind: JobPurge, Subject: which, At: now.Add(Keep)})
		}
		return err
	})
}

// Purge deletes what has waited long enough: the original of a cleaned file,
// or a deleted file with everything made of it and its row.
func (s *Service) Purge(ctx context.Context, which id.ID) error {
	o, err := s.Object(ctx, which)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := s.db.Clock().Now()
	switch {
	case o.Deleted && !now.Before(o.deleteAfter):
		return s.erase(ctx, o, now)
	case o.Deleted:
		return s.wait(ctx, o.ID, o.deleteAfter)
	case o.sourceAfter.IsZero() || o.sourceGone:
		return nil
	case now.Before(o.sourceAfter):
		return s.wait(ctx, o.ID, o.sourceAfter)
	}
	if err := s.cfg.Storage.Delete(ctx, o.store); err != nil {
		return err
	}
	return db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error {
		tx.Queue("UPDATE blob_object SET source_gone = TRUE WHERE id = $1", o.ID)
		return nil
	})
}

func (s *Service) wait(ctx context.Context, which id.ID, until time.Time) error {
	return db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error {
		tx.Timer(db.Timer{Kind: JobPurge, Subject: which, At: until})
		return nil
	})
}

// erase deletes bytes first and rows last, so that a crash leaves something to repeat.
func (s *Service) erase(ctx context.Context, o Object, now time.Time) error {
	made, err := s.variants(ctx, o.ID)
	if err != nil {
		return err
	}
	for _, v := range made {
		if err := s.cfg.Storage.Delete(ctx, v.store); err != nil {
			return err
		}
	}
	if err := s.cfg.Storage.Delete(ctx, o.store); err != nil {
		return err
	}
	return db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error {
		tx.Queue("DELETE FROM blob_variant WHERE object_id = $1", o.ID)
		tx.Queue("DELETE FROM blob_object WHERE id = $1", o.ID)
		tx.Fact(db.Fact{Kind: FactDeleted, Subject: o.ID, Version: o.Version + 1, Role: "purge", At: now})
		return nil
	})
}

// EraseOwner takes away everything of one owner (erasure of a person); the
// bytes go after [Keep]. It tells how many files there were.
func (s *Service) EraseOwner(ctx context.Context, owner id.ID) (int, error) {
	ids, err := db.All(ctx, s.db, db.ID, "SELECT id FROM blob_object WHERE owner = $1 AND deleted_after = 0", owner)
	if err != nil {
		return 0, err
	}
	now := s.db.Clock().Now()
	for from := 0; from < len(ids); from += 50 {
		piece := ids[from:min(from+50, len(ids))]
		if err := db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error { Delete(tx, now, piece...); return nil }); err != nil {
			return from, err
		}
	}
	return len(ids), nil
}

// ScheduleSweep sets the timer of [JobSweep].
func (s *Service) ScheduleSweep(ctx context.Context, in time.Duration) error {
	at := s.db.Clock().Now().Add(in)
	return db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error {
		tx.Timer(db.Timer{Kind: JobSweep, Subject: id.Nil, At: at})
		return nil
	})
}

const sweepPiece = 500

// Sweep deletes stored bytes that have no row and are older than [Keep]: what
// a crash between the two phases of an upload left. It tells how many.
func (s *Service) Sweep(ctx context.Context) (n int, err error) {
	before := s.db.Clock().Now().Add(-Keep)
	piece := make([]string, 0, sweepPiece)
	flush := func() error {
		known, err := s.known(ctx, piece)
		if err != nil {
			return err
		}
		for _, name := range piece {
			if known[name] {
				continue
			}
			if err := s.cfg.Storage.Delete(ctx, name); err != nil {
				return err
			}
			n++
		}
		piece = piece[:0]
		return nil
	}
	for info, err := range s.cfg.Storage.List(ctx, "") {
		if err != nil {
			return n, err
		}
		if info.Modified.After(before) {
			continue
		}
		if piece = append(piece, info.Name); len(piece) == sweepPiece {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	return n, flush()
}

// known tells which names have a row.
func (s *Service) known(ctx context.Context, names []string) (map[string]bool, error) {
	out := map[string]bool{}
	e := s.db.Engine()
	for _, table := range []string{"blob_object", "blob_variant"} {
		rows, err := db.All(ctx, s.db, db.Text, "SELECT store FROM "+table+" WHERE "+db.In(e, "store", 1), db.Texts(e, names))
		if err != nil {
			return nil, err
		}
		for _, name := range rows {
			out[name] = true
		}
	}
	return out, nil
}
