package number

import (
	"okno/internal/platform/errs"
)

// INN is a taxpayer's number: 10 digits of an organisation, 12 of a person.
type INN string

// Person tells whether the number is a person's, sole traders included.
func (n INN) Person() bool { return len(n) == 12 }

// ParseINN reads the number of an organisation or of a person, told apart by length.
func ParseINN(name, typed string) (INN, *errs.Field) {
	s, f := digits(name, typed, "")
	switch {
	case f != nil:
		return "", f
	case len(s) == 10:
		return ParseOrganisationINN(name, typed)
	case len(s) == 12:
		return ParsePersonINN(name, typed)
	}
	return "", refuse(name, "length", "number.inn_length", map[string]any{"Given": len(s)})
}

// ParseOrganisationINN reads an organisation's number: 10 digits, the last of
// them a control digit.
func ParseOrganisationINN(name, typed string) (INN, *errs.Field) {
	s, f := sized(name, typed, 10, "number.inn_organisation_length")
	if f != nil {
		return "", f
	}
	if weighted(s, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 != int(s[9]-'0') {
		return "", refuse(name, "control", "number.inn_control", nil)
	}
	return INN(s), nil
}

// ParsePersonINN reads a person's number: 12 digits, the last two of them
// control digits.
func ParsePersonINN(name, typed string) (INN, *errs.Field) {
	s, f := sized(name, typed, 12, "number.inn_person_length")
	if f != nil {
		return "", f
	}
	if weighted(s, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 != int(s[10]-'0') ||
		weighted(s, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 != int(s[11]-'0') {
		return "", refuse(name, "control", "number.inn_control", nil)
	}
	return INN(s), nil
}

// Shown is the digits without separators, as documents write them.
func (n INN) Shown() string { return string(n) }

// Masked is "••••••••2259" for a person. An organisation's number is public and
// stays whole.
func (n INN) Masked() string {
	if n.Person() {
		return hidden(string(n), 4)
	}
	return string(n)
}

// String is the masked form.
func (n INN) String() string { return n.Masked() }
