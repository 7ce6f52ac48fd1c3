package places

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Service runs the module's use cases and holds the index in memory.
type Service struct {
	db    *db.DB
	clock clock.Clock
	log   *slog.Logger
	index atomic.Pointer[Index]
}

// NewService makes a service with an empty index; [Service.Refresh] fills it.
func NewService(d *db.DB, c clock.Clock, log *slog.Logger) *Service {
	s := &Service{db: d, clock: c, log: log}
	s.index.Store(NewIndex(Register{}, 0))
	return s
}

// Index is the register in memory, as of the last [Service.Refresh].
func (s *Service) Index() *Index { return s.index.Load() }

// Refresh loads the register where its version has moved, and tells whether it did.
func (s *Service) Refresh(ctx context.Context) (bool, error) {
	version, err := Version(ctx, s.db)
	if err != nil || version == s.Index().version {
		return false, err
	}
	r, err := ReadRegister(ctx, s.db)
	if err != nil {
		return false, err
	}
	s.index.Store(NewIndex(r, version))
	return true, nil
}

// Watch looks every so often whether another process imported something, until
// ctx ends. A fact of [FactImported] may call Refresh sooner.
func (s *Service) Watch(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if _, err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("places: the register could not be read anew", "err", err)
			}
		}
	}
}

// FactImported is published when an import that changed something ends. Its
// body is [Imported], its subject the register itself.
const FactImported = "places.imported"

// Imported is the body of [FactImported].
type Imported struct {
	Dataset Dataset `json:"dataset"`
	Added   int     `json:"added"`
	Changed int     `json:"changed"`
}

// registerID stands for the register as the subject of facts.
var registerID = IDOf("register")

// Outcome counts the rows of an import.
type Outcome struct {
	Read, Added, Changed, Same, Bad int
}

// BadRow is a row that was left out.
type BadRow struct {
	Line   int
	Code   string
	Fields []errs.Field // what is wrong; each names its sentence in the catalogue
}

// ImportInput is a file to import.
type ImportInput struct {
	Dataset Dataset
	Format  Format
	File    io.Reader
	Bad     func(BadRow) error // may be nil
	// Organisation tells whether an organisation has a code; Note is then told of
	// every owner and operator that none has. Their rows are taken: organisations
	// may be imported later. Both may be nil.
	Organisation func(code string) bool
	Note         func(BadRow) error
	Progress     func(Outcome) // may be nil; called after each piece
}

// piece is how many rows are compared and written at once in the background lane.
const piece = 200

// Import reads a file into the register. Rows are known by their code: a new
// code adds, other content changes, equal content does nothing; so an
// interrupted import is simply run again. A bad row is reported with its line
// and left out. Needs places.import. What a row refers to must be imported before it.
func (s *Service) Import(ctx context.Context, actor policy.Actor, in ImportInput) (Outcome, error) {
	if _, err := policy.Check(actor, policy.PlacesImport, policy.Object{Territory: "reg"}); err != nil {
		return Outcome{}, err
	}
	if _, known := tables[in.Dataset]; !known {
		return Outcome{}, errs.InvalidFields(errs.Field{Name: "dataset", Rule: "unknown"})
	}
	r := &reader{set: in.Dataset, known: map[Dataset]map[string]bool{}}
	for _, set := range refersTo[in.Dataset] {
		codes, err := codesOf(ctx, s.db, set)
		if err != nil {
			return Outcome{}, err
		}
		r.known[set] = codes
	}
	if in.Dataset != Territories {
		list, err := readTable(ctx, s.db, Territories, scanTerritory)
		if err != nil {
			return Outcome{}, err
		}
		r.region = list
	}
	w := &writer{s: s, set: in.Dataset, seen: map[string]int64{}, progress: in.Progress}
	bad := func(b BadRow) error {
		w.out.Bad++
		w.out.Read++
		if in.Bad == nil {
			return nil
		}
		return in.Bad(b)
	}
	err := read(in.Format, in.File, in.Dataset, func(rec record) error {
		row, broken := r.row(rec)
		if len(broken) > 0 {
			return bad(BadRow{Line: rec.line, Code: row.code, Fields: broken})
		}
		if in.Dataset == Territories {
			r.known[Territories][row.code] = true
		}
		twice, err := w.add(ctx, row)
		if err == nil && !twice {
			return in.strangers(rec, row.code)
		}
		if err != nil {
			return err
		}
		return bad(BadRow{Line: rec.line, Code: row.code, Fields: []errs.Field{badField("code", "twice")}})
	}, func(line int, rule string) error {
		return bad(BadRow{Line: line, Fields: []errs.Field{badField("row", rule)}})
	})
	if err == nil {
		err = w.flush(ctx)
	}
	// What was written is told even where the file broke off in its middle.
	if endErr := s.end(ctx, actor, w); err == nil {
		err = endErr
	}
	return w.out, err
}

