package casework

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/google/uuid"

	"okno/internal/platform/clock"
	"okno/internal/platform/columns"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// ImportGuide finds what a foreign file means in this region. It answers from
// memory and is safe for concurrent use.
type ImportGuide interface {
	FactNamed(name string) (code string, ok bool)    // by code, or by a name that only one fact has
	FactLike(words string) (code string, ok bool)    // by what the words are about
	FactOther() string                               // where nothing else fits
	OfficeNamed(name string) (org id.ID, ok bool)    // by code or full or short name; those at work alone
	AddressNamed(text string) (house id.ID, ok bool) // a house that the text names beyond doubt
}

// ImportTable describes the fields that a column may be mapped to. Without a
// map a column has the name of its field.
func ImportTable() columns.Table {
	return columns.Table{
		{Name: "id", Means: "number in the system that it comes from; a row is known by it. Empty: by its content", Form: "up to 500 bytes", Example: "2026-00017"},
		{Name: "text", Required: true, Means: "the words of the report", Example: "Яма на проезжей части у дома 14, колесо не объехать"},
		{Name: "topic", Means: "code or name of a fact of the rubricator; unknown or empty: found by the words", Example: "roads.surface.pothole"},
		{Name: "agency", Means: "code, full or short name of the organisation that answers; unknown or empty: routed", Example: "mun.01.admin"},
		{Name: "category", Means: "category of the system that it comes from, kept as it stands", Example: "Дороги"},
		{Name: "date", Means: "when it was filed; empty: now", Form: "2026-02-01, 2026-02-01 14:30, 01.02.2026 14:30 or RFC 3339; not in the future", Example: "2026-02-01 14:30"},
		{Name: "state", Means: "whether it is over", Form: "open or closed (открыто, в работе; закрыто, решено, отклонено)", Example: "closed"},
		{Name: "place", Means: "address in words; becomes a house where town, street and number are known", Example: "Сосновка, Рыбацкая улица, 14"},
		{Name: "lat", Means: "latitude; with lon", Form: "degrees, 55.123456", Example: "59.2001"},
		{Name: "lon", Means: "longitude; with lat", Form: "degrees, 37.123456", Example: "31.2005"},
		{Name: "lang", Means: "language of the words; empty: ru", Form: "ru or en", Example: "ru"},
	}
}

// ImportFields names the fields of [ImportTable].
func ImportFields() []string { return ImportTable().Names() }

// ImportOptions say how a file is to be read. Source and Guide are required.
type ImportOptions struct {
	Source    string            // names where the file comes from; rows are known by source and id
	Map       map[string]string // field → column's name in the header
	Charset   string            // empty: recognised
	Separator byte              // 0: recognised
	Lists     string            // of a file: the path that the lists of its rows are named after; empty: the file's own
	Zone      *time.Location    // of dates without a zone; nil: UTC
	Guide     ImportGuide
	Progress  func(ImportCount)   // after every piece; may be nil
	Bad       func(BadRow) error  // every row that was not taken, in the order of lines; may be nil
	Note      func(RowNote) error // every thing of a stored row that was not understood, in the order of lines; may be nil
	Workers   int                 // 0: 64
}

// BadRow is a row that was not taken, and why.
type BadRow struct {
	Line     int    // of the file, from 1
	External string // the row's id, where it could be read
	Reason   string // code: import.reason_CODE of the catalogue says it in words
	Field    string // which field; may be empty
}

// RowNote is something of a stored row that the region doesn't know. The file's
// own words for topic and agency are kept with the case, the address as a note
// to its place.
type RowNote struct {
	Line     int
	External string
	What     string // topic, agency, place: import.note_WHAT of the catalogue says what was done instead
}

// ImportCount is how far an import has come. Rows = Stored + Known + Bad.
type ImportCount struct {
	Bytes     int64 // of the file, read so far
	Rows      int64
	Stored    int64
	Known     int64 // were there already
	Bad       int64
	Suggested int64 // of those stored: the fact was found by words
	Other     int64 // of those stored: no fact fitted
	Routed    int64 // of those stored: the agency was not known, the report was routed
	Archived  int64 // of those stored: over before they came
	// Of those stored and those known: what the file says and the region doesn't know.
	Topics, Agencies, Places int64
}

// importPiece bounds what is held in memory: rows, and bytes of their words.
const (
	importPiece = 1024
	importBytes = 8 << 20
)

