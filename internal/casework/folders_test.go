package casework

import (
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
)

func TestFoldersCountTheirCases(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var numbers []string
		for range 4 {
			numbers = append(numbers, w.file("nina", "roads.surface.pothole"))
		}
		w.act("office", numbers[0], Accept, Input{})
		w.act("office", numbers[1], Accept, Input{})
		w.act("timur", numbers[1], Take, Input{})
		w.act("office", numbers[2], Reject, Input{Reason: "spam", Comment: "Реклама."})
		folders, err := w.Folders(t.Context(), w.who["timur"], tests.roads)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int64{}
		for _, f := range folders {
			got[f.Code] = f.Count
		}
		want := map[string]int64{"all": 3, "mine": 1, "late": 0, "today": 0, "moderation": 1, "coordination": 1, "execution": 1,
			"approval": 0, "waiting": 0, "deferred": 0, "answered": 0, "closed": 1}
		for code, n := range want {
			if c, ok := got[code]; !ok || c != n {
				t.Errorf("folder %s has %d (there %v), want %d", code, c, ok, n)
			}
		}
		if len(got) != len(want) {
			t.Errorf("folders: %v", got)
		}
	}, Migrations)
}
