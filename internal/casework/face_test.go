package casework

import (
	"strings"
	"testing"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/policy"
	"okno/internal/ui"
)

// How long an answer took is counted from filing; that a first answer lay
// between is said, and what ended without one is no success.
func TestHowATermEnded(t *testing.T) {
	day := func(n int) int64 {
		return clock.Milli(time.Date(2026, 8, 3, 9, 0, 0, 0, time.UTC).AddDate(0, 0, n))
	}
	now := clock.FromMilli(day(60))
	ended := func(s State) ui.DeadlineProps {
		s.Zone, s.RegisteredAt, s.ReviewDate, s.ReviewAt = "Europe/Moscow", day(0), "2026-08-13", day(10)
		return deadline(i18n.Russian, new(calendar.Calendar), &Case{State: s}, now)
	}
	for name, c := range map[string]struct {
		State
		kind ui.DeadlineKind
		note string
	}{
		"answered":                      {State{Stage: StageAnswered, AnsweredAt: day(4)}, ui.Done, "за 4 дня"},
		"the same day":                  {State{Stage: StageAnswered, AnsweredAt: day(0)}, ui.Done, "в тот же день"},
		"answered after promised works": {State{Stage: StageAnswered, AnsweredAt: day(44), ExecutionDate: "2026-10-01", ExecutionAt: day(59)}, ui.Done, "за 44 дня"},
		"answered after a reopening":    {State{Stage: StageClosed, Outcome: Rated, Reopened: 1, AnsweredAt: day(9), ClosedAt: day(11)}, ui.Done, "после доработки, всего за 9 дней"},
		"rejected":                      {State{Stage: StageClosed, Outcome: Rejected, ClosedAt: day(1)}, ui.Over, ""},
		"withdrawn":                     {State{Stage: StageClosed, Outcome: Withdrawn, ClosedAt: day(20)}, ui.Over, ""},
	} {
		if got := ended(c.State); got.Kind != c.kind || got.Note != c.note {
			t.Errorf("%s: kind %q, note %q, want %q and %q", name, got.Kind, got.Note, c.kind, c.note)
		}
	}
	if got := ended(State{Stage: StageClosed, Outcome: Rejected, ClosedAt: day(1)}); !strings.HasPrefix(got.Main, "закрыто 4\u00a0августа") {
		t.Errorf("%q", got.Main)
	}
	if got := ended(State{Stage: StageAnswered, AnsweredAt: day(44), ExecutionDate: "2026-10-01", ExecutionAt: day(59)}); got.Gone < 60 || got.Gone > 90 {
		t.Errorf("of a term of 59 days 44 are %d per cent", got.Gone)
	}
}

