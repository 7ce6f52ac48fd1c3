package places

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"okno/internal/geo"
	"okno/internal/platform/id"
)

// FoundKind says how far a search came.
type FoundKind string

// Kinds of what is found.
const (
	FoundAddress  FoundKind = "address"
	FoundStreet   FoundKind = "street"
	FoundLocality FoundKind = "locality"
	FoundAsset    FoundKind = "asset" // a stop, a road between towns, a park, a yard …
)

// Found is one answer of the search.
type Found struct {
	Kind    FoundKind
	ID      id.ID   // names it as a place; Nil of a locality
	Address Address // of an address
	Asset   AssetKind
	Code    string // of the address, street, locality or asset
	Text    string // «Верхнеозёрск, Рыбацкая улица, 14»
	At      geo.Point
	Box     geo.Box // what the map should show
	score   float64
	weight  int64
}

// term is a word of the register with what bears it.
type term struct {
	word, stem string
	runes      []rune
	streets    []int32
	localities []int32
	named      []int32 // addresses by a word of their name: «школа», «лада»
	town       []int32 // territories by a word of their name
	things     []int32 // assets by a word of their name
}

// vocabulary is every word of names, some hundreds: a query's words are
// compared with each, so that typing errors and endings need no tricks.
type vocabulary struct {
	terms []term
}

func newVocabulary(x *Index) vocabulary {
	byWord := map[string]*term{}
	at := func(word string) *term {
		t := byWord[word]
		if t == nil {
			t = &term{word: word, stem: stem(word), runes: []rune(word)}
			byWord[word] = t
		}
		return t
	}
	for i, s := range x.streets {
		for _, w := range nameWords(s.Name) {
			t := at(w)
			t.streets = append(t.streets, int32(i))
		}
	}
	for i, l := range x.localities {
		for _, w := range nameWords(l.Name) {
			t := at(w)
			t.localities = append(t.localities, int32(i))
		}
	}
	for i, t := range x.territories {
		if t.Parent == "" {
			continue
		}
		for _, w := range nameWords(t.ShortName) {
			v := at(w)
			v.town = append(v.town, int32(i))
		}
	}
	for i, a := range x.addresses {
		if a.Name == "" {
			continue
		}
		for _, w := range nameWords(a.Name) {
			t := at(w)
			t.named = append(t.named, int32(i))
		}
	}
	for i := range x.things {
		for _, w := range x.things[i].words {
			t := at(w)
			t.things = append(t.things, int32(i))
		}
	}
	var v vocabulary
	for _, t := range byWord {
		v.terms = append(v.terms, *t)
	}
	sort.Slice(v.terms, func(i, j int) bool { return v.terms[i].word < v.terms[j].word })
	return v
}

// nameWords are the words of a name without those that only say what it is.
// An ordinal («2-я») is kept as «2-».
func nameWords(name string) []string {
	q := parse(name)
	if q.house != "" { // the number of a school
		q.words = append(q.words, q.house)
	}
	return q.words
}

// likeness tells how well a typed word fits a word of the register: 0 not at all, 1 equal.
func (t *term) likeness(word, wordStem string, runes []rune, last bool) float64 {
	switch {
	case word == t.word:
		return 1
	case word+"-" == t.word:
		return 0.85 // «2 садовая»
	case strings.HasSuffix(t.word, "-") || strings.HasSuffix(word, "-") || digit(word) || digit(t.word):
		return 0
	case len(runes) >= 4 && wordStem == t.stem:
		return 0.95
	case len(runes) >= 2 && strings.HasPrefix(t.word, word):
		if last || len(runes) >= 3 {
			return 0.70 + 0.2*float64(len(runes))/float64(len(t.runes))
		}
		return 0.6
	case len(runes) >= 4 && within1(runes, t.runes):
		return 0.72
	case len(runes) >= 5 && len([]rune(t.stem)) >= 4 && within1([]rune(wordStem), []rune(t.stem)):
		return 0.66
	case len(runes) >= 5 && len(t.runes) > len(runes) && within1(runes, t.runes[:len(runes)]):
		return 0.55
	}
	return 0
}

