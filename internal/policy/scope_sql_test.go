package policy

import (
	"context"
	"slices"
	"strings"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
)

// TestScopeSQLAgreesWithCheck stores a thing for every relation and reads them
// back through each role's scope: the rows are those that one by one would be granted.
func TestScopeSQLAgreesWithCheck(t *testing.T) {
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(db.Do(ctx, d, db.People, func(tx *db.Tx) error {
			_, err := tx.Exec(`CREATE TABLE policy_thing (name TEXT PRIMARY KEY, owner UUID, member UUID, org UUID, territory TEXT, open BOOLEAN)`)
			return err
		}))
		must(db.Do(ctx, d, db.People, func(tx *db.Tx) error {
			for _, rel := range Relations() {
				o := standing(rel)
				member := stranger
				if len(o.Participants) > 0 {
					member = me
				}
				tx.Queue(`INSERT INTO policy_thing VALUES ($1, $2, $3, $4, $5, $6)`, string(rel), o.Owner, member, o.Organisation, o.Territory, o.Public)
			}
			return nil
		}))
		columns := Columns{Owner: "owner", Participant: "member", Organisation: "org", Territory: "territory", Public: "open"}
		for _, a := range []Action{CaseworkList, CaseworkMine, CaseworkRead, CaseworkPublicRead, DirectoryOfficers} {
			for _, role := range roles {
				actor := actorIn(role)
				s, err := ScopeOf(actor, a)
				cond, args := s.SQL(d.Engine(), columns, 2)
				got, err2 := db.All(ctx, d, db.Text, `SELECT name FROM policy_thing WHERE name <> $1 AND `+cond+` ORDER BY name`, append([]any{"x"}, args...)...)
				must(err2)
				var want []string
				for _, rel := range Relations() {
					if err == nil && contains(s, standing(rel)) {
						want = append(want, string(rel))
					}
				}
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Errorf("%s as %s: %s %v\n got %v\nwant %v", a, role, cond, args, got, want)
				}
			}
		}
		// A store without a column shows nothing of that part.
		s, err := ScopeOf(actorIn(Supervisor), CaseworkList)
		must(err)
		if cond, args := s.SQL(d.Engine(), Columns{}, 1); cond != "FALSE" || args != nil {
			t.Errorf("without columns: %s %v", cond, args)
		}
		if cond, _ := (Scope{Organisations: []id.ID{myOrg}}).SQL(d.Engine(), columns, 1); !strings.Contains(cond, "org = $1") {
			t.Errorf("one organisation: %s", cond)
		}
		if cond, _ := (Scope{}).SQL(d.Engine(), columns, 1); cond != "FALSE" {
			t.Errorf("nothing: %s", cond)
		}
	})
}
