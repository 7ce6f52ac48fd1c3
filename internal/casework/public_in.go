package casework

import (
	"context"
	"fmt"
	"strings"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// CellRange is a span of S2 cells that covers a piece of the ground.
type CellRange struct{ Min, Max int64 }

// crowded is how many reports a piece of ground may have before only the
// newest of all are looked through: a map of a city shows a few hundred of
// them, however many there are.
const crowded = 3000

// PublicIn lists public reports whose cells lie in the ranges, the newest
// first in each, of one category where it is given; at most limit of each
// range. Of a crowded piece of ground it lists those among the newest reports
// of the region.
func (s *Service) PublicIn(ctx context.Context, actor policy.Actor, ranges []CellRange, category string, openOnly bool, limit int) ([]Public, error) {
	if _, err := policy.Check(actor, policy.CaseworkPublicRead, policy.Object{Public: true}); err != nil {
		return nil, err
	}
	if len(ranges) == 0 {
		return nil, nil
	}
	q := publicQuery{category: category, openOnly: openOnly, limit: limit}
	if !openOnly { // open reports have an index of their own and are few
		n, err := db.One(ctx, s.db, db.Int, q.count(ranges), q.args...)
		if err != nil {
			return nil, err
		}
		q.args = nil
		if n > crowded {
			return s.publicAll(ctx, q.newest(ranges), q.args)
		}
	}
	return s.publicAll(ctx, q.each(ranges), q.args)
}

func (s *Service) publicAll(ctx context.Context, text string, args []any) ([]Public, error) {
	all, err := db.All(ctx, s.db, scanCase, text, args...)
	if err != nil {
		return nil, err
	}
	out := make([]Public, len(all))
	for i := range all {
		out[i] = *s.publicOf(&all[i])
	}
	return out, nil
}

// publicQuery writes the queries of [Service.PublicIn].
type publicQuery struct {
	category string
	openOnly bool
	limit    int
	args     []any
}

func (q *publicQuery) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + itoa(len(q.args))
}

func (q *publicQuery) in(r CellRange) string {
	return "cell BETWEEN " + q.arg(r.Min) + " AND " + q.arg(r.Max)
}

// where is what strangers may see. Its open part stands word by word in the
// condition of an index.
func (q *publicQuery) where() string {
	cond := "hidden=FALSE AND stage<>'moderation' AND outcome NOT IN ('rejected','withdrawn','merged','split','archived')"
	if q.openOnly {
		cond += " AND stage NOT IN ('answered','closed')"
	}
	if q.category != "" { // not LIKE: SQLite prepares such a statement anew for every value
		cond += fmt.Sprintf(" AND SUBSTR(fact, 1, %d)=%s", len(q.category)+1, q.arg(q.category+"."))
	}
	return cond
}

func (q *publicQuery) count(ranges []CellRange) string {
	parts := make([]string, len(ranges))
	for i, r := range ranges {
		parts[i] = fmt.Sprintf("SELECT 1 FROM (SELECT 1 FROM casework_case WHERE %s AND %s LIMIT %d) x", q.in(r), q.where(), crowded+1)
	}
	return "SELECT COUNT(*) FROM (" + strings.Join(parts, " UNION ALL ") + ") y"
}

// page is the newest reports before one. What lies in the ranges is found by
// their index: a planner would rather walk through all reports of the region
// by the order that is asked for.
func (q *publicQuery) page(ranges []CellRange, before id.ID, n int) string {
	if len(ranges) == 0 {
		return fmt.Sprintf("SELECT %s FROM casework_case WHERE %s AND id<%s ORDER BY id DESC LIMIT %d", caseColumns, q.where(), q.arg(before), n)
	}
	parts := make([]string, len(ranges))
	for i, r := range ranges {
		parts[i] = fmt.Sprintf("SELECT id FROM casework_case WHERE %s AND %s", q.in(r), q.where())
	}
	cond := "id IN (" + strings.Join(parts, " UNION ALL ") + ")"
	return fmt.Sprintf("SELECT %s FROM casework_case WHERE %s AND id<%s ORDER BY id DESC LIMIT %d", caseColumns, cond, q.arg(before), n)
}

func (q *publicQuery) each(ranges []CellRange) string {
	parts := make([]string, len(ranges))
	for i, r := range ranges {
		parts[i] = fmt.Sprintf("SELECT * FROM (SELECT %s FROM casework_case WHERE %s AND %s ORDER BY id DESC LIMIT %d) x", caseColumns, q.in(r), q.where(), q.limit)
	}
	return strings.Join(parts, " UNION ALL ")
}

func (q *publicQuery) newest(ranges []CellRange) string {
	parts := make([]string, len(ranges))
	for i, r := range ranges {
		parts[i] = q.in(r)
	}
	return fmt.Sprintf(`SELECT %s FROM (SELECT id AS found FROM (SELECT id, cell, hidden, stage, outcome, fact FROM casework_case ORDER BY id DESC LIMIT %d) y
		WHERE (%s) AND %s) x JOIN casework_case c ON c.id=x.found ORDER BY c.id DESC LIMIT %d`, prefixed("c", caseColumns), crowded,
		strings.Join(parts, " OR "), q.where(), q.limit*len(ranges))
}
