package number

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"okno/internal/platform/errs"
)

// Phone is a telephone number by E.164: "+79161234567".
type Phone string

// PhoneKind says what answers at a number.
type PhoneKind string

// The kinds. Only [Mobile] takes a short message for certain; [Either] stands
// for plans that don't tell (+1).
const (
	Mobile PhoneKind = "mobile"
	Fixed  PhoneKind = "fixed"
	Either PhoneKind = "either"
	Other  PhoneKind = "other" // free of charge, paid, satellite, over the Internet
)

// ParsePhone reads a number of any country; without "+" it is one dialled in
// Russia: 8…, 7…, or ten digits. Brackets, dots and slashes are ignored;
// letters and extensions are refused.
func ParsePhone(name, typed string) (Phone, *errs.Field) {
	bare := strings.TrimLeftFunc(typed, func(r rune) bool { return separator(r) || r == '(' })
	international := strings.HasPrefix(bare, "+")
	s, f := digits(name, strings.TrimPrefix(bare, "+"), "()./")
	if f != nil {
		if f.Rule == "letter" && extension(typed) {
			return "", refuse(name, "extension", "number.phone_extension", nil)
		}
		return "", f
	}
	if len(s) < 10 && !international {
		return "", refuse(name, "length", "number.phone_short", map[string]any{"Given": len(s)})
	}
	dialled := s
	if international {
		dialled = "+" + s
	}
	n, err := phonenumbers.Parse(dialled, "RU")
	if err == nil && phonenumbers.IsValidNumber(n) {
		return Phone(phonenumbers.Format(n, phonenumbers.E164)), nil
	}
	switch {
	case international && len(s) == 11 && s[0] == '8':
		return "", refuse(name, "plus_eight", "number.phone_plus_eight", nil)
	case len(s) == 10 && (s[0] == '7' || s[0] == '8' && !international):
		return "", refuse(name, "length", "number.phone_short", map[string]any{"Given": len(s)})
	case len(s) == 11 && (s[0] == '7' || s[0] == '8'), len(s) == 10 && !international:
		return "", refuse(name, "unknown", "number.phone_code", nil)
	}
	return "", refuse(name, "phone", "number.phone", nil)
}

// extension tells whether somebody added the number of an inner line.
func extension(typed string) bool {
	lower := strings.ToLower(typed)
	for _, word := range []string{"доб", "ext", "вн", "#", ",", ";", "x", "х"} {
		if i := strings.Index(lower, word); i > 0 && strings.ContainsAny(lower[:i], "0123456789") {
			return true
		}
	}
	return false
}

// known reads a canonical number again; nil for one that isn't.
func (p Phone) known() *phonenumbers.PhoneNumber {
	n, err := phonenumbers.Parse(string(p), "ZZ")
	if err != nil {
		return nil
	}
	return n
}

// Country is the state of the number by ISO 3166-1 alpha-2: "RU", "KZ"; ""
// where it belongs to none. +7 6 and +7 7 are Kazakhstan.
func (p Phone) Country() string {
	n := p.known()
	if n == nil {
		return ""
	}
	if region := phonenumbers.GetRegionCodeForNumber(n); region != "001" && region != "ZZ" {
		return region
	}
	return ""
}

// Kind tells a mobile number from a fixed one.
func (p Phone) Kind() PhoneKind {
	n := p.known()
	if n == nil {
		return Other
	}
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.MOBILE:
		return Mobile
	case phonenumbers.FIXED_LINE:
		return Fixed
	case phonenumbers.FIXED_LINE_OR_MOBILE:
		return Either
	}
	return Other
}

// ParseMobile is [ParsePhone] for a number that has to take short messages.
func ParseMobile(name, typed string) (Phone, *errs.Field) {
	p, f := ParsePhone(name, typed)
	if f != nil {
		return "", f
	}
	if k := p.Kind(); k != Mobile && k != Either {
		return "", refuse(name, "not_mobile", "number.phone_not_mobile", nil)
	}
	return p, nil
}

// Shown is "+7 916 123-45-67"; numbers of other countries are grouped as there.
func (p Phone) Shown() string {
	n := p.known()
	if n == nil {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

// Masked is "+7 ••• •••-45-67": the country's code and the last four digits.
func (p Phone) Masked() string {
	code, rest, found := strings.Cut(p.Shown(), " ")
	if !found {
		return hidden(code, 4)
	}
	return code + " " + hidden(rest, 4)
}

// String is the masked form.
func (p Phone) String() string { return p.Masked() }
