package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Page sizes of lists.
const (
	PageSize    = 50
	MaxPageSize = 200
	CountLimit  = 1000 // totals are exact up to it
)

// InboxFilter narrows an organisation's list. Zero values don't.
type InboxFilter struct {
	Bucket    int64 // 0 in work, 1 answered, 2 closed; ignored where Stage is given
	Stage     Stage
	Deadline  string // late, today, week
	Category  string
	Territory string
	Handler   id.ID
	Free      bool // nobody has taken it
	After     Mark // keyset: the last row of the page before
	Size      int
}

// Mark is a place in a list: rows after it follow.
type Mark struct {
	At int64
	ID id.ID
}

// listColumns are what a list shows of a case: its names, state, terms and
// place. The rest of a [Case] in a list is zero.
const listColumns = `id, version, number, procedure_code, procedure_version, stage, organisation_id, handler_id, fact,
territory, registered_at, review_date, zone, review_at, provisional, execution_date, execution_at, paused_at, wait_until,
answered_at, rate_until, closed_at, outcome, reopened, solved, people, title, address_id, place_text, place_note, lat,
lon, lang`

// listed scans rows of listColumns, and more columns after them. Its
// destinations are made once for all rows.
func listed(more ...any) func(s db.Scanner) (Case, error) {
	c := new(Case)
	dest := append([]any{db.ScanID(&c.ID), &c.Version, &c.Number, &c.Procedure, &c.ProcedureVersion, &c.Stage, db.ScanID(&c.Organisation),
		db.ScanID(&c.Handler), &c.Fact, &c.State.Territory, &c.RegisteredAt, &c.ReviewDate, &c.Zone, &c.ReviewAt, &c.Provisional,
		&c.ExecutionDate, &c.ExecutionAt, &c.PausedAt, &c.WaitUntil, &c.AnsweredAt, &c.RateUntil, &c.ClosedAt, &c.Outcome,
		&c.Reopened, &c.Solved, &c.People, &c.Title, db.ScanID(&c.Place.Address), &c.Place.Text, &c.Place.Note, &c.Place.Lat,
		&c.Place.Lon, &c.Lang}, more...)
	return func(s db.Scanner) (Case, error) {
		err := s.Scan(dest...)
		c.Place.Territory = c.State.Territory
		return *c, err
	}
}

// Row is one case in an officer's list.
type Row struct {
	Case
	Category string
}

// Inbox is one page of an organisation's cases by deadline. More tells
// whether another page follows.
func (s *Service) Inbox(ctx context.Context, actor policy.Actor, org id.ID, f InboxFilter) (rows []Row, more bool, err error) {
	grant, err := policy.Check(actor, policy.CaseworkList, policy.Object{Organisation: org})
	if err != nil {
		return nil, false, err
	}
	if f.Deadline != "" && !slices.Contains(deadlines, f.Deadline) {
		return nil, false, errs.InvalidFields(errs.Field{Name: "deadline", Rule: "unknown"})
	}
	size := f.Size
	if size <= 0 || size > MaxPageSize {
		size = PageSize
	}
	where, args := s.inboxWhere(org, f)
	args = append(args, f.After.At, f.After.ID)
	// The page is cut before the cases are looked up, whatever plan the list gets.
	q := fmt.Sprintf(`SELECT %s FROM (SELECT i.due_at, i.case_id FROM casework_inbox i
		WHERE %s AND (i.due_at, i.case_id) > ($%d, $%d) ORDER BY i.due_at, i.case_id LIMIT %d) p
		JOIN casework_case c ON c.id=p.case_id ORDER BY p.due_at, p.case_id`,
		prefixed("c", listColumns), where, len(args)-1, len(args), size+1)
	all, err := db.All(ctx, s.db.Planned(), listed(), q, args...)
	if err != nil {
		return nil, false, err
	}
	if more = len(all) > size; more {
		all = all[:size]
	}
	rows = make([]Row, len(all))
	for i, c := range all {
		if !grant.Full() { // numbers, states and terms alone
			c.Title, c.Place.Note = "", ""
		}
		rows[i] = Row{Case: c, Category: categoryOf(c.Fact)}
	}
	return rows, more, nil
}

