package casework

import (
	"slices"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

var twoMatters = []Part{{Fact: "roads.surface.pothole", Text: "Яма у остановки."}, {Fact: "light.lamp.dark", Text: "Не горит фонарь."}}

// Who joined a report that is split, and whose report was merged into it, waits
// for every part: under a number of their own, told once, with a mark of their own.
func TestThoseWhoWaitFollowIntoTheParts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.who["petr"] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		joined, err := w.Join(t.Context(), w.who["oleg"], n)
		if err != nil {
			t.Fatal(err)
		}
		merged := w.file("petr", "roads.surface.pothole")
		w.act("office", merged, Accept, Input{})
		w.act("office", merged, Merge, Input{Into: n})
		w.act("office", n, SplitUp, Input{Parts: twoMatters})
		told := w.toldLast(n)
		for _, who := range []string{"nina", "oleg", "petr"} {
			if told[w.who[who].Person] != "split" {
				t.Errorf("%s is told %q", who, told[w.who[who].Person])
			}
		}
		author, err := w.Read(t.Context(), w.who["nina"], n, "")
		if err != nil || len(author.Children) != 2 {
			t.Fatalf("%+v, %v", author, err)
		}
		for who, old := range map[string]string{"oleg": joined.Number, "petr": merged} {
			v, err := w.Read(t.Context(), w.who[who], old, "")
			if err != nil || v.As != "joined" || v.Outcome != Split || len(v.Children) != 2 {
				t.Fatalf("%s under the old number: %+v, %v", who, v, err)
			}
			mine, _, err := w.Mine(t.Context(), w.who[who], id.Nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for i, child := range v.Children {
				part, err := w.Read(t.Context(), w.who[who], child.Number, "")
				if err != nil || part.As != "joined" || part.Me.Number != child.Number || child.Number == old || child.Number == author.Children[i].Number {
					t.Fatalf("%s in a part: %+v, %v", who, part, err)
				}
				if part.People != 3 || part.Title != "" || child.Title != "" || part.ReviewAt > v.ReviewAt {
					t.Errorf("%s sees %d people, %q, %q", who, part.People, part.Title, child.Title)
				}
				if !slices.ContainsFunc(mine, func(m MineRow) bool { return m.MyNumber == child.Number && m.Kind != "author" }) {
					t.Errorf("%s has no part in their list", who)
				}
				w.replays(child.Number)
			}
		}
		v, err := w.Read(t.Context(), w.who["oleg"], joined.Number, "")
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(v.Children, func(c Short) bool { return c.Fact == "light.lamp.dark" })
		lamp := v.Children[i].Number
		w.act("lamps", lamp, Take, Input{})
		w.act("lamps", lamp, Submit, Input{Comment: "Лампу заменили.", Shared: "Лампу заменили."})
		w.act("lamps", lamp, Approve, Input{})
		if got := w.toldLast(lamp); got[w.who["oleg"].Person] != "answered" || got[w.who["petr"].Person] != "answered" {
			t.Errorf("of the answer %v are told", got)
		}
		if err := w.RateJoined(t.Context(), w.who["oleg"], lamp, Input{Mark: 4, Solved: "yes"}); err != nil {
			t.Error(err)
		}
	}, Migrations)
}

// A report that thousands wait for is split in few statements, whatever number
// is drawn twice.
func TestThousandsFollow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		const others = 1200
		c := w.mustLoad(n)
		err := db.Do(t.Context(), d, db.People, func(tx *db.Tx) error {
			var rows [][]any
			for range others {
				rows = append(rows, []any{c.ID, id.New(), id.NewNumber(), "joined", 1, 0, "", 0})
			}
			db.MultiInsert(tx, "casework_participant", []string{"case_id", "person_id", "number", "kind", "joined_at", "mark", "solved", "rated_at"}, rows)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		twice := 0
		w.number = func() string {
			if twice++; twice == 700 {
				return n
			}
			return id.NewNumber()
		}
		w.act("office", n, SplitUp, Input{Parts: twoMatters})
		for _, q := range []string{`SELECT COUNT(*) FROM casework_participant WHERE case_id<>$1`, `SELECT COUNT(*) FROM casework_mine WHERE kind='joined' AND case_id<>$1`,
			`SELECT COUNT(*) FROM casework_number WHERE person_id IS NOT NULL AND case_id<>$1`} {
			if got, err := db.One(t.Context(), d, db.Int, q, c.ID); err != nil || got != 2*others {
				t.Errorf("%d rows, %v: %s", got, err, q)
			}
		}
		if got, err := db.One(t.Context(), d, db.Int, `SELECT MIN(people) FROM casework_case WHERE parent_id=$1`, c.ID); err != nil || got != others+1 {
			t.Errorf("%d people, %v", got, err)
		}
	}, Migrations)
}