// Search finds houses, streets, towns and named things as people type them; at most n, the
// best first. An empty or senseless query finds nothing.
func (x *Index) Search(text string, n int) []Found {
	if len(text) > 300 {
		text = strings.ToValidUTF8(text[:300], "")
	}
	out := x.read(text, n)
	if latin(text) {
		for _, other := range []string{retype(text), fromLatin(text), fromEnglish(text)} {
			if more := x.read(other, n); len(more) > 0 && (len(out) == 0 || more[0].score > out[0].score) {
				out = more
			}
		}
	}
	return out
}

// read answers a text in Russian letters: what bears the very name comes
// first, then the corner of two streets, then what fits the words.
func (x *Index) read(text string, n int) []Found {
	var out []Found
	if t, ok := x.thingByName[nameKey(text)]; ok && n > 0 {
		f := x.foundThing(t)
		f.score = 2
		out = append(out, f)
	}
	found := x.search(typed(text), n)
	if one, other, ok := corner(text); ok && n > 0 {
		found = append(x.cornerFound(one, other), found...)
		slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(b.score, a.score) })
	}
	for _, f := range found {
		if len(out) < n && !slices.ContainsFunc(out, func(g Found) bool { return g.Kind == f.Kind && g.Code == f.Code }) {
			out = append(out, f)
		}
	}
	return out
}

// SearchAddresses is Search for houses alone.
func (x *Index) SearchAddresses(text string, n int) []Address {
	var out []Address
	for _, f := range x.Search(text, 8*n) {
		if f.Kind == FoundAddress && len(out) < n {
			out = append(out, f.Address)
		}
	}
	return out
}

// hits is what one typed word fits, each with its likeness.
type hits struct {
	streets, localities, towns, named, things map[int32]float64
	kinds                                     []AssetKind // that the word asks for; else nil
	says                                      bool        // a word of its own, what people call something in the register
}

func (x *Index) hits(word string, last bool) hits {
	runes, s := []rune(word), stem(word)
	h := hits{map[int32]float64{}, map[int32]float64{}, map[int32]float64{}, map[int32]float64{}, map[int32]float64{}, kindsByWord[s], len(alike[s]) > 0}
	h.says = h.says || len(h.kinds) > 0
	put := func(m map[int32]float64, list []int32, like float64) {
		for _, i := range list {
			m[i] = max(m[i], like)
		}
	}
	for k := range x.words.terms {
		t := &x.words.terms[k]
		if like := t.likeness(word, s, runes, last); like > 0 {
			put(h.streets, t.streets, like)
			put(h.localities, t.localities, like)
			put(h.towns, t.town, like)
			put(h.named, t.named, like)
			put(h.things, t.things, like)
		}
	}
	for _, other := range alike[s] {
		for k := range x.words.terms {
			if t := &x.words.terms[k]; t.word == other {
				put(h.named, t.named, 0.9)
				put(h.things, t.things, 0.9)
			}
		}
	}
	return h
}

// search answers a parsed query. Every word must fit somewhere; only where
// that finds nothing may one word of several be left out.
func (x *Index) search(q query, n int) []Found {
	switch {
	case len(q.words) > 0 || q.house != "" || n <= 0:
	case q.km >= 0: // «12-й километр», of whichever road
		return x.thingsFound(nil, q, 0)
	case q.kind != "" && q.kind != "улица":
		return x.ofKind(q.kind, n)
	}
	if len(q.words) == 0 || n <= 0 {
		return nil
	}
	out := x.searchMissing(q, n, 0)
	if len(out) == 0 && len(q.words) > 1 && q.km < 0 { // a kilometre is of the very road
		out = x.searchMissing(q, n, 1)
	}
	return out
}

