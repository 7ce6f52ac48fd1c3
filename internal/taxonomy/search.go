package taxonomy

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Hit is a topic of any level that a search found.
type Hit struct {
	Topic *Topic
	Fact  *Fact // where the topic is a fact that is offered
	Score float64
}

// Weights of where a word was found, and how.
const (
	searchName    = 4.0
	searchWords   = 2.0
	searchText    = 1.0
	searchWhole   = 1.0  // the word itself or another form of it
	searchBegun   = 0.8  // a word that begins so
	searchGuess   = 0.5  // a word that looks so
	searchOffered = 1.15 // facts before categories: a fact is what is chosen

	searchSaid  = 1.5 // of several words: how well the proposals know what they say together, the first 1
	searchFound = 0.5 // how well they are found one by one, the best 1
)

type searchEntry struct {
	topic *Topic
	fact  *Fact
}

type searchPosting struct {
	entry  int32
	weight float32
}

// searchIndex finds topics by names, synonyms and texts in both languages.
type searchIndex struct {
	entries  []searchEntry
	words    []string // folded, sorted
	stems    map[string][]int32
	postings [][]searchPosting // by word
	typos    *typoIndex        // over words
}

func newSearchIndex(r *Rubricator) *searchIndex {
	x := &searchIndex{stems: map[string][]int32{}}
	weights := map[string]map[int32]float32{} // word → entry → weight of its best place
	add := func(t *Topic, f *Fact) {
		entry := int32(len(x.entries))
		x.entries = append(x.entries, searchEntry{t, f})
		note := func(text string, w float32) {
			for _, tok := range tokens(text, 0) {
				if weights[tok.word] == nil {
					weights[tok.word] = map[int32]float32{}
				}
				weights[tok.word][entry] = max(weights[tok.word][entry], w)
			}
		}
		note(t.Name, searchName)
		note(t.NameEN, searchName)
		note(strings.Join(t.Words, " "), searchWords)
		note(strings.Join(t.WordsEN, " "), searchWords)
		note(t.Belongs, searchText)
		note(t.BelongsEN, searchText)
	}
	for i := range r.Categories {
		c := &r.Categories[i]
		add(&c.Topic, nil)
		for j := range c.Subcategories {
			s := &c.Subcategories[j]
			add(&s.Topic, nil)
			for k := range s.Facts {
				add(&s.Facts[k].Topic, &s.Facts[k])
			}
		}
	}
	for w := range weights {
		x.words = append(x.words, w)
	}
	slices.Sort(x.words)
	x.postings = make([][]searchPosting, len(x.words))
	for i, w := range x.words {
		s := stem(w)
		x.stems[s] = append(x.stems[s], int32(i))
		for e, weight := range weights[w] {
			x.postings[i] = append(x.postings[i], searchPosting{e, weight})
		}
		slices.SortFunc(x.postings[i], func(a, b searchPosting) int { return cmp.Compare(a.entry, b.entry) })
	}
	x.typos = newTypoIndex(x.words)
	return x
}

// Search finds at most n topics of every level by names, synonyms and texts in
// Russian and English, the best first. Words may be unfinished and misspelt;
// topics in which all words are found come before those with some, unless
// several words together are what a report would say ([Rubricator.Suggest]).
func (r *Rubricator) Search(query string, n int) []Hit {
	if n <= 0 {
		return nil
	}
	x := r.search()
	toks := x.meant(query)
	if len(toks) < 2 {
		return x.find(toks, nil, n)
	}
	said := map[*Fact]float64{}
	top := 0.0
	for _, s := range r.Suggest(query, 12) {
		top = max(top, s.Score)
		said[s.Fact] = s.Score / top
	}
	return x.find(toks, said, n)
}

// meant are the words of a query without those that say nothing, if others remain.
func (x *searchIndex) meant(query string) []token {
	toks := tokens(query, 16)
	if kept := slices.DeleteFunc(slices.Clone(toks), func(t token) bool { return stop[t.stem] }); len(kept) > 0 {
		return kept
	}
	return toks
}

// find ranks the topics that have the words. Said are the facts that the words
// together point to, with how well, 0…1.
func (x *searchIndex) find(toks []token, said map[*Fact]float64, n int) []Hit {
	scores := make([]float32, len(x.entries))
	matched := make([]int, len(x.entries))
	for _, tok := range toks {
		best := make(map[int32]float32)
		for w, how := range x.like(tok) {
			for _, p := range x.postings[w] {
				best[p.entry] = max(best[p.entry], p.weight*how)
			}
		}
		for e, s := range best {
			scores[e] += s
			matched[e]++
		}
	}
	var found []int32
	best := float32(0)
	for e, m := range matched {
		if m > 0 {
			found = append(found, int32(e))
			if x.entries[e].fact != nil {
				scores[e] *= searchOffered
			}
			best = max(best, scores[e])
		}
	}
	rank := make([]float64, len(x.entries))
	for _, e := range found {
		rank[e] = float64(matched[e])
		if len(said) > 0 {
			rank[e] = float64(matched[e])/float64(len(toks)) + searchFound*float64(scores[e]/best) + searchSaid*said[x.entries[e].fact]
		}
	}
	slices.SortFunc(found, func(a, b int32) int {
		return cmp.Or(cmp.Compare(rank[b], rank[a]), cmp.Compare(scores[b], scores[a]),
			cmp.Compare(len(x.entries[a].topic.Name), len(x.entries[b].topic.Name)), cmp.Compare(a, b))
	})
	hits := make([]Hit, 0, min(n, len(found)))
	for _, e := range found[:min(n, len(found))] {
		hits = append(hits, Hit{x.entries[e].topic, x.entries[e].fact, float64(scores[e])})
	}
	return hits
}

// like finds the words that a typed one may stand for, with how well each fits.
func (x *searchIndex) like(tok token) map[int32]float32 {
	found := map[int32]float32{}
	for _, w := range x.stems[tok.stem] {
		found[w] = searchWhole
	}
	from, _ := slices.BinarySearch(x.words, tok.word)
	for i := from; i < len(x.words) && strings.HasPrefix(x.words[i], tok.word); i++ {
		w := int32(i)
		if x.words[i] == tok.word {
			found[w] = searchWhole
		} else if utf8.RuneCountInString(tok.word) >= 2 {
			found[w] = max(found[w], searchBegun)
		}
	}
	if len(found) == 0 && utf8.RuneCountInString(tok.word) >= 4 {
		if w, _, ok := x.typos.nearest(tok.word); ok {
			found[w] = searchGuess
			for _, other := range x.stems[stem(x.words[w])] {
				found[other] = searchGuess
			}
		}
	}
	return found
}
