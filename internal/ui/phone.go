package ui

import (
	"regexp"
	"strings"
)

// phones finds a telephone number of Russia in a text: «8 800 000-01-12», «+7 (812) 000-00-00».
var phones = regexp.MustCompile(`(?:\+7|8)[  -]?\(?\d{3,5}\)?(?:[  -]?\d){5,7}`)

// helpPhone is the first number of a text, as it is written; "" none.
func helpPhone(text string) string { return phones.FindString(text) }

// helpBefore and helpAfter are what stands around the number.
func helpBefore(text string) string {
	before, _, _ := strings.Cut(text, helpPhone(text))
	return before
}

func helpAfter(text string) string {
	_, after, _ := strings.Cut(text, helpPhone(text))
	return after
}

// dialled is a number as a telephone takes it: «+78000000112».
func dialled(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	if rest, ok := strings.CutPrefix(digits, "8"); ok {
		digits = "7" + rest
	}
	return "+" + digits
}
