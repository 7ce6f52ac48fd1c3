package app

import (
	"strconv"
	"testing"

	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/places"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// An officer is removed: all their open cases become free, more than fit into
// one page of the job, and the coordinator has one notice of the whole.
func TestTheCasesOfARemovedOfficerBecomeFree(t *testing.T) {
	eachOfficeLost(t, 205, "left_office", func(w *town, roads, leaver id.ID, version int64) error {
		return w.Directory.RemoveOfficer(t.Context(), policy.Machine("operator:test"), roads, leaver, version)
	})
}

// An officer stays and is a handler no more: the cases become free all the same.
func TestTheCasesOfAHandlerNoMoreBecomeFree(t *testing.T) {
	eachOfficeLost(t, 3, "stopped_office", func(w *town, roads, leaver id.ID, version int64) error {
		return w.Directory.ChangeOfficer(t.Context(), policy.Machine("operator:test"), roads, leaver, version, directory.Office{Title: "мастер", Roles: []policy.Role{policy.Approver}})
	})
}

func eachOfficeLost(t *testing.T, many int, notice string, lose func(w *town, roads, leaver id.ID, version int64) error) {
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":   func(t testing.TB) string { return dbtest.SQLiteURL(t, Migrations()...) },
		"postgres": func(t testing.TB) string { return dbtest.PostgresURL(t, Migrations()...) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t, url(t))
			ctx, operator := t.Context(), policy.Machine("operator:test")
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(w.Journal.Start(ctx))
			tree, err := w.Directory.Tree(ctx)
			must(err)
			roads, _ := tree.ByCode("roads")
			leaver, nina := mustID(t, w.Vars["oleg"]), mustID(t, w.Vars["nina"])
			must(w.Directory.AddOfficer(ctx, operator, roads.ID, leaver, directory.Office{Title: "мастер", Roles: []policy.Role{policy.Handler}}))
			office, err := w.Directory.Acting(ctx, policy.Actor{Person: mustID(t, w.Vars["office"]), Roles: []policy.Role{policy.Citizen}, Lang: "ru"}, "roads")
			must(err)
			var numbers []string
			for range many {
				r, err := w.Cases.FileReport(ctx, policy.Actor{Person: nina, Roles: []policy.Role{policy.Citizen}}, casework.FileInput{Text: "Не горит фонарь у дома, темно.",
					Fact: "lighting.lamps.out", Place: casework.PlaceInput{Address: places.IDOf("adr.01")}, Channel: "api", Lang: "ru"})
				must(err)
				_, err = w.Cases.Act(ctx, office, r.Number, casework.Accept, casework.Input{})
				must(err)
				_, err = w.Cases.Act(ctx, office, r.Number, casework.Assign, casework.Input{Handler: leaver})
				must(err)
				numbers = append(numbers, r.Number)
			}
			must(w.Jobs.Drain(ctx))
			o, err := w.Directory.Officer(ctx, operator, roads.ID, leaver)
			must(err)
			must(lose(w, roads.ID, leaver, o.Version))
			must(w.Jobs.Drain(ctx))
			if n, err := w.Cases.Held(ctx, roads.ID, leaver); err != nil || n != 0 {
				t.Errorf("%d cases stay on who left, %v", n, err)
			}
			for _, n := range []string{numbers[0], numbers[many-1]} {
				v, err := w.Cases.Read(ctx, office, n, "")
				must(err)
				if v.Stage != casework.StageExecution || v.Handler != id.Nil {
					t.Errorf("%s stands at %s, handler %s", n, v.Stage, v.Handler)
				}
			}
			facts, err := db.One(ctx, w.App.DB, db.Int, `SELECT COUNT(*) FROM journal_fact WHERE kind='casework.vacate'`)
			must(err)
			if facts != int64(many) {
				t.Errorf("%d facts", facts)
			}
			list, _, err := w.Notices.List(ctx, office, id.Nil, 50)
			must(err)
			if len(list) != 1 || list[0].Kind != notice || list[0].Args["cases"] != strconv.Itoa(many) || list[0].Place != "roads" {
				t.Errorf("the coordinator is told %+v", list)
			}
		})
	}
}
