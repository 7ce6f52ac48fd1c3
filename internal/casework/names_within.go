package casework

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// concealed stands where a name stood.
const concealed = "[…]"

// WithoutName takes a person's name out of a text that was written to them, as a
// proposal of what others may read: a salutation wholly, any other place as
// [concealed]. Names are found in every case and form («Валентине
// Витальевне»); a word without a capital is no name.
func WithoutName(text, name string) string {
	stems := stemsOf(name)
	if len(stems) == 0 {
		return text
	}
	type span struct{ from, to int }
	var found []span // runs of words of the name with nothing but spaces between
	for _, w := range wordsOf(text) {
		word, n := text[w[0]:w[1]], len(found)
		follows := n > 0 && strings.TrimSpace(text[found[n-1].to:w[0]]) == ""
		switch {
		case follows && (named(word, stems) || patronymic.MatchString(word)): // an account may leave the patronymic out
			found[n-1].to = w[1]
		case named(word, stems):
			found = append(found, span{w[0], w[1]})
		}
	}
	for _, s := range slices.Backward(found) {
		before, after := text[:s.from], text[s.to:]
		begins := strings.TrimRight(before, " \n")
		switch {
		case (begins == "" || strings.ContainsRune(".!?", rune(begins[len(begins)-1]))) && (strings.HasPrefix(after, ",") || strings.HasPrefix(after, "!")):
			text = before + capital(strings.TrimLeft(after[1:], " "))
		case strings.HasSuffix(begins, ",") && after != "" && strings.ContainsRune("!.,", rune(after[0])):
			text = strings.TrimSuffix(begins, ",") + after
		default:
			text = before + concealed + after
		}
	}
	return text
}

// patronymic is one in any case: «Вячеславович», «Ильиничне», «Кузьмичом».
var patronymic = regexp.MustCompile(`^\p{Lu}\p{Ll}+(ич(а|у|ем|ом|е)?|[вч]н(а|ы|е|у|ой))$`)

// nameWithin is the first word of a text that belongs to a person's name; "" where
// none does. Of who wrote nothing it takes two parts of the name: streets and
// shops are called «Лужина» too.
func (who waiting) nameWithin(text string) string {
	stems := stemsOf(who.name)
	before, last := -1, 0 // which part of the name stood before
	for _, w := range wordsOf(text) {
		word := text[w[0]:w[1]]
		if who.wrote && named(word, stems) {
			return word
		}
		part := slices.IndexFunc(stems, func(stem string) bool {
			return utf8.RuneCountInString(stem) > 2 && named(capital(word), []string{stem})
		})
		if part >= 0 && before >= 0 && part != before && strings.TrimSpace(text[last:w[0]]) == "" { // «вера» is a word, «вера рощина» is she
			return word
		}
		before, last = part, w[1]
	}
	return ""
}

// plainLetters writes ё as е: people write a name either way.
func plainLetters(s string) string { return strings.ReplaceAll(strings.ToLower(s), "ё", "е") }

// stemsOf are the parts of a name without the endings that change.
func stemsOf(name string) (stems []string) {
	for _, part := range strings.FieldsFunc(plainLetters(name), func(r rune) bool { return !unicode.IsLetter(r) }) {
		r := []rune(part)
		switch {
		case len(r) >= 6:
			r = r[:len(r)-2]
		case len(r) >= 4:
			r = r[:len(r)-1]
		case len(r) < 2: // an initial
			continue
		}
		stems = append(stems, string(r))
	}
	return stems
}

func named(word string, stems []string) bool {
	if first, _ := utf8.DecodeRuneInString(word); !unicode.IsUpper(first) {
		return false
	}
	word = plainLetters(word)
	return slices.ContainsFunc(stems, func(stem string) bool {
		ending, ok := strings.CutPrefix(word, stem)
		if utf8.RuneCountInString(stem) == 2 { // «Ян», «Яну», not «Январь»
			return ok && (ending == "" || utf8.RuneCountInString(ending) == 1 && strings.ContainsAny(ending, "аеуыюя"))
		}
		return ok && utf8.RuneCountInString(ending) <= 4
	})
}

// wordsOf are the places of the words of a text.
func wordsOf(text string) (out [][2]int) {
	from := -1
	for i, r := range text {
		switch letter := unicode.IsLetter(r); {
		case letter && from < 0:
			from = i
		case !letter && from >= 0:
			out, from = append(out, [2]int{from, i}), -1
		}
	}
	if from >= 0 {
		out = append(out, [2]int{from, len(text)})
	}
	return out
}