func (s *Service) inboxWhere(org id.ID, f InboxFilter) (string, []any) {
	args := []any{org}
	conds := []string{"i.organisation_id=$1"}
	add := func(cond string, v any) {
		args = append(args, v)
		conds = append(conds, fmt.Sprintf(cond, len(args)))
	}
	if f.Stage != "" {
		f.Bucket = bucketOf(f.Stage)
		add("i.stage=$%d", f.Stage)
	}
	if f.Stage == "" || f.Category != "" || f.Territory != "" || f.Handler != id.Nil {
		add("i.bucket=$%d", f.Bucket) // of a stage it says nothing new, but the other filters' indexes hold it
	}
	if f.Category != "" {
		add("i.category=$%d", f.Category)
	}
	if f.Territory != "" {
		add("i.territory=$%d", f.Territory)
	}
	if f.Handler != id.Nil {
		add("i.handler_id=$%d", f.Handler)
	}
	if f.Free {
		conds = append(conds, "i.handler_id IS NULL")
	}
	now, midnight := s.today(org)
	if f.Deadline != "" { // a term that has ended is neither late nor near
		conds = append(conds, "i.bucket=0")
	}
	switch f.Deadline {
	case "late":
		add("i.due_at<=$%d", clock.Milli(now))
	case "today":
		add("i.due_at>$%d", clock.Milli(now))
		add("i.due_at<=$%d", clock.Milli(midnight))
	case "week":
		add("i.due_at>$%d", clock.Milli(now))
		add("i.due_at<=$%d", clock.Milli(midnight.AddDate(0, 0, 7)))
	}
	return strings.Join(conds, " AND "), args
}

// Folder is a part of an organisation's list with its size, exact up to CountLimit.
type Folder struct {
	Code  string
	Count int64
}

// Folders counts the parts of an organisation's list in one query.
func (s *Service) Folders(ctx context.Context, actor policy.Actor, org id.ID) ([]Folder, error) {
	if _, err := policy.Check(actor, policy.CaseworkList, policy.Object{Organisation: org}); err != nil {
		return nil, err
	}
	now, midnight := s.today(org)
	known := make(map[string]bool, len(folderParts))
	var q strings.Builder
	for _, p := range folderParts {
		if until, ok := s.crowded.Load(folderOf{org, p.code}); ok && now.Before(until.(time.Time)) {
			known[p.code] = true
			continue
		}
		if q.Len() > 0 {
			q.WriteString(" UNION ALL ")
		}
		q.WriteString(p.count)
	}
	type count struct {
		code string
		n    int64
	}
	counts, err := db.All(ctx, s.db, func(r db.Scanner) (c count, err error) { return c, r.Scan(&c.code, &c.n) },
		q.String(), org, orNobody(actor.Person), clock.Milli(now), clock.Milli(midnight))
	if err != nil {
		return nil, err
	}
	of := make(map[string]int64, len(counts))
	for _, c := range counts {
		of[c.code] = c.n
		if c.n > CountLimit && c.code != "mine" && c.code != "today" {
			s.crowded.Store(folderOf{org, c.code}, now.Add(crowdedFor))
		}
	}
	out := make([]Folder, len(folderParts))
	for i, p := range folderParts {
		if out[i] = (Folder{p.code, of[p.code]}); known[p.code] {
			out[i].Count = CountLimit + 1
		}
	}
	return out, nil
}

// crowdedFor is how long a folder that held more than CountLimit is said to
// hold more without counting anew: counting those was a third of a page.
const crowdedFor = 30 * time.Second

// folderOf names a folder of an organisation.
type folderOf struct {
	org  id.ID
	code string
}

// folderParts are the folders in their order, each with the query that counts
// it for organisation $1, person $2, now $3 and the end of today $4.
var folderParts = func() (out []struct{ code, count string }) {
	for _, p := range [][2]string{
		{"all", "bucket=0"}, {"mine", "bucket=0 AND handler_id=$2"}, {"late", "bucket=0 AND due_at<=$3"},
		{"today", "bucket=0 AND due_at>$3 AND due_at<=$4"}, {"moderation", ""}, {"coordination", ""}, {"execution", ""},
		{"approval", ""}, {"waiting", ""}, {"deferred", ""}, {"answered", ""}, {"closed", ""},
	} {
		if p[1] == "" {
			p[1] = "stage='" + p[0] + "'"
		}
		out = append(out, struct{ code, count string }{p[0], fmt.Sprintf(`SELECT '%s' AS code, (SELECT COUNT(*) FROM
			(SELECT 1 FROM casework_inbox WHERE organisation_id=$1 AND %s LIMIT %d) x) AS n`, p[0], p[1], CountLimit+1)})
	}
	return out
}()

