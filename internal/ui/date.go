package ui

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// DateFromForm reads the three boxes of a DateField as they were typed.
func DateFromForm(form url.Values, name string) DateValue {
	return DateValue{form.Get(name + "-day"), form.Get(name + "-month"), form.Get(name + "-year")}
}

// DateOf splits an ISO date into boxes; anything else gives empty ones.
func DateOf(iso string) DateValue {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return DateValue{}
	}
	return DateValue{strconv.Itoa(t.Day()), strconv.Itoa(int(t.Month())), strconv.Itoa(t.Year())}
}

// Empty tells whether nothing was typed.
func (d DateValue) Empty() bool { return strings.TrimSpace(d.Day+d.Month+d.Year) == "" }

// ISO is the date as 2026-11-27. It is false for what is no date of the calendar; a year needs its four digits.
func (d DateValue) ISO() (string, bool) {
	day, err1 := strconv.Atoi(strings.TrimSpace(d.Day))
	month, err2 := strconv.Atoi(strings.TrimSpace(d.Month))
	year, err3 := strconv.Atoi(strings.TrimSpace(d.Year))
	if err1 != nil || err2 != nil || err3 != nil || year < 1000 || year > 9999 {
		return "", false
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day || int(t.Month()) != month || t.Year() != year {
		return "", false
	}
	return t.Format(time.DateOnly), true
}
