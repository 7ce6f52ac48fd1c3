package taxonomy

import (
	"math"
	"slices"
	"strings"
)

// Suggestion is a fact that a citizen's words point to.
type Suggestion struct {
	Fact    *Fact
	Score   float64  // comparable within one answer alone
	Share   float64  // of the scores of all facts found, 0…1: how sure the choice is
	Matched []string // the citizen's own words that led here, as written, most telling first
}

// Weights of the parts of a topic's text and the rest of the reckoning; found
// on the even half of the evaluation collection (see the test).
const (
	weightWord   = 3.0  // a word given alone in Words
	weightPart   = 1.3  // a word of a phrase in Words
	weightName   = 1.2  // a word of the name
	weightText   = 0.7  // a word of "what belongs here"
	weightSub    = 0.6  // evidence of the subcategory's own text
	weightCat    = 0.35 // evidence of the category's own text
	saturation   = 1.6  // more of the same word counts less and less
	phraseBonus  = 0.5  // times the sum of idf of a phrase that stands in the text
	phraseSpread = 2    // words that may stand between the words of a phrase
	lateFrom     = 40   // words after this many …
	lateWeight   = 0.6  // … count less: people begin with what matters
	coherence    = 0.6  // how far facts of a category help one another
	rareWeight   = 0.7  // of categories that few reports are about: they need more evidence
	variety      = 0.7  // of each further fact of a category already proposed
	maxWords     = 400  // of a text; the rest is not read
)

type posting struct {
	fact   int32
	weight float32
}

type phrase struct {
	fact  int32
	terms []int32
	bonus float32
}

// classifier finds facts by words, in memory; made with the rubricator and never changed.
type classifier struct {
	facts    []*Fact
	words    func(t *Topic) topicWords
	category []int32 // of each fact
	rare     []bool  // of each category
	term     map[string]int32
	stems    []string
	idf      []float32
	postings [][]posting
	phrases  []phrase
	byTerm   [][]int32 // phrases by their rarest term
	typos    *typoIndex
}

// topicWords are what a topic says of itself in a language.
type topicWords struct {
	name, belongs string
	words         []string
}

func russianWords(t *Topic) topicWords { return topicWords{t.Name, t.Belongs, t.Words} }
func englishWords(t *Topic) topicWords { return topicWords{t.NameEN, t.BelongsEN, t.WordsEN} }

func newClassifier(r *Rubricator, words func(t *Topic) topicWords) *classifier {
	c := &classifier{facts: r.facts, words: words, term: map[string]int32{}}
	weights := make([]map[int32]float64, len(r.facts))
	levels := map[string]map[int32]float64{} // own text of categories and subcategories
	for i := range r.Categories {
		cat := &r.Categories[i]
		levels[cat.Code] = c.weigh(&cat.Topic)
		for j := range cat.Subcategories {
			sub := &cat.Subcategories[j]
			levels[sub.Code] = c.weigh(&sub.Topic)
		}
	}
	for i := range r.Categories {
		c.rare = append(c.rare, r.Categories[i].Rare)
		for _, s := range r.Categories[i].Subcategories {
			for range s.Facts {
				c.category = append(c.category, int32(i))
			}
		}
	}
	df := map[int32]float64{}
	for i, f := range r.facts {
		weights[i] = c.weigh(&f.Topic)
		for t := range weights[i] {
			df[t]++
		}
	}
	for _, own := range levels {
		for t := range own {
			df[t] += 0.5
		}
	}
	c.idf = make([]float32, len(c.stems))
	for t := range c.stems {
		c.idf[t] = float32(math.Log(1 + float64(len(r.facts))/(df[int32(t)]+1)))
	}
	c.postings = make([][]posting, len(c.stems))
	for i, f := range r.facts {
		total := map[int32]float64{}
		for t, w := range weights[i] {
			total[t] += w / (w + saturation)
		}
		for t, w := range levels[f.SubcategoryCode()] {
			total[t] += weightSub * w / (w + saturation)
		}
		for t, w := range levels[f.CategoryCode()] {
			total[t] += weightCat * w / (w + saturation)
		}
		for t, w := range total {
			c.postings[t] = append(c.postings[t], posting{int32(i), float32(w) * c.idf[t]})
		}
	}
	c.collectPhrases()
	c.typos = newTypoIndex(c.stems)
	return c
}

// weigh gives the weight of each term in a topic's own text.
func (c *classifier) weigh(t *Topic) map[int32]float64 {
	own := map[int32]float64{}
	add := func(text string, w float64) {
		for _, tok := range tokens(text, 0) {
			if !stop[tok.stem] {
				own[c.intern(tok.stem)] += w
			}
		}
	}
	said := c.words(t)
	add(said.name, weightName)
	add(said.belongs, weightText)
	for _, words := range said.words {
		words = strings.TrimPrefix(words, "!")
		if len(meaningful(words)) == 1 {
			add(words, weightWord)
		} else {
			add(words, weightPart)
		}
	}
	return own
}

func (c *classifier) intern(stem string) int32 {
	if t, ok := c.term[stem]; ok {
		return t
	}
	t := int32(len(c.stems))
	c.term[stem] = t
	c.stems = append(c.stems, stem)
	return t
}

func meaningful(text string) []string {
	var out []string
	for _, tok := range tokens(text, 0) {
		if !stop[tok.stem] {
			out = append(out, tok.stem)
		}
	}
	return out
}

func (c *classifier) collectPhrases() {
	c.byTerm = make([][]int32, len(c.stems))
	for i, f := range c.facts {
		seen := map[string]bool{}
		said := c.words(&f.Topic)
		for _, words := range append([]string{said.name}, said.words...) {
			decisive := strings.HasPrefix(words, "!")
			stems := meaningful(words)
			slices.Sort(stems)
			stems = slices.Compact(stems)
			key := strings.Join(stems, " ")
			if len(stems) < 2 || len(stems) > 5 || seen[key] {
				continue
			}
			seen[key] = true
			p := phrase{fact: int32(i)}
			rarest := c.term[stems[0]]
			var sum float32
			for _, s := range stems {
				t := c.term[s]
				p.terms = append(p.terms, t)
				sum += c.idf[t]
				if c.idf[t] > c.idf[rarest] {
					rarest = t
				}
			}
			p.bonus = phraseBonus * sum
			if decisive {
				p.bonus *= 1.5
			}
			c.byTerm[rarest] = append(c.byTerm[rarest], int32(len(c.phrases)))
			c.phrases = append(c.phrases, p)
		}
	}
}
