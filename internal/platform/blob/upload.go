package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Upload is one file on its way in.
type Upload struct {
	Owner    id.ID // the person or organisation whose file it is
	Uploader id.ID // who sends it
	Name     string
	Body     io.Reader
	Key      string // idempotency key; empty: each call makes an object
}

const operationUpload = "blob.upload"

// Upload takes a file: reads it under the limit with bounded memory, inspects
// it, decodes what is a picture, stores the bytes and then writes the row. What it makes is pending; it
// expires after [UnsentLife] unless it is linked. Errors have sentences:
// [errs.TooLarge], [errs.UnsupportedType], [errs.Invalid] (broken, cut off, empty),
// [errs.RateLimited] (too much uploaded and not sent). Nothing is left of a refused file.
func (s *Service) Upload(ctx context.Context, in Upload) (Object, error) {
	spool, err := s.spool(in.Body, s.cfg.MaxFile)
	if err != nil {
		return Object{}, err
	}
	defer spool.close()
	found, err := Inspect(spool.file, spool.size, in.Name)
	if err != nil {
		return Object{}, err
	}
	print := sha256.New()
	print.Write(spool.sum)
	print.Write(in.Owner[:])
	print.Write([]byte(found.Name))
	fingerprint := print.Sum(nil)
	if in.Key != "" {
		made, ok, err := db.Made(ctx, s.db, in.Uploader, operationUpload, in.Key, fingerprint)
		if err != nil {
			return Object{}, err
		}
		if ok {
			return s.Object(ctx, made)
		}
	}
	waiting, err := s.unsent(ctx, in.Uploader)
	if err != nil {
		return Object{}, err
	}
	if waiting+spool.size > s.cfg.MaxUnsent {
		return Object{}, errs.With(errs.RateLimited, "blob.unsent", map[string]any{"Megabytes": s.cfg.MaxUnsent >> 20})
	}
	if err := s.openable(ctx, spool, found); err != nil { // the dearest look comes last
		return Object{}, err
	}

	o := Object{ID: s.db.NewID(), Version: 1, Owner: in.Owner, Uploader: in.Uploader, Name: found.Name, Kind: found.Kind.Code,
		Size: spool.size, SHA256: spool.sum, State: Pending, Width: found.Width, Height: found.Height, Created: s.db.Clock().Now()}
	o.store = storageName(s.cfg.Key, o.Owner, o.ID, Source, spool.sum)
	if err := s.cfg.Storage.Put(ctx, o.store, o.Size, io.NewSectionReader(spool.file, 0, o.Size)); err != nil {
		return Object{}, err
	}
	err = db.Do(ctx, s.db, db.People, func(tx *db.Tx) error {
		insertObject(tx, o)
		if in.Key != "" {
			tx.Once(in.Uploader, operationUpload, in.Key, fingerprint, o.ID)
		}
		tx.Job(db.Job{Kind: JobProcess, Lane: db.Normal, Unique: o.ID.String(), Body: o.ID})
		tx.Timer(db.Timer{Kind: JobExpire, Subject: o.ID, At: o.Created.Add(UnsentLife)})
		return nil
	})
	if err == nil {
		return o, nil
	}
	if !errs.Is(err, errs.OutcomeUnknown) { // then the row may stand: Sweep decides later
		err = s.drop(err, o.store)
	}
	if table, ok := db.Unique(err); ok && table == "db_once" {
		made, ok, err := db.Made(ctx, s.db, in.Uploader, operationUpload, in.Key, fingerprint)
		if err != nil || !ok {
			return Object{}, errors.Join(err, errs.New(errs.Conflict, ""))
		}
		return s.Object(ctx, made)
	}
	return Object{}, err
}

// drop removes bytes that got no row. It is done even where the request ended.
func (s *Service) drop(cause error, name string) error {
	if err := s.cfg.Storage.Delete(context.Background(), name); err != nil {
		s.cfg.Log.Warn("blob: content without a row stays until the next sweep", "error", err)
	}
	return cause
}

// spooled is a file on its way, in a temporary file, so that it can be read at
// any place without being held in memory. On Unix the file has no name: nothing
// is left of it however the process ends.
type spooled struct {
	file *os.File
	size int64
	sum  []byte // SHA-256
}

func (f *spooled) close() { closeSpool(f.file) }

// SweepSpool removes from a folder of its own what a process that was killed
// left of uploads on their way: the spool's files where they have names, and
// the parts of forms that waited on disk. Nobody else may be taking uploads there.
func SweepSpool(dir string) (removed int, err error) {
	for _, pattern := range []string{spoolPattern, "multipart-*"} {
		left, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return removed, err
		}
		for _, name := range left {
			if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return removed, unavailable("sweep spool", err)
			}
			removed++
		}
	}
	return removed, nil
}

const spoolPattern = "okno-upload-*"

// spool copies r; more than limit bytes are refused as soon as they come.
func (s *Service) spool(r io.Reader, limit int64) (_ *spooled, err error) {
	file, err := spoolFile(s.cfg.Temp)
	if err != nil {
		return nil, unavailable("spool", err)
	}
	f := &spooled{file: file}
	defer func() {
		if err != nil {
			f.close()
		}
	}()
	sum := sha256.New()
	src := &source{r: io.LimitReader(r, limit+1)}
	f.size, err = io.Copy(io.MultiWriter(file, sum), src)
	switch {
	case src.err != nil:
		return nil, &errs.Error{Code: errs.Invalid, Key: "blob.interrupted", Err: src.err}
	case err != nil:
		return nil, unavailable("spool", err)
	case f.size > limit:
		return nil, errs.With(errs.TooLarge, "blob.too_large", map[string]any{"Megabytes": limit >> 20})
	}
	f.sum = sum.Sum(nil)
	return f, nil
}

// source tells a sender that breaks off from a disk that fails.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// Discard takes away an upload that its uploader does not want to send after all.
func (s *Service) Discard(ctx context.Context, which, uploader id.ID) error {
	o, err := s.Object(ctx, which)
	if err != nil {
		return err
	}
	if o.Uploader != uploader {
		return errs.New(errs.NotFound, "")
	}
	if o.Deleted {
		return nil
	}
	used := errs.With(errs.Conflict, "blob.linked", map[string]any{"Name": o.Name})
	if o.Linked {
		return used
	}
	now := s.db.Clock().Now()
	err = db.Do(ctx, s.db, db.People, func(tx *db.Tx) error {
		tx.QueueOne("SELECT 1 FROM blob_object WHERE id = $1 AND linked = FALSE"+tx.Engine().ForUpdate(), which)
		Delete(tx, now, which)
		return nil
	})
	if errs.Is(err, errs.Stale) { // used meanwhile
		return used
	}
	return err
}
