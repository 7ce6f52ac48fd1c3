package texts

import (
	"strings"
	"sync"
	"time"
)

// aspect is what ties the fragments of one story together: which variant of
// the trouble it is about, and whether there is snow. Lines and alternatives
// may begin with tags and a colon: digits name the variants of which they may
// be said, w and s the cold and the warm half of the year. What has no tag is
// said of all.
type aspect struct {
	variant int // from 1; 0: any
	warm    bool
	any     bool // of the season
}

// variants counts the variants that the fact's fragments tell of.
var variants = sync.OnceValue(func() map[string]int {
	out := map[string]int{}
	for code, b := range blocks() {
		n := 0
		for _, ls := range b {
			for _, l := range ls {
				for _, part := range strings.FieldsFunc(l, func(r rune) bool { return r == '{' || r == '|' }) {
					tags, _ := untag(part)
					for _, t := range tags {
						if t >= '1' && t <= '9' {
							n = max(n, int(t-'0'))
						}
					}
				}
			}
		}
		out[code] = n
	}
	return out
})

// aspectOf chooses the variant by a number that belongs to the case, of those
// that the month allows.
func aspectOf(in Input) aspect {
	a := aspect{warm: Warm(in.Month)}
	var fit, here []int
	for v := range variants()[in.Fact] {
		if (aspect{variant: v + 1, warm: a.warm}).complete(in.Fact) {
			fit = append(fit, v+1)
			if tiedTo(in.Fact, v+1, in.Place.Landmark) {
				here = append(here, v+1)
			}
		}
	}
	if len(here) > 0 {
		fit = here
	}
	if len(fit) > 0 {
		a.variant = fit[in.Kind%uint64(len(fit))]
	}
	return a
}

// Variant is which variant of the trouble a story of the input tells of, from
// 1; 0 where the fact has none.
func Variant(in Input) int { return aspectOf(in).variant }

// tiedTo tells whether the landmark is what the variant is told of: a line v
// holds its words, divided by |.
func tiedTo(fact string, variant int, landmark string) bool {
	for _, l := range blocks()[fact]['v'] {
		if tags, words := untag(l); strings.ContainsRune(tags, rune('0'+variant)) {
			for _, word := range strings.Split(words, "|") {
				if strings.Contains(strings.ToLower(landmark), word) {
					return true
				}
			}
		}
	}
	return false
}

// complete tells whether each mark of a fact has something to say.
func (a aspect) complete(fact string) bool {
	for _, mark := range "~+=!pf" {
		if len(a.lines(fact, byte(mark))) == 0 {
			return false
		}
	}
	return true
}

type fragmentsOf struct {
	fact string
	mark byte
	of   aspect
}

var kept sync.Map // of fragmentsOf: []string

// lines are the fragments of a fact that fit.
func (a aspect) lines(fact string, mark byte) []string {
	at := fragmentsOf{fact, mark, a}
	if l, ok := kept.Load(at); ok {
		return l.([]string)
	}
	l := a.keep(lines(fact, mark))
	kept.Store(at, l)
	return l
}

// Warm tells whether no snow lies in the month.
func Warm(m time.Month) bool { return m >= time.April && m <= time.October }

// untag divides a fragment into its tags and its words.
func untag(s string) (tags, words string) {
	tags, words, ok := strings.Cut(s, ":")
	if !ok || tags == "" || len(tags) > 6 || strings.Trim(tags, "123456789ws") != "" {
		return "", s
	}
	return tags, words
}

// keep leaves what may be said, without its tags.
func (a aspect) keep(of []string) []string {
	out := make([]string, 0, len(of))
	for _, s := range of {
		if tags, words := untag(s); a.fits(tags) && a.possible(words) {
			out = append(out, words)
		}
	}
	return out
}

func (a aspect) fits(tags string) bool {
	digits := strings.Trim(tags, "ws")
	switch {
	case digits != "" && a.variant > 0 && !strings.ContainsRune(digits, rune('0'+a.variant)):
		return false
	case a.any:
		return true
	}
	cold, hot := strings.Contains(tags, "w"), strings.Contains(tags, "s")
	return cold == hot || hot == a.warm
}

// possible tells whether every choice of the words leaves something to say.
func (a aspect) possible(words string) bool {
	if !strings.Contains(words, ":") {
		return true
	}
	for {
		open := strings.IndexByte(words, '{')
		if open < 0 {
			return true
		}
		parts, rest, ok := choice(words[open:])
		if !ok {
			return true
		}
		if len(a.keep(parts)) == 0 {
			return false
		}
		words = rest
	}
}
