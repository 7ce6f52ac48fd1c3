package casework

import (
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Who leaves leaves nothing behind: open cases stand where they stood, nobody
// has them, and a coordinator gives each to another from wherever it stands.
func TestWhoLeavesGivesTheCasesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		at := map[Stage]string{}
		for _, stage := range []Stage{StageExecution, StageWaiting, StageApproval, StageDeferred, StageAnswered} {
			n := w.file("nina", "yard.bench.broken")
			at[stage] = n
			w.act("office", n, Accept, Input{})
			w.act("timur", n, Take, Input{})
			switch stage {
			case StageWaiting:
				w.act("timur", n, Ask, Input{Comment: "Какая именно скамейка?"})
			case StageApproval:
				w.act("timur", n, Submit, Input{Comment: answerText})
			case StageDeferred:
				w.act("timur", n, Defer, Input{Comment: "Заменим скамейку до конца апреля.", PlanDate: "2026-04-30"})
				w.act("olga", n, Approve, Input{})
			case StageAnswered:
				w.act("timur", n, Submit, Input{Comment: answerText})
				w.act("olga", n, Approve, Input{})
			}
		}
		gone := w.who["timur"]
		if n, err := w.Held(t.Context(), tests.roads, gone.Person); err != nil || n != 4 {
			t.Fatalf("holds %d open cases, %v", n, err)
		}
		g := Gone{Organisation: tests.roads, Person: gone.Person}
		vacate := func() {
			t.Helper()
			if more, err := w.Vacate(t.Context(), g); err != nil || more {
				t.Fatalf("more %v, %v", more, err)
			}
		}
		vacate() // still works there
		if c := w.mustLoad(at[StageExecution]); c.Handler != gone.Person {
			t.Fatal("taken from one who works there")
		}
		delete(w.who, "timur")
		vacate()
		versions := map[string]int64{}
		for stage, n := range at {
			c := w.mustLoad(n)
			versions[n] = c.Version
			if c.Stage != stage || (c.Handler != id.Nil) != (stage == StageAnswered) {
				t.Errorf("%s: stands at %s, handler %s", stage, c.Stage, c.Handler)
			}
			w.replays(n)
		}
		vacate()
		for stage, n := range at {
			if c := w.mustLoad(n); c.Version != versions[n] {
				t.Errorf("%s: a second run writes another fact", stage)
			}
		}
		rows, _, err := w.Inbox(t.Context(), w.who["office"], tests.roads, InboxFilter{Free: true})
		if err != nil || len(rows) != 4 {
			t.Errorf("%d free cases in the list, %v", len(rows), err)
		}
		fresh := w.who["office"].Person
		for stage, n := range at {
			if stage == StageAnswered {
				w.refused(errs.Conflict, "office", n, Assign, Input{Handler: fresh})
				continue
			}
			before := w.mustLoad(n)
			if stage != StageExecution {
				w.refused(errs.Invalid, "office", n, Assign, Input{Handler: fresh, Fact: "light.lamp.dark"})
			}
			after := *w.act("office", n, Assign, Input{Handler: fresh})
			if after.Stage != stage || after.Handler != fresh || after.due() != before.due() || after.CameFrom != before.CameFrom || after.StageAt != before.StageAt {
				t.Errorf("%s: assigned, it stands at %s, due %d, was %d", stage, after.Stage, after.due(), before.due())
			}
			w.replays(n)
		}
		w.act("office", at[StageDeferred], Submit, Input{Comment: answerText, Files: []id.ID{id.New()}})
		w.act("olga", at[StageApproval], Approve, Input{})
		if c := w.act("nina", at[StageWaiting], Reply, Input{Comment: "Та, что у входа."}); c.Stage != StageExecution {
			t.Errorf("after the reply: %s", c.Stage)
		}
	}, Migrations)
}

// Until the cases of one who left are free, what happens to them is told to the
// house, not to them.
func TestWhoLeftIsToldNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "yard.bench.broken")
		w.act("office", n, Accept, Input{})
		w.act("timur", n, Take, Input{})
		w.act("timur", n, Submit, Input{Comment: answerText})
		w.act("olga", n, Rework, Input{Comment: "Добавьте, когда."})
		w.told(n, "rework_office", "timur")
		delete(w.who, "timur")
		w.told(n, "rework_office", "office")
	}, Migrations)
}