// today tells the present moment and the end of the day where an organisation is.
func (s *Service) today(org id.ID) (now, midnight time.Time) {
	now = s.clock.Now()
	office, _ := s.offices.Office(org)
	local := now.In(office.Hours.Location())
	return now, time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, local.Location())
}

// orNobody keeps a filter by person from meaning "any".
func orNobody(p id.ID) id.ID {
	if p == id.Nil {
		return id.ID{15: 1}
	}
	return p
}

// MineRow is one case in a person's own list.
type MineRow struct {
	Case
	MyNumber string
	Kind     string // author, joined, merged
}

// Mine is one page of a person's own and joined cases, the newest first.
func (s *Service) Mine(ctx context.Context, actor policy.Actor, after id.ID, size int) (rows []MineRow, more bool, err error) {
	if !actor.SignedIn() {
		return nil, false, errs.New(errs.Unauthenticated, "")
	}
	if size <= 0 || size > MaxPageSize {
		size = PageSize
	}
	if after == id.Nil {
		after = id.ID{0: 0xff, 1: 0xff, 2: 0xff, 3: 0xff, 4: 0xff, 5: 0xff, 6: 0xff, 7: 0xff, 8: 0xff}
	}
	var number, kind string
	var joined, mark, rated int64
	var solved string
	scan, now := listed(&number, &kind, &joined, &mark, &solved, &rated), s.clock.Now()
	rows, err = db.All(ctx, s.db, func(r db.Scanner) (MineRow, error) {
		c, err := scan(r)
		if kind != "author" {
			c.Title, c.Place.Note = "", ""
			c.own(Participant{JoinedAt: clock.FromMilli(joined), Mark: mark, Solved: solved, RatedAt: clock.FromMilli(rated)}, now)
			c.Place.Lat, c.Place.Lon = s.shown(&c)
		}
		return MineRow{c, number, kind}, err
	}, fmt.Sprintf(`SELECT %s, m.number, m.kind, COALESCE(p.joined_at, 0), COALESCE(p.mark, 0), COALESCE(p.solved, ''), COALESCE(p.rated_at, 0)
		FROM casework_mine m JOIN casework_case c ON c.id=m.case_id
		LEFT JOIN casework_participant p ON m.kind<>'author' AND p.case_id=m.case_id AND p.person_id=m.person_id
		WHERE m.person_id=$1 AND m.case_id<$2 ORDER BY m.case_id DESC LIMIT %d`, prefixed("c", listColumns), size+1), actor.Person, after)
	if err != nil {
		return nil, false, err
	}
	if more = len(rows) > size; more {
		rows = rows[:size]
	}
	return rows, more, nil
}

// tail scans the columns of a case and then some more.
type tail struct {
	db.Scanner
	more []any
}

func (t tail) Scan(dest ...any) error { return t.Scanner.Scan(append(dest, t.more...)...) }

// Near is a public report near a place.
type Near struct {
	Public
	Metres int64
	Name   string // of its fact, in the reader's language
	Own    string // number under which the reader has it already; "" where they don't
}

// OwnNumbers are the numbers under which a person has some of the cases, by case.
func (s *Service) OwnNumbers(ctx context.Context, person id.ID, cases []id.ID) (map[id.ID]string, error) {
	type row struct {
		of     id.ID
		number string
	}
	e := s.db.Engine()
	rows, err := db.All(ctx, s.db, func(r db.Scanner) (x row, err error) { return x, r.Scan(db.ScanID(&x.of), &x.number) },
		`SELECT case_id, number FROM casework_mine WHERE person_id=$1 AND `+db.In(e, "case_id", 2), person, db.IDs(e, cases))
	out := make(map[id.ID]string, len(rows))
	for _, x := range rows {
		out[x.of] = x.number
	}
	return out, err
}

// prefixed puts a table's alias before each column of a list.
func prefixed(alias, columns string) string {
	names := strings.Split(columns, ",")
	for i, n := range names {
		names[i] = alias + "." + strings.TrimSpace(n)
	}
	return strings.Join(names, ", ")
}

func monthOf(ms int64, zone string) string {
	loc, err := clock.Zone(zone)
	if err != nil {
		loc = time.UTC
	}
	return clock.FromMilli(ms).In(loc).Format("2006-01")
}
