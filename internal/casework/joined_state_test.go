package casework

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/policy"
	"okno/internal/ui"
)

// shared files a report that oleg joined and that timur has.
func (w *world) shared() (author, joined string) {
	w.t.Helper()
	n := w.file("nina", "yard.bench.broken")
	w.act("office", n, Accept, Input{})
	r, err := w.Join(w.t.Context(), w.who["oleg"], n)
	if err != nil {
		w.t.Fatal(err)
	}
	w.act("timur", n, Take, Input{})
	return n, r.Number
}

func (w *world) answer(n string) {
	w.t.Helper()
	w.act("timur", n, Submit, Input{Comment: answerText, Shared: answerText})
	w.act("olga", n, Approve, Input{})
}

// joinedPage is the page of who joined, with its list's row beside it.
func (w *world) joinedPage(number string) (*reportView, MineRow) {
	w.t.Helper()
	v, err := w.Read(w.t.Context(), w.who["oleg"], number, "")
	if err != nil {
		w.t.Fatal(err)
	}
	rows, _, err := w.Mine(w.t.Context(), w.who["oleg"], id.Nil, 0)
	if err != nil || len(rows) != 1 {
		w.t.Fatalf("%d rows, %v", len(rows), err)
	}
	now := w.clock.Now()
	page := &reportView{Page: ui.Page{Lang: i18n.Russian}, View: v, Now: now, zone: time.UTC,
		Face: citizenState(i18n.Russian, v.Procedure, &v.Case), Term: deadline(i18n.Russian, w.Calendar(), &v.Case, now)}
	page.allow()
	return page, rows[0]
}

func (v *reportView) told() string {
	var out strings.Builder
	for _, p := range v.panes() {
		if p.State != nil {
			out.WriteString(p.State.Text + "\n")
		}
		out.WriteString(strings.Join(append([]string{p.What, p.Value}, p.More...), "\n") + "\n")
	}
	for _, i := range v.timeline() {
		out.WriteString(strings.Join([]string{i.What, i.When, i.Text}, "\n") + "\n")
	}
	return out.String()
}

// Whom the office asks is the author's own matter: who joined, and a stranger,
// are told that details are found out and that the term stands.
func TestWhoJoinedIsNotAsked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n, joined := w.shared()
		w.act("timur", n, Ask, Input{Comment: "Которая из двух?"})
		page, row := w.joinedPage(joined)
		if page.Stage != StageExecution || row.Stage != StageExecution || row.WaitUntil != 0 {
			t.Errorf("stages %s and %s", page.Stage, row.Stage)
		}
		told := page.told()
		for _, want := range []string{"Уточняют детали", "Организация уточняет детали", "Срок стоит", "Пойдёт дальше, когда организация всё выяснит"} {
			if !strings.Contains(told, want) {
				t.Errorf("without %q: %s", want, told)
			}
		}
		if strings.Contains(told, "вашего ответа") || strings.Contains(told, "вы ответите") {
			t.Errorf("asks who joined: %s", told)
		}
		if got := citizenState(i18n.Russian, w.Procedure(&row.Case), &row.Case).Text; got != "Уточняют детали" {
			t.Errorf("in the list: %q", got)
		}
		p, err := w.ReadPublic(t.Context(), policy.Nobody("ru"), n)
		if err != nil || p.Stage != StageExecution || p.Face != "in_work" {
			t.Errorf("a stranger: %+v, %v", p, err)
		}
		if v, err := w.Read(t.Context(), w.who["nina"], n, ""); err != nil || v.Stage != StageWaiting || v.WaitUntil == 0 {
			t.Errorf("the author: %+v, %v", v, err)
		}
	}, Migrations)
}

