package calendar

import (
	"encoding/json"
	"fmt"
	"time"

	"okno/internal/platform/errs"
)

// Interval is a stretch of one day's working time in minutes from midnight by
// the local clock, From < To ≤ 1440. Its text form is "09:00-13:00".
type Interval struct{ From, To int }

// String gives the text form.
func (i Interval) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", i.From/60, i.From%60, i.To/60, i.To%60)
}

// MarshalText implements [encoding.TextMarshaler].
func (i Interval) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (i *Interval) UnmarshalText(b []byte) error {
	var n [4]int
	if len(b) != 11 || b[2] != ':' || b[5] != '-' || b[8] != ':' {
		return fmt.Errorf("calendar: %.20q is not an interval like 09:00-13:00", b)
	}
	for k, at := range []int{0, 3, 6, 9} {
		hi, lo := b[at]-'0', b[at+1]-'0'
		if hi > 9 || lo > 9 {
			return fmt.Errorf("calendar: %.20q is not an interval like 09:00-13:00", b)
		}
		n[k] = int(hi)*10 + int(lo)
	}
	if n[1] > 59 || n[3] > 59 {
		return fmt.Errorf("calendar: %.20q is not an interval like 09:00-13:00", b)
	}
	*i = Interval{n[0]*60 + n[1], n[2]*60 + n[3]}
	return nil
}

// Week is working time by weekday; the index is a [time.Weekday]. Lunch is the
// gap between two intervals.
type Week [7][]Interval

// Hours are an organisation's zone and working time. The zero value is Moscow
// time with [OfficeWeek]. Its JSON form is
// {"zone":"Asia/Yekaterinburg","week":{"mon":["09:00-13:00","14:00-18:00"],…}}.
type Hours struct {
	loc  *time.Location
	week *Week
}

// OfficeWeek is Monday to Friday, 9:00–18:00 with lunch from 13:00 to 14:00.
func OfficeWeek() Week {
	var w Week
	for d := time.Monday; d <= time.Friday; d++ {
		w[d] = []Interval{{9 * 60, 13 * 60}, {14 * 60, 18 * 60}}
	}
	return w
}

var (
	moscow = func() *time.Location {
		loc, err := time.LoadLocation("Europe/Moscow")
		if err != nil {
			return time.FixedZone("Europe/Moscow", 3*3600) // a program without zone data
		}
		return loc
	}()
	office = OfficeWeek()
)

// NewHours makes hours in an IANA zone. Intervals must be in order and not
// overlap, and Monday to Friday must have at least one, so that a term in
// working hours always ends. Errors are [errs.Invalid] with fields "zone" and "hours".
func NewHours(zone string, week Week) (Hours, error) {
	invalid := func(field, rule, key string) (Hours, error) {
		return Hours{}, errs.InvalidFields(errs.Field{Name: field, Rule: rule, Key: key})
	}
	if zone == "" || zone == "Local" {
		return invalid("zone", "unknown", "calendar.zone_unknown")
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return invalid("zone", "unknown", "calendar.zone_unknown")
	}
	any := false
	for d, in := range week {
		end := -1
		for _, i := range in {
			if i.From < 0 || i.To > 24*60 || i.From >= i.To || i.From < end {
				return invalid("hours", "order", "calendar.hours_order")
			}
			end = i.To
		}
		day := time.Weekday(d)
		if minutes(in) > 60 && day >= time.Monday && day <= time.Friday {
			any = true // more than the hour that a shortened day takes away
		}
	}
	if !any {
		return invalid("hours", "empty", "calendar.hours_empty")
	}
	return Hours{loc: loc, week: &week}, nil
}

// Office are [OfficeWeek] hours in the zone.
func Office(zone string) (Hours, error) { return NewHours(zone, OfficeWeek()) }

// Location is the zone.
func (h Hours) Location() *time.Location {
	if h.loc == nil {
		return moscow
	}
	return h.loc
}

// Zone is the zone's IANA name.
func (h Hours) Zone() string { return h.Location().String() }

// On gives the hours of a weekday; not to be changed.
func (h Hours) On(d time.Weekday) []Interval {
	if h.week == nil {
		return office[d]
	}
	return h.week[d]
}

var weekdayNames = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

type hoursJSON struct {
	Zone string                `json:"zone"`
	Week map[string][]Interval `json:"week"`
}

// MarshalJSON implements [json.Marshaler].
func (h Hours) MarshalJSON() ([]byte, error) {
	out := hoursJSON{Zone: h.Zone(), Week: map[string][]Interval{}}
	for d, name := range weekdayNames {
		if in := h.On(time.Weekday(d)); len(in) > 0 {
			out.Week[name] = in
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON implements [json.Unmarshaler] with the rules of [NewHours].
func (h *Hours) UnmarshalJSON(b []byte) error {
	var in hoursJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	var week Week
	known := 0
	for d, name := range weekdayNames {
		if v, ok := in.Week[name]; ok {
			week[d], known = v, known+1
		}
	}
	if known != len(in.Week) {
		return fmt.Errorf("calendar: hours name an unknown weekday")
	}
	n, err := NewHours(in.Zone, week)
	if err != nil {
		return err
	}
	*h = n
	return nil
}

func minutes(in []Interval) (n int) {
	for _, i := range in {
		n += i.To - i.From
	}
	return n
}

// shorten takes minutes off the end of a day.
func shorten(in []Interval, by int) []Interval {
	out := append([]Interval(nil), in...)
	for len(out) > 0 && by > 0 {
		last := &out[len(out)-1]
		if n := last.To - last.From; n <= by {
			by -= n
			out = out[:len(out)-1]
			continue
		}
		last.To -= by
		by = 0
	}
	return out
}
