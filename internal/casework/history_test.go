package casework

import (
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/policy"
)

// However many people come and go, what was done in a case stands in its
// history, and so do they.
func TestPeopleHideNothingOfAHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		for range historyPage/2 + 5 {
			who := policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
			if _, err := w.Join(t.Context(), who, n); err != nil {
				t.Fatal(err)
			}
			if err := w.Unjoin(t.Context(), who, n); err != nil {
				t.Fatal(err)
			}
		}
		w.act("office", n, Take, Input{})
		steps, err := (&Web{Cases: w.Service}).pastOf(t.Context(), w.read("nina", n))
		if err != nil || len(steps) != 3 || steps[2].Kind != "casework.take" {
			t.Errorf("the timeline has %d steps, %v", len(steps), err)
		}
		of := w.mustLoad(n).ID
		newest, err := journal.Latest(t.Context(), d, of, journal.Place{}, historyPage, journal.Only(participation...))
		if err != nil || len(newest) != historyPage || newest[0].Kind != "casework.unjoin" {
			t.Fatalf("people: %d, %v", len(newest), err)
		}
		place, err := journal.ParsePlace(newest[historyPage-1].Place().String())
		if err != nil {
			t.Fatal(err)
		}
		older, err := journal.Latest(t.Context(), d, of, place, historyPage, journal.Only(participation...))
		if err != nil || len(older) != 10 || older[9].Kind != "casework.join" {
			t.Errorf("people before: %d, %v", len(older), err)
		}
		if _, err := journal.ParsePlace("yesterday"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a place of nothing: %v", err)
		}
	}, Migrations)
}