// Who joined sees a state by their own rating, whatever the author has said.
func TestWhoJoinedSeesTheirOwnRating(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.who["petr"] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		n, joined := w.shared()
		w.answer(n)
		state := func(when, want string, rates bool) *reportView {
			t.Helper()
			page, row := w.joinedPage(joined)
			list := citizenState(i18n.Russian, w.Procedure(&row.Case), &row.Case).Text
			if page.Face.Text != want || list != want || page.canRate != rates {
				t.Errorf("%s: %q, in the list %q, may rate %v; want %q, %v", when, page.Face.Text, list, page.canRate, want, rates)
			}
			return page
		}
		state("answered", "Есть ответ", true)
		w.clock.Advance(time.Hour)
		w.act("nina", n, Rate, Input{Mark: 5, Solved: "yes"})
		page := state("the author has rated", "Есть ответ", true)
		if page.ClosedAt != 0 || page.Outcome != "" {
			t.Errorf("closed at %d as %s", page.ClosedAt, page.Outcome)
		}
		w.clock.Advance(time.Hour)
		if err := w.RateJoined(t.Context(), w.who["oleg"], joined, Input{Mark: 2, Solved: "no"}); err != nil {
			t.Fatal(err)
		}
		page = state("who joined has rated", "Не решено", false)
		if v, err := w.Read(t.Context(), w.who["office"], n, ""); err != nil || v.Voices != (Voices{Unsolved: 1}) {
			t.Errorf("the office hears %+v, %v", v.Voices, err)
		} else if got := (&workView{Page: ui.Page{Lang: i18n.Russian}, Case: v}).voices(i18n.WithLang(t.Context(), i18n.Russian)); got != "не решено: 1 человек" {
			t.Errorf("the office reads %q", got)
		}
		if page.ClosedAt != w.clock.Now().UnixMilli() || !page.unsolved() {
			t.Errorf("closed at %d, unsolved %v", page.ClosedAt, page.unsolved())
		}

		second := w.file("nina", "yard.bench.broken")
		w.act("office", second, Accept, Input{})
		r, err := w.Join(t.Context(), w.who["petr"], second)
		if err != nil {
			t.Fatal(err)
		}
		w.act("timur", second, Take, Input{})
		w.answer(second)
		w.clock.Advance(40 * 24 * time.Hour)
		if err := w.Ring(t.Context(), w.mustLoad(second).ID); err != nil {
			t.Fatal(err)
		}
		v, err := w.Read(t.Context(), w.who["petr"], r.Number, "")
		if err != nil || v.Outcome != Unrated || v.ClosedAt != v.RateUntil {
			t.Errorf("nobody rated: %s at %d, %v", v.Outcome, v.ClosedAt, err)
		}
	}, Migrations)
}

