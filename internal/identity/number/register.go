package number

import (
	"strings"
	"unicode"

	"okno/internal/platform/errs"
)

// OGRN is an organisation's number in the state register: 13 digits. It is public.
type OGRN string

// OGRNIP is a sole trader's number in the state register: 15 digits. It is public.
type OGRNIP string

// KPP says why an organisation is registered at a tax office: 9 characters, no
// control digit. It is public.
type KPP string

// ParseOGRN reads an organisation's number. The first digit says that it is
// the number of the organisation (1, or 5 for an authority), not of a record
// about it; the last is a control digit.
func ParseOGRN(name, typed string) (OGRN, *errs.Field) {
	s, f := sized(name, typed, 13, "number.ogrn_length")
	switch {
	case f != nil:
		return "", f
	case s[0] != '1' && s[0] != '5':
		return "", refuse(name, "first_digit", "number.ogrn_first", map[string]any{"Digit": s[:1]})
	case remainder(s[:12], 11)%10 != int(s[12]-'0'):
		return "", refuse(name, "control", "number.ogrn_control", nil)
	}
	return OGRN(s), nil
}

// ParseOGRNIP reads a sole trader's number. The first digit is 3, the last a
// control digit.
func ParseOGRNIP(name, typed string) (OGRNIP, *errs.Field) {
	s, f := sized(name, typed, 15, "number.ogrnip_length")
	switch {
	case f != nil:
		return "", f
	case s[0] != '3':
		return "", refuse(name, "first_digit", "number.ogrnip_first", map[string]any{"Digit": s[:1]})
	case remainder(s[:14], 13)%10 != int(s[14]-'0'):
		return "", refuse(name, "control", "number.ogrnip_control", nil)
	}
	return OGRNIP(s), nil
}

// ParseKPP reads a KPP: four digits of the tax office, two digits or Latin
// letters of the reason, three digits. Small letters are taken as capitals; a
// Russian letter that looks like a Latin one is refused.
func ParseKPP(name, typed string) (KPP, *errs.Field) {
	if len(typed) > maxTyped {
		return "", refuse(name, "length", "number.long", nil)
	}
	var s []rune
	for _, r := range typed {
		if !separator(r) {
			s = append(s, unicode.ToUpper(r))
		}
	}
	if len(s) == 0 {
		return "", refuse(name, "required", "", nil)
	}
	for i, r := range s {
		digit, reason := r >= '0' && r <= '9', i == 4 || i == 5
		if digit || reason && r >= 'A' && r <= 'Z' {
			continue
		}
		if unicode.Is(unicode.Cyrillic, r) && reason {
			return "", refuse(name, "letter", "number.russian_letter", map[string]any{"Letter": string(r)})
		}
		return "", strange(name, r)
	}
	if len(s) != 9 {
		return "", refuse(name, "length", "number.kpp_length", map[string]any{"Given": len(s)})
	}
	if strings.Trim(string(s), "0") == "" {
		return "", refuse(name, "zeros", "number.zeros", nil)
	}
	return KPP(s), nil
}
