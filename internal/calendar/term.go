package calendar

import (
	"fmt"
	"sync"
	"time"

	"okno/internal/platform/errs"
)

// Unit is what a term is counted in.
type Unit string

// The units.
const (
	CalendarDays Unit = "calendar_days"
	WorkingDays  Unit = "working_days"
	WorkingHours Unit = "working_hours"
)

// Roll says where a term in calendar days ends when its last day is not a
// working day. The rule of the procedure decides which one holds.
type Roll string

// The ways to roll; the empty value is Next.
const (
	Next     Roll = "next"     // on the next working day (Civil Code art. 193)
	Keep     Roll = "keep"     // on that day
	Previous Roll = "previous" // on the working day before; on the next one where that would not be after the start
)

// MaxTerm bounds N of a [Term]: ten years of days.
const MaxTerm = 3660

// Term is a length of time that a rule gives.
type Term struct {
	N    int  `json:"n"`
	Unit Unit `json:"unit"`
	Roll Roll `json:"roll,omitempty"` // of calendar days alone
}

// Check refuses a term that [Calendar.Due] can not count.
func (t Term) Check() error {
	switch {
	case t.N < 0 || t.N > MaxTerm:
		return errs.InvalidFields(errs.Field{Name: "n", Rule: "range", Key: "calendar.term_range", Args: map[string]any{"Max": MaxTerm}})
	case t.Unit != CalendarDays && t.Unit != WorkingDays && t.Unit != WorkingHours:
		return errs.InvalidFields(errs.Field{Name: "unit", Rule: "unknown", Key: "calendar.unit_unknown"})
	case t.Roll != "" && t.Roll != Next && t.Roll != Keep && t.Roll != Previous:
		return errs.InvalidFields(errs.Field{Name: "roll", Rule: "unknown", Key: "calendar.roll_unknown"})
	}
	return nil
}

// Deadline is the end of a term, kept as it is stored.
type Deadline struct {
	Date        string    `json:"date"`        // last day, ISO, in Zone
	Zone        string    `json:"zone"`        // IANA zone of the body that owes the act
	At          time.Time `json:"at"`          // the moment it ends, UTC: 24:00 of Date, or the minute of a term in hours
	Provisional bool      `json:"provisional"` // depends on a year that is not published yet
}

// Passed tells whether the term is over at the moment now.
func (d Deadline) Passed(now time.Time) bool { return !now.Before(d.At) }

// Due is the end of a term that starts at the moment from, for a body with
// these hours. Days count from the day after from in the body's zone. A term
// that [Term.Check] refuses is a mistake of the program, and Due panics.
func (c *Calendar) Due(from time.Time, t Term, h Hours) Deadline {
	if err := t.Check(); err != nil {
		panic(fmt.Sprintf("calendar: Due: %v", err))
	}
	if t.Unit == WorkingHours {
		at, seen := c.addWorking(ceilMinute(from), time.Duration(t.N)*time.Hour, h)
		return Deadline{Date: DayIn(at, h.Location()).String(), Zone: h.Zone(), At: at.UTC(), Provisional: seen}
	}
	start := DayIn(from, h.Location())
	last, prov := c.lastDay(start, start, t)
	return deadline(last, prov, h)
}

// On is the deadline that ends with a given day, as a plan date does.
func On(last Day, h Hours) Deadline { return deadline(last, false, h) }

func deadline(last Day, provisional bool, h Hours) Deadline {
	return Deadline{Date: last.String(), Zone: h.Zone(), At: last.End(h.Location()).UTC(), Provisional: provisional}
}

// lastDay counts t's days from base; a rolled day must come after start.
func (c *Calendar) lastDay(start, base Day, t Term) (last Day, provisional bool) {
	if t.Unit == WorkingDays {
		last = c.AddWorking(base, t.N)
		return last, c.unpublished(base, last)
	}
	day := base.Add(t.N)
	switch t.Roll {
	case Keep:
		return day, false
	case Previous:
		if last = c.PreviousWorking(day); last > start || last == day {
			return last, c.unpublished(last, day)
		}
	}
	last = c.NextWorking(day)
	return last, c.unpublished(day, last)
}

