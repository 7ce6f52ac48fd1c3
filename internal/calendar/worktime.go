package calendar

import "time"

// AddWorkingTime is the moment at which dur of the organisation's working time
// has passed since from. It is the end of a stretch rather than the beginning
// of the next: four hours from 9:00 end at 13:00, not after lunch.
func (c *Calendar) AddWorkingTime(from time.Time, dur time.Duration, h Hours) time.Time {
	at, _ := c.addWorking(from, dur, h)
	return at
}

// addWorking also tells whether an unpublished year was counted through.
func (c *Calendar) addWorking(from time.Time, dur time.Duration, h Hours) (at time.Time, provisional bool) {
	loc := h.Location()
	day := DayIn(from, loc)
	for d := day; ; d++ {
		provisional = provisional || c.Provisional(d.Year())
		for _, in := range c.Intervals(d, h) {
			a, b := wall(d, in.From, loc), wall(d, in.To, loc)
			if a.Before(from) {
				a = from
			}
			if !b.After(a) {
				continue
			}
			if part := b.Sub(a); part < dur {
				dur -= part
				continue
			}
			return a.Add(dur), provisional
		}
	}
}

// WorkingTime is the organisation's working time between two moments; 0 where
// to is not after from.
func (c *Calendar) WorkingTime(from, to time.Time, h Hours) (sum time.Duration) {
	loc := h.Location()
	for d, last := DayIn(from, loc), DayIn(to, loc); d <= last; d++ {
		for _, in := range c.Intervals(d, h) {
			a, b := wall(d, in.From, loc), wall(d, in.To, loc)
			if a.Before(from) {
				a = from
			}
			if b.After(to) {
				b = to
			}
			if b.After(a) {
				sum += b.Sub(a)
			}
		}
	}
	return sum
}

// Open tells whether the organisation works at the moment t.
func (c *Calendar) Open(t time.Time, h Hours) bool {
	loc := h.Location()
	d := DayIn(t, loc)
	for _, in := range c.Intervals(d, h) {
		if !t.Before(wall(d, in.From, loc)) && t.Before(wall(d, in.To, loc)) {
			return true
		}
	}
	return false
}

func ceilMinute(t time.Time) time.Time {
	f := t.Truncate(time.Minute)
	if f.Before(t) {
		f = f.Add(time.Minute)
	}
	return f
}
