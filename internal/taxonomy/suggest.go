package taxonomy

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// occurrence is a term of the vocabulary as it stands in the citizen's text.
type occurrence struct {
	weight    float32 // below 1 for a guess (typo, unfinished word) and for late words
	positions []int32 // among the meaningful words
	token     int     // the first token, for showing it
}

// Suggest proposes at most n facts for what a citizen has typed so far, the
// best first; nil where the words say nothing. The last word may be
// unfinished, and words may be misspelt. Latin letters are read as English,
// or as Russian written with them: whichever more of the words fit.
func (r *Rubricator) Suggest(text string, n int) []Suggestion {
	if n <= 0 {
		return nil
	}
	text = callBack.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat(" ", len(s)) })
	toks := tokens(text, maxWords)
	if strings.ContainsFunc(text, func(c rune) bool { return unicode.Is(unicode.Cyrillic, c) }) {
		return r.suggest().suggest(text, toks, n)
	}
	english, russian := r.english(), r.suggest()
	spelt := spelledInLatin(toks)
	if russian.understands(spelt) > english.understands(toks) {
		return russian.suggest(text, spelt, n)
	}
	return english.suggest(text, toks, n)
}

// callBack is where people may be called: no matter of a report.
var callBack = regexp.MustCompile(`(?i)(?:(?:мой|мобильн\S+|контактн\S+)\s+)?(?:телефон\S*|тел\.?)(?:\s+для\s+связи)?[\s:.,-]*\+?\d[\d\s()-]{4,}\d`)

// inPhrases are words that say something of a topic only among others: whose
// telephone is given in a text doesn't write of telephones.
var inPhrases = map[string]bool{"телефон": true}

// understands is how much of a text stands in the vocabulary, 0…1.
func (c *classifier) understands(toks []token) float64 {
	known, all := 0.0, 0.0
	for _, tok := range toks {
		all++
		if _, ok := c.term[tok.stem]; ok || stop[tok.stem] {
			known++
		} else if utf8.RuneCountInString(tok.word) >= 5 {
			if _, near, ok := c.typos.nearest(tok.stem); ok {
				known += float64(near) / 2
			}
		}
	}
	return known / max(all, 1)
}

func (c *classifier) suggest(text string, toks []token, n int) []Suggestion {
	found := c.read(text, toks)
	if len(found.terms) == 0 {
		return nil
	}
	scores := make([]float32, len(c.facts))
	for _, t := range found.terms {
		o := found.at[t]
		if inPhrases[toks[o.token].stem] {
			continue
		}
		for _, p := range c.postings[t] {
			scores[p.fact] += p.weight * o.weight
		}
	}
	best := make(map[int32]float32) // the strongest phrase of a fact counts whole, others a third
	for _, t := range found.terms {
		for _, pi := range c.byTerm[t] {
			p := &c.phrases[pi]
			w, ok := match(p, found)
			if !ok {
				continue
			}
			bonus := p.bonus * w
			if old := best[p.fact]; bonus > old {
				best[p.fact] = bonus + old/3
			} else {
				best[p.fact] = old + bonus/3
			}
		}
	}
	for f, bonus := range best {
		scores[f] += bonus
	}
	c.cohere(scores)
	return c.rank(text, toks, found, scores, n)
}

// cohere lets facts of a category help one another: a text that touches many
// of them is about that category.
func (c *classifier) cohere(scores []float32) {
	sums := make([]float64, len(c.rare))
	var top float64
	for i, s := range scores {
		v := float64(s)
		sums[c.category[i]] += v * v * v
		top = max(top, sums[c.category[i]])
	}
	for k, v := range sums {
		sums[k] = 1 + coherence*(math.Cbrt(v/top)-1)
		if c.rare[k] {
			sums[k] *= rareWeight
		}
	}
	for i := range scores {
		scores[i] *= float32(sums[c.category[i]])
	}
}

// reading is the vocabulary's terms of a text, in the order of their first occurrence.
type reading struct {
	terms []int32
	at    map[int32]*occurrence
}

