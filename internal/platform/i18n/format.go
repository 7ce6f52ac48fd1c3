package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// nb is a no-break space: numbers stay with their units, days with their months.
const nb = "\u00a0"

// show writes a placeholder's value.
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// Number groups digits by three: «12 345», "12,345"; four digits stay together
// in Russian («2345»).
func Number(lang string, n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "\u2212", s[1:]
	}
	sep := nb
	if lang == English {
		sep = ","
	} else if len(s) < 5 {
		return sign + s
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return sign + s
}

// Decimal writes f with at most digits after the point: «4,5», "4.5".
func Decimal(lang string, f float64, digits int) string {
	s := strconv.FormatFloat(f, 'f', digits, 64)
	whole, rest, found := strings.Cut(s, ".")
	rest = strings.TrimRight(rest, "0")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil { // NaN, infinity
		return s
	}
	out := Number(lang, n)
	if n == 0 && strings.HasPrefix(whole, "-") && rest != "" {
		out = "\u2212" + out
	}
	if !found || rest == "" {
		return out
	}
	if lang == English {
		return out + "." + rest
	}
	return out + "," + rest
}

// Percent writes a share of 1: «37 %», "37%".
func Percent(lang string, share float64) string {
	if lang == English {
		return Decimal(lang, share*100, 0) + "%"
	}
	return Decimal(lang, share*100, 0) + nb + "%"
}

// Money writes kopecks: «1 234,50 ₽», "₽1,234.50"; whole roubles without kopecks.
func Money(lang string, kopecks int64) string {
	sign := ""
	if kopecks < 0 {
		sign, kopecks = "\u2212", -kopecks
	}
	whole, rest := Number(lang, kopecks/100), kopecks%100
	if lang == English {
		if rest != 0 {
			whole += fmt.Sprintf(".%02d", rest)
		}
		return sign + "₽" + whole
	}
	if rest != 0 {
		whole += fmt.Sprintf(",%02d", rest)
	}
	return sign + whole + nb + "₽"
}

// Bytes writes a file's size in the largest fitting unit, powers of 1024.
func Bytes(lang string, n int64) string {
	units := []string{"unit.bytes", "unit.kilobytes", "unit.megabytes", "unit.gigabytes"}
	f, i := float64(n), 0
	for f >= 1024 && i < len(units)-1 {
		f, i = f/1024, i+1
	}
	digits := 0
	if i > 0 && f < 10 {
		digits = 1
	}
	return Decimal(lang, f, digits) + nb + T(lang, units[i])
}

var months = [...]string{"date.january", "date.february", "date.march", "date.april", "date.may", "date.june",
	"date.july", "date.august", "date.september", "date.october", "date.november", "date.december"}

var weekdays = [...]string{"date.sunday", "date.monday", "date.tuesday", "date.wednesday", "date.thursday", "date.friday", "date.saturday"}

// Day writes a day and month in zone: «27 ноября», "27 November".
func Day(lang string, t time.Time, zone *time.Location) string {
	t = in(t, zone)
	return strconv.Itoa(t.Day()) + nb + T(lang, months[t.Month()-1])
}

// Date writes a date in zone: «27 ноября 2026», "27 November 2026".
func Date(lang string, t time.Time, zone *time.Location) string {
	return Day(lang, t, zone) + nb + strconv.Itoa(in(t, zone).Year())
}

// DateNear is [Day] in the year of now and [Date] in any other.
func DateNear(lang string, t, now time.Time, zone *time.Location) string {
	if in(t, zone).Year() == in(now, zone).Year() {
		return Day(lang, t, zone)
	}
	return Date(lang, t, zone)
}

// Weekday writes the day of the week in zone: «пятница», "Friday".
func Weekday(lang string, t time.Time, zone *time.Location) string {
	return T(lang, weekdays[in(t, zone).Weekday()])
}

// Clock writes the time of day in zone: 14:05.
func Clock(t time.Time, zone *time.Location) string { return in(t, zone).Format("15:04") }

// DateTime writes a moment in zone: «27 ноября 2026, 14:05».
func DateTime(lang string, t time.Time, zone *time.Location) string {
	return Date(lang, t, zone) + ", " + Clock(t, zone)
}

// DateTimeZone is [DateTime] with the zone's name: «27 ноября 2026, 14:05 по
// Москве». Pages use it where the zone of a deadline is not the reader's.
func DateTimeZone(lang string, t time.Time, zone *time.Location) string {
	return DateTime(lang, t, zone) + " " + ZoneName(lang, t, zone)
}

// Until writes a deadline: «до 27 ноября», "by 27 November". A term ends at
// 24:00 of its last day, so pass the last day itself, not the midnight after it.
func Until(lang string, day, now time.Time, zone *time.Location) string {
	return T(lang, "date.until", Args{"Date": DateNear(lang, day, now, zone)})
}

// ISODate writes an ISO date (2026-11-27) as [Date]; what is no such date comes
// back unchanged.
func ISODate(lang, iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return Date(lang, t, time.UTC)
}

// UntilISO writes the last day of a term, given as an ISO date, as [Until];
// zone is where now's year is looked up.
func UntilISO(lang, iso string, now time.Time, zone *time.Location) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return T(lang, "date.until", Args{"Date": iso})
	}
	here := in(now, zone)
	return Until(lang, t, time.Date(here.Year(), here.Month(), here.Day(), 12, 0, 0, 0, time.UTC), time.UTC)
}

var zoneKeys = map[string]string{
	"Europe/Kaliningrad": "zone.kaliningrad", "Europe/Moscow": "zone.moscow", "Europe/Samara": "zone.samara",
	"Asia/Yekaterinburg": "zone.yekaterinburg", "Asia/Omsk": "zone.omsk", "Asia/Novosibirsk": "zone.novosibirsk",
	"Asia/Krasnoyarsk": "zone.krasnoyarsk", "Asia/Irkutsk": "zone.irkutsk", "Asia/Yakutsk": "zone.yakutsk",
	"Asia/Vladivostok": "zone.vladivostok", "Asia/Magadan": "zone.magadan", "Asia/Kamchatka": "zone.kamchatka",
	"UTC": "zone.utc",
}

// ZoneName says by which clock a moment is told: «по Москве», "Moscow time";
// a zone without a name of its own is told by its offset: «по времени UTC+2».
func ZoneName(lang string, t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	if key, ok := zoneKeys[zone.String()]; ok {
		return T(lang, key)
	}
	_, sec := in(t, zone).Zone()
	offset := fmt.Sprintf("UTC%+d", sec/3600)
	if m := (sec % 3600) / 60; m != 0 {
		offset += fmt.Sprintf(":%02d", max(m, -m))
	}
	return T(lang, "zone.offset", Args{"Offset": offset})
}

// List joins words: «а, б и в», "a, b and c".
func List(lang string, words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " " + T(lang, "date.and") + " " + words[n-1]
	}
}

func in(t time.Time, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone)
}