// strangers tells which of a row's owner and operator are no organisation yet.
func (in ImportInput) strangers(rec record, code string) error {
	if in.Dataset != Assets || in.Organisation == nil || in.Note == nil {
		return nil
	}
	var fields []errs.Field
	for _, name := range []string{"owner", "operator"} {
		if org := strings.TrimSpace(rec.fields[name]); org != "" && !in.Organisation(org) {
			f := badField(name, "no_organisation")
			f.Args = map[string]any{"Code": org}
			fields = append(fields, f)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return in.Note(BadRow{Line: rec.line, Code: code, Fields: fields})
}

// refersTo lists which codes a dataset's rows name.
var refersTo = map[Dataset][]Dataset{
	Territories: {Territories},
	Localities:  {Territories},
	Streets:     {Localities},
	Addresses:   {Streets},
	Assets:      {Territories, Streets, Addresses},
}

// Load stores a whole register, as [Service.Import] would from files. progress
// gets the share done, 0…1; it may be nil.
func (s *Service) Load(ctx context.Context, actor policy.Actor, r Register, progress func(float64)) error {
	if _, err := policy.Check(actor, policy.PlacesImport, policy.Object{Territory: "reg"}); err != nil {
		return err
	}
	total, done := len(r.Territories)+len(r.Localities)+len(r.Streets)+len(r.Addresses)+len(r.Assets), 0
	for _, set := range Datasets() {
		w := &writer{s: s, set: set, seen: map[string]int64{}, progress: func(o Outcome) {
			if progress != nil && total > 0 {
				progress(float64(done+o.Added+o.Changed+o.Same) / float64(total))
			}
		}}
		err := r.stored(set, func(row stored) error {
			twice, err := w.add(ctx, row)
			if twice {
				return fmt.Errorf("places: %s %q stands twice", set, row.code)
			}
			return err
		})
		if err == nil {
			err = w.flush(ctx)
		}
		if err == nil {
			err = s.end(ctx, actor, w)
		}
		if err != nil {
			return err
		}
		done += w.out.Read
	}
	return nil
}

func (r Register) stored(set Dataset, f func(stored) error) error {
	switch set {
	case Territories:
		return eachStored(r.Territories, Territory.stored, f)
	case Localities:
		return eachStored(r.Localities, Locality.stored, f)
	case Streets:
		return eachStored(r.Streets, Street.stored, f)
	case Addresses:
		return eachStored(r.Addresses, Address.stored, f)
	}
	return eachStored(r.Assets, Asset.stored, f)
}

func eachStored[T any](list []T, row func(T) stored, f func(stored) error) error {
	for _, v := range list {
		if err := f(row(v)); err != nil {
			return err
		}
	}
	return nil
}

// writer gathers rows into pieces, leaves out what is stored already, and writes the rest.
type writer struct {
	s        *Service
	set      Dataset
	rows     []stored
	seen     map[string]int64 // code → digest, of this file
	before   map[string]int64 // code → digest, of what is stored; read before the first piece
	out      Outcome
	progress func(Outcome)
}

// add takes a row; twice tells that the file held its code before with other content.
func (w *writer) add(ctx context.Context, row stored) (twice bool, err error) {
	digest := row.digest()
	if before, found := w.seen[row.code]; found {
		if before != digest {
			return true, nil
		}
		w.out.Read++
		w.out.Same++
		return false, nil
	}
	w.seen[row.code] = digest
	w.out.Read++
	if w.rows = append(w.rows, row); len(w.rows) < piece {
		return false, nil
	}
	return false, w.flush(ctx)
}

func (w *writer) flush(ctx context.Context) error {
	if len(w.rows) == 0 {
		return ctx.Err()
	}
	if w.before == nil {
		before, err := digests(ctx, w.s.db, w.set)
		if err != nil {
			return err
		}
		w.before = before
	}
	var rows [][]any
	added, changed := 0, 0
	for _, r := range w.rows {
		switch digest, found := w.before[r.code]; {
		case !found:
			added++
		case digest != r.digest():
			changed++
		default:
			continue
		}
		rows = append(rows, r.row())
	}
	if len(rows) > 0 {
		err := db.Do(ctx, w.s.db, db.Background, func(tx *db.Tx) error {
			putRows(tx, w.set, rows)
			return nil
		})
		if err != nil {
			return fmt.Errorf("places: store %s: %w", w.set, err)
		}
	}
	w.out.Added, w.out.Changed, w.out.Same = w.out.Added+added, w.out.Changed+changed, w.out.Same+len(w.rows)-len(rows)
	w.rows = w.rows[:0]
	if w.progress != nil {
		w.progress(w.out)
	}
	return nil
}

// end moves the version where rows were changed, by this import or by one that
// was interrupted before it could say so.
func (s *Service) end(ctx context.Context, actor policy.Actor, w *writer) error {
	ctx = context.WithoutCancel(ctx)
	dirty, err := pending(ctx, s.db)
	if err != nil || !dirty {
		return err
	}
	fact := db.Fact{ID: id.New(), Kind: FactImported, Subject: registerID, Person: actor.Person, Role: actor.Name, Organisation: actor.Organisation,
		At: s.clock.Now(), Body: Imported{w.set, w.out.Added, w.out.Changed}}
	return db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error {
		bumpVersion(tx)
		tx.Fact(fact)
		return nil
	})
}
