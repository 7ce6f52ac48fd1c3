package casework

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

const interimText = "Осмотрели яму, заказали литую смесь. Работы начнём на этой неделе."

// What an approver returned is not written or uploaded twice: files of the
// returned draft go with the next one where they are named, and no others do.
func TestFilesOfAReturnedDraftGoWithTheNext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		w.act("office", n, Assign, Input{Handler: w.who["timur"].Person})
		w.act("timur", n, Submit, Input{Comment: answerText, Files: []id.ID{id.New(), id.New()}})
		w.act("olga", n, Rework, Input{Comment: "Напишите, когда."})
		first := w.read("timur", n).Attachments
		w.refused(errs.Invalid, "timur", n, Submit, Input{Comment: answerText})
		w.refused(errs.Invalid, "timur", n, Submit, Input{Comment: answerText, Again: []int64{first[0].N, 99}})
		w.act("timur", n, Submit, Input{Comment: answerText + " Вчера.", Again: []int64{first[0].N}})
		if v := w.read("olga", n); len(v.Attachments) != 2 || v.Attachments[0].Entry != v.Draft || v.Attachments[1].Entry == v.Draft {
			t.Errorf("the draft has %+v", v.Attachments)
		}
		w.act("olga", n, Approve, Input{})
		if v := w.read("nina", n); len(v.Attachments) != 1 || v.Attachments[0].N != first[0].N || v.Attachments[0].Entry != v.Answer {
			t.Errorf("the author has %+v", v.Attachments)
		}
		w.act("nina", n, Rate, Input{Mark: 2, Solved: "no", Reopen: true, Comment: "Яма на месте."})
		w.act("office", n, Assign, Input{Handler: w.who["timur"].Person})
		w.refused(errs.Invalid, "timur", n, Submit, Input{Comment: answerText, Again: []int64{first[0].N}}) // of an answer that was given
		w.replays(n)
	}, Migrations)
}

// An interim answer tells how things stand: approved, it goes to the applicant
// and the case back to work. The term is the one that was told before, and its
// clock runs on.
func TestInterimAnswerLeavesTheTerm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{Comment: "Яма у остановки."})
		joined, err := w.Join(t.Context(), w.who["oleg"], n)
		if err != nil {
			t.Fatal(err)
		}
		w.act("office", n, Assign, Input{Handler: w.who["timur"].Person})
		before := w.mustLoad(n)
		w.refused(errs.Forbidden, "olga", n, Interim, Input{Comment: interimText})
		w.refused(errs.Forbidden, "lamps", n, Interim, Input{Comment: interimText})
		w.refused(errs.Invalid, "timur", n, Interim, Input{})
		w.refused(errs.Invalid, "timur", n, Interim, Input{Comment: "Начнём [дата]."})

		w.act("timur", n, Interim, Input{Comment: "Осмотрели.", Shared: "Осмотрели."})
		c := *w.act("olga", n, Rework, Input{Comment: "Напишите, что заказали."})
		if c.Stage != StageExecution || c.Draft == 0 || c.Handler != w.who["timur"].Person {
			t.Fatalf("returned: %s, draft %d", c.Stage, c.Draft)
		}
		w.act("timur", n, Interim, Input{Comment: interimText, Shared: interimText, Files: []id.ID{id.New()}})
		if v := w.read("nina", n); len(entriesOf(v, EntryInterim)) > 0 || len(v.Attachments) > 0 {
			t.Error("the author reads an interim answer that nobody approved")
		}
		c = *w.act("olga", n, Approve, Input{})
		if c.Stage != StageExecution || c.Handler != w.who["timur"].Person || c.Draft != 0 || c.Interim || c.AnsweredAt != 0 || c.ExecutionAt != 0 {
			t.Errorf("approved: %s, draft %d, answered %d, promised %d", c.Stage, c.Draft, c.AnsweredAt, c.ExecutionAt)
		}
		if c.ReviewDate != before.ReviewDate || c.ReviewAt != before.ReviewAt || !c.reviewRuns() {
			t.Errorf("the term was %s and is %s, runs %v", before.ReviewDate, c.ReviewDate, c.reviewRuns())
		}
		told := w.toldLast(n)
		for who, kind := range map[string]string{"nina": "interim_answer", "oleg": "interim_answer", "timur": "interim_office", "olga": ""} {
			if told[w.who[who].Person] != kind {
				t.Errorf("%s is told %q, want %q", who, told[w.who[who].Person], kind)
			}
		}
		for who, number := range map[string]string{"nina": n, "oleg": joined.Number} {
			v := w.read(who, number)
			if got := entriesOf(v, EntryInterim); len(got) != 1 || got[0].Body != interimText || len(v.Attachments) != 1 {
				t.Errorf("%s reads %+v with %d files", who, got, len(v.Attachments))
			}
			if len(entriesOf(v, EntryDraft, EntryRemark)) > 0 {
				t.Errorf("%s reads a draft or a remark", who)
			}
		}
		box := paperBox{}
		err = w.Export(t.Context(), w.who["nina"], box, func(context.Context, id.ID, bool) (string, io.ReadCloser, error) {
			return "Фото.jpg", io.NopCloser(strings.NewReader("")), nil
		})
		if err != nil || !strings.Contains(box["reports/"+n+".json"], `"kind":"interim"`) || !strings.Contains(box["reports/"+n+".json"], interimText) {
			t.Errorf("exported %v: %s", err, box["reports/"+n+".json"])
		}

		w.clock.Set(clock.FromMilli(c.ReviewAt).Add(time.Hour))
		if err := w.Ring(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		if c = w.mustLoad(n); c.Alarms&alarmReviewLate == 0 {
			t.Error("after an interim answer the review clock stands")
		}
		w.act("timur", n, Submit, Input{Comment: answerText, Shared: answerText, Files: []id.ID{id.New()}})
		w.act("olga", n, Approve, Input{})
		if v := w.read("nina", n); len(entriesOf(v, EntryAnswer)) != 1 || len(entriesOf(v, EntryInterim)) != 1 || v.Stage != StageAnswered {
			t.Errorf("after the answer the author reads %d answers at %s", len(entriesOf(v, EntryAnswer)), v.Stage)
		}
		w.replays(n)
	}, Migrations)
}

