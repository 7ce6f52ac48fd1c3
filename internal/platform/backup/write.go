package backup

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"okno/internal/platform/blob"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
)

// Options of a backup. Zero values work.
type Options struct {
	Program      string         // version of this program
	Erasures     ErasureList    // the installation's; its length goes into the manifest
	AllowMissing bool           // go on where attachments are missing that should be there; the manifest counts them
	Progress     func(Progress) // told after every table and file; may be nil
}

// Progress is how far a backup, a check or a restore has come.
type Progress struct {
	Stage       string // table, file, check
	Name        string // of the table; empty for files
	Done, Total int64
}

func (o Options) told(p Progress) {
	if o.Progress != nil {
		o.Progress(p)
	}
}

// Write makes a backup of a serving installation in a new file. The tables are
// of one moment; attachments are copied after it, which is safe because the
// bytes of a deleted one wait two days. Errors: Conflict where the file is
// there already or the database is half restored; Unavailable where attachments
// are missing. A backup that fails or is killed leaves no file of that name.
func Write(ctx context.Context, d *db.DB, blobs blob.Storage, path string, opt Options) (m Manifest, err error) {
	if _, err := os.Lstat(path); err == nil {
		return m, exists(path)
	}
	if half, err := Interrupted(ctx, d); err != nil || half {
		return m, errors.Join(err, halfRestored(half))
	}
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*.partial") // mode 0600
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, closed(tmp.Close()), os.Remove(tmp.Name()))
		}
	}()
	list, err := newFileList(dir)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, list.close()) }()

	buf := bufio.NewWriterSize(tmp, 1<<20)
	w := &writer{zip: zip.NewWriter(buf), opt: opt, made: d.Clock().Now().UTC().Truncate(time.Millisecond)}
	w.zip.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	m = Manifest{Format: format, Version: formatVersion, Made: w.made, Program: opt.Program}
	if opt.Erasures != nil {
		erased, err := opt.Erasures.All()
		if err != nil {
			return m, err
		}
		m.Erasures = len(subjects(erased))
	}
	err = d.Snapshot(ctx, func(s *db.Snapshot) error { return w.tables(ctx, s, &m, list) })
	if err != nil {
		return m, err
	}
	if err := w.files(ctx, blobs, &m, list, func() time.Time { return d.Clock().Now() }); err != nil {
		return m, err
	}
	if err := w.manifest(&m); err != nil {
		return m, err
	}
	if err := errors.Join(w.zip.Close(), buf.Flush(), tmp.Sync()); err != nil {
		return m, err
	}
	if err := tmp.Close(); err != nil {
		return m, err
	}
	return m, publish(tmp.Name(), path)
}

// closed passes by that a file was closed already.
func closed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

type writer struct {
	zip  *zip.Writer
	opt  Options
	made time.Time
}

func (w *writer) create(name string, method uint16) (io.Writer, error) {
	return w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: w.made})
}

func (w *writer) tables(ctx context.Context, s *db.Snapshot, m *Manifest, list *fileList) (err error) {
	if m.Tables, err = schema(ctx, s); err != nil {
		return err
	}
	if m.Migrations, err = migrations(ctx, s); err != nil {
		return err
	}
	for i := range m.Tables {
		t := &m.Tables[i]
		entry, err := w.create(tablesDir+t.Name+".ndjson", zip.Deflate)
		if err != nil {
			return err
		}
		if err := t.stream(ctx, s, entry, list.watch(t)); err != nil {
			return err
		}
		w.opt.told(Progress{"table", t.Name, int64(i + 1), int64(len(m.Tables))})
	}
	return nil
}

// stream dumps a table and fills in number and hash of its rows.
func (t *Table) stream(ctx context.Context, q db.Querier, w io.Writer, see func(row []cell) error) error {
	sum := sha256.New()
	buf := bufio.NewWriterSize(io.MultiWriter(w, sum), 64<<10)
	if err := t.dump(ctx, q, buf, see); err != nil {
		return err
	}
	if err := buf.Flush(); err != nil {
		return err
	}
	t.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}

func (w *writer) files(ctx context.Context, blobs blob.Storage, m *Manifest, list *fileList, now func() time.Time) error {
	all := sha256.New()
	done := int64(0)
	err := list.each(ctx, func(ref fileRef) error {
		done++
		_, err := blobs.Stat(ctx, ref.Name)
		if errs.Is(err, errs.NotFound) {
			if !ref.mayMiss(now()) {
				m.Files.Missing++
			}
			return nil
		}
		if err != nil {
			return err
		}
		in, err := blobs.Range(ctx, ref.Name, 0, -1)
		if err != nil {
			return err
		}
		defer in.Close()
		entry, err := w.create(filesDir+ref.Name, zip.Store) // photos and documents are compressed already
		if err != nil {
			return err
		}
		sum := sha256.New()
		n, err := io.Copy(io.MultiWriter(entry, sum), in)
		if err != nil {
			return fmt.Errorf("backup: attachment %.8s…: %w", ref.Name, err)
		}
		m.Files.Count++
		m.Files.Bytes += n
		w.opt.told(Progress{"file", "", done, list.n})
		_, err = io.WriteString(all, fileLine(ref.Name, n, sum.Sum(nil)))
		return err
	})
	m.Files.SHA256 = hex.EncodeToString(all.Sum(nil))
	if err == nil && m.Files.Missing > 0 && !w.opt.AllowMissing {
		return errs.With(errs.Unavailable, "backup.missing_files", map[string]any{"Count": m.Files.Missing})
	}
	return err
}

func (w *writer) manifest(m *Manifest) error {
	entry, err := w.create(manifestName, zip.Deflate)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(entry)
	enc.SetIndent("", " ")
	return enc.Encode(m)
}

func exists(path string) error {
	return errs.With(errs.Conflict, "backup.exists", map[string]any{"File": path})
}

func halfRestored(half bool) error {
	if !half {
		return nil
	}
	return errs.New(errs.Conflict, "backup.half_restored")
}

// Interrupted tells whether a restore into the database was broken off: what
// it holds must not be served. The same restore may be run again.
func Interrupted(ctx context.Context, q db.Querier) (bool, error) {
	names, err := tableNames(ctx, q)
	return slices.Contains(names, markerTable), err
}
