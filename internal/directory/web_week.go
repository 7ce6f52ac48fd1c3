package directory

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"okno/internal/calendar"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web"
)

// maxBreaks is how many breaks of one day a form may bring.
const maxBreaks = 8

// dayForm is what is typed of one weekday's hours, times as "09:00". All of it
// empty: closed that day.
type dayForm struct {
	Day      time.Weekday
	From, To string
	Breaks   []breakForm // one at least
}

type breakForm struct{ From, To string }

// weekForm is a working week as it is typed, from Monday on.
type weekForm []dayForm

var dayNames = [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// ID is the name of the day, with which the names of its fields begin.
func (d dayForm) ID() string { return dayNames[d.Day] }

// dayName is a day as a heading: «Понедельник».
func dayName(lang, day string) string {
	name := i18n.T(lang, "date."+day)
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// part is the name of a field of the day; n counts breaks from 0.
func (d dayForm) part(what string, n int) string {
	if n == 0 {
		return d.ID() + "_" + what
	}
	return fmt.Sprintf("%s_%s_%d", d.ID(), what, n+1)
}

func weekOf(h calendar.Hours) weekForm {
	at := func(m int) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
	var out weekForm
	for n := 1; n <= 7; n++ {
		d := dayForm{Day: time.Weekday(n % 7)}
		in := h.On(d.Day)
		for i, x := range in {
			if i == 0 {
				d.From = at(x.From)
			} else {
				d.Breaks = append(d.Breaks, breakForm{at(in[i-1].To), at(x.From)})
			}
			d.To = at(x.To)
		}
		if len(d.Breaks) == 0 {
			d.Breaks = make([]breakForm, 1)
		}
		out = append(out, d)
	}
	return out
}

// readWeek reads the rows of a form. A day that isn't in it is closed. What is
// wrong is an error with a field for each such day.
func readWeek(f *web.Form) (weekForm, calendar.Week, error) {
	var typed weekForm
	var week calendar.Week
	var broken []errs.Field
	for n := 1; n <= 7; n++ {
		d := dayForm{Day: time.Weekday(n % 7)}
		d.From, d.To = f.Text(d.part("from", 0), 10), f.Text(d.part("to", 0), 10)
		for k := 0; k < maxBreaks && (k == 0 || f.Has(d.part("break_from", k))); k++ {
			d.Breaks = append(d.Breaks, breakForm{f.Text(d.part("break_from", k), 10), f.Text(d.part("break_to", k), 10)})
		}
		in, ok := d.intervals()
		if !ok {
			broken = append(broken, errs.Field{Name: d.ID(), Rule: "day_hours"})
		}
		typed, week[d.Day] = append(typed, d), in
	}
	return typed, week, errs.InvalidFields(broken...)
}

// intervals is the day's working time; not ok: a time is missing, isn't one, or
// they are out of order.
func (d dayForm) intervals() (out []calendar.Interval, ok bool) {
	times := []string{d.From}
	for _, b := range d.Breaks {
		if b != (breakForm{}) {
			times = append(times, b.From, b.To)
		}
	}
	times = append(times, d.To)
	if len(times) == 2 && d.From == "" && d.To == "" {
		return nil, true
	}
	last := -1
	for i, text := range times {
		m, ok := minuteOf(text)
		if !ok || m <= last {
			return nil, false
		}
		if last = m; i%2 == 0 {
			out = append(out, calendar.Interval{From: m})
		} else {
			out[len(out)-1].To = m
		}
	}
	return out, true
}

// minuteOf reads "9:00", "09.00" and "24:00".
func minuteOf(text string) (int, bool) {
	text = strings.Replace(text, ".", ":", 1)
	if text == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil
}

// hours are those of the rows in the zone.
func (t weekForm) hours(zone string, week calendar.Week, err error) (calendar.Hours, error) {
	if err != nil {
		if _, zoneErr := calendar.Office(zone); zoneErr != nil {
			err = together(zoneErr, err)
		}
		return calendar.Hours{}, err
	}
	return calendar.NewHours(zone, week)
}
