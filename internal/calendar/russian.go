package calendar

import (
	"bytes"
	"encoding/json"

	"okno/internal/platform/columns"
	"okno/internal/platform/errs"
)

// MaxFile bounds a file of calendars.
const MaxFile = 4 << 20

type russianYear struct {
	Year       int           `json:"year"`
	Date       string        `json:"date"`
	Nonworking []russianDay  `json:"nonworking"`
	Shortened  []russianDay  `json:"shortened"`
	Weekends   []russianDay  `json:"working_weekends"`
	Transfers  []russianMove `json:"transfers"`
	Days       int           `json:"working_days"`
	Hours      int           `json:"working_hours_40h"`
}

type russianMove struct {
	To   string `json:"day_off"`
	From string `json:"moved_from"`
}

// Table describes the properties of a year in the file of calendars.
func Table() columns.Table {
	const days = `list of dates, "2026-01-01" or {"date": "2026-01-01", "title": "…"}`
	return columns.Table{
		{Name: "year", Required: true, Means: "the year", Form: "number", Example: "2026"},
		{Name: "date", Means: "when and by whom it was published, as words", Example: `"2025-09-24"`},
		{Name: "nonworking", Required: true, Means: "holidays and transferred days off", Form: days, Example: `[{"date": "2026-01-01", "title": "Новый год"}]`},
		{Name: "shortened", Means: "working days one hour shorter", Form: days, Example: `["2026-04-30"]`},
		{Name: "working_weekends", Means: "Saturdays and Sundays that are worked", Form: days, Example: `[]`},
		{Name: "transfers", Means: "which day off was moved where", Form: `list of {"day_off": DATE, "moved_from": DATE}`, Example: `[{"day_off": "2026-01-09", "moved_from": "2026-01-03"}]`},
		{Name: "working_days", Means: "check sum: working days of the year; 0 or absent: not checked", Form: "number", Example: "0"},
		{Name: "working_hours_40h", Means: "check sum: hours of a 40-hour week; 0 or absent: not checked", Form: "number", Example: "0"},
	}
}

// russianDay is a date as text, or an object with a date and a title.
type russianDay struct{ Date, Title string }

func (d *russianDay) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &d.Date)
	}
	var o struct{ Date, Title string }
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	*d = russianDay(o)
	return nil
}

// ParseRussian reads published production calendars: a JSON list of years (or
// one year) with "year", "nonworking", "shortened", "working_weekends",
// "transfers" {"day_off", "moved_from"} and, as check sums, "working_days" and
// "working_hours_40h". Days are texts or objects with "date" and "title". A
// year that contradicts itself or its sums fails the whole file with
// [errs.Invalid]; nothing is guessed.
func ParseRussian(data []byte) ([]Year, error) {
	if len(data) > MaxFile {
		return nil, errs.With(errs.TooLarge, "calendar.file_too_large", map[string]any{"Megabytes": MaxFile >> 20})
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	var in []russianYear
	if len(data) > 0 && data[0] == '{' {
		in = make([]russianYear, 1)
		if err := json.Unmarshal(data, &in[0]); err != nil {
			return nil, &errs.Error{Code: errs.Invalid, Key: "calendar.not_json", Err: err}
		}
	} else if err := json.Unmarshal(data, &in); err != nil {
		return nil, &errs.Error{Code: errs.Invalid, Key: "calendar.not_json", Err: err}
	}
	if len(in) == 0 {
		return nil, errs.New(errs.Invalid, "calendar.no_years")
	}
	out := make([]Year, 0, len(in))
	seen := map[int]bool{}
	for _, r := range in {
		y, err := r.year()
		if err != nil {
			return nil, err
		}
		if seen[y.Year] {
			return nil, errs.With(errs.Invalid, "calendar.year_twice", map[string]any{"Year": y.Year})
		}
		seen[y.Year] = true
		out = append(out, y)
	}
	return out, nil
}

func (r russianYear) year() (Year, error) {
	y := Year{Year: r.Year, Source: r.Date, Off: []DayOff{}, Shortened: []Day{}, Working: []Day{}}
	day := func(s string) (Day, error) {
		d, err := ParseDay(s)
		if err != nil {
			return 0, errs.With(errs.Invalid, "calendar.bad_date", map[string]any{"Year": r.Year, "Date": clip(s)})
		}
		return d, nil
	}
	for _, x := range r.Nonworking {
		d, err := day(x.Date)
		if err != nil {
			return y, err
		}
		y.Off = append(y.Off, DayOff{d, x.Title})
	}
	for _, x := range r.Shortened {
		d, err := day(x.Date)
		if err != nil {
			return y, err
		}
		y.Shortened = append(y.Shortened, d)
	}
	for _, x := range r.Weekends {
		d, err := day(x.Date)
		if err != nil {
			return y, err
		}
		y.Working = append(y.Working, d)
	}
	for _, x := range r.Transfers {
		to, err := day(x.To)
		if err != nil {
			return y, err
		}
		from, err := day(x.From)
		if err != nil {
			return y, err
		}
		y.Transfers = append(y.Transfers, Transfer{From: from, To: to})
	}
	if err := y.Check(); err != nil {
		return y, err
	}
	if n := y.WorkingDays(); r.Days != 0 && r.Days != n {
		return y, errs.With(errs.Invalid, "calendar.days_differ", map[string]any{"Year": r.Year, "Said": r.Days, "Counted": n})
	}
	if n := y.WorkingHours(); r.Hours != 0 && r.Hours != n {
		return y, errs.With(errs.Invalid, "calendar.hours_differ", map[string]any{"Year": r.Year, "Said": r.Hours, "Counted": n})
	}
	return y, nil
}

func clip(s string) string {
	r := []rune(s)
	if len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}
