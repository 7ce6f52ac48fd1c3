package casework

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// PublicFilter narrows the public reports. Empty: all of the region.
type PublicFilter struct {
	Ranges   []CellRange // spans of cells; empty: everywhere
	Category string      // code of a category; empty: all
	Open     bool        // only those on which work goes on
}

// publicWindows is how many windows of [crowded] reports one page looks
// through before it hands on: pages of rare things on crowded ground may be
// short though there is a next one.
const publicWindows = 5

// PublicPage lists public reports, the newest first, n at most, that are older
// than the report after (Nil: from the newest). next is where the following
// page begins, Nil at the end.
func (s *Service) PublicPage(ctx context.Context, actor policy.Actor, f PublicFilter, after id.ID, n int) (rows []Public, next id.ID, err error) {
	if _, err := policy.Check(actor, policy.CaseworkPublicRead, policy.Object{Public: true}); err != nil {
		return nil, id.Nil, err
	}
	if after == id.Nil {
		after = lastID
	}
	direct := len(f.Ranges) == 0 && f.Category == "" && !f.Open
	if len(f.Ranges) > 0 {
		q := publicQuery{}
		there, err := db.One(ctx, s.db, db.Int, q.count(f.Ranges), q.args...)
		if err != nil || there == 0 {
			return nil, id.Nil, err
		}
		direct = there <= crowded
	}
	if direct {
		q := publicQuery{category: f.Category, openOnly: f.Open}
		rows, err := s.publicAll(ctx, q.page(f.Ranges, after, n+1), q.args)
		if err != nil || len(rows) <= n {
			return rows, id.Nil, err
		}
		return rows[:n], rows[n-1].ID, nil
	}
	for range publicWindows {
		q := publicQuery{category: f.Category, openOnly: f.Open}
		end, err := s.windowEnd(ctx, after)
		if err != nil {
			return nil, id.Nil, err
		}
		found, err := s.publicAll(ctx, fmt.Sprintf("SELECT %s FROM casework_case WHERE id<%s AND id>=%s AND %s ORDER BY id DESC LIMIT %d",
			caseColumns, q.arg(after), q.arg(end), q.inside(f), n-len(rows)+1), q.args)
		if err != nil {
			return nil, id.Nil, err
		}
		if rows = append(rows, found...); len(rows) > n {
			return rows[:n], rows[n-1].ID, nil
		}
		if end == id.Nil {
			return rows, id.Nil, nil
		}
		after = end
	}
	return rows, after, nil
}

