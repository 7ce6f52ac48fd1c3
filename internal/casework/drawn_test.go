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
		collisions := 0
		var drawn []string
		w.number = func() string {
			if len(drawn)%2 == 0 {
				drawn = append(drawn, taken)
				collisions++
				return taken
			}
			n := id.NewNumber()
			drawn = append(drawn, n)
			return n
		}
		second := w.file("oleg", "roads.surface.pothole")
		if second == taken || collisions != 1 {
			t.Errorf("filed under %s after %d collisions", second, collisions)
		}
		w.act("office", taken, Accept, Input{})
		r, err := w.Join(t.Context(), w.who["oleg"], taken)
		if err != nil || r.Number == taken || collisions != 2 {
			t.Errorf("joined under %s after %d collisions, %v", r.Number, collisions, err)
		}
		w.act("office", second, SplitUp, Input{Parts: []Part{{Fact: "roads.surface.pothole", Text: "Яма у остановки."}}})
		if collisions != 3 {
			t.Errorf("split after %d collisions", collisions)
		}
	}, Migrations)
}
