package casework

import (
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/policy"
)

// A coordinator who can't tell whose a report is asks its author; the case
// comes back to where it was asked from, by a reply, without one, and when the
// wait is over. The review clock stands meanwhile.
func TestCoordinatorAsksTheApplicant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.who["vera"] = policy.Actor{Person: id.New(), Organisation: tests.roads, Roles: []policy.Role{policy.Citizen, policy.Coordinator}}
		n := w.file("nina", "roads.surface.pothole")
		w.refused(errs.Conflict, "office", n, Ask, Input{Comment: "Где это?"}) // nobody has looked through it
		w.act("office", n, Accept, Input{})

		c := *w.act("vera", n, Ask, Input{Comment: "С какой стороны моста?"})
		if c.Stage != StageWaiting || c.PausedAt == 0 || c.WaitUntil == 0 || c.Handler != id.Nil {
			t.Fatalf("asked: %s, paused %d, handler %s", c.Stage, c.PausedAt, c.Handler)
		}
		for who, leads := range map[string]map[Action]Stage{"vera": {Resume: StageCoordination}, "nina": {Reply: StageCoordination}} {
			v, err := w.Read(t.Context(), w.who[who], n, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range v.Possible {
				if to, asked := leads[row.Code]; asked {
					delete(leads, row.Code)
					if got := v.possible(row).Stage; got != to {
						t.Errorf("%s: %s leads to %s", who, row.Code, got)
					}
				}
			}
			if len(leads) > 0 {
				t.Errorf("%s can't %v", who, leads)
			}
		}
		w.clock.Advance(48 * time.Hour)
		w.act("nina", n, Reply, Input{Comment: "Со стороны рынка."})
		if c = w.mustLoad(n); c.Stage != StageCoordination || c.PausedAt != 0 || c.ReviewDate != "2026-02-18" || c.StageDueAt == 0 || c.CameFrom != "" {
			t.Errorf("after the reply: %s until %s, paused %d, came from %q", c.Stage, c.ReviewDate, c.PausedAt, c.CameFrom)
		}
		if kind := w.toldLast(n)[w.who["vera"].Person]; kind != "replied_office" {
			t.Errorf("who asked is told %q of the reply", kind)
		}

		w.act("vera", n, Ask, Input{Comment: "А дом какой?"})
		if c = *w.act("vera", n, Resume, Input{}); c.Stage != StageCoordination {
			t.Errorf("without a reply: %s", c.Stage)
		}
		c = *w.act("vera", n, Ask, Input{Comment: "Ближе к какому дому?"})
		w.clock.Set(clock.FromMilli(c.WaitUntil).Add(time.Minute))
		if err := w.Ring(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		if c = w.mustLoad(n); c.Stage != StageCoordination || c.PausedAt != 0 {
			t.Errorf("when the wait is over: %s, paused %d", c.Stage, c.PausedAt)
		}

		w.act("vera", n, Assign, Input{Handler: w.who["timur"].Person})
		w.act("timur", n, Ask, Input{Comment: "Яма одна?"})
		w.act("nina", n, Reply, Input{Comment: "Одна."})
		if c = w.mustLoad(n); c.Stage != StageExecution || c.Handler != w.who["timur"].Person {
			t.Errorf("asked by the handler: %s with %s", c.Stage, c.Handler)
		}
		if told := w.toldLast(n); told[w.who["timur"].Person] != "replied_office" || told[w.who["vera"].Person] != "" {
			t.Errorf("of the reply to the handler are told %v", told)
		}
		w.replays(n)
	}, Migrations)
}

// toldLast tells who is told of the last step of a case, and what.
func (w *world) toldLast(number string) map[id.ID]string {
	w.t.Helper()
	out := map[id.ID]string{}
	for _, a := range w.lastTo(number) {
		if out[a.Person] != "" {
			w.t.Errorf("%s is told twice of the last step of %s", a.Person, number)
		}
		out[a.Person] = a.Kind
	}
	return out
}

// lastTo are those who are told of the last step of a case.
func (w *world) lastTo(number string) []Addressee {
	w.t.Helper()
	c := w.mustLoad(number)
	facts, err := journal.Of(w.t.Context(), w.db, c.ID, journal.Place{}, 200)
	if err != nil {
		w.t.Fatal(err)
	}
	last := facts[0]
	for _, f := range facts {
		if f.Version > last.Version {
			last = f
		}
	}
	st := Step{Fact: last.ID, Case: c.ID, Who: last.Person, Reason: last.Reason}
	if err := last.Decode(&st.Body); err != nil {
		w.t.Fatal(err)
	}
	st.Action = st.Body.Action
	told, err := w.Tell(w.t.Context(), []Step{st})
	if err != nil {
		w.t.Fatal(err)
	}
	return told[st.Fact]
}