// lastID lies after every id that is given.
var lastID = id.ID{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// windowEnd is the id at the end of the next [crowded] reports before one; Nil: there are none.
func (s *Service) windowEnd(ctx context.Context, before id.ID) (id.ID, error) {
	ends, err := db.All(ctx, s.db, func(r db.Scanner) (end id.ID, err error) { return end, r.Scan(&end) },
		fmt.Sprintf("SELECT id FROM (SELECT id FROM casework_case WHERE id<$1 ORDER BY id DESC LIMIT %d) w ORDER BY id LIMIT 1", crowded), before)
	if err != nil || len(ends) == 0 {
		return id.Nil, err
	}
	return ends[0], nil
}

// inside is what a filter asks for, in the words of SQL.
func (q *publicQuery) inside(f PublicFilter) string {
	cond := q.where()
	if len(f.Ranges) > 0 {
		parts := make([]string, len(f.Ranges))
		for i, r := range f.Ranges {
			parts[i] = q.in(r)
		}
		cond += " AND (" + strings.Join(parts, " OR ") + ")"
	}
	return cond
}

// publicMoment is how long counts of the public map are remembered.
const publicMoment = time.Minute

// CellCount is how many public reports lie in a cell of a grid.
type CellCount struct{ Cell, Count int64 }

// PublicCells counts public reports by the cells of a grid that the ranges
// touch, each cell whole. shift names the grid: a stored cell shifted by so many
// bits is the grid's cell. The count is of the database, from an index alone,
// and remembered for [publicMoment].
func (s *Service) PublicCells(ctx context.Context, actor policy.Actor, ranges []CellRange, category string, shift uint) ([]CellCount, error) {
	if _, err := policy.Check(actor, policy.CaseworkPublicRead, policy.Object{Public: true}); err != nil {
		return nil, err
	}
	ranges = whole(ranges, shift)
	if len(ranges) == 0 {
		return nil, nil
	}
	return s.cells.Get(fmt.Sprint(ranges, category, shift), func() ([]CellCount, error) {
		q := publicQuery{category: category}
		parts := make([]string, len(ranges))
		for i, r := range ranges {
			parts[i] = fmt.Sprintf("SELECT cell >> %d AS name, COUNT(*) AS n FROM casework_case WHERE %s AND %s GROUP BY cell >> %d", shift, q.in(r), q.where(), shift)
		}
		return db.All(ctx, s.db, func(r db.Scanner) (c CellCount, err error) { return c, r.Scan(&c.Cell, &c.Count) },
			strings.Join(parts, " UNION ALL "), q.args...)
	})
}

// whole widens ranges to whole cells of a grid and joins those that touch.
func whole(ranges []CellRange, shift uint) []CellRange {
	var out []CellRange
	for _, r := range sortedRanges(ranges) {
		r = CellRange{r.Min >> shift << shift, r.Max>>shift<<shift | (1<<shift - 1)}
		if n := len(out); n > 0 && r.Min <= out[n-1].Max {
			out[n-1].Max = max(out[n-1].Max, r.Max)
			continue
		}
		out = append(out, r)
	}
	return out
}

func sortedRanges(ranges []CellRange) []CellRange {
	out := slices.Clone(ranges)
	slices.SortFunc(out, func(a, b CellRange) int { return cmp.Compare(a.Min, b.Min) })
	return out
}

// LatestPublic lists n public reports of the region for its first page, the
// newest first: of the latest, one of a topic while there are enough topics,
// and up to half of them with a picture that was released. Their Attachments
// are that picture alone.
func (s *Service) LatestPublic(ctx context.Context, actor policy.Actor, n int) ([]Public, error) {
	// Reports in moderation and hidden ones are few beside the rest: the walk
	// down the key is short.
	const choice = 8
	rows, _, err := s.PublicPage(ctx, actor, PublicFilter{}, id.Nil, n*choice)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if err := s.addPictures(ctx, rows); err != nil {
		return nil, err
	}
	var out []Public
	taken, topics := map[id.ID]bool{}, map[string]bool{}
	take := func(upTo int, fits func(*Public) bool) {
		for i := range rows {
			if p := &rows[i]; len(out) < upTo && !taken[p.ID] && fits(p) {
				out, taken[p.ID], topics[p.Fact] = append(out, *p), true, true
			}
		}
	}
	take(n/2, func(p *Public) bool { return len(p.Attachments) > 0 && !topics[p.Fact] })
	take(n, func(p *Public) bool { return !topics[p.Fact] })
	take(n, func(*Public) bool { return true })
	slices.SortFunc(out, func(a, b Public) int { return bytes.Compare(b.ID[:], a.ID[:]) })
	return out, nil
}

// addPictures gives each of the reports the first picture that was released of it.
func (s *Service) addPictures(ctx context.Context, rows []Public) error {
	type found struct {
		report id.ID
		file   Attachment
	}
	args, at := []any{ForAnyone}, map[id.ID]*Public{}
	for i := range rows {
		args, at[rows[i].ID] = append(args, rows[i].ID), &rows[i]
	}
	marks := strings.TrimPrefix(placeholders(len(args)), "$1,")
	list, err := db.All(ctx, s.db, func(r db.Scanner) (f found, err error) {
		return f, r.Scan(db.ScanID(&f.report), &f.file.N, &f.file.Kind)
	}, `SELECT case_id, n, kind FROM casework_attachment WHERE reader=$1 AND case_id IN (`+marks+`) ORDER BY case_id, n`, args...)
	if err != nil {
		return err
	}
	for _, f := range list {
		if p := at[f.report]; f.file.picture() && len(p.Attachments) == 0 {
			p.Attachments = []Attachment{f.file}
		}
	}
	return nil
}

// thumb is the address of its small picture; empty: none was released.
func (p *Public) thumb() string {
	if len(p.Attachments) == 0 {
		return ""
	}
	return fileURL(p.Number, p.Attachments[0].N, "thumb")
}
