package calendar

import (
	"sync"
	"time"
)

// Calendar knows what every day is: published years as they were handed in,
// all others by [DefaultRussian]. The zero value has no published year.
type Calendar struct{ years map[int]*table }

// New makes a calendar of the given years; of two with the same number the
// later one holds. It fails with the first year that [Year.Check] refuses.
func New(years ...Year) (*Calendar, error) { return (&Calendar{}).With(years...) }

// With is the calendar with years added or replaced; c itself stays as it is.
func (c *Calendar) With(years ...Year) (*Calendar, error) {
	n := &Calendar{years: make(map[int]*table, len(c.years)+len(years))}
	for k, v := range c.years {
		n.years[k] = v
	}
	for _, y := range years {
		if err := y.Check(); err != nil {
			return nil, err
		}
		n.years[y.Year] = y.table()
	}
	return n, nil
}

var defaults sync.Map // year → *table

func (c *Calendar) table(year int) *table {
	if t, ok := c.years[year]; ok {
		return t
	}
	if t, ok := defaults.Load(year); ok {
		return t.(*table)
	}
	t := DefaultRussian(year).table()
	if year >= FirstYear && year <= LastYear {
		defaults.Store(year, t)
	}
	return t
}

// Kind tells what the day is.
func (c *Calendar) Kind(d Day) Kind {
	t := c.table(d.Year())
	return t.kinds[d-t.first]
}

// IsWorking tells whether d is a working day.
func (c *Calendar) IsWorking(d Day) bool { return c.Kind(d).Works() }

// Provisional tells whether nothing is published for the year.
func (c *Calendar) Provisional(year int) bool { return c.table(year).provisional }

// NextWorking is d itself where it is a working day, else the next one.
func (c *Calendar) NextWorking(d Day) Day {
	for !c.IsWorking(d) {
		d++
	}
	return d
}

// PreviousWorking is d itself where it is a working day, else the last one before.
func (c *Calendar) PreviousWorking(d Day) Day {
	for !c.IsWorking(d) {
		d--
	}
	return d
}

// AddWorking is the n-th working day after d (before d where n is negative).
// For 0 it is d, or the next working day where d is none.
func (c *Calendar) AddWorking(d Day, n int) Day {
	if n == 0 {
		return c.NextWorking(d)
	}
	step := Day(1)
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d += step
		if c.IsWorking(d) {
			n--
		}
	}
	return d
}

// WorkingBetween counts the working days after a, up to and with b; negative
// where b is before a. It undoes [Calendar.AddWorking].
func (c *Calendar) WorkingBetween(a, b Day) int {
	if b < a {
		return -c.WorkingBetween(b, a)
	}
	n := 0
	for d := a + 1; d <= b; { // a year at a time
		t := c.table(d.Year())
		next := min(b+1, t.first+Day(len(t.kinds)))
		n += t.worked[next-t.first] - t.worked[d-t.first]
		d = next
	}
	return n
}

// Intervals are the organisation's hours on one date: those of its weekday,
// one hour shorter on a shortened day, none on a holiday. A worked weekend has
// the hours of the day it was exchanged for, or where that is not known, of
// the last day before it that has any. An ordinary weekend has hours where the
// organisation keeps some.
func (c *Calendar) Intervals(d Day, h Hours) []Interval {
	k := c.Kind(d)
	if k == Holiday {
		return nil
	}
	w := d.Weekday()
	in := h.On(w)
	if k.Works() && d.Weekend() && len(in) == 0 {
		if as, ok := c.table(d.Year()).asWeekday[d]; ok {
			in = h.On(as)
		}
		for i := 1; len(in) == 0 && i < 7; i++ {
			in = h.On((w + 7 - time.Weekday(i)) % 7)
		}
	}
	if k == Shortened {
		in = shorten(in, 60)
	}
	return in
}
