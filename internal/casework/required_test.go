package casework

import (
	"strings"
	"testing"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/ui"
)

// What a fact requires is asked of whoever files, by page or by program.
func TestAPIAsksForWhatAFactRequires(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(call{Who: "nina", Do: "POST /reports", Body: `{"text":"Лифт застрял между этажами.","fact":"yard.lift.stuck","place":{"lat":59,"lon":31}}`, Key: k1, Want: 422,
			Has: "code=invalid fields.#=2 fields.0.name=files fields.1.name=details.entrance", Rows: "casework_case=0"})
	})
}

// A fact that isn't known is told as such, not as one that wasn't chosen.
func TestAPITellsAnUnknownFact(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(call{Who: "nina", Do: "POST /reports", Body: `{"text":"Лифт застрял между этажами.","fact":"no.such.fact","place":{"lat":59,"lon":31}}`, Key: k1, Want: 422,
			Has: "code=invalid fields.#=1 fields.0.name=fact fields.0.rule=unknown", Rows: "casework_case=0"})
		d.Run(call{Who: "nina", Do: "POST /reports", Body: `{"text":"Лифт застрял между этажами.","fact":"","place":{"lat":59,"lon":31}}`, Key: k2, Want: 422,
			Has: "code=invalid fields.#=1 fields.0.name=fact", Rows: "casework_case=0"})
	})
}

// Who joined reads nothing of when the author filed.
func TestTimelineOfWhoJoined(t *testing.T) {
	filed := clock.Milli(clock.FromMilli(1_770_000_000_000))
	v := &reportView{Page: ui.Page{Lang: i18n.Russian}, View: &View{As: "joined", Me: Participant{Person: id.New(), Number: id.NewNumber(), JoinedAt: clock.FromMilli(filed + 86_400_000)}}}
	v.RegisteredAt, v.ReviewDate, v.Stage = filed, "2026-02-16", StageExecution
	v.Now, v.zone = clock.FromMilli(filed+2*86_400_000), clock.FromMilli(filed).Location()
	items := v.timeline()
	if len(items) != 2 || !strings.Contains(items[0].What, "присоединились") {
		t.Errorf("%+v", items)
	}
}

// The timeline tells what the office did: checked, taken into work.
func TestTimelineTellsTheOfficesSteps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "yard.bench.broken")
		w.act("office", n, Accept, Input{})
		c := w.act("office", n, Assign, Input{Handler: w.who["timur"].Person})
		steps, err := journal.Of(t.Context(), d, c.ID, journal.Place{}, 200)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, f := range steps {
			if k := milestone(f); k != "" {
				keys = append(keys, k)
			}
		}
		if strings.Join(keys, " ") != "case.line.accepted case.line.taken" {
			t.Errorf("%q", keys)
		}
	}, Migrations)
}

// The summary of errors names the question that it leads to.
func TestSummaryNamesTheQuestion(t *testing.T) {
	f := &reportForm{Page: ui.Page{Lang: i18n.Russian}, Chosen: Topic{Fields: []Question{{Name: "entrance", Label: "Номер подъезда"}}},
		Errors: []errs.Field{{Name: "details.entrance", Rule: "required"}}}
	if got := f.summary(); len(got) != 1 || !strings.HasPrefix(got[0].Text, "Номер подъезда. ") {
		t.Errorf("%+v", got)
	}
}
