package casework

import (
	"slices"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/policy"
)

// tellsOffice says who of an office is told of the last fact of a case, by
// name, and what.
func (w *world) tellsOffice(number string) (who []string, kind string) {
	w.t.Helper()
	c := w.mustLoad(number)
	facts, err := journal.Of(w.t.Context(), w.db, c.ID, journal.Place{}, 200)
	if err != nil {
		w.t.Fatal(err)
	}
	f := facts[len(facts)-1]
	step := Step{Fact: f.ID, Case: f.Subject, Who: f.Person, Action: Action(strings.TrimPrefix(f.Kind, "casework.")), Reason: f.Reason}
	if err := f.Decode(&step.Body); err != nil {
		w.t.Fatal(err)
	}
	told, err := w.Tell(w.t.Context(), []Step{step})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range told[f.ID] {
		if a.Office == id.Nil {
			continue
		}
		kind = a.Kind
		for name, p := range w.who {
			if p.Person == a.Person {
				who = append(who, name)
			}
		}
	}
	slices.Sort(who)
	return who, kind
}

func (w *world) told(number, kind string, who ...string) {
	w.t.Helper()
	if got, what := w.tellsOffice(number); what != kind || !slices.Equal(got, who) {
		w.t.Errorf("%q is told to %v, want %q to %v", what, got, kind, who)
	}
}

// A case that nobody has isn't forgotten: what happens to it is told to those
// whose role its stage is, and where there are none, to whoever answers for
// the house.
func TestWhatNobodyHasIsToldToTheStage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		delete(w.who, "office")
		add := func(name string, org id.ID, roles ...policy.Role) {
			w.who[name] = policy.Actor{Person: id.New(), Organisation: org, Roles: append(roles, policy.Citizen)}
		}
		add("mila", tests.roads, policy.Moderator)
		add("kira", tests.roads, policy.Coordinator)
		add("klim", tests.roads, policy.Coordinator)
		add("boss", tests.roads, policy.Supervisor)
		late := func(n string) {
			t.Helper()
			c := w.mustLoad(n)
			w.clock.Set(clock.FromMilli(max(c.StageDueAt, c.ReviewAt)).Add(time.Minute))
			if err := w.Ring(t.Context(), c.ID); err != nil {
				t.Fatal(err)
			}
		}
		n := w.file("nina", "yard.bench.broken")
		w.told(n, "")
		late(n)
		w.told(n, "review_late_office", "mila")

		n = w.file("nina", "yard.bench.broken")
		w.act("mila", n, Accept, Input{})
		late(n)
		w.told(n, "review_late_office", "kira", "klim")

		n = w.file("nina", "yard.bench.broken")
		w.act("mila", n, Accept, Input{})
		w.act("timur", n, Take, Input{})
		late(n)
		w.told(n, "review_late_office", "timur")

		n = w.file("oleg", "light.lamp.dark") // filed with the others, brought here
		w.act("lamps", n, Accept, Input{})
		w.act("lamps", n, Redirect, Input{Organisation: tests.roads, Comment: "Это дорога."})
		w.told(n, "redirected_office", "kira", "klim")
		w.act("timur", n, Take, Input{})
		w.act("timur", n, Submit, Input{Comment: answerText})
		w.act("olga", n, Approve, Input{})
		w.act("oleg", n, Rate, Input{Mark: 2, Solved: "no", Reopen: true, Reason: "not_done", Comment: "Всё так же темно."})
		w.told(n, "reopened_office", "kira", "klim")

		delete(w.who, "kira")
		w.told(n, "reopened_office", "klim")
		delete(w.who, "klim")
		w.told(n, "reopened_office", "boss")
		delete(w.who, "boss")
		w.told(n, "reopened_office", "mila", "olga", "timur")
	}, Migrations)
}

func TestWhoIsAbsentIsToldLast(t *testing.T) {
	a, b, chief := id.New(), id.New(), id.New()
	coordinator := []policy.Role{policy.Coordinator, policy.Moderator}
	admin := []policy.Role{policy.OrgAdmin}
	for _, x := range []struct {
		what  string
		staff []Duty
		want  []id.ID
	}{
		{"both are there", []Duty{{a, coordinator, false}, {b, coordinator, false}, {chief, admin, false}}, []id.ID{a, b}},
		{"one is away", []Duty{{a, coordinator, true}, {b, coordinator, false}, {chief, admin, false}}, []id.ID{b}},
		{"both are away", []Duty{{a, coordinator, true}, {b, coordinator, true}, {chief, admin, false}}, []id.ID{chief}},
		{"all are away", []Duty{{a, coordinator, true}, {chief, admin, true}}, []id.ID{a}},
		{"nobody has the role", []Duty{{a, []policy.Role{policy.Handler}, false}, {chief, admin, true}}, []id.ID{chief}},
	} {
		if got := OnDuty(x.staff, policy.Coordinator); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v", x.what, got)
		}
	}
}
