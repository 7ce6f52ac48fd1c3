package casework

import (
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
)

// A number that is drawn a second time is drawn anew: nobody hears of it.
func TestNumberThatIsTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		taken := w.file("nina", "roads.surface.pothole")
		collisions, collide := 0, true
		w.number = func() string {
			if collide {
				collide = false
				collisions++
				return taken
			}
			return id.NewNumber()
		}
		second := w.file("oleg", "roads.surface.pothole")
		if second == taken || collisions != 1 {
			t.Errorf("filed under %s after %d collisions", second, collisions)
		}
		w.act("office", taken, Accept, Input{})
		collide = true
		r, err := w.Join(t.Context(), w.who["oleg"], taken)
		if err != nil || r.Number == taken || collisions != 2 {
			t.Errorf("joined under %s after %d collisions, %v", r.Number, collisions, err)
		}
		w.act("office", second, Accept, Input{})
		collide = true
		w.act("office", second, SplitUp, Input{Parts: []Part{{Fact: "roads.surface.pothole", Text: "Яма у остановки."}, {Fact: "light.lamp.dark", Text: "Не горит фонарь."}}})
		if collisions != 3 {
			t.Errorf("split after %d collisions", collisions)
		}
	}, Migrations)
}
