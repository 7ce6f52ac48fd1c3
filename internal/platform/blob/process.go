package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
)

// Register names the handlers of this package's jobs.
func (s *Service) Register(r *jobs.Runner) {
	r.Register(JobProcess, func(ctx context.Context, run jobs.Run) error {
		var which id.ID
		if err := run.Decode(&which); err != nil {
			return err
		}
		return s.Process(ctx, which, run.Done)
	})
	r.Register(JobExpire, func(ctx context.Context, run jobs.Run) error { return s.Expire(ctx, run.Subject) })
	r.Register(JobPurge, func(ctx context.Context, run jobs.Run) error { return s.Purge(ctx, run.Subject) })
	r.Register(JobSweep, func(ctx context.Context, _ jobs.Run) error {
		if _, err := s.Sweep(ctx); err != nil {
			return err
		}
		return s.ScheduleSweep(ctx, 24*time.Hour)
	})
}

// Process scans and cleans a pending upload. done, where not nil, ends the job
// in the transaction of the effect. An error means: try again.
func (s *Service) Process(ctx context.Context, which id.ID, done func(*db.Tx)) error {
	o, err := s.Object(ctx, which)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if o.State == Infected && !o.sourceGone {
		return s.removeInfected(ctx, o, done)
	}
	if o.State != Pending || o.Deleted {
		return nil
	}
	spool, err := s.fetch(ctx, o)
	if err != nil {
		return err
	}
	defer spool.close()
	if s.cfg.Scanner != nil {
		v, err := s.cfg.Scanner.Scan(ctx, io.NewSectionReader(spool.file, 0, spool.size))
		switch {
		case err != nil:
			return err
		case v.Infected:
			if err := s.settle(ctx, o, Infected, v.Name, nil, nil); err != nil {
				return err
			}
			return s.removeInfected(ctx, o, done)
		case v.Unscannable:
			return s.settle(ctx, o, Unscannable, "scanner:"+v.Name, nil, done)
		}
	}
	made, err := s.clean(ctx, o, spool)
	var refused *errs.Error
	if errors.As(err, &refused) && (refused.Code == errs.Invalid || refused.Code == errs.TooLarge || refused.Code == errs.UnsupportedType) {
		s.cfg.Log.Info("blob: a file can not be cleaned", "blob", o.ID, "kind", o.Kind, "error", err)
		return s.settle(ctx, o, Unscannable, "cleaning", nil, done)
	}
	if err != nil {
		return err
	}
	return s.settle(ctx, o, Cleaned, "", made, done)
}

// fetch brings the stored bytes into a temporary file and checks their sum.
func (s *Service) fetch(ctx context.Context, o Object) (*spooled, error) {
	r, err := s.cfg.Storage.Range(ctx, o.store, 0, -1)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	f, err := s.spool(r, o.Size)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(f.sum, o.SHA256) {
		f.close()
		return nil, errs.Wrap(errs.Internal, fmt.Errorf("blob: stored bytes of %s differ from what was sent", o.ID))
	}
	return f, nil
}

// clean makes and stores what others will see.
func (s *Service) clean(ctx context.Context, o Object, f *spooled) ([]variantRow, error) {
	k, ok := KindOf(o.Kind)
	if !ok {
		return nil, errs.Wrap(errs.Internal, fmt.Errorf("blob: kind %q is not in the list", o.Kind))
	}
	switch k.Clean {
	case cleanImage:
		free, err := s.decode(ctx, o.Width, o.Height)
		if err != nil {
			return nil, err
		}
		defer free()
		images, err := reencode(f.file, f.size, o.Kind)
		if err != nil {
			return nil, err
		}
		var out []variantRow
		for _, m := range images {
			sum := sha256.Sum256(m.body)
			v := variantRow{variant: m.variant, kind: m.kind, size: int64(len(m.body)), sha256: sum[:], width: m.width, height: m.height,
				store: storageName(s.cfg.Key, o.Owner, o.ID, m.variant, sum[:])}
			if err := s.cfg.Storage.Put(ctx, v.store, v.size, bytes.NewReader(m.body)); err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	case cleanISO:
		patches, err := isoPatches(f.file, f.size, o.Kind)
		if err != nil {
			return nil, damaged(err.Error())
		}
		open := func() io.Reader { return &patched{r: io.NewSectionReader(f.file, 0, f.size), patches: patches} }
		sum := sha256.New()
		if _, err := io.Copy(sum, open()); err != nil {
			return nil, unavailable("clean", err)
		}
		v := variantRow{variant: Clean, kind: o.Kind, size: f.size, sha256: sum.Sum(nil)}
		v.store = storageName(s.cfg.Key, o.Owner, o.ID, Clean, v.sha256)
		return []variantRow{v}, s.cfg.Storage.Put(ctx, v.store, v.size, open())
	}
	return nil, nil
}

// settle writes the outcome. An upload that was deleted or settled meanwhile
// is [errs.Stale], and the next attempt finds nothing to do.
func (s *Service) settle(ctx context.Context, o Object, state State, reason string, made []variantRow, done func(*db.Tx)) error {
	now := s.db.Clock().Now()
	var source time.Time
	if len(made) > 0 && !s.cfg.KeepOriginals {
		source = now.Add(Keep)
	}
	w, h := o.Width, o.Height
	for _, v := range made {
		if v.variant == Clean && v.width > 0 {
			w, h = v.width, v.height
		}
	}
	return db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error {
		tx.QueueOne(`UPDATE blob_object SET state = $2, reason = $3, width = $4, height = $5, processed = $6, source_after = $7, version = version + 1
			WHERE id = $1 AND state = 'pending' AND deleted_after = 0`,
			o.ID, string(state), reason, w, h, clock.Milli(now), clock.Milli(source))
		rows := make([][]any, 0, len(made))
		for _, v := range made {
			rows = append(rows, []any{o.ID, v.variant, v.kind, v.size, v.sha256, v.store, v.width, v.height})
		}
		db.MultiInsert(tx, "blob_variant", []string{"object_id", "variant", "kind", "size", "sha256", "store", "width", "height"}, rows)
		if !source.IsZero() {
			tx.Timer(db.Timer{Kind: JobPurge, Subject: o.ID, At: source})
		}
		if state != Cleaned {
			kind := FactUnscannable
			if state == Infected {
				kind = FactInfected
			}
			tx.Fact(db.Fact{Kind: kind, Subject: o.ID, Version: o.Version + 1, Role: "scanner", At: now, Reason: string(state),
				Body: InfectedFact{Uploader: o.Uploader, Owner: o.Owner, Reason: reason}})
		}
		if done != nil {
			done(tx)
		}
		return nil
	})
}

// removeInfected deletes malware at once; it is repeated until it is done.
func (s *Service) removeInfected(ctx context.Context, o Object, done func(*db.Tx)) error {
	if err := s.cfg.Storage.Delete(ctx, o.store); err != nil {
		return err
	}
	return db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error {
		tx.Queue("UPDATE blob_object SET source_gone = TRUE WHERE id = $1", o.ID)
		if done != nil {
			done(tx)
		}
		return nil
	})
}
