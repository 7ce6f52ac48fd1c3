package directory

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/columns"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Draft is an organisation as an import names it: the parent by code.
type Draft struct {
	Organisation
	ParentCode string
	Line       int // of the file; 0: none
}

// Problem is a row that was not taken, and why.
type Problem struct {
	Line int
	Code string
	Err  error
}

// Imported is what an import did.
type Imported struct {
	Added, Changed, Same int
	Problems             []Problem
}

// importChunk is how many organisations one transaction writes.
const importChunk = 1000

// Put adds organisations and changes those whose code exists. The order of
// drafts doesn't matter; a draft whose parent is neither stored nor among them
// is a problem of its own and stops nothing else. The same drafts again change
// nothing. Organisations that are not among the drafts stay as they are.
func (s *Service) Put(ctx context.Context, a policy.Actor, drafts []Draft) (Imported, error) {
	var res Imported
	if err := policy.Allow(a, policy.DirectoryOrganisation); err != nil {
		return res, err
	}
	rest := drafts
	for len(rest) > 0 {
		t, err := s.current(ctx)
		if err != nil {
			return res, err
		}
		batch, later := s.batch(t, rest, &res)
		if len(batch) == 0 {
			for _, d := range later {
				res.problem(d, errs.InvalidFields(errs.Field{Name: "parent", Rule: "unknown"}))
			}
			break
		}
		for chunk := range slices.Chunk(batch, importChunk) {
			if err := s.write(ctx, a, t, chunk); err != nil {
				return res, err
			}
			for _, c := range chunk {
				if c.before.ID == id.Nil {
					res.Added++
				} else {
					res.Changed++
				}
			}
			if t, err = s.current(ctx); err != nil {
				return res, err
			}
		}
		rest = later
	}
	return res, nil
}

// batch takes the drafts whose parents are stored; later are the others.
func (s *Service) batch(t *Tree, drafts []Draft, res *Imported) (batch []change, later []Draft) {
	seen := map[string]bool{}
	moved := map[id.ID]id.ID{} // parents that this batch sets
	for _, d := range drafts {
		o := d.Organisation
		o.clean()
		if seen[o.Code] {
			res.problem(d, errs.InvalidFields(errs.Field{Name: "code", Rule: "taken", Key: "directory.rule_code_taken"}))
			continue
		}
		seen[o.Code] = true
		parent, ok := t.ByCode(d.ParentCode)
		if d.ParentCode != "" && !ok {
			later = append(later, d)
			continue
		}
		o.Parent = parent.ID
		old, exists := t.ByCode(o.Code)
		if err := together(o.check(), s.covers(old, o, "directory.import_territory")); err != nil {
			res.problem(d, err)
			continue
		}
		switch {
		case !exists:
			o.ID, o.Version, o.MadeAt = s.db.NewID(), 1, s.clock.Now()
			batch = append(batch, change{after: o})
		case t.within(moved, o.Parent, old.ID):
			res.problem(d, errs.InvalidFields(errs.Field{Name: "parent", Rule: "circle", Key: "directory.rule_circle"}))
		default:
			o.ID, o.Version, o.MadeAt = old.ID, old.Version, old.MadeAt
			if same(old, o) {
				res.Same++
			} else {
				moved[o.ID] = o.Parent
				batch = append(batch, change{old, o})
			}
		}
	}
	return batch, later
}

func (r *Imported) problem(d Draft, err error) {
	r.Problems = append(r.Problems, Problem{d.Line, d.Code, err})
}

