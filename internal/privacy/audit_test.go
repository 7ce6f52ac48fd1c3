package privacy

import (
	"strings"
	"testing"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Whatever the list of readings is narrowed by, an index leads to it in the
// order in which it is shown: nothing is read whole, nothing is sorted.
func TestAuditIsFoundByAnIndex(t *testing.T) {
	each(t, func(b bench) {
		if b.d.Engine() != db.SQLite {
			b.Skip("PostgreSQL plans by what the table holds")
		}
		org, person, thing := id.New(), id.New(), id.New()
		for _, c := range []struct {
			org   id.ID
			f     AuditFilter
			index string
		}{
			{id.Nil, AuditFilter{}, "sqlite_autoindex_privacy_read_1"},
			{id.Nil, AuditFilter{What: policy.CaseworkRead, Until: start}, "sqlite_autoindex_privacy_read_1"},
			{id.Nil, AuditFilter{Person: person}, "privacy_read_person"},
			{id.Nil, AuditFilter{Thing: thing}, "privacy_read_thing"},
			{id.Nil, AuditFilter{Thing: thing, Person: person, What: policy.CaseworkRead}, "privacy_read_thing"},
			{org, AuditFilter{}, "privacy_read_organisation"},
			{org, AuditFilter{Person: person}, "privacy_read_person"},
			{org, AuditFilter{Thing: thing, Until: start}, "privacy_read_thing"},
		} {
			for _, p := range []Page{{N: 50}, {N: 50, At: start.Add(time.Hour), ID: id.New()}} {
				text, args := auditQuery(c.org, c.f, p)
				plan, err := db.All(ctx, b.d, func(s db.Scanner) (string, error) {
					var x, y, z int64
					var what string
					err := s.Scan(&x, &y, &z, &what)
					return what, err
				}, "EXPLAIN QUERY PLAN "+text, args...)
				b.must(err)
				all := strings.Join(plan, "; ")
				whole := strings.HasPrefix(all, "SCAN") && !(c.index == "sqlite_autoindex_privacy_read_1" && p.At.IsZero())
				if !strings.Contains(all, c.index+" ") && !strings.HasSuffix(all, c.index) || strings.Contains(all, "TEMP B-TREE") || whole {
					b.Errorf("%+v: %s", c.f, all)
				}
			}
		}
	})
}
