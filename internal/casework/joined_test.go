package casework

import (
	"slices"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// The author can't end a report that others wait for, and two reports of one
// person are one person's when they are merged.
func TestOthersWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		if _, err := w.Join(t.Context(), w.who["oleg"], n); err != nil {
			t.Fatal(err)
		}
		v, err := w.Read(t.Context(), w.who["nina"], n, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range v.Possible {
			if a.Code == Withdraw {
				t.Error("withdrawing is offered")
			}
		}
		w.refused(errs.Invalid, "nina", n, Withdraw, Input{})
		if c := w.mustLoad(n); !c.Open() || c.People != 2 {
			t.Errorf("open %v, %d people", c.Open(), c.People)
		}

		second := w.file("nina", "roads.surface.pothole")
		w.act("office", second, Accept, Input{})
		w.act("office", second, Merge, Input{Into: n, Comment: "То же самое."})
		if c := w.mustLoad(n); c.People != 2 {
			t.Errorf("%d people after merging the author's own second report", c.People)
		}
	}, Migrations)
}

// Each person is one, however many reports of theirs come together: those who
// joined and then file, those who joined both, and an author who joined the other.
func TestMergedReportsCountEachPersonOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.who["petr"] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		join := func(who, n string) {
			t.Helper()
			if _, err := w.Join(t.Context(), w.who[who], n); err != nil {
				t.Fatal(err)
			}
		}
		stays := w.file("nina", "roads.surface.pothole")
		w.act("office", stays, Accept, Input{})
		join("oleg", stays)
		join("petr", stays)
		ends := w.file("oleg", "roads.surface.pothole")
		w.act("office", ends, Accept, Input{})
		join("nina", ends)
		join("petr", ends)
		c := w.act("office", ends, Merge, Input{Into: stays, Comment: "То же самое."})
		into := w.mustLoad(stays)
		if into.People != 3 {
			t.Errorf("%d people, want nina, oleg and petr", into.People)
		}
		rows, err := db.All(t.Context(), d, db.ID, `SELECT person_id FROM casework_participant WHERE case_id=$1`, into.ID)
		if err != nil || len(rows) != 2 || slices.Contains(rows, into.Applicant) {
			t.Errorf("beside the author %v take part, %v", rows, err)
		}
		if c.Parent != into.ID {
			t.Errorf("merged into %s", c.Parent)
		}
	}, Migrations)
}
