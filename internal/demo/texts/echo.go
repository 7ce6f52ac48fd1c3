package texts

import (
	"strings"
	"unicode"
)

// What is heard twice. Fragments are chosen by chance, and two of them may say
// the same: «площадку сделали. Сделали площадку на пять баков». Of several
// tellings the one is taken that repeats least of what was said before.

// tellings is how many are compared.
const tellings = 6

// phrase is the echo of two words that stand together again.
const phrase = 5

// letters of a word that tell it from others, whatever its ending.
const stem = 5

// stems are the beginnings of the words that carry meaning, and of the numbers.
func stems(text string) []string {
	words := strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(text), "ё", "е"), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	out := words[:0]
	for _, w := range words {
		r := []rune(w)
		switch {
		case unicode.IsDigit(r[0]):
		case len(r) < 4 || minor[w]:
			continue
		case len(r) > stem:
			w = string(r[:stem])
		}
		out = append(out, w)
	}
	return out
}

// minor are words of which nobody notices that they come again.
var minor = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`около возле рядом напротив улице переулке дома доме когда если чтобы после этот этого этому этом того тому была были было будет который
		которой которого только очень тоже здесь есть него неё них нами вами всех себя ваше вашему вашего нашем наша наши больше через перед прошу просим нужно надо пора год года лет день дней`) {
		out[strings.ReplaceAll(w, "ё", "е")] = true
	}
	return out
}()

// echo counts what a text repeats of what was said before it and of itself: a
// word is one, two that stand together again are five.
func echo(before, text string) int {
	said, pairs, n := map[string]bool{}, map[[2]string]bool{}, 0
	hear := func(words []string, count bool) {
		for i, w := range words {
			if count && said[w] {
				n++
			}
			said[w] = true
			if i == 0 {
				continue
			}
			pair := [2]string{words[i-1], w}
			if count && pairs[pair] {
				n += phrase - 1
			}
			pairs[pair] = true
		}
	}
	hear(stems(before), false)
	hear(stems(text), true)
	return n
}

// fresh tells again and again, and gives what fits the place and repeats least.
func (w *writer) fresh(before string, tell func() string) string {
	best, least := "", 0
	for i := range tellings {
		text := w.fits(tell)
		n := echo(before, text)
		if i == 0 || n < least {
			best, least = text, n
		}
		if least == 0 {
			break
		}
	}
	return best
}
