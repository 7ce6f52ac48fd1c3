package privacy

import (
	"context"
	"strconv"
	"strings"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// AuditFilter narrows [Service.Audited]; a zero field narrows nothing.
type AuditFilter struct {
	Person id.ID         // who read
	What   policy.Action // what was read
	Thing  id.ID         // the case
	Until  time.Time     // before this moment
}

// Audited lists what an organisation's officers read, newest first, narrowed;
// of every organisation and of the program's operator where org is Nil, which
// is for the region's administrator alone. A person who reads for themselves,
// as one who joined a case, is in nobody's list.
func (s *Service) Audited(ctx context.Context, a policy.Actor, org id.ID, f AuditFilter, p Page) (list []Record, more bool, err error) {
	if _, err := policy.Check(a, policy.PrivacyAudit, policy.Object{Organisation: org}); err != nil {
		return nil, false, err
	}
	if p.N <= 0 || p.N > 200 {
		p.N = 50
	}
	text, args := auditQuery(org, f, p)
	list, err = db.All(ctx, s.db, scan, text, args...)
	if err == nil && len(list) > p.N {
		list, more = list[:p.N], true
	}
	return list, more, err
}

// auditQuery is the statement of [Service.Audited]. One condition leads, the
// narrowest: the case, else who read, else the organisation; each has an index in
// the order of the list. Of all there is none: ids are in the order of time, and
// one that begins long ago is looked for from now on. The other conditions are
// written so that no planner takes an index for them.
func auditQuery(org id.ID, f AuditFilter, p Page) (text string, args []any) {
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	var where []string
	equal := func(column string, v id.ID) {
		cond := column + ` = ` + arg(v)
		if len(where) > 0 {
			cond = `(` + cond + `) IS TRUE`
		}
		where = append(where, cond)
	}
	if f.Thing != id.Nil {
		equal("thing", f.Thing)
	}
	if f.Person != id.Nil {
		equal("person", f.Person)
	}
	if org != id.Nil {
		equal("organisation", org)
	} else {
		where = append(where, `(organisation IS NOT NULL OR person IS NULL) IS TRUE`)
	}
	if f.What != "" {
		where = append(where, `what = `+arg(string(f.What)))
	}
	if !f.Until.IsZero() {
		where = append(where, `at < `+arg(clock.Milli(f.Until)))
	}
	order := `at DESC, id DESC`
	switch all := org == id.Nil && f.Thing == id.Nil && f.Person == id.Nil; {
	case all && !p.At.IsZero():
		where, order = append(where, `id < `+arg(p.ID)), `id DESC`
	case all:
		order = `id DESC`
	case !p.At.IsZero():
		where = append(where, `(at, id) < (`+arg(clock.Milli(p.At))+`, `+arg(p.ID)+`)`)
	}
	return `SELECT ` + columns + ` FROM privacy_read WHERE ` + strings.Join(where, ` AND `) + ` ORDER BY ` + order + ` LIMIT ` + arg(p.N+1), args
}