// Table describes the columns of the file of organisations.
func Table() columns.Table {
	return columns.Table{
		{Name: "code", Required: true, Means: "by what the organisation is known; other files name it", Form: "Latin letters, digits, dots between parts", Example: "mun.01.admin"},
		{Name: "parent", Means: "code of the organisation above; in this file or stored; empty: a root", Example: "region"},
		{Name: "kind", Required: true, Means: "what it is", Form: columns.Words(Kinds()), Example: "municipal"},
		{Name: "name", Required: true, Means: "full name", Example: "Администрация Озёрного района"},
		{Name: "name_en", Means: "full name in English", Example: "Administration of Ozyorny District"},
		{Name: "short_name", Means: "name in lists; empty: the full name", Example: "Озёрный район"},
		{Name: "short_name_en", Means: "name in lists, in English", Example: "Ozyorny District"},
		{Name: "zone", Means: "time zone of its hours and terms; empty: Europe/Moscow", Form: "name of the IANA base", Example: "Europe/Moscow"},
		{Name: "hours", Means: "working hours, 1 is Monday; empty: an office week", Form: "days, a space, hours; parts after a semicolon", Example: "1-5 09:00-13:00,14:00-18:00; 6 10:00-14:00"},
		{Name: "territories", Means: "codes of the territories it works in", Form: "spaces between", Example: "mun.01"},
		{Name: "oversees", Means: "whether it sees the cases of those below it", Form: flagForm + "; empty: no", Example: "yes"},
		{Name: "active", Means: "whether it works", Form: flagForm + "; empty: yes", Example: "yes"},
	}
}

const flagForm = "yes or no (true, 1, да; false, 0, нет)"

// maxImport is how many rows one file may have.
const maxImport = 100_000

// Import reads organisations as CSV (UTF-8, comma or semicolon, a heading with
// the names of columns) and puts them. Hours are "1-5 09:00-13:00,14:00-18:00;
// 6 10:00-14:00" (1 is Monday); territories are separated by spaces. A row that
// can't be read is a problem with its line and stops nothing else.
func (s *Service) Import(ctx context.Context, a policy.Actor, r io.Reader) (Imported, error) {
	if err := policy.Allow(a, policy.DirectoryOrganisation); err != nil {
		return Imported{}, err
	}
	drafts, problems, err := ReadCSV(r)
	if err != nil {
		return Imported{}, err
	}
	res, err := s.Put(ctx, a, drafts)
	res.Problems = append(problems, res.Problems...)
	slices.SortStableFunc(res.Problems, func(x, y Problem) int { return x.Line - y.Line })
	return res, err
}

// ReadCSV reads drafts without storing anything. The error is about the file
// as a whole; problems are about rows.
func ReadCSV(r io.Reader) (drafts []Draft, problems []Problem, err error) {
	whole := func(key string, args map[string]any) ([]Draft, []Problem, error) {
		return nil, nil, errs.With(errs.Invalid, key, args)
	}
	b, err := io.ReadAll(io.LimitReader(r, 64<<20+1))
	if err != nil {
		return nil, nil, errs.Wrap(errs.Unavailable, fmt.Errorf("read organisations: %w", err))
	}
	if len(b) > 64<<20 {
		return nil, nil, errs.New(errs.TooLarge, "")
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	if strings.ToValidUTF8(text, "") != text {
		return whole("directory.import_not_utf8", nil)
	}
	c := csv.NewReader(strings.NewReader(text))
	first, _, _ := strings.Cut(text, "\n")
	if strings.Count(first, ";") > strings.Count(first, ",") {
		c.Comma = ';'
	}
	c.FieldsPerRecord = -1
	head, err := c.Read()
	if err != nil {
		return whole("directory.import_no_heading", nil)
	}
	table, at := Table(), map[string]int{}
	for i, h := range head {
		h = strings.ToLower(strings.TrimSpace(h))
		if !table.Has(h) {
			return whole("directory.import_column", map[string]any{"Column": h})
		}
		at[h] = i
	}
	for _, need := range table.Required() {
		if _, ok := at[need]; !ok {
			return whole("directory.import_missing", map[string]any{"Column": need})
		}
	}
	for {
		rec, err := c.Read()
		if errors.Is(err, io.EOF) {
			return drafts, problems, nil
		}
		line, _ := c.FieldPos(0)
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			problems = append(problems, Problem{Line: broken.Line, Err: errs.InvalidFields(errs.Field{Name: "row", Rule: "csv", Key: "directory.import_row"})})
			continue
		}
		if err != nil {
			return nil, nil, errs.Wrap(errs.Internal, err)
		}
		if len(drafts)+len(problems) >= maxImport {
			return nil, nil, errs.New(errs.TooLarge, "")
		}
		d, err := draft(func(name string) string {
			if i, ok := at[name]; ok && i < len(rec) {
				return strings.TrimSpace(rec[i])
			}
			return ""
		})
		d.Line = line
		if err != nil {
			problems = append(problems, Problem{line, d.Code, err})
			continue
		}
		drafts = append(drafts, d)
	}
}

