package number

import (
	"strings"
	"unicode"

	"okno/internal/platform/errs"
)

// maxTyped bounds what is looked at, in bytes: no number with all its
// separators is longer.
const maxTyped = 200

// twins are letters that people type for digits.
var twins = map[rune]string{
	'О': "0", 'о': "0", 'O': "0", 'o': "0", 'З': "3", 'з': "3", 'б': "6",
	'І': "1", 'і': "1", 'I': "1", 'l': "1", '|': "1", 'Ч': "4", 'S': "5",
}

// refuse names the broken rule of an input. key is that of the sentence.
func refuse(name, rule, key string, args map[string]any) *errs.Field {
	return &errs.Field{Name: name, Rule: rule, Key: key, Args: args}
}

// separator tells whether r stands between digits without meaning anything:
// spaces, dashes, and the invisible characters that come with pasted text.
func separator(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf) || r == '\u2212'
}

// digits takes the separators, and what else is named in also, out of typed.
// Anything but ASCII digits in the rest is refused.
func digits(name, typed, also string) (string, *errs.Field) {
	if len(typed) > maxTyped {
		return "", refuse(name, "length", "number.long", nil)
	}
	var b strings.Builder
	for _, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case separator(r) || strings.ContainsRune(also, r):
		default:
			return "", strange(name, r)
		}
	}
	if b.Len() == 0 {
		return "", refuse(name, "required", "", nil)
	}
	return b.String(), nil
}

// strange says what is wrong with a character that is no digit.
func strange(name string, r rune) *errs.Field {
	if digit := twins[r]; digit != "" {
		return refuse(name, "letter", "number.twin", map[string]any{"Letter": string(r), "Digit": digit})
	}
	if unicode.IsPrint(r) && r != unicode.ReplacementChar {
		return refuse(name, "letter", "number.letter", map[string]any{"Letter": string(r)})
	}
	return refuse(name, "letter", "number.unseen", nil)
}

// sized is digits of an exact length, not all of them zeros.
func sized(name, typed string, length int, key string) (string, *errs.Field) {
	s, f := digits(name, typed, "")
	if f != nil {
		return "", f
	}
	if len(s) != length {
		return "", refuse(name, "length", key, map[string]any{"Given": len(s)})
	}
	if strings.Trim(s, "0") == "" {
		return "", refuse(name, "zeros", "number.zeros", nil)
	}
	return s, nil
}

// weighted is the sum of the leading digits of s times their weights.
func weighted(s string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return sum
}

// remainder is the number written in s modulo m, m ≤ 13.
func remainder(s string, m int) int {
	r := 0
	for i := range len(s) {
		r = (r*10 + int(s[i]-'0')) % m
	}
	return r
}

// hidden puts a dot in place of every digit and letter of shown but the last keep.
func hidden(shown string, keep int) string {
	runes := []rune(shown)
	for i := len(runes) - 1; i >= 0; i-- {
		if !unicode.IsDigit(runes[i]) && !unicode.IsLetter(runes[i]) {
			continue
		}
		if keep > 0 {
			keep--
			continue
		}
		runes[i] = '•'
	}
	return string(runes)
}