// ImportPerson is the account under which the reports of a source stand: it
// has no name, no contacts, and nobody can sign in as it.
func ImportPerson(source string) id.ID {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte("okno import "+source))
}

type importer struct {
	s      *Service
	opt    ImportOptions
	actor  policy.Actor
	mapped importColumns
	now    time.Time

	mu    sync.Mutex
	count ImportCount
	bad   []BadRow // of the piece at work
	notes []RowNote
}

// ImportReports files a report for every row of a table with a header. A row
// that can't be taken is told to opt.Bad and stops nothing. Rows that are there
// already are passed by, so that the same file may come again, after a kill
// too. Errors: Forbidden; Invalid for a file without the columns; Unavailable
// where storing failed for good: what was stored stays.
func (s *Service) ImportReports(ctx context.Context, actor policy.Actor, in io.Reader, opt ImportOptions) (ImportCount, error) {
	if err := policy.Allow(actor, policy.CaseworkImport); err != nil {
		return ImportCount{}, err
	}
	if opt.Source = strings.TrimSpace(opt.Source); opt.Source == "" {
		return ImportCount{}, invalidImport("source", "required")
	}
	opt.Workers = cmp.Or(opt.Workers, 64)
	opt.Zone = cmp.Or(opt.Zone, time.UTC)
	counted := &countingReader{r: in}
	table, err := newCSVReader(counted, opt.Charset, opt.Separator)
	if err != nil {
		return ImportCount{}, err
	}
	im := &importer{s: s, opt: opt, actor: policy.Machine("import"), now: s.clock.Now()}
	im.actor.Person = ImportPerson(opt.Source)
	if im.mapped, err = readHeader(table, opt.Map); err != nil {
		return ImportCount{}, err
	}
	for more := true; more; {
		var rows []importRow
		for size := 0; len(rows) < importPiece && size < importBytes; {
			rec, err := table.next()
			if errors.Is(err, io.EOF) {
				more = false
				break
			}
			if err != nil {
				return im.count, errs.Wrap(errs.Unavailable, err)
			}
			im.count.Rows++
			row, bad := im.mapped.row(rec, opt.Zone, im.now)
			if bad.Reason != "" {
				im.refuse(bad)
				continue
			}
			rows = append(rows, row)
			size += len(row.text)
		}
		if err := im.store(ctx, rows); err != nil {
			return im.count, err
		}
		im.count.Bytes = counted.n
		if err := im.tell(); err != nil {
			return im.count, err
		}
	}
	return im.count, nil
}

func (im *importer) refuse(b BadRow) {
	im.mu.Lock()
	defer im.mu.Unlock()
	im.count.Bad++
	im.bad = append(im.bad, b)
}

// tell hands the piece's bad rows, its notes and the progress to the caller.
func (im *importer) tell() error {
	slices.SortFunc(im.bad, func(a, b BadRow) int { return cmp.Compare(a.Line, b.Line) })
	for _, b := range im.bad {
		if im.opt.Bad != nil {
			if err := im.opt.Bad(b); err != nil {
				return err
			}
		}
	}
	im.bad = im.bad[:0]
	slices.SortStableFunc(im.notes, func(a, b RowNote) int { return cmp.Compare(a.Line, b.Line) })
	for _, n := range im.notes {
		if im.opt.Note != nil {
			if err := im.opt.Note(n); err != nil {
				return err
			}
		}
	}
	im.notes = im.notes[:0]
	if im.opt.Progress != nil {
		im.opt.Progress(im.count)
	}
	return nil
}

// store files a piece's rows, several at once: the group commit makes one
// durable commit of many.
func (im *importer) store(ctx context.Context, rows []importRow) error {
	rows, err := im.fresh(ctx, rows)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(im.opt.Workers)
	for i := range rows {
		row := &rows[i]
		g.Go(func() error { return im.file(ctx, row) })
	}
	return g.Wait()
}

// fresh drops rows that are stored already and refuses a second row of the
// same id with other words.
func (im *importer) fresh(ctx context.Context, rows []importRow) ([]importRow, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.external
	}
	seen, err := im.s.imported(ctx, im.opt.Source, ids)
	if err != nil {
		return nil, err
	}
	out := rows[:0]
	for _, r := range rows {
		if digest, ok := seen[r.external]; ok {
			im.known(&r, digest)
			continue
		}
		seen[r.external] = string(r.digest)
		out = append(out, r)
	}
	return out, nil
}

