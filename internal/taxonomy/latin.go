package taxonomy

import (
	"strings"
	"unicode/utf8"
)

// latinLetters are Cyrillic letters as people write them on a keyboard without
// them; the longest fits first.
var latinLetters = []struct{ latin, cyrillic string }{
	{"shch", "щ"}, {"sch", "щ"}, {"yo", "е"}, {"jo", "е"}, {"zh", "ж"}, {"kh", "х"}, {"ts", "ц"}, {"ch", "ч"}, {"sh", "ш"},
	{"yu", "ю"}, {"ju", "ю"}, {"iu", "ю"}, {"ya", "я"}, {"ja", "я"}, {"ia", "я"}, {"ye", "е"}, {"yy", "ый"}, {"iy", "ий"}, {"ij", "ий"},
	{"a", "а"}, {"b", "б"}, {"v", "в"}, {"w", "в"}, {"g", "г"}, {"d", "д"}, {"e", "е"}, {"z", "з"}, {"i", "и"}, {"j", "й"}, {"k", "к"}, {"l", "л"},
	{"m", "м"}, {"n", "н"}, {"o", "о"}, {"p", "п"}, {"r", "р"}, {"s", "с"}, {"t", "т"}, {"u", "у"}, {"f", "ф"}, {"h", "х"}, {"c", "ц"}, {"y", "ы"}, {"x", "х"}, {"q", "к"},
}

// spelledInLatin reads words as Russian ones written with Latin letters.
func spelledInLatin(toks []token) []token {
	out := make([]token, len(toks))
	for i, tok := range toks {
		word := cyrillic(tok.word)
		out[i] = token{word: word, stem: stem(word), start: tok.start, end: tok.end}
	}
	return out
}

func cyrillic(word string) string {
	var b strings.Builder
	for rest := word; rest != ""; {
		found := false
		for _, l := range latinLetters {
			if !strings.HasPrefix(rest, l.latin) {
				continue
			}
			c := l.cyrillic
			if l.latin == "y" && b.Len() > 0 && strings.ContainsAny(lastRune(b.String()), "аеиоуыюя") {
				c = "й" // after a vowel: tramvay
			}
			b.WriteString(c)
			rest, found = rest[len(l.latin):], true
			break
		}
		if !found {
			_, size := utf8.DecodeRuneInString(rest)
			b.WriteString(rest[:size])
			rest = rest[size:]
		}
	}
	return b.String()
}

func lastRune(s string) string {
	_, size := utf8.DecodeLastRuneInString(s)
	return s[len(s)-size:]
}