// After a reopening who joined is told so, with the new date and none of the
// author's words; their mark was of the first answer, and the new one is theirs to rate.
func TestWhoJoinedAfterAReopening(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n, joined := w.shared()
		w.answer(n)
		w.clock.Advance(time.Hour)
		if err := w.RateJoined(t.Context(), w.who["oleg"], joined, Input{Mark: 2, Solved: "no"}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		c := w.act("nina", n, Rate, Input{Mark: 1, Solved: "no", Reopen: true, Comment: "Опять та же скамейка."})
		told := addressees(c, w.who["nina"].Person, Rate, "", Changed{After: diffAfter(t, State{Stage: StageAnswered}, c.State)}, []Participant{{Person: w.who["oleg"].Person, Number: joined}}, nil)
		if len(told) != 1 || told[0].Person != w.who["oleg"].Person || told[0].Kind != "reopened" || told[0].Number != joined || told[0].Args["review"] != c.ReviewDate {
			t.Errorf("told: %+v", told)
		}
		page, _ := w.joinedPage(joined)
		var err error
		page.steps, err = journal.Of(t.Context(), d, c.ID, journal.Place{}, 200)
		if err != nil {
			t.Fatal(err)
		}
		text := page.told()
		for _, want := range []string{"На повторном рассмотрении", "Вернули на доработку", "Проблема не решена. Новый ответ " + i18n.UntilISO(i18n.Russian, c.ReviewDate, w.clock.Now(), time.UTC)} {
			if !strings.Contains(text, want) {
				t.Errorf("without %q: %s", want, text)
			}
		}
		if strings.Contains(text, "Опять та же") || strings.Contains(text, "Вы вернули") {
			t.Errorf("the author's act: %s", text)
		}
		if head := page.ratedHead(); head != "case.my_rating_first" || len(page.rated(t.Context())) != 2 {
			t.Errorf("the mark of the first answer stands under %s: %v", head, page.rated(t.Context()))
		}
		w.act("timur", n, Take, Input{})
		w.answer(n)
		if page, _ = w.joinedPage(joined); !page.canRate || page.Face.Text != "Есть ответ" || page.ratedHead() != "case.my_rating_first" {
			t.Errorf("the new answer: %q, may rate %v, %s", page.Face.Text, page.canRate, page.ratedHead())
		}
		w.clock.Advance(time.Hour)
		if err := w.RateJoined(t.Context(), w.who["oleg"], joined, Input{Mark: 4, Solved: "yes"}); err != nil {
			t.Fatal(err)
		}
		if page, _ = w.joinedPage(joined); page.canRate || page.Face.Text != "Решено" || page.ratedHead() != "case.my_rating" {
			t.Errorf("the new answer rated: %q, may rate %v, %s", page.Face.Text, page.canRate, page.ratedHead())
		}
		if err := w.Ring(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(40 * 24 * time.Hour)
		if err := w.Ring(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		v, err := w.Read(t.Context(), w.who["nina"], n, "")
		if err != nil || v.Outcome != Unrated {
			t.Fatalf("%s, %v", v.Outcome, err)
		}
		if head := (&reportView{View: v}).ratedHead(); head != "case.my_rating_first" {
			t.Errorf("the author's mark of the first answer stands under %s", head)
		}
	}, Migrations)
}

func diffAfter(t *testing.T, a, b State) map[string]json.RawMessage {
	t.Helper()
	_, after := diff(a, b)
	return after
}

// Two icons for one word are two states: strangers see one of each.
func TestPublicStatesLookOneWay(t *testing.T) {
	seen := map[string]string{}
	for _, p := range []Public{
		{Stage: StageExecution, Face: "in_work"}, {Stage: StageApproval, Face: "in_work"}, {Stage: StageCoordination, Face: "received"}, {Stage: StageDeferred, Face: "deferred"},
		{Stage: StageAnswered, Face: "answered"}, {Stage: StageClosed, Outcome: Rated, Solved: "yes"}, {Stage: StageClosed, Outcome: Rated, Solved: "no"}, {Stage: StageClosed, Outcome: Unrated},
	} {
		s := publicState(i18n.Russian, &p)
		look := fmt.Sprint(s.Icon, s.Tone)
		if was, ok := seen[s.Text]; ok && was != look {
			t.Errorf("%s: %s and %s", s.Text, was, look)
		}
		seen[s.Text] = look
	}
	for _, want := range []string{"Решено", "Автор: не решено"} {
		if seen[want] == "" {
			t.Errorf("no state %q among %v", want, seen)
		}
	}
}

// Who rated "not solved" without reopening may think again: once, while there
// is time to rate, with words.
func TestTheAuthorThinksAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.who["petr"] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		n, joined := w.shared()
		w.answer(n)
		can := func() bool {
			t.Helper()
			v, err := w.Read(t.Context(), w.who["nina"], n, "")
			if err != nil {
				t.Fatal(err)
			}
			return slices.ContainsFunc(v.Possible, func(a ActionRow) bool { return a.Code == Reopen })
		}
		w.refused(errs.Conflict, "nina", n, Reopen, Input{Comment: "Сломана."}) // not rated yet: reopened with the rating
		w.act("nina", n, Rate, Input{Mark: 2, Solved: "no"})
		w.clock.Advance(29 * 24 * time.Hour)
		w.refused(errs.Invalid, "nina", n, Reopen, Input{})
		w.refused(errs.Forbidden, "petr", n, Reopen, Input{Comment: "Сломана."})
		w.refused(errs.Forbidden, "oleg", joined, Reopen, Input{Comment: "Сломана."})
		if !can() {
			t.Error("a day before the end it is not offered")
		}
		c := w.act("nina", n, Reopen, Input{Comment: "Всё-таки сломана."})
		if c.Stage != StageCoordination || c.Reopened != 1 || c.Outcome != "" || c.ClosedAt != 0 || c.Mark != 2 || c.ReviewDate <= "2026-03-04" {
			t.Errorf("reopened: %+v", c.State)
		}
		if told := addressees(c, w.who["nina"].Person, Reopen, "", Changed{}, []Participant{{Person: w.who["oleg"].Person, Number: joined}}, []id.ID{w.who["office"].Person}); len(told) != 2 || told[0].Kind != "reopened" || told[1].Kind != "reopened_office" {
			t.Errorf("told: %+v", told)
		}
		rows, _, err := w.Inbox(t.Context(), w.who["office"], tests.roads, InboxFilter{})
		if err != nil || len(rows) != 1 {
			t.Errorf("%d at work in the office's list, %v", len(rows), err)
		}
		w.replays(n)
		w.act("timur", n, Take, Input{})
		w.answer(n)
		w.act("nina", n, Rate, Input{Mark: 1, Solved: "no"})
		w.refused(errs.Invalid, "nina", n, Reopen, Input{Comment: "И снова."})
		if can() {
			t.Error("a second time it is offered")
		}
		w.replays(n)

		n, _ = w.shared()
		w.answer(n)
		w.act("nina", n, Rate, Input{Mark: 5, Solved: "yes"})
		w.refused(errs.Invalid, "nina", n, Reopen, Input{Comment: "Сломана."})
		n, _ = w.shared()
		w.answer(n)
		w.act("nina", n, Rate, Input{Mark: 2, Solved: "no"})
		w.clock.Advance(31 * 24 * time.Hour)
		w.refused(errs.Invalid, "nina", n, Reopen, Input{Comment: "Сломана."})
		if can() {
			t.Error("after the time to rate it is offered")
		}
	}, Migrations)
}

