package identity

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"okno/internal/platform/errs"
)

const (
	minPassword = 8
	maxPassword = 128

	// examplePassword shows what would do; itself it is no secret.
	examplePassword = "Lampa-reka-ogurec-most-7"
)

//go:embed common_passwords.txt
var commonText string

// common are words on which frequent passwords are built, lower case.
var common = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(commonText) {
		m[w] = true
	}
	return m
})

// runs are rows of keys and signs that a guesser tries first.
var runs = []string{"01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv", "qazwsxedcrfv"}

// checkPassword is the password rule: 8 to 128 characters, Latin letters in
// both cases and a digit, not built on a common word, a run of keys, one
// repeated sign, or the person's own login or name.
func checkPassword(password string, own ...string) (errs.Field, bool) {
	f := errs.Field{Name: "password"}
	n := utf8.RuneCountInString(password)
	low := strings.ToLower(password)
	var lower, upper, digit, other bool
	for _, r := range password {
		lower = lower || r >= 'a' && r <= 'z'
		upper = upper || r >= 'A' && r <= 'Z'
		digit = digit || r >= '0' && r <= '9'
		other = other || unicode.IsLetter(r) && r > unicode.MaxASCII || unicode.IsControl(r)
	}
	switch {
	case password == "":
		f.Rule = "required"
	case n < minPassword:
		f.Rule, f.Args = "too_short", map[string]any{"Min": minPassword}
	case n > maxPassword:
		f.Rule, f.Args = "too_long", map[string]any{"Max": maxPassword}
	case other:
		f.Rule, f.Key = "latin", "identity.rule_password_latin"
	case !lower || !upper || !digit:
		f.Rule, f.Key, f.Args = "classes", "identity.rule_password_classes", map[string]any{"Example": examplePassword}
	case isCommon(low):
		f.Rule, f.Key, f.Args = "common", "identity.rule_password_common", map[string]any{"Example": examplePassword}
	case holdsOwn(low, own):
		f.Rule, f.Key = "own", "identity.rule_password_own"
	}
	return f, f.Rule == ""
}

// isCommon strips what people put around a word to please a rule, and undoes
// the usual replacements of letters.
func isCommon(low string) bool {
	word := strings.TrimFunc(low, func(r rune) bool { return !unicode.IsLetter(r) })
	letters := strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "$", "s", "@", "a", "!", "i")
	if low == strings.ToLower(examplePassword) || common()[low] || common()[word] || common()[letters.Replace(word)] || common()[letters.Replace(low)] {
		return true
	}
	core := strings.TrimFunc(low, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, run := range runs {
		for size := min(len(core), len(run)); size >= 6; size-- {
			// a run is the greater part of the password
			if size*2 > len(core) && holdsRun(core, run, size) {
				return true
			}
		}
	}
	return distinct(low) < 4
}

func holdsRun(s, run string, size int) bool {
	for i := 0; i+size <= len(run); i++ {
		if strings.Contains(s, run[i:i+size]) {
			return true
		}
	}
	return false
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

func holdsOwn(low string, own []string) bool {
	for _, o := range own {
		name, _, _ := strings.Cut(strings.ToLower(o), "@")
		for _, part := range append(strings.Fields(name), name) {
			if utf8.RuneCountInString(part) >= 4 && strings.Contains(low, part) {
				return true
			}
		}
	}
	return false
}
