package casework

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// overseer acts for an organisation that oversees territories and holds nothing.
func overseer(role policy.Role, territories ...string) policy.Actor {
	return policy.Actor{Person: id.New(), Organisation: id.New(), Roles: []policy.Role{policy.Citizen, role}, Territories: territories, Lang: "ru"}
}

// pagesOf reads a territory to its end.
func (w *world) pagesOf(a policy.Actor, f InboxFilter) (numbers []string, pages int) {
	w.t.Helper()
	for {
		p, err := w.InTerritory(w.t.Context(), a, f)
		if err != nil {
			w.t.Fatal(err)
		}
		for i, r := range p.Rows {
			if v, err := w.Read(w.t.Context(), a, r.Number, ""); err != nil || v.Number != r.Number {
				w.t.Fatalf("%s is listed and can't be opened: %v", r.Number, err)
			}
			if i > 0 && (Mark{p.Rows[i-1].due(), p.Rows[i-1].ID}) == (Mark{r.due(), r.ID}) {
				w.t.Fatalf("%s stands twice", r.Number)
			}
			numbers = append(numbers, r.Number)
		}
		if pages++; p.Next == nil {
			return numbers, pages
		}
		f.After = *p.Next
	}
}

// Who oversees a territory lists what lies in it, whoever holds it, in the
// order of deadlines, page by page, and nothing of another.
func TestTerritoryListShowsWhatOthersHold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var in []string
		for range 3 {
			in = append(in, w.file("nina", "light.lamp.dark"), w.file("oleg", "roads.surface.pothole"), w.file("nina", "yard.bench.broken"))
		}
		r, err := w.FileReport(t.Context(), w.who["nina"], FileInput{Text: "Скамейка у дома сломана совсем.", Fact: "yard.bench.broken",
			Place: PlaceInput{Lat: 59000000, Lon: 32000000}, Channel: "portal", Lang: "ru"})
		if err != nil {
			t.Fatal(err)
		}
		elsewhere := r.Number
		w.act("lamps", in[0], Accept, Input{})
		w.act("lamps", in[0], Take, Input{})
		w.act("office", in[1], Accept, Input{})
		w.act("office", in[2], Reject, Input{Reason: "spam", Comment: "Реклама."})
		byDue := func(numbers ...string) []string {
			slices.SortFunc(numbers, func(a, b string) int {
				x, y := w.mustLoad(a), w.mustLoad(b)
				if x.due() != y.due() {
					return int(x.due() - y.due())
				}
				return strings.Compare(string(x.ID[:]), string(y.ID[:]))
			})
			return numbers
		}
		open := byDue(append(slices.Clone(in[:2]), in[3:]...)...)
		centre := overseer(policy.Coordinator, "01")
		for _, c := range []struct {
			name string
			who  policy.Actor
			f    InboxFilter
			want []string
		}{
			{"all", centre, InboxFilter{}, open},
			{"by threes", centre, InboxFilter{Size: 3}, open},
			{"a supervisor's", overseer(policy.Supervisor, "01"), InboxFilter{Size: 1}, open},
			{"the territory named", centre, InboxFilter{Territory: "01", Size: 5}, open},
			{"a foreign one named", centre, InboxFilter{Territory: "02"}, nil},
			{"of the other", overseer(policy.Supervisor, "02", "03"), InboxFilter{}, []string{elsewhere}},
			{"both", overseer(policy.Supervisor, "01", "02"), InboxFilter{Territory: "02"}, []string{elsewhere}},
			{"closed", centre, InboxFilter{Bucket: 2}, in[2:3]},
			{"stage", centre, InboxFilter{Stage: StageExecution}, in[:1]},
			{"stage of many", centre, InboxFilter{Stage: StageModeration, Size: 2}, open[:0:0]},
			{"category", centre, InboxFilter{Category: "light", Size: 2}, byDue(in[0], in[3], in[6])},
			{"category and stage", centre, InboxFilter{Category: "light", Stage: StageModeration}, byDue(in[3], in[6])},
			{"handler", centre, InboxFilter{Handler: w.who["lamps"].Person}, in[:1]},
			{"handler and category", centre, InboxFilter{Handler: w.who["lamps"].Person, Category: "roads"}, nil},
			{"free", centre, InboxFilter{Free: true, Size: 4}, slices.DeleteFunc(slices.Clone(open), func(n string) bool { return n == in[0] })},
			{"late", centre, InboxFilter{Deadline: "late"}, nil},
			{"late and closed", centre, InboxFilter{Deadline: "late", Bucket: 2}, nil},
			{"within a week", centre, InboxFilter{Deadline: "week", Category: "yard"}, byDue(in[5], in[8])},
		} {
			if c.name == "stage of many" {
				c.want = slices.DeleteFunc(slices.Clone(open), func(n string) bool { return n == in[0] || n == in[1] })
			}
			if got, _ := w.pagesOf(c.who, c.f); !slices.Equal(got, c.want) {
				t.Errorf("%s:\n got %v\nwant %v", c.name, got, c.want)
			}
		}
		w.clock.Set(w.clock.Now().AddDate(0, 0, 10))
		late, _ := w.pagesOf(centre, InboxFilter{Deadline: "late"})
		if len(late) != 2 {
			t.Errorf("late after ten days: %v", late)
		}
		for _, c := range []struct {
			role policy.Role
			want int64
		}{{policy.Supervisor, 2}, {policy.Coordinator, -1}} {
			counts, err := w.Controlled(t.Context(), overseer(c.role, "01", "07"))
			switch {
			case c.want < 0:
				if !errs.Is(err, errs.Forbidden) {
					t.Errorf("%s counts %v, %v", c.role, counts, err)
				}
			case err != nil || len(counts) != 2 || counts[0] != (Folder{"late", c.want}) || counts[1] != (Folder{"today", 0}):
				t.Errorf("%s counts %v, %v", c.role, counts, err)
			}
		}
		for name, a := range map[string]policy.Actor{"a handler": overseer(policy.Handler, "01"), "an approver": overseer(policy.Approver, "01"),
			"an administrator": overseer(policy.OrgAdmin, "01"), "of the region": overseer(policy.RegionAdmin, "01"), "a supervisor of no territory": overseer(policy.Supervisor)} {
			if p, err := w.InTerritory(t.Context(), a, InboxFilter{}); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s: %d rows, %v", name, len(p.Rows), err)
			}
		}
	}, Migrations)
}

