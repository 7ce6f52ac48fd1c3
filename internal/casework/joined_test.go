package casework

import (
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
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
