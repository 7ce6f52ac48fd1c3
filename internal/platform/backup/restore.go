package backup

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"okno/internal/platform/blob"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
	"okno/internal/platform/vault"
)

// ErasureList is the list of erased subjects of an installation.
type ErasureList interface {
	vault.ErasureList
	All() ([]vault.Erasure, error)
}

// Target is where a backup goes. DB is opened but not migrated and has no
// table; Files holds nothing. Progress, Also and Erase may be nil.
type Target struct {
	DB         *db.DB
	Files      blob.Storage
	Migrations []fs.FS
	Erasures   ErasureList                            // of the target: everything on it and in Also is erased
	Also       []vault.Erasure                        // the list of the installation that the backup comes from; added to Erasures
	Erase      func(tx *db.Tx, e vault.Erasure) error // erases what modules hold open of a subject
	Progress   func(Progress)
}

// Restored is what a restore did.
type Restored struct {
	Manifest Manifest
	Erased   int // subjects whose keys were in the backup and are destroyed now
}

// Restore opens a backup and restores it: [Open] and [Archive.Restore].
func Restore(ctx context.Context, path string, t Target) (out Restored, err error) {
	a, err := Open(ctx, path, t.Progress)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return a.Restore(ctx, t)
}

// Restore fills an empty installation. Before it reports success the content was
// compared with the manifest, whoever stands on the erasure list is erased, and
// outbound work stands still. Errors: Conflict for a target that isn't empty or
// an erasure list that is shorter than the backup's. After a failure the target
// is as empty as it was; after a kill [Interrupted] is true, and the restore may
// be run again.
func (a *Archive) Restore(ctx context.Context, t Target) (out Restored, err error) {
	r := &restorer{Target: t, a: a, opt: Options{Progress: t.Progress}}
	if err := r.empty(ctx); err != nil {
		return out, err
	}
	erasures, err := r.erasures()
	if err != nil {
		return out, err
	}
	if err := r.mark(ctx); err != nil {
		return out, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.clear(context.WithoutCancel(ctx)))
		}
	}()
	for _, step := range []func(context.Context) error{r.tables, r.compare, r.files, r.migrate} {
		if err := step(ctx); err != nil {
			return out, err
		}
	}
	out = Restored{Manifest: a.manifest}
	if len(erasures) > 0 {
		if out.Erased, err = vault.Open(t.DB, nil, t.Erasures).Apply(ctx, erasures, t.Erase); err != nil {
			return out, fmt.Errorf("erase: %w", err)
		}
	}
	now := t.DB.Clock().Now()
	return out, db.Do(ctx, t.DB, db.Background, func(tx *db.Tx) error {
		jobs.Pause(tx, "restore", now)
		tx.Queue("DROP TABLE " + markerTable)
		return nil
	})
}

type restorer struct {
	Target
	a   *Archive
	opt Options
	put []string // attachments stored so far
}

// empty refuses a target that holds anything but what a broken-off restore of
// this backup left.
func (r *restorer) empty(ctx context.Context) error {
	tables, err := tableNames(ctx, r.DB)
	if err != nil {
		return err
	}
	again := slices.Contains(tables, markerTable)
	if len(tables) > 0 && !again {
		return errs.With(errs.Conflict, "backup.target_has_tables", map[string]any{"Count": len(tables)})
	}
	own := map[string]bool{}
	for _, f := range r.a.files {
		own[fileName(f)] = true
	}
	for info, err := range r.Files.List(ctx, "") {
		if err != nil {
			return err
		}
		if !again || !own[info.Name] {
			return errs.New(errs.Conflict, "backup.target_has_files")
		}
	}
	if again {
		return r.drop(ctx)
	}
	return nil
}