// fillLists writes rows of organisations into the list, without cases.
func fillLists(t *testing.T, d *db.DB, orgs []id.ID, each int, stage Stage, territory func(i int) string) {
	t.Helper()
	for _, org := range orgs {
		if err := db.Do(t.Context(), d, db.Background, func(tx *db.Tx) error {
			for i := range each {
				tx.Queue(`INSERT INTO casework_inbox (organisation_id, case_id, bucket, due_at, stage, category, territory) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
					org, id.New(), bucketOf(stage), i, stage, fmt.Sprint("c", i%3), territory(i))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// Where nearly nothing fits, a page stops looking and tells where to go on;
// going on finds all.
func TestTerritoryPageLooksOnlySoFar(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		fillLists(t, d, []id.ID{id.New()}, MaxLooked+300, StageModeration, func(int) string { return "02" })
		fillLists(t, d, []id.ID{tests.lamps}, MaxLooked+300, StageModeration, func(int) string { return "02" })
		lamp := w.file("nina", "light.lamp.dark")
		centre := overseer(policy.Coordinator, "01")
		p, err := w.InTerritory(t.Context(), centre, InboxFilter{Stage: StageModeration})
		if err != nil || len(p.Rows) != 0 || p.Next == nil || p.Next.At != MaxLooked-1 {
			t.Fatalf("%d rows, next %v, %v", len(p.Rows), p.Next, err)
		}
		if got, pages := w.pagesOf(centre, InboxFilter{Stage: StageModeration}); !slices.Equal(got, []string{lamp}) || pages != 2 {
			t.Errorf("%v in %d pages", got, pages)
		}
		if got, pages := w.pagesOf(centre, InboxFilter{}); !slices.Equal(got, []string{lamp}) || pages != 1 {
			t.Errorf("by the territory alone: %v in %d pages", got, pages)
		}
	}, Migrations)
}

// A page is found by indexes alone: no list is read through.
func TestTerritoryListWalksIndexes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		orgs := make([]id.ID, 20)
		for i := range orgs {
			orgs[i] = id.New()
		}
		fillLists(t, d, orgs, 500, StageExecution, func(i int) string { return fmt.Sprintf("%02d", i%8) })
		explain := "EXPLAIN QUERY PLAN "
		read := func(s db.Scanner) (string, error) {
			var a, b, c int64
			var what string
			err := s.Scan(&a, &b, &c, &what)
			return what, err
		}
		if d.Engine() == db.Postgres {
			explain, read = "EXPLAIN ", db.Text
			if err := db.Do(t.Context(), d, db.Background, func(tx *db.Tx) error { tx.Queue("ANALYZE casework_inbox"); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			name, index string
			f           InboxFilter
		}{
			{"all", "casework_inbox_territory", InboxFilter{}},
			{"late", "casework_inbox_territory", InboxFilter{Deadline: "late"}},
			{"stage", "casework_inbox_stage", InboxFilter{Stage: StageExecution}},
			{"category", "casework_inbox_category", InboxFilter{Category: "c1"}},
			{"free", "casework_inbox_", InboxFilter{Free: true}},
		} {
			wk := w.walkOf(orgs[0], []string{"01", "02"}, c.f)
			heads, args := wk.heads(Mark{At: 7}, 51)
			merged, more := wk.merged([]span{{"01", orgs[0]}, {"02", orgs[1]}, {"02", orgs[2]}}, Mark{At: 7}, 51)
			for what, q := range map[string]struct {
				text string
				args []any
			}{"heads": {heads, args}, "page": {merged, more}} {
				plan, err := db.All(t.Context(), d.Planned(), read, explain+q.text, q.args...)
				if err != nil {
					t.Fatal(err)
				}
				all := strings.Join(plan, "\n")
				if !strings.Contains(all, c.index) || strings.Contains(all, "Seq Scan on casework_inbox") || strings.Contains(all, "SCAN i") ||
					what == "heads" && !strings.Contains(all, "casework_inbox_territory") {
					t.Errorf("%s of %s:\n%s", what, c.name, all)
				}
			}
		}
	}, Migrations)
}

// Over the API: the list with its cursor and record, whose right it is, and the counts.
func TestAPITerritory(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.who["centre"], d.who["control"] = overseer(policy.Coordinator, "01"), overseer(policy.Supervisor, "01")
		d.who["elsewhere"], d.who["handler"] = overseer(policy.Supervisor, "02"), overseer(policy.Handler, "01")
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k1, Want: 201, Save: "A=number"},
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k2, Want: 201, Save: "B=number"},
			call{Who: "office", Do: "POST /workspace/bulk/accept", Body: `{"reports":[{"number":"{A}","version":1}]}`, Want: 200, Has: "done=1"},
			call{Who: "office", Do: "POST /workspace/bulk/assign", Body: `{"reports":[{"number":"{A}","version":2}],"input":{"handler_id":"` + d.who["timur"].Person.String() + `"}}`, Want: 200, Has: "done=1"},
			call{Who: "centre", Do: "GET /workspace/territory/reports?limit=1", Want: 200, Save: "C=next",
				Has: "items.#=1 items.0.number={A} items.0.handler.name=timur items.0.organisation.id={roads}", No: "нина|Рощина|applicant",
				Read: "casework.list [folder=territory] 1"},
			call{Who: "centre", Do: "GET /workspace/territory/reports?limit=1&cursor={C}", Want: 200, Has: "items.#=1 items.0.number={B} next="},
			call{Who: "centre", Do: "GET /workspace/territory/reports?stage=moderation&cursor={C}", Want: 422, Has: "fields.0.name=cursor", Read: "-"},
			call{Who: "control", Do: "GET /workspace/territory/reports?stage=moderation&category=yard&territory=01&free=true", Want: 200, Has: "items.#=1 items.0.number={B}",
				Read: "casework.list [folder=territory,stage=moderation,category=yard,territory=01,free=true] 1"},
			call{Who: "control", Do: "GET /workspace/territory/reports?territory=99", Want: 422, Has: "fields.0.name=territory", Read: "-"},
			call{Who: "elsewhere", Do: "GET /workspace/territory/reports", Want: 200, Has: "items.#=0"},
			call{Who: "control", Do: "GET /workspace/territory/folders", Want: 200, Has: "items.#=2 items.0.code=late items.0.count=0 items.1.code=today"},
			call{Who: "centre", Do: "GET /workspace/territory/folders", Want: 403, Has: "code=forbidden"},
			call{Who: "nina", Do: "GET /workspace/territory/reports", Want: 403, Has: "code=forbidden", Read: "-"},
		)
		for _, who := range []string{"handler", "office", "region"} {
			d.One(who, call{Who: who, Do: "GET /workspace/territory/reports", Want: 403, Has: "code=forbidden", Read: "-"})
		}
		d.reads.broken = true
		d.One("unrecorded", call{Who: "centre", Do: "GET /workspace/territory/reports", Want: 500, No: "остановки"})
	})
}
