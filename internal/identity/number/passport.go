package number

import (
	"okno/internal/calendar"
	"okno/internal/platform/errs"
)

// Passport is series and number of the inner passport of Russia: 4 + 6 digits.
type Passport struct{ Series, Number string }

// IssuerCode is the code of the office that issued a passport: 6 digits.
type IssuerCode string

// Blanks bear the year they were made in, 1997 the first.
const firstBlank = 97

// ParsePassportSeries reads a series: two digits of the region, two of the year
// in which the blank was made. today tells which years are possible; a blank of
// the next year is let through, those are printed ahead.
func ParsePassportSeries(name, typed string, today calendar.Day) (string, *errs.Field) {
	s, f := sized(name, typed, 4, "number.series_length")
	if f != nil {
		return "", f
	}
	if s[:2] == "00" {
		return "", refuse(name, "region", "number.series_region", nil)
	}
	if year := remainder(s[2:], 100); year < firstBlank && year > today.Year()%100+1 {
		return "", refuse(name, "year", "number.series_year", map[string]any{"Year": s[2:]})
	}
	return s, nil
}

// ParsePassportNumber reads the number that follows the series.
func ParsePassportNumber(name, typed string) (string, *errs.Field) {
	s, f := digits(name, typed, "№")
	if f != nil {
		return "", f
	}
	return sized(name, s, 6, "number.passport_length")
}

// ParsePassport reads series and number typed into one input: "45 10 № 123456".
func ParsePassport(name, typed string, today calendar.Day) (Passport, *errs.Field) {
	s, f := digits(name, typed, "№")
	if f != nil {
		return Passport{}, f
	}
	if len(s) != 10 {
		return Passport{}, refuse(name, "length", "number.series_number_length", map[string]any{"Given": len(s)})
	}
	series, f := ParsePassportSeries(name, s[:4], today)
	if f != nil {
		return Passport{}, f
	}
	n, f := ParsePassportNumber(name, s[4:])
	if f != nil {
		return Passport{}, f
	}
	return Passport{series, n}, nil
}

// ParseIssuerCode reads the code of the office: "770-001" or six digits.
func ParseIssuerCode(name, typed string) (IssuerCode, *errs.Field) {
	s, f := sized(name, typed, 6, "number.issuer_length")
	return IssuerCode(s), f
}

// Key is the ten digits: what is compared and hashed.
func (p Passport) Key() string { return p.Series + p.Number }

// Shown is "45 10 123456".
func (p Passport) Shown() string {
	if len(p.Series) != 4 || len(p.Number) != 6 {
		return ""
	}
	return p.Series[:2] + " " + p.Series[2:] + " " + p.Number
}

// Masked is "•• •• •••456".
func (p Passport) Masked() string { return hidden(p.Shown(), 3) }

// String is the masked form.
func (p Passport) String() string { return p.Masked() }

// Shown is "770-001".
func (c IssuerCode) Shown() string {
	if len(c) != 6 {
		return ""
	}
	return string(c[:3] + "-" + c[3:])
}

// Ages at which a passport is given and replaced, in years (ПП РФ № 828 of
// 8 July 1997), and for how many days after the birthday the old one is still
// good (ПП РФ № 1205 of 15 July 2021).
const (
	passportAge   = 14
	firstReplace  = 20
	secondReplace = 45
	replaceDays   = 90
)

// firstPassports is the day since which these passports are issued (ПП РФ № 828).
var firstPassports = calendar.NewDay(1997, 10, 1)

// CheckPassportDate checks the date of issue against the holder's date of
// birth. Rules: "future", "before_passports", "too_young" (before the 14th
// birthday), and "replaced" where the holder has since turned 20 or 45 and the
// 90 days to replace the passport are over. A caller that only wants to warn
// of the last one looks at the rule.
func CheckPassportDate(name string, issued, born, today calendar.Day) *errs.Field {
	switch {
	case issued > today:
		return refuse(name, "future", "number.issued_future", nil)
	case issued < firstPassports:
		return refuse(name, "before_passports", "number.issued_before", nil)
	case issued < birthday(born, passportAge):
		return refuse(name, "too_young", "number.issued_young", nil)
	}
	for _, age := range []int{firstReplace, secondReplace} {
		if at := birthday(born, age); issued < at && today > at.Add(replaceDays) {
			return refuse(name, "replaced", "number.issued_replaced", map[string]any{"Age": age})
		}
	}
	return nil
}

// birthday is the day on which somebody turns age; for who was born on
// 29 February it is 1 March in common years.
func birthday(born calendar.Day, age int) calendar.Day {
	y, m, d := born.Date()
	return calendar.NewDay(y+age, m, d)
}
