package places

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// query is a search as understood: words to be found, a house, a kind of street.
type query struct {
	words  []string // folded
	kind   string   // «улица», «переулок» …; "" not said
	house  string   // «14», «14к2», «14/3», «14а»; "" none
	partly bool     // the house's digits may go on: the text ends with them
	km, to int      // «12 км», «км 12 – км 15»: the kilometres of a road; -1 not said
}

// parse reads what a person typed: «ул. Рыбацкая, д.14», «рыбацкая 14 корп 2».
func parse(text string) query {
	q := query{km: -1, to: -1}
	tokens := split(text)
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		next := ""
		if i+1 < len(tokens) {
			next = tokens[i+1]
		}
		switch {
		case digit(t) && ordinal(t, next):
			q.words = append(q.words, trimOrdinal(t)+"-")
			if isOrdinalEnd(next) {
				i++
			}
		case digit(t):
			house := normalHouse(t)
			for i+1 < len(tokens) {
				part, used := wing(tokens[i+1:], house)
				if used == 0 {
					break
				}
				house += part
				i += used
			}
			if q.house != "" { // a later number is the house; the earlier belonged to a name
				q.words = append(q.words, q.house)
			}
			q.house, q.partly = house, i == len(tokens)-1
		case fillers[t]:
		case localityKinds[t]:
		case streetKinds[t] != "":
			q.kind = streetKinds[t]
		default:
			q.words = append(q.words, t)
		}
	}
	return q
}

// typed reads what a person typed, with the kilometres of a road.
func typed(text string) query {
	for _, form := range []*regexp.Regexp{typedSection, typedKilometre} {
		m := form.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		q := parse(text[:m[0]] + " " + text[m[1]:])
		for i := 2; i < len(m); i += 2 {
			if m[i] < 0 {
				continue
			}
			if km, err := strconv.Atoi(text[m[i]:m[i+1]]); err == nil {
				q.to = km
				if q.km < 0 {
					q.km = km
				}
			}
		}
		return q
	}
	return parse(text)
}

// onRoad tells whether a section of a road has the kilometres that were typed,
// and whether it is the very section.
func (q query) onRoad(from, to int) (some, same bool) {
	same = q.km == from && q.to == to
	if q.km == q.to {
		return from <= q.km && q.km <= to, same
	}
	return from < q.to && q.km < to || same, same
}

// split cuts a folded text into words; a hyphen joins («р-н» → «рн»), a slash stays within a number.
func split(text string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	runes := []rune(fold(text))
	for i, r := range runes {
		switch {
		case unicode.IsDigit(r) && b.Len() > 0 && !digit(b.String()):
			flush() // «д14»
			b.WriteRune(r)
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		case r == '/' && b.Len() > 0 && digit(b.String()) && i+1 < len(runes) && unicode.IsDigit(runes[i+1]):
			b.WriteRune(r)
		case r == '-' && b.Len() > 0 && i+1 < len(runes) && unicode.IsLetter(runes[i+1]):
		case r == '№':
		default:
			flush()
		}
	}
	flush()
	return out
}

func digit(t string) bool { return t != "" && t[0] >= '0' && t[0] <= '9' }

// ordinal tells «2-я», «3-й», «1я Садовая» from a house's number.
func ordinal(t, next string) bool {
	end := strings.TrimLeft(t, "0123456789")
	return isOrdinalEnd(end) || end == "" && isOrdinalEnd(next)
}

func isOrdinalEnd(s string) bool {
	return s == "я" || s == "й" || s == "ая" || s == "ый" || s == "ой" || s == "го" || s == "е"
}

func trimOrdinal(t string) string {
	return strings.TrimRight(t, "яйаыоге")
}

// normalHouse writes a number as the register does: «14 К2» → «14к2».
func normalHouse(t string) string {
	return houseWords.Replace(t)
}

var houseWords = strings.NewReplacer("корпус", "к", "корп", "к", "литера", "", "лит", "", "стр", "с", "a", "а", "k", "к", "b", "б")

// wing reads what may follow a number: «корп 2», «к 2», «а», «/ 3»; flats are dropped.
func wing(rest []string, house string) (part string, used int) {
	t := rest[0]
	plain := strings.Trim(house, "0123456789") == ""
	switch {
	case t == "кв" || t == "квартира" || t == "подъезд" || t == "под" || t == "этаж" || t == "эт":
		if len(rest) > 1 && digit(rest[1]) {
			return "", 2
		}
		return "", 1
	case (t == "к" || t == "корп" || t == "корпус") && len(rest) > 1 && digit(rest[1]):
		return "к" + rest[1], 2
	case (t == "лит" || t == "литера") && len(rest) > 1:
		return normalHouse(rest[1]), 2
	case plain && len([]rune(t)) == 1 && unicode.IsLetter([]rune(t)[0]) && len(rest) == 1:
		return t, 1 // «14 а» at the end
	}
	return "", 0
}
