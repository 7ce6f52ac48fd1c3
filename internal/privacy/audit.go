package privacy

import (
	"context"
	"strconv"
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

// Audited lists what an organisation's officers read, newest first, narrowed.
func (s *Service) Audited(ctx context.Context, a policy.Actor, org id.ID, f AuditFilter, p Page) (list []Record, more bool, err error) {
	if _, err := policy.Check(a, policy.PrivacyAudit, policy.Object{Organisation: org}); err != nil {
		return nil, false, err
	}
	if p.N <= 0 || p.N > 200 {
		p.N = 50
	}
	args := []any{org}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := `organisation = $1`
	if f.Person != id.Nil {
		where += ` AND person = ` + arg(f.Person)
	}
	if f.What != "" {
		where += ` AND what = ` + arg(string(f.What))
	}
	if f.Thing != id.Nil {
		where += ` AND thing = ` + arg(f.Thing)
	}
	if !f.Until.IsZero() {
		where += ` AND at < ` + arg(clock.Milli(f.Until))
	}
	if !p.At.IsZero() {
		where += ` AND (at, id) < (` + arg(clock.Milli(p.At)) + `, ` + arg(p.ID) + `)`
	}
	list, err = db.All(ctx, s.db, scan, `SELECT `+columns+` FROM privacy_read WHERE `+where+` ORDER BY at DESC, id DESC LIMIT `+arg(p.N+1), args...)
	if err == nil && len(list) > p.N {
		list, more = list[:p.N], true
	}
	return list, more, err
}
