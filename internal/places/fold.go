package places

import (
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/russian"
)

// fold brings a text to the form in which words are compared: lower case,
// ё→е, and «тск» as it sounds («рыбатская»).
func fold(s string) string { return folding.Replace(strings.ToLower(s)) }

var folding = strings.NewReplacer("ё", "е", "тск", "цк")

// stem cuts the ending of a folded word: «рыбацкой» and «рыбацкая» are one.
func stem(word string) string {
	env := snowballstem.NewEnv(word)
	russian.Stem(env)
	return env.Current()
}

// keyboard maps keys of the English layout to the letters typed by mistake.
var keyboard = func() map[rune]rune {
	m := map[rune]rune{'`': 'е', '~': 'е'}
	latin, russian := []rune("qwertyuiop[]asdfghjkl;'zxcvbnm,."), []rune("йцукенгшщзхъфывапролджэячсмитьбю")
	for i, r := range latin {
		m[r] = russian[i]
		if up := unicode.ToUpper(r); up != r {
			m[up] = russian[i]
		}
	}
	m['{'], m['}'], m[':'], m['"'], m['<'], m['>'] = 'х', 'ъ', 'ж', 'э', 'б', 'ю'
	return m
}()

// retype reads a text as if it had been typed with the Russian layout.
func retype(s string) string {
	return strings.Map(func(r rune) rune {
		if to, ok := keyboard[r]; ok {
			return to
		}
		return r
	}, s)
}

// latin tells whether a text has Latin letters and no Cyrillic ones.
func latin(s string) bool {
	found := false
	for _, r := range s {
		if unicode.Is(unicode.Cyrillic, r) {
			return false
		}
		found = found || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return found
}

// fromLatin reads a transliteration: "rybackaya", "rybatskaya".
func fromLatin(s string) string {
	return translit.Replace(strings.ToLower(s))
}

var translit = strings.NewReplacer("shch", "щ", "sch", "щ", "tsk", "цк", "ck", "цк", "yo", "е", "zh", "ж", "kh", "х", "ts", "ц", "ch", "ч", "sh", "ш", "yu", "ю", "ya", "я",
	"aya", "ая", "yaya", "яя", "oye", "ое", "iye", "ие", "iy", "ий", "yy", "ый", "ay", "ай", "oy", "ой", "ey", "ей", "a", "а", "b", "б", "v", "в", "g", "г", "d", "д", "e", "е", "z", "з", "i", "и", "j", "й", "k", "к", "l", "л",
	"m", "м", "n", "н", "o", "о", "p", "п", "r", "р", "s", "с", "t", "т", "u", "у", "f", "ф", "h", "х", "c", "ц", "y", "ы", "x", "кс", "w", "в", "q", "к", "'", "ь")

// within1 tells whether two words differ by at most one letter: one changed,
// left out, added, or two neighbours swapped.
func within1(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if i == len(a) {
		return true
	}
	if len(a) < len(b) {
		return string(a[i:]) == string(b[i+1:])
	}
	if string(a[i+1:]) == string(b[i+1:]) {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && string(a[i+2:]) == string(b[i+2:])
}

// street kinds as people shorten them → the word in names.
var streetKinds = map[string]string{
	"ул": "улица", "улиц": "улица", "улица": "улица", "улице": "улица", "улицы": "улица", "улицу": "улица",
	"пер": "переулок", "переулок": "переулок", "переулка": "переулок", "переулке": "переулок",
	"пр": "проспект", "просп": "проспект", "прт": "проспект", "проспект": "проспект", "проспекте": "проспект", "пркт": "проспект",
	"проезд": "проезд", "прд": "проезд", "проезде": "проезд",
	"ш": "шоссе", "шоссе": "шоссе", "бр": "бульвар", "бул": "бульвар", "бульвар": "бульвар",
	"туп": "тупик", "тупик": "тупик", "пл": "площадь", "площадь": "площадь",
}

// localityKinds are words that stand before the name of a place and mean little.
var localityKinds = map[string]bool{"г": true, "гор": true, "город": true, "городе": true, "п": true, "пос": true, "поселок": true, "пгт": true, "рп": true, "с": true, "село": true, "селе": true,
	"д": true, "дер": true, "деревня": true, "деревне": true, "обл": true, "область": true, "рн": true, "район": true, "районе": true, "округ": true, "мо": true, "го": true, "мр": true}

// fillers are words of speech without a meaning for the search.
var fillers = map[string]bool{"на": true, "в": true, "у": true, "возле": true, "через": true, "за": true, "около": true, "рядом": true, "по": true, "дом": true, "дома": true, "дому": true, "доме": true, "напротив": true, "адрес": true, "россия": true, "и": true}
