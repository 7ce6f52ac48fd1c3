package casework

import (
	"slices"
	"testing"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
)

// A case whose term stands is never among the overdue: it comes after those
// whose terms run, and back among them when the reply is there.
func TestAStandingTermIsNotLate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		asked, late := w.file("nina", "yard.bench.broken"), w.file("nina", "roads.surface.pothole")
		w.act("office", asked, Accept, Input{})
		w.act("timur", asked, Take, Input{})
		w.act("timur", asked, Ask, Input{Comment: "Какая скамья?"})
		w.clock.Set(w.clock.Now().AddDate(0, 2, 0))
		list := func(deadline string) (out []string) {
			rows, _, err := w.Inbox(t.Context(), w.who["timur"], tests.roads, InboxFilter{Deadline: deadline})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				out = append(out, r.Number)
			}
			return out
		}
		if got := list("late"); !slices.Equal(got, []string{late}) {
			t.Errorf("late: %v, want %s alone", got, late)
		}
		if got := list(""); !slices.Equal(got, []string{late, asked}) {
			t.Errorf("all: %v, want the one whose term stands last", got)
		}
		w.clock.Set(w.clock.Now().Add(time.Minute))
		w.act("nina", asked, Reply, Input{Comment: "У входа."})
		if got := list("late"); len(got) != 1 || got[0] != late {
			t.Errorf("late after the reply: %v", got)
		}
		if c := w.mustLoad(asked); c.due() != c.ReviewAt {
			t.Error("the term doesn't run again")
		}
	}, Migrations)
}

// A report that its author closed is accepted, but nothing of it is published.
func TestNothingOfAClosedReportIsPublished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		if _, err := w.SetVisibility(t.Context(), w.who["nina"], n, true); err != nil {
			t.Fatal(err)
		}
		for _, in := range []Input{{Comment: "Яма у остановки."}, {Released: []int64{1}}} {
			w.refused(errs.Invalid, "office", n, Accept, in)
		}
		if c := w.act("office", n, Accept, Input{}); c.Excerpt != 0 || c.Stage != StageCoordination {
			t.Errorf("accepted: excerpt %d, stage %s", c.Excerpt, c.Stage)
		}
	}, Migrations)
}
