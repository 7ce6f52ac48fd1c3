package calendar

import (
	"fmt"
	"time"
)

// Day is a calendar date without a zone: the number of days since 1970-01-01.
// It is written as ISO text ("2025-11-01") in JSON and in storage.
type Day int32

// NewDay makes the day of a date; values outside their range carry over as in [time.Date].
func NewDay(year int, month time.Month, day int) Day {
	return Day(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), 86400))
}

// ParseDay reads the ISO form, exactly ten characters.
func ParseDay(s string) (Day, error) {
	if len(s) != 10 {
		return 0, fmt.Errorf("calendar: %.20q is not a date", s)
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("calendar: %.20q is not a date", s)
	}
	return NewDay(t.Date()), nil
}

// DayIn tells which date it is at the moment t in loc.
func DayIn(t time.Time, loc *time.Location) Day { return NewDay(t.In(loc).Date()) }

func (d Day) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String gives the ISO form.
func (d Day) String() string { return d.utc().Format(time.DateOnly) }

// Date gives year, month and day of the month.
func (d Day) Date() (int, time.Month, int) { return d.utc().Date() }

// Year gives the year.
func (d Day) Year() int { return d.utc().Year() }

// Weekday gives the day of the week.
func (d Day) Weekday() time.Weekday { return time.Weekday(((int(d)+4)%7 + 7) % 7) }

// Weekend tells whether d is a Saturday or a Sunday.
func (d Day) Weekend() bool { w := d.Weekday(); return w == time.Saturday || w == time.Sunday }

// Add moves by n days.
func (d Day) Add(n int) Day { return d + Day(n) }

// MarshalText implements [encoding.TextMarshaler].
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Day) UnmarshalText(b []byte) (err error) { *d, err = ParseDay(string(b)); return err }

// Start is the first moment of the day in loc. Where midnight does not exist
// (a change of the clock) it is the moment of the change; where it happens
// twice it is the earlier one.
func (d Day) Start(loc *time.Location) time.Time { return wall(d, 0, loc) }

// End is 24:00 of the day in loc: the first moment that no longer belongs to it.
func (d Day) End(loc *time.Location) time.Time { return (d + 1).Start(loc) }

// wall is the earliest moment at which clocks in loc show the given minute of
// the day, or, where they skip it, the moment at which they jump over it.
func wall(d Day, minute int, loc *time.Location) time.Time {
	naive := d.utc().Add(time.Duration(minute) * time.Minute)
	before := naive.Add(-26 * time.Hour).In(loc)
	_, o1 := before.Zone()
	_, o2 := naive.Add(26 * time.Hour).In(loc).Zone()
	t1 := naive.Add(-time.Duration(o1) * time.Second).In(loc)
	if o1 == o2 && shows(t1, naive) {
		return t1
	}
	t2 := naive.Add(-time.Duration(o2) * time.Second).In(loc)
	ok1, ok2 := shows(t1, naive), shows(t2, naive)
	switch {
	case ok1 && (!ok2 || t1.Before(t2)):
		return t1
	case ok2:
		return t2
	}
	_, jump := before.ZoneBounds()
	if jump.IsZero() {
		return t1
	}
	return jump.In(loc)
}

// shows tells whether the clock of t's zone reads as naive does in UTC.
func shows(t, naive time.Time) bool {
	_, off := t.Zone()
	return t.Add(time.Duration(off) * time.Second).Equal(naive)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