func (im *importer) known(r *importRow, digest string) {
	if digest != string(r.digest) {
		im.refuse(BadRow{Line: r.line, External: r.external, Reason: "taken", Field: "id"})
		return
	}
	what := im.unknown(r)
	im.mu.Lock()
	defer im.mu.Unlock()
	im.count.Known++
	im.note(r, what)
}

// file stores one row. What may pass by itself is tried again; what the row
// itself is to blame for is told as bad.
func (im *importer) file(ctx context.Context, r *importRow) error {
	in, how := im.input(r)
	what := im.unknown(r)
	for try := 0; ; try++ {
		made, err := im.s.FileReport(ctx, im.actor, in)
		table, taken := db.Unique(err)
		switch {
		case err == nil:
			im.mu.Lock()
			im.count.Stored++
			im.count.Suggested += how.suggested
			im.count.Other += how.other
			im.count.Routed += how.routed
			im.count.Archived += int64(boolInt(made.Archived))
			im.note(r, what)
			im.mu.Unlock()
			return nil
		case taken && table == "casework_imported": // another import, or this row after an unknown outcome
			seen, err := im.s.imported(ctx, im.opt.Source, []string{r.external})
			if err != nil {
				return err
			}
			im.known(r, seen[r.external])
			return nil
		case errs.Is(err, errs.Invalid):
			im.refuse(BadRow{Line: r.line, External: r.external, Reason: refusal(err), Field: firstField(err)})
			return nil
		case try == 6 || !taken && !errs.Is(err, errs.Unavailable) && !errs.Is(err, errs.OutcomeUnknown):
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond << try):
		}
	}
}

// refusal is the reason by which a row itself is to blame.
func refusal(err error) string {
	if f := fieldsOf(err); len(f) > 0 && f[0].Rule == "out_of_region" {
		return "out_of_region"
	}
	return "refused"
}

func firstField(err error) string {
	if f := fieldsOf(err); len(f) > 0 {
		return f[0].Name
	}
	return ""
}

// guessed says how a row's fact and office were found: ones are added up.
type guessed struct{ suggested, other, routed int64 }

// input turns a row into a report.
func (im *importer) input(r *importRow) (FileInput, guessed) {
	var how guessed
	in := FileInput{Text: r.text, Channel: "import", Lang: r.lang, At: r.at, Place: PlaceInput{Lat: r.lat, Lon: r.lon, Note: r.place},
		From: Imported{Source: im.opt.Source, External: r.external, Digest: r.digest, Topic: r.topic, Agency: r.agency, Category: r.category, State: r.state}}
	g := im.opt.Guide
	fact, ok := g.FactNamed(r.topic)
	if !ok || r.topic == "" {
		// The topic's own name says more than any sentence: it comes first.
		fact, ok = g.FactLike(strings.Join([]string{r.topic, r.text}, ". "))
		how.suggested = 1
	}
	if _, exists := im.s.facts.Fact(fact); !ok || !exists {
		fact, how = g.FactOther(), guessed{other: 1}
	}
	in.Fact = fact
	if org, ok := g.OfficeNamed(r.agency); ok && r.agency != "" {
		in.Organisation = org
	} else {
		how.routed = 1
	}
	if in.Place.Lat == 0 && in.Place.Lon == 0 && r.place != "" {
		if house, ok := g.AddressNamed(r.place); ok {
			in.Place.Address = house
		}
	}
	return in, how
}

func insertImported(tx *db.Tx, c id.ID, f Imported, now time.Time) {
	tx.Queue(`INSERT INTO casework_imported (source, external_id, case_id, digest, topic, agency, category, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, f.Source, f.External, c, f.Digest, f.Topic, f.Agency, f.Category, clock.Milli(now))
}

// imported finds which of the ids are stored, with the digests of their words.
func (s *Service) imported(ctx context.Context, source string, ids []string) (map[string]string, error) {
	type row struct {
		external string
		digest   []byte
	}
	rows, err := db.All(ctx, s.db, func(sc db.Scanner) (r row, err error) { return r, sc.Scan(&r.external, &r.digest) },
		`SELECT external_id, digest FROM casework_imported WHERE source=$1 AND `+db.In(s.db.Engine(), "external_id", 2),
		source, db.Texts(s.db.Engine(), ids))
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.external] = string(r.digest)
	}
	return out, nil
}

// countingReader tells how much of the file was read.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