// unpublished tells whether a day from a to b lies in a year that is not published.
func (c *Calendar) unpublished(a, b Day) bool {
	for y := a.Year(); y <= b.Year(); y++ {
		if c.Provisional(y) {
			return true
		}
	}
	return false
}

// Shift is the deadline after a pause (a question to the applicant): later by
// as much of the term's unit as the pause took. A pause that begins after the
// deadline changes nothing: it can't mend what was missed.
func (c *Calendar) Shift(d Deadline, t Term, h Hours, pausedFrom, pausedTo time.Time) Deadline {
	if !pausedTo.After(pausedFrom) || d.Passed(pausedFrom) {
		return d
	}
	if t.Unit == WorkingHours {
		at, seen := c.addWorking(d.At, c.WorkingTime(pausedFrom, pausedTo, h), h)
		return Deadline{Date: DayIn(at, h.Location()).String(), Zone: h.Zone(), At: at.UTC(), Provisional: d.Provisional || seen}
	}
	a, b := DayIn(pausedFrom, h.Location()), DayIn(pausedTo, h.Location())
	last, err := ParseDay(d.Date)
	if err != nil {
		last = DayIn(d.At.Add(-1), h.Location())
	}
	t.N = int(b - a)
	if t.Unit == WorkingDays {
		t.N = c.WorkingBetween(a, b)
	}
	if t.N == 0 {
		return d
	}
	moved, prov := c.lastDay(last-1, last, t)
	return deadline(moved, d.Provisional || prov, h)
}

// Recompute is the deadline by today's calendar and whether it differs from
// the old one. Where the term was told to a citizen the new one is never
// later: then the old date stands and is no longer provisional than the new.
func (c *Calendar) Recompute(old Deadline, from time.Time, t Term, h Hours, told bool) (Deadline, bool) {
	n := c.Due(from, t, h)
	if told && n.At.After(old.At) {
		n.Date, n.Zone, n.At = old.Date, old.Zone, old.At
	}
	return n, !(n.At.Equal(old.At) && n.Date == old.Date && n.Zone == old.Zone && n.Provisional == old.Provisional)
}

// Left is how much of a term is left.
type Left struct {
	Passed      bool
	For         time.Duration // until the deadline; since it where it has passed
	Days        int           // calendar days from today to the last day in the deadline's zone: 0 on the last day; days late where passed
	WorkingDays int           // the same in working days
}

// Remaining tells what is left of a deadline at the moment now.
func (c *Calendar) Remaining(now time.Time, d Deadline) Left {
	loc := zone(d.Zone)
	last, err := ParseDay(d.Date)
	if err != nil {
		last = DayIn(d.At.Add(-1), loc)
	}
	a, b := DayIn(now, loc), last
	l := Left{Passed: d.Passed(now), For: d.At.Sub(now)}
	if l.Passed {
		a, b, l.For = b, a, -l.For
	}
	l.Days, l.WorkingDays = int(b-a), c.WorkingBetween(a, b)
	return l
}

var known sync.Map // name → *time.Location: loading reads and parses zone data every time

// zone is a zone by its name, Moscow where it is not known.
func zone(name string) *time.Location {
	if v, ok := known.Load(name); ok {
		return v.(*time.Location)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return moscow
	}
	known.Store(name, loc)
	return loc
}

// Share is how much of the way from start to the deadline has passed, from 0
// to 1: the length of a deadline bar.
func Share(start, now time.Time, d Deadline) float64 {
	whole := d.At.Sub(start)
	if whole <= 0 || !now.Before(d.At) {
		return 1
	}
	return max(0, float64(now.Sub(start))/float64(whole))
}
