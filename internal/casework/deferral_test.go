package casework

import (
	"errors"
	"testing"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
)

// A promised date is moved once, and never further from the first promise
// than the procedure allows; then the work is proved or a supervisor is asked.
func TestAPromiseMovesOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "light.lamp.dark")
		w.act("lamps", n, Accept, Input{})
		w.act("lamps", n, Take, Input{})
		promise := func(date string) {
			t.Helper()
			w.act("lamps", n, Defer, Input{Comment: "Включили в план работ.", PlanDate: date})
			w.act("lamps", n, Approve, Input{})
		}
		offered := func() bool {
			t.Helper()
			for _, row := range w.read("lamps", n).Possible {
				if row.Code == Defer {
					return true
				}
			}
			return false
		}
		promise("2026-12-20")
		if c := w.mustLoad(n); c.Deferred != 1 || !offered() {
			t.Fatalf("after the first promise: %d, offered %v", c.Deferred, offered())
		}
		w.clock.Set(time.Date(2026, 12, 14, 9, 0, 0, 0, time.UTC))
		w.refused(errs.Invalid, "lamps", n, Defer, Input{Comment: "Ещё полгода.", PlanDate: "2027-06-01"}) // a year from today, not from the promise
		w.act("lamps", n, Defer, Input{Comment: "Ещё месяц.", PlanDate: "2027-01-25"})
		w.act("lamps", n, Rework, Input{Comment: "Можно раньше."}) // a promise that nobody made doesn't count
		if !offered() {
			t.Error("a returned promise counts")
		}
		promise("2027-01-20")
		if c := w.mustLoad(n); c.Deferred != 2 || c.ExecutionDate != "2027-01-20" || offered() {
			t.Errorf("after the second promise: %d until %s, offered %v", c.Deferred, c.ExecutionDate, offered())
		}
		_, err := w.Act(t.Context(), w.who["lamps"], n, Defer, Input{Comment: "И ещё.", PlanDate: "2027-01-29"})
		var e *errs.Error
		if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != "plan_date" || e.Fields[0].Rule != "no_more" {
			t.Fatalf("a third promise: %v", err)
		}
		for lang, words := range map[string]string{i18n.Russian: "Срок работ больше перенести нельзя. Отправьте ответ о том, что сделано, или обратитесь к руководителю.",
			i18n.English: "The date of the work can't be moved again. Send the answer on what is done, or ask your supervisor."} {
			if got := i18n.Field(lang, e.Fields[0]); got != words {
				t.Errorf("%s: %q", lang, got)
			}
		}
		w.act("lamps", n, Submit, Input{Comment: answerText, Files: []id.ID{id.New()}})
		w.act("lamps", n, Approve, Input{})
		c := *w.act("nina", n, Rate, Input{Mark: 2, Solved: "no", Reopen: true, Comment: "Снова темно."})
		if c.Deferred != 0 {
			t.Errorf("reopened with %d promises", c.Deferred)
		}
		w.replays(n)
	}, Migrations)
}

// When a year has gone since the first promise no day is left to promise.
func TestNoPromiseIsOfferedWithoutADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "light.lamp.dark")
		w.act("lamps", n, Accept, Input{})
		w.act("lamps", n, Take, Input{})
		w.act("lamps", n, Defer, Input{Comment: "Включили в план работ.", PlanDate: "2026-12-20"})
		w.act("lamps", n, Approve, Input{})
		w.clock.Set(time.Date(2027, 2, 5, 9, 0, 0, 0, time.UTC))
		for _, row := range w.read("lamps", n).Possible {
			if row.Code == Defer {
				t.Error("a promise is offered for which no day is left")
			}
		}
		w.refused(errs.Invalid, "lamps", n, Defer, Input{Comment: "Ещё.", PlanDate: "2027-03-01"})
	}, Migrations)
}
