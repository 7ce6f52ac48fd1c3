package calendar

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"okno/internal/platform/errs"
)

func day(t testing.TB, s string) Day {
	t.Helper()
	d, err := ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func days(t testing.TB, ss ...string) (out []Day) {
	t.Helper()
	for _, s := range ss {
		out = append(out, day(t, s))
	}
	return out
}

// published2025 is the production calendar of 2025 (government decree of
// 04.10.2024 № 1335), written out by hand.
func published2025(t testing.TB) Year {
	y := Year{Year: 2025, Source: "1335"}
	for _, s := range []string{"2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04", "2025-01-05", "2025-01-06", "2025-01-07",
		"2025-01-08", "2025-02-23", "2025-03-08", "2025-05-01", "2025-05-02", "2025-05-08", "2025-05-09", "2025-06-12",
		"2025-06-13", "2025-11-03", "2025-11-04", "2025-12-31"} {
		y.Off = append(y.Off, DayOff{Day: day(t, s)})
	}
	y.Shortened = days(t, "2025-03-07", "2025-04-30", "2025-06-11", "2025-11-01")
	y.Working = days(t, "2025-11-01")
	y.Transfers = []Transfer{{From: day(t, "2025-11-01"), To: day(t, "2025-11-03")}}
	return y
}

func calendar2025(t testing.TB) *Calendar {
	c, err := New(published2025(t))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func hoursIn(t testing.TB, zone string) Hours {
	t.Helper()
	h, err := Office(zone)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestYearCounts(t *testing.T) {
	y := published2025(t)
	if d, h := y.WorkingDays(), y.WorkingHours(); d != 247 || h != 1972 {
		t.Errorf("2025 has %d working days and %d hours, want 247 and 1972", d, h)
	}
	// 2027 by standing holidays alone: 261 weekdays less 1, 4–8 January (6),
	// 23 February, 8 March, 4 November on weekdays (3; 1 and 9 May, 12 June fall on weekends).
	d := DefaultRussian(2027)
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
	if n := d.WorkingDays(); n != 252 || !d.Provisional {
		t.Errorf("2027 has %d working days (provisional %v), want 252", n, d.Provisional)
	}
	if want := days(t, "2027-02-22", "2027-04-30", "2027-06-11", "2027-11-03", "2027-12-31"); !reflect.DeepEqual(d.Shortened, want) {
		t.Errorf("shortened days of 2027: %v, want %v", d.Shortened, want)
	}
}

// Worked by hand. «Month day weekday» stand beside each.
func TestDueExamples(t *testing.T) {
	c := calendar2025(t)
	for _, x := range []struct {
		name, zone, from string // from: UTC
		term             Term
		date, at         string // at: UTC
	}{
		{"calendar days from the day after", "Europe/Moscow", "2025-04-07T09:00:00Z", Term{N: 30, Unit: CalendarDays}, "2025-05-07", "2025-05-07T21:00:00Z"},
		{"last day Saturday moves to Monday", "Europe/Moscow", "2025-03-20T09:00:00Z", Term{N: 30, Unit: CalendarDays}, "2025-04-21", "2025-04-21T21:00:00Z"},
		{"last day Saturday stays", "Europe/Moscow", "2025-03-20T09:00:00Z", Term{N: 30, Unit: CalendarDays, Roll: Keep}, "2025-04-19", "2025-04-19T21:00:00Z"},
		{"last day Saturday goes back to Friday", "Europe/Moscow", "2025-03-20T09:00:00Z", Term{N: 30, Unit: CalendarDays, Roll: Previous}, "2025-04-18", "2025-04-18T21:00:00Z"},
		{"back never reaches the start", "Europe/Moscow", "2025-04-18T09:00:00Z", Term{N: 1, Unit: CalendarDays, Roll: Previous}, "2025-04-21", "2025-04-21T21:00:00Z"},
		{"last day 1 May skips the holiday, its transfer and a weekend", "Europe/Moscow", "2025-04-21T09:00:00Z", Term{N: 10, Unit: CalendarDays}, "2025-05-05", "2025-05-05T21:00:00Z"},
		{"a worked Saturday is a last day", "Europe/Moscow", "2025-10-22T09:00:00Z", Term{N: 10, Unit: CalendarDays}, "2025-11-01", "2025-11-01T21:00:00Z"},
		{"working days over May", "Europe/Moscow", "2025-04-29T09:00:00Z", Term{N: 5, Unit: WorkingDays}, "2025-05-12", "2025-05-12T21:00:00Z"},      // 30.04, 5, 6, 7, 12.05
		{"working days over November", "Europe/Moscow", "2025-10-30T09:00:00Z", Term{N: 3, Unit: WorkingDays}, "2025-11-05", "2025-11-05T21:00:00Z"}, // 31.10, 1.11, 5.11
		{"late evening in Moscow is next day in Yekaterinburg", "Asia/Yekaterinburg", "2025-04-07T19:30:00Z", Term{N: 1, Unit: WorkingDays}, "2025-04-09", "2025-04-09T19:00:00Z"},
		{"the same moment in Moscow", "Europe/Moscow", "2025-04-07T19:30:00Z", Term{N: 1, Unit: WorkingDays}, "2025-04-08", "2025-04-08T21:00:00Z"},
		{"Kaliningrad ends later", "Europe/Kaliningrad", "2025-04-07T09:00:00Z", Term{N: 1, Unit: WorkingDays}, "2025-04-08", "2025-04-08T22:00:00Z"},
		{"hours over lunch", "Europe/Moscow", "2025-04-07T09:00:00Z", Term{N: 4, Unit: WorkingHours}, "2025-04-07", "2025-04-07T14:00:00Z"},                 // 12–13, 14–17
		{"hours end at lunch, not after it", "Europe/Moscow", "2025-04-07T06:00:00Z", Term{N: 4, Unit: WorkingHours}, "2025-04-07", "2025-04-07T10:00:00Z"}, // 9–13
		{"hours from a Sunday begin on Monday", "Europe/Moscow", "2025-04-06T09:00:00Z", Term{N: 2, Unit: WorkingHours}, "2025-04-07", "2025-04-07T08:00:00Z"},
		{"a shortened day loses its last hour", "Europe/Moscow", "2025-04-30T13:00:00Z", Term{N: 2, Unit: WorkingHours}, "2025-05-05", "2025-05-05T07:00:00Z"}, // 16–17, then Monday 9–10
		{"a worked shortened Saturday", "Europe/Moscow", "2025-11-01T12:00:00Z", Term{N: 3, Unit: WorkingHours}, "2025-11-05", "2025-11-05T07:00:00Z"},         // 15–17, Wednesday 9–10
		{"seconds round up to the minute", "Europe/Moscow", "2025-04-07T06:00:30Z", Term{N: 1, Unit: WorkingHours}, "2025-04-07", "2025-04-07T07:01:00Z"},
		{"zero working days on a day off", "Europe/Moscow", "2025-04-05T09:00:00Z", Term{N: 0, Unit: WorkingDays}, "2025-04-07", "2025-04-07T21:00:00Z"},
	} {
		from, err := time.Parse(time.RFC3339, x.from)
		if err != nil {
			t.Fatal(err)
		}
		d := c.Due(from, x.term, hoursIn(t, x.zone))
		if d.Date != x.date || d.At.Format(time.RFC3339) != x.at || d.Zone != x.zone || d.Provisional {
			t.Errorf("%s: %+v, want %s %s", x.name, d, x.date, x.at)
		}
	}
}

func TestWorkedSaturdayHasHoursOfItsTransfer(t *testing.T) {
	week := OfficeWeek()
	week[time.Monday] = []Interval{{8 * 60, 12 * 60}}
	week[time.Friday] = []Interval{{10 * 60, 15 * 60}}
	h, err := NewHours("Europe/Moscow", week)
	if err != nil {
		t.Fatal(err)
	}
	sat := day(t, "2025-11-01")
	if got := calendar2025(t).Intervals(sat, h); !reflect.DeepEqual(got, []Interval{{8 * 60, 11 * 60}}) {
		t.Errorf("exchanged for a Monday and shortened: %v", got)
	}
	y := published2025(t)
	y.Transfers = nil
	c, err := New(y)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Intervals(sat, h); !reflect.DeepEqual(got, []Interval{{10 * 60, 14 * 60}}) {
		t.Errorf("transfer unknown, so as on Friday and shortened: %v", got)
	}
	if got := c.Intervals(day(t, "2025-11-08"), h); len(got) != 0 {
		t.Errorf("an ordinary Saturday: %v", got)
	}
	week[time.Saturday] = []Interval{{9 * 60, 12 * 60}}
	if h, err = NewHours("Europe/Moscow", week); err != nil {
		t.Fatal(err)
	}
	if got := c.Intervals(day(t, "2025-11-08"), h); len(got) != 1 {
		t.Errorf("an organisation that keeps hours on Saturdays: %v", got)
	}
	if got := c.Intervals(day(t, "2025-03-08"), h); len(got) != 0 {
		t.Errorf("a holiday on a Saturday: %v", got)
	}
}

func TestProvisionalAndRecompute(t *testing.T) {
	h := hoursIn(t, "Europe/Moscow")
	from := time.Date(2025, 12, 25, 9, 0, 0, 0, time.UTC)
	term := Term{N: 10, Unit: WorkingDays}
	c := calendar2025(t)
	old := c.Due(from, term, h) // 26, 29, 30.12 (31st is off), 9, 12–16, 19.01
	if old.Date != "2026-01-19" || !old.Provisional {
		t.Fatalf("without 2026: %+v", old)
	}
	if d := c.Due(from, Term{N: 20, Unit: CalendarDays, Roll: Keep}, h); d.Provisional {
		t.Errorf("calendar days that are kept depend on no calendar: %+v", d)
	}
	y := DefaultRussian(2026)
	y.Provisional = false
	y.Off = append(y.Off, DayOff{Day: day(t, "2026-01-09")})
	c26, err := c.With(y)
	if err != nil {
		t.Fatal(err)
	}
	n, changed := c26.Recompute(old, from, term, h, false)
	if n.Date != "2026-01-20" || n.Provisional || !changed {
		t.Errorf("not told: %+v %v", n, changed)
	}
	n, changed = c26.Recompute(old, from, term, h, true)
	if n.Date != old.Date || !n.At.Equal(old.At) || n.Provisional || !changed {
		t.Errorf("told to a citizen, must not get later: %+v %v", n, changed)
	}
	if n, changed = c26.Recompute(n, from, term, h, true); changed {
		t.Errorf("a second recompute changes again: %+v", n)
	}
	y.Off = y.Off[:len(y.Off)-1]
	y.Working = days(t, "2026-01-10")
	y.Shortened = nil
	if c26, err = c.With(y); err != nil {
		t.Fatal(err)
	}
	if n, _ = c26.Recompute(old, from, term, h, true); n.Date != "2026-01-16" {
		t.Errorf("earlier holds also for a told term: %+v", n)
	}
	if c.Provisional(2026) != true || c26.Provisional(2026) {
		t.Error("With must not change the calendar it starts from")
	}
}

func TestShift(t *testing.T) {
	c, h := calendar2025(t), hoursIn(t, "Europe/Moscow")
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	from := at("2025-04-07T09:00:00Z")
	wd := Term{N: 10, Unit: WorkingDays}
	d := c.Due(from, wd, h) // 21 April
	if d.Date != "2025-04-21" {
		t.Fatalf("%+v", d)
	}
	// Friday to Tuesday takes two working days.
	if s := c.Shift(d, wd, h, at("2025-04-11T12:00:00Z"), at("2025-04-15T08:00:00Z")); s.Date != "2025-04-23" {
		t.Errorf("working days: %+v", s)
	}
	if s := c.Shift(d, wd, h, at("2025-04-12T12:00:00Z"), at("2025-04-13T08:00:00Z")); s != d {
		t.Errorf("a pause over a weekend: %+v", s)
	}
	cd := Term{N: 30, Unit: CalendarDays}
	e := c.Due(from, cd, h) // 7 May
	if s := c.Shift(e, cd, h, at("2025-04-11T12:00:00Z"), at("2025-04-13T08:00:00Z")); s.Date != "2025-05-12" {
		t.Errorf("two calendar days from 7 May reach 9 May, hence 12 May: %+v", s)
	}
	wh := Term{N: 4, Unit: WorkingHours}
	g := c.Due(at("2025-04-07T06:00:00Z"), wh, h) // Monday 13:00
	if s := c.Shift(g, wh, h, at("2025-04-07T07:00:00Z"), at("2025-04-07T07:45:00Z")); !s.At.Equal(at("2025-04-07T11:45:00Z")) {
		t.Errorf("45 minutes of pause move 13:00 to 14:45: %+v", s)
	}
	if s := c.Shift(d, wd, h, d.At, d.At.Add(240*time.Hour)); s != d {
		t.Errorf("a pause after the deadline mends nothing: %+v", s)
	}
	if s := c.Shift(d, wd, h, from, from); s != d {
		t.Errorf("an empty pause: %+v", s)
	}
}

func TestRemainingAndShare(t *testing.T) {
	c, h := calendar2025(t), hoursIn(t, "Asia/Yekaterinburg")
	from := time.Date(2025, 4, 25, 6, 0, 0, 0, time.UTC) // Friday
	d := c.Due(from, Term{N: 10, Unit: CalendarDays}, h) // Monday 5 May
	if l := c.Remaining(from, d); l.Passed || l.Days != 10 || l.WorkingDays != 4 {
		t.Errorf("at the start: %+v", l)
	}
	if l := c.Remaining(d.At.Add(-time.Minute), d); l.Passed || l.Days != 0 || l.For != time.Minute {
		t.Errorf("in the last minute: %+v", l)
	}
	if l := c.Remaining(d.At, d); !l.Passed || l.Days != 1 || l.WorkingDays != 1 {
		t.Errorf("at 24:00: %+v", l)
	}
	if s := Share(from, from, d); s != 0 {
		t.Errorf("share at the start: %v", s)
	}
	if s := Share(from, from.Add(d.At.Sub(from)/2), d); s < 0.49 || s > 0.51 {
		t.Errorf("share in the middle: %v", s)
	}
	if s := Share(from, d.At, d); s != 1 {
		t.Errorf("share at the end: %v", s)
	}
}

func TestZonesWithChangesOfTheClock(t *testing.T) {
	for _, x := range []struct{ zone, date, start string }{
		{"Europe/Moscow", "2010-03-28", "2010-03-27T21:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // midnight is skipped
		{"Asia/Beirut", "2022-03-27", "2022-03-26T22:00:00Z"},       // midnight is skipped
		{"America/Havana", "2022-11-06", "2022-11-06T04:00:00Z"},    // midnight happens twice
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},      // the 30th did not exist
		{"Europe/Moscow", "2014-10-26", "2014-10-25T20:00:00Z"},
	} {
		loc, err := time.LoadLocation(x.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := day(t, x.date).Start(loc).UTC().Format(time.RFC3339); got != x.start {
			t.Errorf("%s %s starts at %s, want %s", x.zone, x.date, got, x.start)
		}
	}
}

func TestJSON(t *testing.T) {
	y := published2025(t)
	b, err := json.Marshal(y)
	if err != nil {
		t.Fatal(err)
	}
	var back Year
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, y) {
		t.Errorf("year: %v\n%+v\n%+v", err, back, y)
	}
	h := hoursIn(t, "Asia/Yekaterinburg")
	if b, err = json.Marshal(h); err != nil {
		t.Fatal(err)
	}
	var g Hours
	if err := json.Unmarshal(b, &g); err != nil || g.Zone() != "Asia/Yekaterinburg" || !reflect.DeepEqual(g.On(time.Friday), h.On(time.Friday)) {
		t.Errorf("hours: %v %s", err, b)
	}
	for _, bad := range []string{`{"zone":"Mars/Base","week":{"mon":["09:00-18:00"]}}`, `{"zone":"Europe/Moscow","week":{}}`,
		`{"zone":"Europe/Moscow","week":{"mon":["18:00-09:00"]}}`, `{"zone":"Europe/Moscow","week":{"mon":["09:00-13:00","12:00-18:00"]}}`,
		`{"zone":"Europe/Moscow","week":{"day":["09:00-13:00"]}}`, `{"zone":"Europe/Moscow","week":{"mon":["9-18"]}}`,
		`{"zone":"Local","week":{"mon":["09:00-18:00"]}}`, `{"zone":"Europe/Moscow","week":{"sat":["09:00-18:00"]}}`,
		`{"zone":"Europe/Moscow","week":{"mon":["09:00-10:00"]}}`, `{"zone":"Europe/Moscow","week":{"mon":["09:00-24:30"]}}`} {
		if err := json.Unmarshal([]byte(bad), &g); err == nil {
			t.Errorf("taken: %s", bad)
		}
	}
}

func TestParseRussianRefuses(t *testing.T) {
	for key, in := range map[string]string{
		"calendar.not_json":          `{"year":`,
		"calendar.no_years":          `[]`,
		"calendar.year_range":        `[{"year":20250}]`,
		"calendar.bad_date":          `[{"year":2025,"nonworking":[{"date":"2025-02-30"}]}]`,
		"calendar.other_year":        `[{"year":2025,"nonworking":[{"date":"2024-02-01"}]}]`,
		"calendar.twice":             `[{"year":2025,"nonworking":["2025-02-03",{"date":"2025-02-03"}]}]`,
		"calendar.off_and_worked":    `[{"year":2025,"nonworking":["2025-11-01"],"working_weekends":["2025-11-01"]}]`,
		"calendar.not_weekend":       `[{"year":2025,"working_weekends":["2025-11-05"]}]`,
		"calendar.off_and_shortened": `[{"year":2025,"shortened":["2025-11-08"]}]`,
		"calendar.days_differ":       `[{"year":2025,"nonworking":["2025-01-01"],"working_days":247}]`,
		"calendar.hours_differ":      `[{"year":2025,"nonworking":["2025-01-01"],"working_days":260,"working_hours_40h":2079}]`,
		"calendar.year_twice":        `[{"year":2025},{"year":2025}]`,
	} {
		_, err := ParseRussian([]byte(in))
		e, ok := err.(*errs.Error)
		if !ok || e.Code != errs.Invalid || e.Key != key {
			t.Errorf("%s: %v", key, err)
		}
	}
	off := Year{Year: 2025}
	for d := day(t, "2025-01-01"); d <= day(t, "2025-12-31"); d++ {
		off.Off = append(off.Off, DayOff{Day: d})
	}
	if _, err := New(off); !errs.Is(err, errs.Invalid) {
		t.Errorf("a year without working days: %v", err)
	}
}

// The published calendars of 2013–2026, against the sums printed beside them
// and those that are generally known.
func TestRealCalendar(t *testing.T) {
	dir := os.Getenv("OKNO_REAL_DATA")
	if dir == "" {
		t.Skip("OKNO_REAL_DATA is not set: the published calendars are not checked")
	}
	data, err := os.ReadFile(filepath.Join(dir, "calendar", "ru_production_calendar.json"))
	if err != nil {
		t.Fatal(err)
	}
	years, err := ParseRussian(data)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(years...)
	if err != nil {
		t.Fatal(err)
	}
	known := map[int]int{2016: 247, 2018: 247, 2021: 240, 2022: 247, 2023: 247, 2024: 248, 2025: 247, 2026: 247}
	for _, y := range years {
		if want, ok := known[y.Year]; ok && y.WorkingDays() != want {
			t.Errorf("%d has %d working days, want %d", y.Year, y.WorkingDays(), want)
		}
		delete(known, y.Year)
		if n := c.WorkingBetween(NewDay(y.Year, 1, 1)-1, NewDay(y.Year, 12, 31)); n != y.WorkingDays() {
			t.Errorf("%d: calendar counts %d, year %d", y.Year, n, y.WorkingDays())
		}
		if c.Provisional(y.Year) {
			t.Errorf("%d is published", y.Year)
		}
	}
	if len(known) > 0 {
		t.Errorf("years missing: %v", known)
	}
	mine, hers := published2025(t), years[2025-2013]
	for i := range hers.Off {
		if hers.Off[i].Day != mine.Off[i].Day {
			t.Errorf("2025: day off %v, by hand %v", hers.Off[i].Day, mine.Off[i].Day)
		}
	}
}