// Every text that comes with an action has a limit.
func TestNoActionTakesABook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.who["petr"] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		book := strings.Repeat("Слово. ", 2200)
		tooLong := func(who, n string, a Action, in Input) {
			t.Helper()
			in.Comment = book
			_, err := w.Act(t.Context(), w.who[who], n, a, in)
			if f := fieldsOf(err); !slices.ContainsFunc(f, func(e errs.Field) bool { return e.Name == "comment" && e.Rule == "too_long" }) {
				t.Errorf("%s takes 15,000 characters: %v", a, err)
			}
		}
		n, other := w.file("nina", "yard.bench.broken"), w.file("petr", "yard.bench.broken")
		tooLong("office", n, Accept, Input{})
		tooLong("office", n, Reject, Input{Reason: "spam"})
		tooLong("office", n, Redirect, Input{Organisation: tests.lamps})
		tooLong("nina", n, Add, Input{})
		w.act("office", other, Accept, Input{})
		merged := w.file("oleg", "yard.bench.broken")
		w.act("office", merged, Accept, Input{})
		tooLong("office", merged, Merge, Input{Into: other})
		tooLong("nina", n, Withdraw, Input{})
		tooLong("office", n, Note, Input{})
		w.act("office", n, Accept, Input{})
		tooLong("office", n, Release, Input{})
		tooLong("office", n, Assign, Input{Handler: w.who["timur"].Person})
		tooLong("office", n, Extend, Input{})
		w.act("timur", n, Take, Input{})
		tooLong("timur", n, Ask, Input{})
		tooLong("timur", n, Return, Input{})
		tooLong("timur", n, Submit, Input{})
		tooLong("timur", n, Interim, Input{})
		tooLong("timur", n, Defer, Input{PlanDate: "2026-03-04"})
		w.act("timur", n, Ask, Input{Comment: "Где?"})
		tooLong("nina", n, Reply, Input{})
		w.act("nina", n, Reply, Input{Comment: "Там."})
		w.act("timur", n, Submit, Input{Comment: answerText, Shared: answerText})
		tooLong("olga", n, Rework, Input{})
		tooLong("olga", n, Approve, Input{})
		w.act("olga", n, Approve, Input{})
		tooLong("nina", n, Rate, Input{Mark: 2, Solved: "no"})
		tooLong("nina", n, Rate, Input{Mark: 2, Solved: "no", Reopen: true})
		w.act("nina", n, Rate, Input{Mark: 2, Solved: "no"})
		tooLong("nina", n, Reopen, Input{})
	}, Migrations)
}