func draft(get func(string) string) (Draft, error) {
	d := Draft{ParentCode: get("parent"), Organisation: Organisation{Code: get("code"), Kind: Kind(get("kind")), Name: get("name"),
		NameEN: get("name_en"), ShortName: get("short_name"), ShortNameEN: get("short_name_en"),
		Territories: strings.Fields(get("territories"))}}
	var bad []errs.Field
	flag := func(name string, def bool) bool {
		switch strings.ToLower(get(name)) {
		case "":
			return def
		case "true", "1", "yes", "да":
			return true
		case "false", "0", "no", "нет":
			return false
		}
		bad = append(bad, errs.Field{Name: name, Rule: "unknown"})
		return def
	}
	d.Oversees, d.Active = flag("oversees", false), flag("active", true)
	if err := errs.InvalidFields(bad...); err != nil {
		return d, err
	}
	zone := get("zone")
	if zone == "" {
		zone = "Europe/Moscow"
	}
	week := calendar.OfficeWeek()
	if text := get("hours"); text != "" {
		w, err := ParseWeek(text)
		if err != nil {
			return d, err
		}
		week = w
	}
	h, err := calendar.NewHours(zone, week)
	d.Hours = h
	return d, err
}

// ParseWeek reads "1-5 09:00-13:00,14:00-18:00; 6 10:00-14:00"; 1 is Monday, 7 Sunday.
func ParseWeek(text string) (calendar.Week, error) {
	var w calendar.Week
	bad := errs.InvalidFields(errs.Field{Name: "hours", Rule: "form", Key: "directory.rule_hours"})
	for part := range strings.SplitSeq(text, ";") {
		days, hours, ok := strings.Cut(strings.TrimSpace(part), " ")
		if !ok {
			return w, bad
		}
		from, to, ranged := strings.Cut(days, "-")
		if !ranged {
			to = from
		}
		first, err1 := strconv.Atoi(from)
		last, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || first < 1 || last > 7 || first > last {
			return w, bad
		}
		var in []calendar.Interval
		for h := range strings.SplitSeq(hours, ",") {
			var i calendar.Interval
			if i.UnmarshalText([]byte(strings.TrimSpace(h))) != nil {
				return w, bad
			}
			in = append(in, i)
		}
		for d := first; d <= last; d++ {
			w[time.Weekday(d%7)] = in
		}
	}
	return w, nil
}

// WeekText writes hours in the form of [ParseWeek], days with the same hours together.
func WeekText(h calendar.Hours) string {
	day := func(d int) string {
		in := h.On(time.Weekday(d % 7))
		words := make([]string, len(in))
		for i, x := range in {
			words[i] = x.String()
		}
		return strings.Join(words, ",")
	}
	var parts []string
	for d := 1; d <= 7; {
		hours, last := day(d), d
		for last < 7 && day(last+1) == hours {
			last++
		}
		if hours != "" {
			days := strconv.Itoa(d)
			if last > d {
				days += "-" + strconv.Itoa(last)
			}
			parts = append(parts, days+" "+hours)
		}
		d = last + 1
	}
	return strings.Join(parts, "; ")
}