func (x *Index) searchMissing(q query, n, missing int) []Found {
	words := make([]hits, len(q.words))
	for i, w := range q.words {
		words[i] = x.hits(w, i == len(q.words)-1)
	}
	// place is how well a word fits the surroundings of a street: its locality or municipality.
	place := func(h hits, locality int32) float64 {
		return max(h.localities[locality], 0.8*h.towns[x.localityPlace[locality]])
	}
	var out []Found
	for i := range x.streets {
		locality := x.byLocality[x.streets[i].Locality]
		total, own, left := 0.0, 0.0, 0
		for _, h := range words {
			s, p := h.streets[int32(i)], place(h, locality)
			if s == 0 && p == 0 && len(h.kinds) > 0 { // «остановка Рыбацкая» is on that street, if nowhere else
				total += 0.8
				continue
			}
			if s == 0 && p == 0 {
				left++
			}
			if h.says && s < 0.9 { // «мост» is one before it begins «Мостовая»
				s *= 0.5
			}
			if s >= p {
				own = max(own, s)
			}
			total += max(s, p)
		}
		if left > missing || own == 0 || left > 0 && own < 0.7 || len(words) > 1 && own < 0.5 {
			continue
		}
		score := total / float64(len(words))
		if q.km >= 0 { // kilometres are of roads
			score -= 0.3
		}
		if q.kind != "" {
			if strings.Contains(fold(x.streets[i].Name), q.kind) {
				score += 0.08
			} else {
				score -= 0.12
			}
		}
		// A name of which every word was typed goes before one with words left over.
		score -= 0.03 * float64(max(0, len(nameWords(x.streets[i].Name))-len(words)))
		out = append(out, x.onStreet(int32(i), q, score, n)...)
	}
	out = append(out, x.placesFound(words, q, place)...)
	out = append(out, x.thingsFound(words, q, missing)...)
	sort.SliceStable(out, func(i, j int) bool {
		if d := out[i].score - out[j].score; d > 1e-9 || d < -1e-9 {
			return d > 0
		}
		return out[i].weight > out[j].weight
	})
	return out[:min(n, len(out))]
}

// anyOf is the score of what was asked for by its kind alone.
const anyOf = 0.5

// ofKind finds the streets of a kind, and for «шоссе» the roads between towns after them.
func (x *Index) ofKind(kind string, n int) (out []Found) {
	for i := range x.streets {
		s := &x.streets[i]
		if slices.Contains(strings.Fields(fold(s.Name)), kind) {
			f := x.foundStreet(int32(i))
			f.score, f.weight = anyOf, x.localities[x.byLocality[s.Locality]].Population
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Found) int { return cmp.Compare(b.weight, a.weight) })
	if kind == "шоссе" {
		for i := range x.things {
			if x.assets[x.things[i].asset].Kind == Road {
				f := x.foundThing(int32(i))
				f.score = anyOf
				out = append(out, f)
			}
		}
	}
	return out[:min(n, len(out))]
}

// onStreet gives the houses that were asked for, or the street itself.
func (x *Index) onStreet(street int32, q query, score float64, n int) (out []Found) {
	s := &x.streets[street]
	l := &x.localities[x.byLocality[s.Locality]]
	if q.house != "" {
		for _, i := range x.streetHouses[street] {
			a := x.addresses[i]
			fit := houseFit(fold(a.House), q)
			if fit == 0 {
				continue
			}
			f := foundHouse(&a)
			f.score, f.weight = score+fit, l.Population
			out = append(out, f)
			if len(out) > n {
				break
			}
		}
		if len(out) > 0 {
			return out
		}
		score -= 0.2
	}
	f := x.foundStreet(street)
	f.score, f.weight = score, l.Population
	return append(out, f)
}

func foundHouse(a *Address) Found {
	return Found{Kind: FoundAddress, ID: a.ID, Address: *a, Code: a.Code, Text: a.Text(), At: a.At, Box: geo.Around(a.At, 150)}
}

func (x *Index) foundStreet(n int32) Found {
	s := &x.streets[n]
	return Found{Kind: FoundStreet, ID: IDOf(s.Code), Code: s.Code, Text: x.localities[x.byLocality[s.Locality]].Name + ", " + s.Name, At: s.Path.Middle(), Box: s.Path.Box()}
}

// houseFit is the bonus of a house for a typed number: the number itself, then
// its wings and letters, then numbers that begin so while one is still typing.
func houseFit(house string, q query) float64 {
	switch {
	case house == q.house:
		return 0.5
	case strings.HasPrefix(house, q.house) && !digit(house[len(q.house):]):
		return 0.4
	case q.partly && strings.HasPrefix(house, q.house):
		return 0.1
	}
	return 0
}
