package casework

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// walk reads the lists of many organisations as one, by deadline. No index
// holds a territory's cases in that order; but each organisation's own in it
// lie so, in one index or another. The organisations of the territory are
// found by leaps through an index, the first row of each is looked up, and a
// page is merged from as many of them as it has rows: no other can hold one.
type walk struct {
	engine      db.Engine
	territories []string
	alone       bool   // a span is an organisation, not one in a territory
	path        []cond // a span, as an index holds it
	rest        []cond // what that index doesn't hold
}

// cond writes a condition over the list as i, for the territory t and the
// organisation o.
type cond func(q *query, t, o string) string

// query is a text in the making.
type query struct{ args []any }

func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

func fixed(text string) cond { return func(*query, string, string) string { return text } }

func value(column, compare string, v any) cond {
	return func(q *query, _, _ string) string { return column + compare + q.arg(v) }
}

func all(conds []cond, q *query, t, o string) string {
	parts := []string{"1=1"}
	for _, c := range conds {
		parts = append(parts, c(q, t, o))
	}
	return strings.Join(parts, " AND ")
}

// walkOf chooses the index by the filters.
func (s *Service) walkOf(org id.ID, territories []string, f InboxFilter) *walk {
	w := &walk{engine: s.db.Engine(), territories: territories}
	bucket := f.Bucket
	if f.Stage != "" {
		bucket = bucketOf(f.Stage)
	}
	held := value("i.bucket", "=", bucket)
	for _, by := range []struct {
		given bool
		path  []cond
	}{
		{f.Handler != id.Nil, []cond{value("i.handler_id", "=", f.Handler), held}},
		{f.Free, []cond{fixed("i.handler_id IS NULL"), held}},
		{f.Stage != "", []cond{value("i.stage", "=", f.Stage)}}, // it says its bucket
		{f.Category != "", []cond{value("i.category", "=", f.Category), held}},
	} {
		switch {
		case !by.given:
		case w.alone:
			w.rest = append(w.rest, by.path[0])
		default:
			w.alone, w.path = true, by.path
		}
	}
	if w.alone {
		w.path = append(w.path, func(_ *query, _, o string) string { return "i.organisation_id=" + o })
		w.rest = append(w.rest, func(q *query, _, _ string) string {
			text, args := policy.Scope{Territories: territories}.SQL(w.engine, policy.Columns{Territory: "i.territory"}, len(q.args)+1)
			q.args = append(q.args, args...)
			return text
		})
	} else {
		w.path = []cond{func(_ *query, t, o string) string { return "i.territory=" + t + " AND i.organisation_id=" + o }, held}
	}
	now, midnight := s.today(org)
	after, until := value("i.due_at", ">", clock.Milli(now)), clock.Milli(now)
	switch f.Deadline {
	case "":
		return w
	case "today":
		w.path, until = append(w.path, after), clock.Milli(midnight)
	case "week":
		w.path, until = append(w.path, after), clock.Milli(midnight.AddDate(0, 0, 7))
	}
	w.path = append(w.path, value("i.due_at", "<=", until))
	if bucket != 0 { // a term that has ended is neither late nor near
		w.path = append(w.path, fixed("1=0"))
	}
	return w
}

// spans finds the organisations that hold something in the territories.
func (w *walk) spans(q *query) string {
	reach := make([]string, len(w.territories))
	for i, t := range w.territories {
		reach[i] = "(CAST(" + q.arg(t) + " AS TEXT))"
	}
	span := "SELECT t, o FROM leap WHERE o IS NOT NULL"
	if w.alone {
		span = "SELECT DISTINCT CAST('' AS TEXT) AS t, o FROM leap WHERE o IS NOT NULL"
	}
	return `WITH RECURSIVE reach(t) AS (VALUES ` + strings.Join(reach, ", ") + `), leap(t, o) AS (
		SELECT t, (SELECT i.organisation_id FROM casework_inbox i WHERE i.territory=reach.t ORDER BY i.organisation_id LIMIT 1) FROM reach
		UNION ALL
		SELECT t, (SELECT i.organisation_id FROM casework_inbox i WHERE i.territory=leap.t AND i.organisation_id>leap.o
			ORDER BY i.organisation_id LIMIT 1) FROM leap WHERE o IS NOT NULL), span AS (` + span + `)`
}

