package id

import (
	"crypto/rand"
	"strings"
)

// A public number is what a person reads out by telephone: eleven random
// digits and a check digit, twelve in all, spoken as three groups of four.
// The check digit is Damm's: it finds every single wrong digit and every swap
// of neighbours. Numbers come from no sequence, so they can't be guessed and
// tell nothing about how many there are.

// damm is a totally anti-symmetric quasigroup of order 10.
var damm = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9}, {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5}, {2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

const numberDigits = 12

// NewNumber draws a public number.
func NewNumber() string {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // crypto/rand never fails: it ends the program instead
	return NumberFrom(raw[:])
}

// NumberFrom makes a public number from at least 32 random bytes: the
// demonstration draws them from its seed.
func NumberFrom(raw []byte) string {
	digits := make([]byte, 0, numberDigits)
	for _, b := range raw {
		if len(digits) == numberDigits-1 {
			break
		}
		if b >= 250 || len(digits) == 0 && b%10 == 0 { // no bias, no leading zero
			continue
		}
		digits = append(digits, '0'+b%10)
	}
	for len(digits) < numberDigits-1 {
		digits = append(digits, '1'+byte(len(digits)%9))
	}
	return string(append(digits, '0'+check(string(digits))))
}

// ParseNumber reads a public number however it was typed: with spaces, hyphens
// or «№». It tells false where a digit is wrong or missing.
func ParseNumber(s string) (string, bool) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ' || r == '-' || r == '\u00a0' || r == '№' || r == '\u2011':
		default:
			return "", false
		}
	}
	n := b.String()
	if len(n) != numberDigits || n[0] == '0' || check(n) != 0 {
		return "", false
	}
	return n, true
}

// Mistyped tells that s has as many digits as a public number and isn't one:
// one of them is wrong, or two stand in each other's place.
func Mistyped(s string) bool {
	digits := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	_, ok := ParseNumber(s)
	return digits == numberDigits && !ok
}

// ShowNumber writes a public number in groups of four, with no-break spaces.
func ShowNumber(n string) string {
	if len(n) != numberDigits {
		return n
	}
	return n[:4] + "\u00a0" + n[4:8] + "\u00a0" + n[8:]
}

func check(digits string) byte {
	var c byte
	for i := range len(digits) {
		c = damm[c][digits[i]-'0']
	}
	return c
}