// read finds the vocabulary's terms in the text.
func (c *classifier) read(text string, toks []token) reading {
	found := reading{at: make(map[int32]*occurrence, len(toks))}
	position := int32(0)
	guesses := 0
	note := func(t int32, i int, w float32) {
		if o, ok := found.at[t]; ok {
			o.weight = max(o.weight, w)
			if len(o.positions) < 6 {
				o.positions = append(o.positions, position)
			}
			return
		}
		found.terms = append(found.terms, t)
		found.at[t] = &occurrence{weight: w, positions: []int32{position}, token: i}
	}
	for i, tok := range toks {
		if stop[tok.stem] {
			continue
		}
		position++
		w := float32(1)
		if position > lateFrom {
			w = lateWeight
		}
		if t, ok := c.term[tok.stem]; ok {
			note(t, i, w)
			continue
		}
		letters := utf8.RuneCountInString(tok.word)
		if i == len(toks)-1 && tok.end == len(text) && letters >= 3 { // still being typed
			begun := c.typos.prefixed(tok.word, 8)
			for _, t := range begun {
				note(t, i, 0.5*w)
			}
			if len(begun) > 0 {
				continue
			}
		}
		if letters >= 5 && guesses < 24 {
			guesses++
			if t, near, ok := c.typos.nearest(tok.stem); ok {
				note(t, i, near*w)
			}
		}
	}
	return found
}

// match tells whether the phrase's words stand close together, in any order, and the weight of the weakest.
func match(p *phrase, found reading) (float32, bool) {
	weight := float32(1)
	var first *occurrence
	for _, t := range p.terms {
		o, ok := found.at[t]
		if !ok {
			return 0, false
		}
		weight = min(weight, o.weight)
		if first == nil || len(o.positions) < len(first.positions) {
			first = o
		}
	}
	reach := int32(len(p.terms)-1) + phraseSpread
	for _, at := range first.positions {
		together := true
		for _, t := range p.terms {
			if !slices.ContainsFunc(found.at[t].positions, func(x int32) bool { return x >= at-reach && x <= at+reach }) {
				together = false
				break
			}
		}
		if together {
			return weight, true
		}
	}
	return 0, false
}

func (c *classifier) rank(text string, toks []token, found reading, scores []float32, n int) []Suggestion {
	order := make([]int32, 0, 64)
	var total float64
	for i, s := range scores {
		if s > 0 {
			order = append(order, int32(i))
			total += float64(s) * float64(s)
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b))
	})
	order = order[:min(4*n+8, len(order))]
	out := make([]Suggestion, 0, n)
	for chosen := make([]int, len(c.rare)); len(out) < n && len(order) > 0; {
		best, at := -1.0, 0
		for j, i := range order {
			s := float64(scores[i]) * math.Pow(variety, float64(chosen[c.category[i]]))
			if s > best {
				best, at = s, j
			}
		}
		i := order[at]
		order = slices.Delete(order, at, at+1)
		chosen[c.category[i]]++
		s := float64(scores[i])
		out = append(out, Suggestion{Fact: c.facts[i], Score: s, Share: s * s / total, Matched: c.why(text, toks, found, i)})
	}
	return out
}

// why lists the words of the text that speak for a fact, at most five.
func (c *classifier) why(text string, toks []token, found reading, fact int32) []string {
	type reason struct {
		token  int
		weight float32
	}
	var reasons []reason
	for _, t := range found.terms {
		o := found.at[t]
		i, ok := slices.BinarySearchFunc(c.postings[t], fact, func(p posting, f int32) int { return cmp.Compare(p.fact, f) })
		if ok {
			reasons = append(reasons, reason{o.token, c.postings[t][i].weight * o.weight})
		}
	}
	slices.SortFunc(reasons, func(a, b reason) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.token, b.token))
	})
	var out []string
	for _, r := range reasons {
		w := text[toks[r.token].start:toks[r.token].end]
		if !slices.Contains(out, w) && len(out) < 5 {
			out = append(out, w)
		}
	}
	return out
}
