package app

import (
	"slices"
	"testing"

	"okno/internal/casework"
	"okno/internal/places"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// One event, one notice: the author and who joined are told, each under their
// own number; nobody is told of their own act; a second delivery adds nothing.
func TestEachEventIsToldOnce(t *testing.T) {
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":   func(t testing.TB) string { return dbtest.SQLiteURL(t, Migrations()...) },
		"postgres": func(t testing.TB) string { return dbtest.PostgresURL(t, Migrations()...) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t, url(t))
			ctx := t.Context()
			if err := w.Journal.Start(ctx); err != nil {
				t.Fatal(err)
			}
			actor := func(name, org string) policy.Actor {
				p, err := id.Parse(w.Vars[name])
				if err != nil {
					t.Fatal(err)
				}
				a := policy.Actor{Person: p, Roles: []policy.Role{policy.Citizen}, Lang: "ru"}
				if org == "" {
					return a
				}
				if a, err = w.Directory.Acting(ctx, a, org); err != nil {
					t.Fatal(err)
				}
				return a
			}
			nina, oleg, office := actor("nina", ""), actor("oleg", ""), actor("office", "roads")
			r, err := w.Cases.FileReport(ctx, nina, casework.FileInput{Text: "Не горит фонарь у дома, темно.", Fact: "lighting.lamps.out",
				Place: casework.PlaceInput{Address: places.IDOf("adr.01")}, Channel: "api", Lang: "ru"})
			if err != nil {
				t.Fatal(err)
			}
			act := func(a casework.Action, in casework.Input) {
				t.Helper()
				if _, err := w.Cases.Act(ctx, office, r.Number, a, in); err != nil {
					t.Fatalf("%s: %v", a, err)
				}
			}
			act(casework.Accept, casework.Input{})
			joined, err := w.Cases.Join(ctx, oleg, r.Number)
			if err != nil {
				t.Fatal(err)
			}
			act(casework.Take, casework.Input{})
			act(casework.Extend, casework.Input{Comment: "Ждём лампу."})
			told := func(a policy.Actor) (kinds []string, numbers []string) {
				t.Helper()
				if err := w.Jobs.Drain(ctx); err != nil {
					t.Fatal(err)
				}
				list, _, err := w.Notices.List(ctx, a, id.Nil, 50)
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range slices.Backward(list) {
					kinds, numbers = append(kinds, n.Kind), append(numbers, n.Number)
				}
				return kinds, numbers
			}
			if kinds, _ := told(nina); !slices.Equal(kinds, []string{"filed", "in_work", "extended"}) {
				t.Errorf("the author is told %v", kinds)
			}
			if kinds, numbers := told(oleg); !slices.Equal(kinds, []string{"extended"}) || numbers[0] != joined.Number {
				t.Errorf("who joined is told %v under %v", kinds, numbers)
			}
			if kinds, _ := told(office); len(kinds) != 0 {
				t.Errorf("the officer is told of their own acts: %v", kinds)
			}
			if n, err := w.Notices.Unread(ctx, nina.Person); err != nil || n != 3 {
				t.Errorf("%d new notices, %v", n, err)
			}
			err = db.Do(ctx, w.App.DB, db.People, func(tx *db.Tx) error { return w.Journal.Backfill(tx, "notify") })
			if err != nil {
				t.Fatal(err)
			}
			if kinds, _ := told(nina); len(kinds) != 3 {
				t.Errorf("delivered again, the author is told %v", kinds)
			}
			list, _, err := w.Notices.List(ctx, nina, id.Nil, 1)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Notices.MarkRead(ctx, nina, list[0].Fact); err != nil {
				t.Fatal(err)
			}
			if n, err := w.Notices.Unread(ctx, nina.Person); err != nil || n != 0 {
				t.Errorf("%d new notices after reading, %v", n, err)
			}
		})
	}
}