// After a promise an interim answer leaves the promised date.
func TestInterimAnswerLeavesThePromise(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "light.lamp.dark")
		w.act("lamps", n, Accept, Input{})
		w.act("lamps", n, Take, Input{})
		promise := Input{Comment: "Опору заменим до конца апреля.", PlanDate: "2026-04-30"}
		w.act("lamps", n, Defer, promise)
		first := *w.act("lamps", n, Approve, Input{})
		w.clock.Advance(72 * time.Hour)
		w.act("lamps", n, Interim, Input{Comment: "Опора приехала."})
		if c := w.act("lamps", n, Rework, Input{Comment: "Напишите куда."}); c.Stage != StageDeferred {
			t.Errorf("returned to %s", c.Stage)
		}
		w.act("lamps", n, Interim, Input{Comment: "Опора приехала на склад."})
		c := *w.act("lamps", n, Approve, Input{})
		if c.Stage != StageDeferred || c.ExecutionAt != first.ExecutionAt || c.AnsweredAt != first.AnsweredAt {
			t.Errorf("after the second interim answer: %s until %s", c.Stage, c.ExecutionDate)
		}
		if kind := w.toldLast(n)[w.who["nina"].Person]; kind != "interim" {
			t.Errorf("the author is told %q", kind)
		}
		w.act("lamps", n, Defer, promise) // the same date once more is no final answer
		if c = *w.act("lamps", n, Approve, Input{}); c.Stage != StageDeferred {
			t.Errorf("promised the same date: %s", c.Stage)
		}
		v := w.read("nina", n)
		if got := entriesOf(v, EntryInterim); len(got) != 3 || len(entriesOf(v, EntryAnswer)) != 0 {
			t.Errorf("%d interim answers and %d final ones", len(got), len(entriesOf(v, EntryAnswer)))
		}
		w.replays(n)
	}, Migrations)
}

func (w *world) read(who, number string) *View {
	w.t.Helper()
	v, err := w.Read(w.t.Context(), w.who[who], number, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func entriesOf(v *View, kinds ...EntryKind) []Entry {
	return (&reportView{View: v}).entriesOf(kinds...)
}

func TestAPIInterimAnswer(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k1, Want: 201, Save: "N=number E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"comment":"Скамейка сломана."}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 201, Save: "J=number"},
			call{Who: "timur", Do: "GET /reports/{N}", Want: 200, Save: "E=ETag"},
			call{Who: "timur", Do: "POST /reports/{N}/actions/take", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "olga", Do: "POST /reports/{N}/actions/interim", Body: `{"comment":"Доски заказали.","shared":"Доски заказали."}`, Match: "{E}", Want: 403},
			call{Who: "timur", Do: "POST /reports/{N}/actions/interim", Body: `{"comment":"Доски заказали.","plan_date":"2026-03-01"}`, Match: "{E}", Want: 422,
				Has: "fields.0.name=plan_date fields.0.rule=unexpected"},
		)
		offered := func(who string, act Action) possibleAction {
			t.Helper()
			var doc reportDocument
			if err := json.Unmarshal(d.One(who+" reads", call{Who: who, Do: "GET /reports/{N}", Want: 200}).Body.Bytes(), &doc); err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(doc.Actions, func(a possibleAction) bool { return a.Action == act })
			if i < 0 {
				t.Fatalf("%s is not offered %s", who, act)
			}
			return doc.Actions[i]
		}
		if a := offered("timur", Interim); a.Stage != StageApproval || !slices.Equal(a.Needs, []string{"comment"}) || !slices.Equal(a.Takes, []string{"comment", "shared", "files", "again"}) {
			t.Errorf("offered %+v", a)
		}
		d.Run(call{Who: "timur", Do: "POST /reports/{N}/actions/interim", Body: `{"comment":"Доски заказали.","shared":"Доски заказали."}`, Match: "{E}", Want: 200, Has: "stage=approval", Save: "E=ETag"})
		if a := offered("olga", Approve); a.Stage != StageExecution {
			t.Errorf("approval of an interim answer leads to %s", a.Stage)
		}
		d.Run(
			call{Who: "olga", Do: "POST /reports/{N}/actions/approve", Body: `{}`, Match: "{E}", Want: 200, Has: "stage=execution term.date=2026-02-09", Save: "E=ETag"},
			call{Who: "nina", Do: "GET /reports/{N}", Want: 200, Has: "entries.2.kind=interim entries.2.action=interim"},
			call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, Has: "entries.1.kind=interim entries.1.action=interim"},
			call{Do: "GET /public/reports/{N}", Want: 200, No: "Доски"},
			call{Who: "lamps", Do: "GET /reports/{N}", Want: 200, Has: "as=stranger", No: "Доски"},
			call{Who: "timur", Do: "GET /reports/{N}/history", Want: 200, Has: "items.4.action=interim items.4.person.name=timur items.5.action=approve"},
		)
		if !strings.Contains(actionsText(), "| interim | handler |") {
			t.Error("the action is not described")
		}
	})
}
