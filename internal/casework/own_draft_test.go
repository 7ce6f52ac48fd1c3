package casework

import (
	"context"
	"errors"
	"slices"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Nobody approves what they wrote while another can; where nobody else is, the
// town hall of one still answers, and its history says so.
func TestNobodyApprovesTheirOwnDraft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		offered := func(who, n string) (may, own bool) {
			t.Helper()
			v, err := w.Read(t.Context(), w.who[who], n, "")
			if err != nil {
				t.Fatal(err)
			}
			return slices.ContainsFunc(v.Possible, func(r ActionRow) bool { return r.Code == Approve }), v.OwnDraft
		}
		submitted := func(who string, fact string) string {
			n := w.file("nina", fact)
			w.act(who, n, Accept, Input{})
			w.act(who, n, Take, Input{})
			w.act(who, n, Submit, Input{Comment: answerText})
			return n
		}
		reasons := func(n string) int64 {
			t.Helper()
			c, err := db.One(t.Context(), d, db.Int, `SELECT COUNT(*) FROM journal_fact WHERE kind='casework.approve' AND reason='no_other_approver' AND subject=$1`, w.mustLoad(n).ID)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		n := submitted("office", "yard.bench.broken")
		_, err := w.Act(t.Context(), w.who["office"], n, Approve, Input{})
		var e *errs.Error
		if !errors.As(err, &e) || e.Code != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != "approver" || e.Fields[0].Rule != "author" {
			t.Fatalf("the author approves: %v", err)
		}
		if may, own := offered("office", n); may || !own {
			t.Errorf("the author is offered it: %v, told why: %v", may, own)
		}
		if may, own := offered("olga", n); !may || own {
			t.Errorf("another is offered it: %v, told of a draft of hers: %v", may, own)
		}
		w.act("office", n, Rework, Input{Comment: "Уточню дату."})
		w.act("office", n, Submit, Input{Comment: answerText})
		w.act("olga", n, Approve, Input{})
		if c := reasons(n); c != 0 {
			t.Errorf("another's approval is marked %d times", c)
		}
		alone := submitted("lamps", "light.lamp.dark")
		if may, own := offered("lamps", alone); !may || own {
			t.Errorf("who is alone is offered it: %v, told not to: %v", may, own)
		}
		w.act("lamps", alone, Approve, Input{})
		if c := reasons(alone); c != 1 {
			t.Errorf("the approval of who is alone is marked %d times", c)
		}
		w.replays(alone)
		// Who holds the role and is away approves nothing.
		away := submitted("office", "yard.bench.broken")
		w.Service.offices = absentOffices{tests, w.who["olga"], w.who["office"]}
		if may, _ := offered("office", away); !may {
			t.Error("the other is away, and the author waits for them")
		}
		w.act("office", away, Approve, Input{})
	}, Migrations)
}

// absentOffices is the region where one officer is away and another isn't.
type absentOffices struct {
	region
	away, here policy.Actor
}

// Staff implements [Offices].
func (o absentOffices) Staff(context.Context, []id.ID) (map[id.ID][]Duty, error) {
	return map[id.ID][]Duty{tests.roads: {{Person: o.away.Person, Roles: o.away.Roles, Absent: true}, {Person: o.here.Person, Roles: o.here.Roles}}}, nil
}