// A place and a month are parted by a sentence, not by a mark that a narrow
// line leaves hanging; the number of a house stays with its street.
func TestRowsBreakWhereTheyMay(t *testing.T) {
	for in, want := range map[string]string{
		"Верхнеозёрск, Осенняя улица, 14":   "Верхнеозёрск, Осенняя улица,\u00a014",
		"Верхнеозёрск, Осенняя улица, 4к1а": "Верхнеозёрск, Осенняя улица,\u00a04к1а",
		"Верхнеозёрск, Осенняя улица":       "Верхнеозёрск, Осенняя улица",
		"Городской парк":                    "Городской парк",
		"":                                  "",
	} {
		if got := oneLine(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	if got := sentences("Школьная улица", capital("ноябрь 2026")); got != "Школьная улица. Ноябрь 2026" {
		t.Errorf("%q", got)
	}
}

// Handing a case from one officer to another tells the citizen nothing new,
// and a rejection is one line with its reason.
func TestTimelineTellsAThingOnce(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 8, 3, hour, 0, 0, 0, time.UTC) }
	v := &reportView{Page: ui.Page{Lang: i18n.Russian}, View: &View{As: "author"}, Now: at(20), zone: time.UTC}
	v.RegisteredAt, v.ReviewDate, v.Zone = clock.Milli(at(1)), "2026-08-13", "UTC"
	taken := line{at: clock.Milli(at(2)), item: ui.TimelineItem{What: "Взяли в работу"}}
	if got := once([]line{taken, {at: clock.Milli(at(3)), item: ui.TimelineItem{What: "Взяли в работу"}}, {at: clock.Milli(at(4)), item: ui.TimelineItem{What: "Вы вернули на доработку"}}, taken}); len(got) != 3 || got[0].at != taken.at {
		t.Errorf("%+v", got)
	}
	if got := once([]line{{item: ui.TimelineItem{What: "Передали другой организации", Text: "Дорога не наша."}}, {item: ui.TimelineItem{What: "Передали другой организации", Text: "И не наша."}}}); len(got) != 2 {
		t.Errorf("%+v", got)
	}
	v.Stage, v.Outcome, v.ClosedAt = StageClosed, Rejected, clock.Milli(at(5))
	v.Entries = []Entry{{N: 2, Kind: EntryReason, Action: Reject, Reader: ForApplicant, At: at(5), Body: "Это другая область."}}
	if items := v.timeline(); len(items) != 2 || items[1].What != "Отклонили" {
		t.Errorf("%+v", items)
	}
	if got := v.refusal(); got != "Это другая область." {
		t.Errorf("%q", got)
	}
	v.Outcome, v.Entries[0].Action, v.Me = Withdrawn, Redirect, Participant{Number: id.NewNumber()}
	if got := v.refusal(); got != "" {
		t.Errorf("withdrawn: %q", got)
	}
}

// Of a late report no past day is promised, and two answers are told apart.
func TestPageAfterTheTerm(t *testing.T) {
	at := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	v := &reportView{Page: ui.Page{Lang: i18n.Russian}, View: &View{As: "author"}, Now: at, zone: time.UTC, Term: ui.DeadlineProps{Kind: ui.Late}}
	v.RegisteredAt, v.ReviewDate, v.Stage = clock.Milli(at.AddDate(0, 0, -10)), "2026-08-13", StageExecution
	items := v.timeline()
	if last := items[len(items)-1]; !last.Ahead || last.When != "" || !strings.HasPrefix(last.Text, "Срок был до 13") {
		t.Errorf("%+v", last)
	}
	first, second := Entry{N: 3, Kind: EntryAnswer, At: at}, Entry{N: 5, Kind: EntryAnswer, At: at}
	v.Entries = []Entry{first}
	if got := v.answered(first); got != "case.answer_of" {
		t.Error(got)
	}
	v.Entries, v.Reopened = []Entry{first, second}, 1
	if a, b := v.answered(first), v.answered(second); a != "case.answer_first" || b != "case.answer_new" {
		t.Error(a, b)
	}
}

// Notices name the reader's own reports, and nobody else's.
func TestSubjects(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		own, other := w.file("nina", "yard.bench.broken"), w.file("oleg", "yard.bench.broken")
		list, err := w.subjects(t.Context(), w.who["nina"], []string{own, other})
		if err != nil || len(list) != 1 || list[0].number != own || list[0].fact != "yard.bench.broken" || list[0].place == "" {
			t.Errorf("%+v, %v", list, err)
		}
		if list, err = w.subjects(t.Context(), policy.Actor{}, []string{own}); err != nil || len(list) != 0 {
			t.Errorf("a stranger: %+v, %v", list, err)
		}
	}, Migrations)
}

// Words that lead to no topic are told so; before there are words a topic is promised.
func TestNoTopicForTheWords(t *testing.T) {
	for text, want := range map[string]string{"": "Подберём тему", "ывапр": "подобрать не удалось"} {
		var out strings.Builder
		if err := topicsPart(&reportForm{Text: text}).Render(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) || text != "" && strings.Contains(out.String(), "Подберём") {
			t.Errorf("%q: %s", text, out.String())
		}
	}
}
