package number

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"okno/internal/calendar"
	"okno/internal/platform/errs"
)

// maxForeign is how long series or number of a foreign document may be, in characters.
const maxForeign = 20

// Foreign is series and number of another state's identity document. Series may be empty.
type Foreign struct{ Series, Number string }

// Citizenship is a state by ISO 3166-1 alpha-3: "KAZ".
type Citizenship string

// ParseForeignSeries reads the series; an empty one is taken.
func ParseForeignSeries(name, typed string) (string, *errs.Field) {
	if strings.TrimFunc(typed, separator) == "" && len(typed) <= maxTyped {
		return "", nil
	}
	return foreign(name, typed)
}

// ParseForeignNumber reads the number, which needs a digit.
func ParseForeignNumber(name, typed string) (string, *errs.Field) {
	s, f := foreign(name, typed)
	if f == nil && !strings.ContainsAny(s, "0123456789") {
		f = refuse(name, "digits", "number.foreign_digits", nil)
	}
	if f != nil {
		return "", f
	}
	return s, nil
}

// foreign takes letters of one script, digits, and inside them ". / -"; capital
// letters, no spaces. Latin and Russian letters together are refused: whoever
// typed them did not see that one of them is the other's twin.
func foreign(name, typed string) (string, *errs.Field) {
	if len(typed) > maxTyped {
		return "", refuse(name, "length", "number.long", nil)
	}
	var b strings.Builder
	latin, cyrillic := rune(0), rune(0)
	for _, r := range strings.ToUpper(norm.NFKC.String(strings.ReplaceAll(typed, "№", ""))) {
		switch {
		case r >= '0' && r <= '9', r == '.', r == '/':
		case unicode.In(r, unicode.Pd) || r == '\u2212':
			r = '-'
		case separator(r):
			continue
		case unicode.Is(unicode.Latin, r):
			latin = r
		case unicode.Is(unicode.Cyrillic, r) && unicode.IsLetter(r):
			cyrillic = r
		case unicode.IsLetter(r):
		default:
			return "", strange(name, r)
		}
		b.WriteRune(r)
	}
	s := strings.Trim(b.String(), ".-/")
	switch {
	case latin != 0 && cyrillic != 0:
		return "", refuse(name, "mixed", "number.mixed", map[string]any{"Latin": string(latin), "Russian": string(cyrillic)})
	case s == "":
		return "", refuse(name, "required", "", nil)
	case utf8.RuneCountInString(s) > maxForeign:
		return "", refuse(name, "length", "number.foreign_long", map[string]any{"Max": maxForeign})
	}
	return s, nil
}

// latinTwins are Russian letters that look like Latin ones.
var latinTwins = strings.NewReplacer("А", "A", "В", "B", "Е", "E", "К", "K", "М", "M", "Н", "H", "О", "O",
	"Р", "P", "С", "C", "Т", "T", "У", "Y", "Х", "X", "І", "I", "Ј", "J", "Ѕ", "S")

// Key is what is compared and hashed: one document has one key, whether it was
// typed in Russian or in Latin letters that look the same, with dashes or without.
func (d Foreign) Key() string {
	return strings.NewReplacer("-", "", ".", "", "/", "").Replace(latinTwins.Replace(d.Series + d.Number))
}

// Shown is series and number with a space between.
func (d Foreign) Shown() string { return strings.TrimSpace(d.Series + " " + d.Number) }

// Masked keeps the last three characters, or one of a number shorter than six.
func (d Foreign) Masked() string {
	if utf8.RuneCountInString(d.Number) < 6 {
		return hidden(d.Shown(), 1)
	}
	return hidden(d.Shown(), 3)
}

// String is the masked form.
func (d Foreign) String() string { return d.Masked() }

// ParseCitizenship reads the three-letter code of a state other than Russia.
func ParseCitizenship(name, typed string) (Citizenship, *errs.Field) {
	s := strings.ToUpper(strings.TrimFunc(typed, separator))
	if s == "" {
		return "", refuse(name, "required", "", nil)
	}
	for _, r := range s {
		if unicode.Is(unicode.Cyrillic, r) {
			return "", refuse(name, "letter", "number.russian_letter", map[string]any{"Letter": string(r)})
		}
	}
	region, err := language.ParseRegion(s)
	if len(s) != 3 || err != nil || !region.IsCountry() || region.ISO3() != s {
		return "", refuse(name, "unknown", "number.citizenship", nil)
	}
	if s == "RUS" {
		return "", refuse(name, "russian", "number.citizenship_russian", nil)
	}
	return Citizenship(s), nil
}

// CheckForeignDates checks the dates of a foreign document; expires 0 means
// that it has no term. A document is good through its last day.
func CheckForeignDates(name string, born, issued, expires, today calendar.Day) *errs.Field {
	switch {
	case issued > today:
		return refuse(name, "future", "number.issued_future", nil)
	case issued < born:
		return refuse(name, "before_birth", "number.issued_birth", nil)
	case expires != 0 && expires < issued:
		return refuse(name, "order", "number.expires_order", nil)
	case expires != 0 && expires < today:
		return refuse(name, "expired", "number.expired", nil)
	}
	return nil
}
