package casework

import (
	"strings"
	"testing"

	"okno/internal/geo"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// The list of strangers goes on to its end, each report once, and the counts
// of cells are those of the list at every grid.
func TestPublicReportsByPagesAndCells(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, nobody := newWorld(t, d), policy.Nobody("ru")
		const public = 7
		for i := range public + 2 {
			n := w.file("nina", []string{"roads.surface.pothole", "yard.bench.broken"}[i%2])
			if i < public {
				w.act("office", n, Accept, Input{})
			}
		}
		all := []CellRange{{0, 1 << 62}}
		for name, f := range map[string]PublicFilter{"region": {}, "place": {Ranges: all}, "category": {Category: "roads"}} {
			want := public
			if f.Category != "" {
				want = 4
			}
			seen, after := map[string]bool{}, id.Nil
			for pages := 1; ; pages++ {
				rows, next, err := w.PublicPage(t.Context(), nobody, f, after, 2)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range rows {
					if seen[p.Number] {
						t.Errorf("%s: %s twice", name, p.Number)
					}
					seen[p.Number] = true
				}
				if next == id.Nil {
					break
				}
				if after = next; pages > public {
					t.Fatalf("%s: no end", name)
				}
			}
			if len(seen) != want {
				t.Errorf("%s: %d reports of %d", name, len(seen), want)
			}
		}
		for _, metres := range []float64{100, 10_000, 1_000_000} {
			grid := geo.GridFor(metres)
			counts, err := w.PublicCells(t.Context(), nobody, all, "", grid.Shift())
			if err != nil {
				t.Fatal(err)
			}
			sum := int64(0)
			for _, c := range counts {
				first, last := grid.Span(c.Cell)
				rows, next, err := w.PublicPage(t.Context(), nobody, PublicFilter{Ranges: []CellRange{{first, last}}}, id.Nil, 100)
				if err != nil || next != id.Nil || int64(len(rows)) != c.Count {
					t.Errorf("%.0f m: the circle says %d, its list has %d, %v", metres, c.Count, len(rows), err)
				}
				sum += c.Count
			}
			if sum != public {
				t.Errorf("%.0f m: %d of %d", metres, sum, public)
			}
		}
	}, Migrations)
}

// The first page shows different problems and released pictures, though the
// newest reports are of one topic and have none.
func TestLatestPublicShowsDifferentProblems(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, nobody := newWorld(t, d), policy.Nobody("ru")
		file := func(fact string, released ...int64) string {
			r, err := w.FileReport(t.Context(), w.who["nina"], FileInput{Text: "Яма у остановки во всю полосу, автобус объезжает по встречной.", Fact: fact,
				Place: PlaceInput{Lat: 59000000, Lon: 31000000}, Files: []id.ID{id.New(), id.New()}, Channel: "portal", Lang: "ru"})
			if err != nil {
				t.Fatal(err)
			}
			w.act("office", r.Number, Accept, Input{Released: released})
			return r.Number
		}
		pictured := file("roads.surface.pothole", 2)
		bench := file("yard.bench.broken")
		file("yard.bench.broken")
		var newest string
		for range 3 {
			newest = file("roads.surface.pothole")
		}
		show := func(n int) []string {
			list, err := w.LatestPublic(t.Context(), nobody, n)
			if err != nil {
				t.Fatal(err)
			}
			out := make([]string, len(list))
			for i, p := range list {
				out[i] = p.Number + p.thumb()
			}
			return out
		}
		two := show(2)
		if len(two) != 2 || two[1] != pictured+"/reports/"+pictured+"/files/2?size=thumb" || two[0] == bench || two[0] == newest {
			t.Errorf("of two: %q, the picture %s, the older bench %s, a second hole %s", two, pictured, bench, newest)
		}
		if all := show(9); len(all) != 6 || all[0] != newest {
			t.Errorf("few topics fill no list: %q, the newest %s", all, newest)
		}
	}, Migrations)
}

// A piece of the ground is found by its index: with a million reports in the
// region the walk by their order took over a minute where there were none.
func TestGroundIsFoundByItsIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if d.Engine() != db.SQLite {
			t.Skip("PostgreSQL plans by what the table holds")
		}
		q := publicQuery{category: "roads"}
		text := q.page([]CellRange{{1, 2}, {5, 6}}, lastID, 20)
		plan, err := db.All(t.Context(), d, func(s db.Scanner) (string, error) {
			var a, b, c int64
			var what string
			err := s.Scan(&a, &b, &c, &what)
			return what, err
		}, "EXPLAIN QUERY PLAN "+text, q.args...)
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(plan, "; "); strings.Count(all, "casework_case_public (cell") != 2 || !strings.Contains(all, "(id=?)") {
			t.Error(all)
		}
	}, Migrations)
}
