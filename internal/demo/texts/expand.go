package texts

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// expand makes the choices {a|b} of a fragment, of those alternatives that are
// said of the case. Unbalanced braces are left standing, where the tests see
// them.
func expand(rng *rand.Rand, of aspect, s string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:open])
		parts, rest, ok := choice(s[open:])
		if !ok {
			b.WriteString(s[open:])
			return b.String()
		}
		if parts = of.keep(parts); len(parts) > 0 {
			b.WriteString(expand(rng, of, parts[rng.IntN(len(parts))]))
		}
		s = rest
	}
}

// choice divides {a|b} at the beginning of s into its alternatives.
func choice(s string) (parts []string, rest string, ok bool) {
	depth, from := 0, 1
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return append(parts, s[from:i]), s[i+1:], true
			}
		case '|':
			if depth == 1 {
				parts = append(parts, s[from:i])
				from = i + 1
			}
		}
	}
	return nil, "", false
}

// tidy removes the traces of empty choices: double blanks, blanks before a
// comma, a comma after a full stop.
func tidy(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	for _, r := range [...][2]string{{" ,", ","}, {" .", "."}, {" ?", "?"}, {" !", "!"}, {" :", ":"}, {" ;", ";"}, {",,", ","}, {",.", "."}, {",?", "?"}, {"( ", "("}, {" )", ")"}, {"..", "."}, {"?.", "?"}, {"!.", "!"}, {"….", "…"}} {
		s = strings.ReplaceAll(s, r[0], r[1])
	}
	return strings.TrimLeft(s, ", ")
}

// inside are parts of a house, of which one says whose they are: «в подъезде
// дома 13», not «в подъезде в доме 13».
var inside = regexp.MustCompile(`((?:[Пп]одъезд|[Кк]рыльц|[Кк]рыш|[Чч]ердак|[Пп]одвал)\p{L}*) в доме (\d)`)

// sentence begins with a capital and ends with a stop.
func sentence(s string) string {
	s = upper(inside.ReplaceAllString(agree(tidy(s)), "$1 дома $2"))
	for _, stop := range [...]string{". ", "? ", "! "} {
		if parts := strings.Split(s, stop); len(parts) > 1 {
			for i := range parts[1:] {
				parts[i+1] = upper(parts[i+1])
			}
			s = strings.Join(parts, stop)
		}
	}
	if s == "" {
		return s
	}
	if last, _ := utf8.DecodeLastRuneInString(s); !strings.ContainsRune(".?!…", last) {
		s += "."
	}
	return s
}

func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == '«' {
		return s[:n] + upper(s[n:])
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// lower turns the first letter small, unless the word is an abbreviation or a name.
func lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == '«' {
		return s[:n] + lower(s[n:])
	}
	next, _ := utf8.DecodeRuneInString(s[n:])
	if unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}
