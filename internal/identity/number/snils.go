package number

import (
	"strconv"

	"okno/internal/platform/errs"
)

// SNILS is the number of a person's social insurance account: 11 digits.
type SNILS string

// snilsUnchecked is the last account number that carries no control number.
const snilsUnchecked = 1001998

// ParseSNILS reads a SNILS and checks its control number.
func ParseSNILS(name, typed string) (SNILS, *errs.Field) {
	s, f := sized(name, typed, 11, "number.snils_length")
	if f != nil {
		return "", f
	}
	account, err := strconv.Atoi(s[:9])
	if err != nil || account == 0 {
		return "", refuse(name, "zeros", "number.zeros", nil)
	}
	if account > snilsUnchecked && snilsControl(s) != s[9:] {
		return "", refuse(name, "control", "number.snils_control", nil)
	}
	return SNILS(s), nil
}

// snilsControl is the control number of the first nine digits: their sum with
// weights 9 to 1, modulo 101, where 100 counts as 0.
func snilsControl(s string) string {
	k := weighted(s, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 101 % 100
	return string([]byte{byte('0' + k/10), byte('0' + k%10)})
}

// Shown is "112-233-445 95".
func (n SNILS) Shown() string {
	if len(n) != 11 {
		return ""
	}
	return string(n[:3] + "-" + n[3:6] + "-" + n[6:9] + " " + n[9:])
}

// Masked is "•••-•••-445 95".
func (n SNILS) Masked() string { return hidden(n.Shown(), 5) }

// String is the masked form.
func (n SNILS) String() string { return n.Masked() }