// erasures joins both lists. One that is shorter than it was when the backup
// was made is the wrong one: people would come back.
func (r *restorer) erasures() ([]vault.Erasure, error) {
	list, err := r.Erasures.All()
	if err != nil {
		return nil, err
	}
	for _, e := range r.Also {
		if slices.Contains(list, e) {
			continue
		}
		if err := r.Erasures.Append(e.Subject, e.At); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	if n := len(subjects(list)); n < r.a.manifest.Erasures {
		return nil, errs.With(errs.Conflict, "backup.erasures_short", map[string]any{"Have": n, "Need": r.a.manifest.Erasures})
	}
	return list, nil
}

func subjects(list []vault.Erasure) map[id.ID]bool {
	out := make(map[id.ID]bool, len(list))
	for _, e := range list {
		out[e.Subject] = true
	}
	return out
}

func (r *restorer) mark(ctx context.Context) error {
	now := clock.Milli(r.DB.Clock().Now())
	return db.Do(ctx, r.DB, db.Background, func(tx *db.Tx) error {
		if _, err := tx.Exec("CREATE TABLE " + markerTable + " (since BIGINT NOT NULL PRIMARY KEY)"); err != nil {
			return err
		}
		if r.DB.Engine() == db.Postgres { // there is no db_tx yet in which a lost connection could be looked up
			tx.Proof("SELECT 1 FROM "+markerTable+" WHERE since = $1", now)
		}
		tx.Queue("INSERT INTO "+markerTable+" (since) VALUES ($1)", now)
		return nil
	})
}

// tables makes the schema that the backup has and loads every row.
func (r *restorer) tables(ctx context.Context) error {
	m := &r.a.manifest
	err := r.DB.MigrateOnly(ctx, m.Migrations, r.Migrations...)
	if errs.Is(err, errs.NotFound) {
		return &errs.Error{Code: errs.UnsupportedType, Key: "backup.newer", Args: map[string]any{"File": r.a.path, "Program": m.Program}, Err: err}
	}
	if err != nil {
		return err
	}
	have, err := schema(ctx, r.DB)
	if err != nil {
		return err
	}
	same := slices.EqualFunc(have, m.Tables, func(a, b Table) bool { return a.Name == b.Name && a.shape(&b) })
	if !same {
		return errs.Wrap(errs.Internal, fmt.Errorf("backup: the schema of its migrations differs from its tables"))
	}
	err = db.Do(ctx, r.DB, db.Background, func(tx *db.Tx) error {
		for _, t := range m.Tables {
			tx.Queue("DELETE FROM " + t.Name) // what the migrations themselves put in
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range m.Tables {
		if err := r.load(ctx, &m.Tables[i]); err != nil {
			return err
		}
		r.opt.told(Progress{"table", m.Tables[i].Name, int64(i + 1), int64(len(m.Tables))})
	}
	return nil
}

// Bounds of one transaction of a load.
const (
	loadRows  = 1000
	loadBytes = 1 << 20
)

func (r *restorer) load(ctx context.Context, t *Table) error {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = c.Name
	}
	insert := func(rows [][]any) error {
		if len(rows) == 0 {
			return nil
		}
		return db.Do(ctx, r.DB, db.Background, func(tx *db.Tx) error {
			db.MultiInsert(tx, t.Name, columns, rows)
			return nil
		})
	}
	return r.a.read(ctx, r.a.entries[t.entry()], func(in io.Reader) error {
		lines := bufio.NewReaderSize(in, 256<<10)
		var rows [][]any
		size := 0
		for n := int64(1); ; n++ {
			line, err := lines.ReadBytes('\n')
			if errors.Is(err, io.EOF) && len(line) == 0 {
				return insert(rows)
			}
			if err != nil {
				return err
			}
			row, err := t.parse(line)
			if err != nil {
				return r.a.damaged(t.Name, fmt.Errorf("row %d: %w", n, err))
			}
			rows, size = append(rows, row), size+len(line)
			if len(rows) == loadRows || size > loadBytes {
				if err := insert(rows); err != nil {
					return fmt.Errorf("table %s, rows up to %d: %w", t.Name, n, err)
				}
				rows, size = nil, 0
			}
		}
	})
}

// compare dumps what was loaded and holds it against the manifest.
func (r *restorer) compare(ctx context.Context) error {
	return r.DB.Snapshot(ctx, func(s *db.Snapshot) error {
		have, err := schema(ctx, s)
		if err != nil {
			return err
		}
		for i := range have {
			if err := have[i].stream(ctx, s, io.Discard, nil); err != nil {
				return err
			}
			if want := &r.a.manifest.Tables[i]; !have[i].same(want) {
				return errs.Wrap(errs.Internal, fmt.Errorf("backup: table %s: %d rows loaded, %d wanted, or other content", want.Name, have[i].Rows, want.Rows))
			}
		}
		return nil
	})
}

func (r *restorer) files(ctx context.Context) error {
	for i, f := range r.a.files {
		err := r.a.read(ctx, f, func(in io.Reader) error {
			r.put = append(r.put, fileName(f))
			return r.Files.Put(ctx, fileName(f), int64(f.UncompressedSize64), in)
		})
		if err != nil {
			return fmt.Errorf("attachment %d: %w", i+1, err)
		}
		r.opt.told(Progress{"file", "", int64(i + 1), int64(len(r.a.files))})
	}
	return nil
}

// migrate brings the schema from the backup's to this program's.
func (r *restorer) migrate(ctx context.Context) error { return r.DB.Migrate(ctx, r.Migrations...) }

// clear makes the target empty again.
func (r *restorer) clear(ctx context.Context) error {
	for _, name := range r.put {
		if err := r.Files.Delete(ctx, name); err != nil {
			return err
		}
	}
	return r.drop(ctx)
}

// drop removes every table, the marker too, in one transaction.
func (r *restorer) drop(ctx context.Context) error {
	names, err := tableNames(ctx, r.DB)
	if err != nil {
		return err
	}
	return db.Do(ctx, r.DB, db.Background, func(tx *db.Tx) error {
		tx.Proof("SELECT 1 WHERE FALSE") // the table that would prove it goes too
		for _, name := range names {
			tx.Queue("DROP TABLE " + name)
		}
		return nil
	})
}
