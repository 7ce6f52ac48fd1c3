package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var zones = []string{"Europe/Kaliningrad", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Kamchatka", "Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut"}

func drawHours(t *rapid.T) Hours {
	week := OfficeWeek()
	if rapid.Bool().Draw(t, "saturday") {
		week[time.Saturday] = []Interval{{10 * 60, 14 * 60}}
	}
	if rapid.Bool().Draw(t, "short friday") {
		week[time.Friday] = []Interval{{9 * 60, 13 * 60}, {13*60 + 45, 16*60 + 45}}
	}
	h, err := NewHours(rapid.SampledFrom(zones).Draw(t, "zone"), week)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func drawMoment(t *rapid.T, label string) time.Time {
	from := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	to := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	return time.Unix(rapid.Int64Range(from, to).Draw(t, label), 0).UTC()
}

func drawTerm(t *rapid.T) Term {
	u := rapid.SampledFrom([]Unit{CalendarDays, WorkingDays, WorkingHours}).Draw(t, "unit")
	r := rapid.SampledFrom([]Roll{"", Next, Keep, Previous}).Draw(t, "roll")
	return Term{N: rapid.IntRange(0, 60).Draw(t, "n"), Unit: u, Roll: r}
}

func TestDueNeverGetsEarlier(t *testing.T) {
	c := calendar2025(t)
	rapid.Check(t, func(t *rapid.T) {
		h, term := drawHours(t), drawTerm(t)
		from := drawMoment(t, "from")
		d := c.Due(from, term, h)
		later := c.Due(from.Add(time.Duration(rapid.Int64Range(0, 20*86400).Draw(t, "later"))*time.Second), term, h)
		if later.At.Before(d.At) {
			t.Fatalf("a later start ends earlier: %+v, %+v", d, later)
		}
		more := term
		more.N += rapid.IntRange(0, 20).Draw(t, "more")
		if longer := c.Due(from, more, h); longer.At.Before(d.At) {
			t.Fatalf("a longer term ends earlier: %+v, %+v", d, longer)
		}
		if d.At.Before(from) {
			t.Fatalf("ends before it starts: %+v", d)
		}
	})
}

func TestDueEndsAtMidnightOnTheRightDay(t *testing.T) {
	c := calendar2025(t)
	rapid.Check(t, func(t *rapid.T) {
		h, term, from := drawHours(t), drawTerm(t), drawMoment(t, "from")
		loc := h.Location()
		d := c.Due(from, term, h)
		last, err := ParseDay(d.Date)
		if err != nil {
			t.Fatal(err)
		}
		start := DayIn(from, loc)
		if term.Unit == WorkingHours {
			if got := c.WorkingTime(ceilMinute(from), d.At, h); got != time.Duration(term.N)*time.Hour {
				t.Fatalf("%d hours end after %v of working time", term.N, got)
			}
			if DayIn(d.At, loc) != last || len(c.Intervals(last, h)) == 0 || d.At.Second() != 0 {
				t.Fatalf("%+v", d)
			}
			return
		}
		if DayIn(d.At.Add(-time.Nanosecond), loc) != last || DayIn(d.At, loc) != last+1 {
			t.Fatalf("%+v does not end at 24:00 in %s", d, loc)
		}
		switch {
		case term.Unit == WorkingDays:
			if !c.IsWorking(last) {
				t.Fatalf("working days end on %v", last)
			}
			if n := c.WorkingBetween(start, last); term.N > 0 && n != term.N {
				t.Fatalf("counted %d working days to %v, want %d", n, last, term.N)
			}
		case term.Roll == Keep:
			if last != start.Add(term.N) {
				t.Fatalf("kept day is %v", last)
			}
		case !c.IsWorking(last):
			t.Fatalf("rolled to a day off: %+v", d)
		case c.IsWorking(start.Add(term.N)) && last != start.Add(term.N):
			t.Fatalf("moved from a working day: %+v", d)
		}
	})
}

func TestWorkingDaysThereAndBack(t *testing.T) {
	c := calendar2025(t)
	rapid.Check(t, func(t *rapid.T) {
		d := Day(rapid.IntRange(15000, 22000).Draw(t, "day"))
		n := rapid.IntRange(1, 300).Draw(t, "n")
		to := c.AddWorking(d, n)
		if c.WorkingBetween(d, to) != n || c.WorkingBetween(to, d) != -n {
			t.Fatalf("%v + %d = %v, counted back %d", d, n, to, c.WorkingBetween(d, to))
		}
		if w := c.NextWorking(d); c.AddWorking(c.AddWorking(w, n), -n) != w {
			t.Fatalf("%v there and back", w)
		}
	})
}

func TestPauses(t *testing.T) {
	c := calendar2025(t)
	rapid.Check(t, func(t *rapid.T) {
		h, term, from := drawHours(t), drawTerm(t), drawMoment(t, "from")
		d := c.Due(from, term, h)
		span := func(label string) time.Duration {
			return time.Duration(rapid.Int64Range(0, 30*86400).Draw(t, label)) * time.Second
		}
		a := from.Add(span("a"))
		b := a.Add(span("b"))
		s := c.Shift(d, term, h, a, b)
		if s.At.Before(d.At) {
			t.Fatalf("a pause makes it earlier: %+v, %+v", d, s)
		}
		if d.Passed(a) && s != d {
			t.Fatalf("a pause after the end: %+v, %+v", d, s)
		}
		mid := a.Add(b.Sub(a) / 2)
		if (term.Unit != CalendarDays || term.Roll == Keep) && !d.Passed(mid) {
			two := c.Shift(c.Shift(d, term, h, a, mid), term, h, mid, b)
			if !two.At.Equal(s.At) {
				t.Fatalf("two halves of a pause %+v, the whole %+v", two, s)
			}
		}
		if n, _ := c.Recompute(d, from, term, h, true); n.At.After(d.At) {
			t.Fatalf("recomputed later: %+v", n)
		}
	})
}

func TestDayStartIsItsFirstMoment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		d := Day(rapid.IntRange(3650, 22000).Draw(t, "day"))
		s := d.Start(loc)
		if DayIn(s, loc) != d || DayIn(s.Add(-time.Nanosecond), loc) != d-1 {
			t.Fatalf("%v in %s starts at %v", d, loc, s)
		}
	})
}

func FuzzParseRussian(f *testing.F) {
	f.Add([]byte(`[{"year":2025,"date":"x","nonworking":[{"date":"2025-01-01","title":"t"},"2025-01-02"],"shortened":[{"date":"2025-03-07"}],"working_weekends":["2025-11-01"],"transfers":[{"day_off":"2025-11-03","moved_from":"2025-11-01"}]}]`))
	f.Add([]byte(`{"year":2026}`))
	f.Add([]byte("\xef\xbb\xbf[]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		years, err := ParseRussian(data)
		if err != nil {
			return
		}
		c, err := New(years...)
		if err != nil {
			t.Fatalf("parsed but refused: %v", err)
		}
		for _, y := range years {
			from := time.Date(y.Year, 1, 1, 0, 0, 0, 0, time.UTC)
			if d := c.Due(from, Term{N: 8, Unit: WorkingHours}, Hours{}); d.At.Before(from) {
				t.Fatalf("%+v", d)
			}
		}
	})
}
