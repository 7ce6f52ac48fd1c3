package casework

import (
	"testing"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

func TestPromiseStartsTheExecutionClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "light.lamp.dark")
		w.act("lamps", n, Accept, Input{})
		w.act("lamps", n, Take, Input{})
		w.refused(errs.Invalid, "lamps", n, Defer, Input{Comment: answerText, PlanDate: "2025-01-01"})
		w.refused(errs.Invalid, "lamps", n, Defer, Input{Comment: answerText, PlanDate: "2028-01-01"})
		w.act("lamps", n, Defer, Input{Comment: "Опору заменим до конца апреля.", PlanDate: "2026-04-30"})
		c := *w.act("lamps", n, Approve, Input{})
		if c.Stage != StageDeferred || c.ExecutionDate != "2026-04-30" {
			t.Fatalf("after the promise: %s until %s", c.Stage, c.ExecutionDate)
		}
		w.clock.Set(time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC))
		if err := w.Ring(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		if c = w.mustLoad(n); c.Alarms&alarmExecutionLate == 0 || c.Alarms&alarmReviewLate != 0 {
			t.Errorf("alarms %b: the execution clock is late, the review clock has ended", c.Alarms)
		}
		w.refused(errs.Invalid, "lamps", n, Submit, Input{Comment: answerText}) // a promise needs proof
		w.act("lamps", n, Submit, Input{Comment: answerText, Files: []id.ID{id.New()}})
		w.act("lamps", n, Approve, Input{})
		w.act("nina", n, Rate, Input{Mark: 5, Solved: "yes"})
		w.replays(n)
	}, Migrations)
}

func TestRatingLapses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "yard.bench.broken")
		w.act("office", n, Accept, Input{})
		w.act("office", n, Take, Input{})
		w.act("office", n, Submit, Input{Comment: answerText})
		c := w.act("olga", n, Approve, Input{})
		w.clock.Set(clock.FromMilli(c.RateUntil).Add(time.Minute))
		if err := w.Ring(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		if got := w.mustLoad(n); got.Outcome != Unrated {
			t.Errorf("after the window: %s", got.Outcome)
		}
		w.replays(n)
	}, Migrations)
}

func TestPublishedCalendarMovesOpenTerms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.clock.Set(time.Date(2026, 4, 20, 7, 0, 0, 0, time.UTC)) // ten working days cross the holidays of May
		n := w.file("nina", "roads.surface.pothole")
		before := w.mustLoad(n)
		if !before.Provisional {
			t.Fatal("a term in an unpublished year is not marked provisional")
		}
		y := calendar.DefaultRussian(2026)
		y.Provisional, y.Source = false, "test"
		y.Working = append(y.Working, mustDay(t, "2026-04-25")) // a working Saturday
		changed, err := w.ImportCalendar(t.Context(), policy.Machine("operator:test"), []calendar.Year{y})
		if err != nil || changed != 1 {
			t.Fatalf("published %d, %v", changed, err)
		}
		if again, err := w.ImportCalendar(t.Context(), policy.Machine("operator:test"), []calendar.Year{y}); err != nil || again != 0 {
			t.Fatalf("published again %d, %v", again, err)
		}
		next, err := w.RecomputeTerms(t.Context(), id.Nil)
		if err != nil || next != id.Nil {
			t.Fatal(next, err)
		}
		after := w.mustLoad(n)
		if after.ReviewDate >= before.ReviewDate || after.Provisional {
			t.Errorf("term %s became %s, provisional %v", before.ReviewDate, after.ReviewDate, after.Provisional)
		}
		w.replays(n)

		y.Working = nil
		y.Off = append(y.Off, calendar.DayOff{Day: mustDay(t, "2026-04-22")})
		if _, err := w.ImportCalendar(t.Context(), policy.Machine("operator:test"), []calendar.Year{y}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.RecomputeTerms(t.Context(), id.Nil); err != nil {
			t.Fatal(err)
		}
		if later := w.mustLoad(n); later.ReviewDate > after.ReviewDate {
			t.Errorf("a term told to a citizen became later: %s, was %s", later.ReviewDate, after.ReviewDate)
		}
	}, Migrations)
}

func mustDay(t *testing.T, iso string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// PT-15: a report is taken at any hour of any day. Nights and days off are the
// citizen's; the officers' terms begin with their next working day.
func TestReportIsTakenAtAnyHour(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		zone, err := time.LoadLocation("Europe/Moscow")
		if err != nil {
			t.Fatal(err)
		}
		// Friday, 1 May, a holiday, to Sunday; Monday is the first working day.
		begin, monday := time.Date(2026, 5, 1, 0, 30, 0, 0, zone), time.Date(2026, 5, 4, 0, 0, 0, 0, zone)
		for at := begin; at.Before(monday); at = at.Add(time.Hour) {
			w.clock.Set(at)
			c := w.mustLoad(w.file("nina", "roads.surface.pothole"))
			if c.Stage != StageModeration || c.RegisteredAt != at.UnixMilli() {
				t.Errorf("at %s: stage %s, registered at %d", at, c.Stage, c.RegisteredAt)
			}
			if due := time.UnixMilli(c.StageDueAt); !due.After(monday) {
				t.Errorf("at %s: to be looked through until %s, while nobody works", at, due.In(zone))
			}
		}
	}, Migrations)
}
