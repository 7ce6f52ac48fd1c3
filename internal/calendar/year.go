package calendar

import (
	"slices"
	"time"

	"okno/internal/platform/errs"
)

// Years that a calendar may describe.
const (
	FirstYear = 1970
	LastYear  = 2200
)

// Year is the production calendar of one year. Its JSON form is what is
// stored; [Year.Check] holds for every year inside a [Calendar].
type Year struct {
	Year        int        `json:"year"`
	Source      string     `json:"source,omitempty"`      // where it comes from, as the publisher says
	Provisional bool       `json:"provisional,omitempty"` // standing holidays only: nothing was published
	Off         []DayOff   `json:"off"`                   // holidays and transferred days off, weekends included where they are holidays
	Shortened   []Day      `json:"shortened"`             // working days one hour shorter (Labour Code art. 95)
	Working     []Day      `json:"working"`               // Saturdays and Sundays that are worked
	Transfers   []Transfer `json:"transfers,omitempty"`   // which day off was moved where
}

// DayOff is a day off that the week does not give, or a holiday on a weekend.
type DayOff struct {
	Day   Day    `json:"date"`
	Title string `json:"title,omitempty"` // name of the holiday, in the publisher's language
}

// Transfer says that the day off of From is taken on To.
type Transfer struct {
	From Day `json:"from"`
	To   Day `json:"to"`
}

// Kind says what a day is for working time.
type Kind byte

// The kinds of days.
const (
	Working   Kind = iota // a full working day
	Shortened             // a working day one hour shorter
	Weekend               // an ordinary Saturday or Sunday
	Holiday               // off by law or by transfer
)

// Works tells whether people work on such a day.
func (k Kind) Works() bool { return k == Working || k == Shortened }

// Check refuses a year that contradicts itself: dates of another year, a day
// both off and worked, a worked day in the middle of the week, too few working
// days to count terms by. The error is [errs.Invalid] with a sentence.
func (y Year) Check() error {
	if y.Year < FirstYear || y.Year > LastYear {
		return errs.With(errs.Invalid, "calendar.year_range", map[string]any{"Year": y.Year, "First": FirstYear, "Last": LastYear})
	}
	bad := func(key string, d Day) error {
		return errs.With(errs.Invalid, key, map[string]any{"Year": y.Year, "Date": d.String()})
	}
	off := make(map[Day]bool, len(y.Off))
	for _, o := range y.Off {
		if o.Day.Year() != y.Year {
			return bad("calendar.other_year", o.Day)
		}
		if off[o.Day] {
			return bad("calendar.twice", o.Day)
		}
		off[o.Day] = true
	}
	worked := make(map[Day]bool, len(y.Working))
	for _, d := range y.Working {
		switch {
		case d.Year() != y.Year:
			return bad("calendar.other_year", d)
		case worked[d]:
			return bad("calendar.twice", d)
		case off[d]:
			return bad("calendar.off_and_worked", d)
		case !d.Weekend():
			return bad("calendar.not_weekend", d)
		}
		worked[d] = true
	}
	short := make(map[Day]bool, len(y.Shortened))
	for _, d := range y.Shortened {
		switch {
		case d.Year() != y.Year:
			return bad("calendar.other_year", d)
		case short[d]:
			return bad("calendar.twice", d)
		case off[d] || d.Weekend() && !worked[d]:
			return bad("calendar.off_and_shortened", d)
		}
		short[d] = true
	}
	var byWeekday [7]int
	for d, k := range y.days() {
		if k.Works() {
			byWeekday[d.Weekday()]++
		}
	}
	if slices.Min(byWeekday[time.Monday:time.Saturday]) < 10 {
		return errs.With(errs.Invalid, "calendar.too_few", map[string]any{"Year": y.Year, "Count": y.WorkingDays()})
	}
	return nil
}

// days yields every day of the year with its kind.
func (y Year) days() func(func(Day, Kind) bool) {
	t := y.table()
	first := NewDay(y.Year, time.January, 1)
	return func(yield func(Day, Kind) bool) {
		for i, k := range t.kinds {
			if !yield(first.Add(i), k) {
				return
			}
		}
	}
}

// WorkingDays counts the year's working days.
func (y Year) WorkingDays() int {
	n := 0
	for _, k := range y.days() {
		if k.Works() {
			n++
		}
	}
	return n
}

// WorkingHours counts the year's hours at a 40-hour week of five days.
func (y Year) WorkingHours() int {
	n := 0
	for _, k := range y.days() {
		switch k {
		case Working:
			n += 8
		case Shortened:
			n += 7
		}
	}
	return n
}

// table is a year laid out for look-up.
type table struct {
	first       Day
	kinds       []Kind
	worked      []int // working days before the n-th day of the year; one more than kinds
	provisional bool
	asWeekday   map[Day]time.Weekday // a worked weekend has the hours of the day it was exchanged for
}

func (y Year) table() *table {
	first := NewDay(y.Year, time.January, 1)
	t := &table{first: first, provisional: y.Provisional, kinds: make([]Kind, NewDay(y.Year+1, time.January, 1)-first)}
	for i := range t.kinds {
		if first.Add(i).Weekend() {
			t.kinds[i] = Weekend
		}
	}
	set := func(d Day, k Kind) {
		if i := int(d - first); i >= 0 && i < len(t.kinds) {
			t.kinds[i] = k
		}
	}
	for _, o := range y.Off {
		set(o.Day, Holiday)
	}
	for _, d := range y.Working {
		set(d, Working)
	}
	for _, d := range y.Shortened {
		set(d, Shortened)
	}
	for _, tr := range y.Transfers {
		if slices.Contains(y.Working, tr.From) {
			if t.asWeekday == nil {
				t.asWeekday = map[Day]time.Weekday{}
			}
			t.asWeekday[tr.From] = tr.To.Weekday()
		}
	}
	t.worked = make([]int, len(t.kinds)+1)
	for i, k := range t.kinds {
		t.worked[i+1] = t.worked[i]
		if k.Works() {
			t.worked[i+1]++
		}
	}
	return t
}

// standing are the non-working holidays of the Labour Code, art. 112.
var standing = []struct {
	month     time.Month
	from, to  int
	title     string
	shortened bool // the day before is one hour shorter (art. 95)
}{
	{time.January, 1, 6, "Новогодние каникулы", true},
	{time.January, 7, 7, "Рождество Христово", false},
	{time.January, 8, 8, "Новогодние каникулы", false},
	{time.February, 23, 23, "День защитника Отечества", true},
	{time.March, 8, 8, "Международный женский день", true},
	{time.May, 1, 1, "Праздник Весны и Труда", true},
	{time.May, 9, 9, "День Победы", true},
	{time.June, 12, 12, "День России", true},
	{time.November, 4, 4, "День народного единства", true},
}

// DefaultRussian is the calendar of a year for which none is published: the
// standing holidays and the shortened days before them, without transfers,
// marked provisional.
func DefaultRussian(year int) Year {
	y := Year{Year: year, Source: "ТК РФ, ст. 112", Provisional: true, Off: []DayOff{}, Shortened: []Day{}, Working: []Day{}}
	for _, h := range standing {
		for d := h.from; d <= h.to; d++ {
			y.Off = append(y.Off, DayOff{NewDay(year, h.month, d), h.title})
		}
		before := NewDay(year, h.month, h.from).Add(-1)
		if h.month == time.January {
			before = NewDay(year, time.December, 31) // before the New Year that follows
		}
		if h.shortened && !before.Weekend() {
			y.Shortened = append(y.Shortened, before)
		}
	}
	slices.Sort(y.Shortened)
	return y
}