// key is a row of the list that was looked at.
type key struct {
	Mark
	fits bool
}

// span is where the walk finds rows in their order.
type span struct {
	territory string
	org       id.ID
}

// next looks at n rows after a mark.
func (w *walk) next(ctx context.Context, d *db.DB, after Mark, n int) ([]key, error) {
	text, args := w.heads(after, n)
	spans, err := db.All(ctx, d.Planned(), func(r db.Scanner) (p span, err error) {
		return p, r.Scan(&p.territory, db.ScanID(&p.org))
	}, text, args...)
	if err != nil || len(spans) == 0 {
		return nil, err
	}
	text, args = w.merged(spans, after, n)
	return db.All(ctx, d.Planned(), func(r db.Scanner) (k key, err error) {
		var fits int64
		err = r.Scan(&k.At, db.ScanID(&k.ID), &fits)
		k.fits = fits == 1
		return k, err
	}, text, args...)
}

func (m Mark) before(q *query) string {
	return "(i.due_at, i.case_id) > (" + q.arg(m.At) + ", " + q.arg(m.ID) + ")"
}

// heads asks for the spans in which the first n rows after a mark lie.
func (w *walk) heads(after Mark, n int) (string, []any) {
	var q query
	text := fmt.Sprintf(`%s, head AS MATERIALIZED (SELECT t, o, (SELECT i.case_id FROM casework_inbox i WHERE %s AND %s ORDER BY i.due_at, i.case_id LIMIT 1) AS c FROM span)
		SELECT t, o FROM head WHERE c IS NOT NULL
		ORDER BY (SELECT i.due_at FROM casework_inbox i WHERE i.organisation_id=head.o AND i.case_id=head.c), c LIMIT %d`, w.spans(&q), all(w.path, &q, "span.t", "span.o"), after.before(&q), n)
	return text, q.args
}

// merged asks for the first n rows of spans after a mark.
func (w *walk) merged(spans []span, after Mark, n int) (string, []any) {
	var q query
	parts := make([]string, len(spans))
	for i, p := range spans {
		t := ""
		if !w.alone {
			t = q.arg(p.territory)
		}
		parts[i] = fmt.Sprintf(`SELECT * FROM (SELECT i.due_at, i.case_id, CASE WHEN %s THEN 1 ELSE 0 END AS fits FROM casework_inbox i
			WHERE %s AND %s ORDER BY i.due_at, i.case_id LIMIT %d) p%d`, all(w.rest, &q, t, ""), all(w.path, &q, t, q.arg(p.org)), after.before(&q), n, i)
	}
	return fmt.Sprintf(`SELECT due_at, case_id, fits FROM (%s) merged ORDER BY due_at, case_id LIMIT %d`, strings.Join(parts, " UNION ALL "), n), q.args
}

// count counts the rows on the path, up to CountLimit and one.
func (w *walk) count(ctx context.Context, d *db.DB) (int64, error) {
	var q query
	spans := w.spans(&q)
	from := "CROSS JOIN casework_inbox i WHERE %s LIMIT %d" // SQLite keeps that order
	if w.engine == db.Postgres {
		from = "CROSS JOIN LATERAL (SELECT 1 FROM casework_inbox i WHERE %s LIMIT %[2]d) x LIMIT %[2]d"
	}
	return db.One(ctx, d.Planned(), db.Int, spans+" SELECT COUNT(*) FROM (SELECT 1 FROM span "+
		fmt.Sprintf(from, all(w.path, &q, "span.t", "span.o"), CountLimit+1)+") counted", q.args...)
}
