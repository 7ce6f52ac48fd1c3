package taxonomy

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// typoIndex finds stems of the vocabulary that look like a given word.
type typoIndex struct {
	stems  []string
	sorted []int32            // terms in the order of their stems, for prefixes
	grams  map[string][]int32 // letter triples → terms
	sizes  []int              // number of triples of each term
}

func newTypoIndex(stems []string) *typoIndex {
	x := &typoIndex{stems: stems, grams: map[string][]int32{}, sizes: make([]int, len(stems))}
	for t, s := range stems {
		x.sorted = append(x.sorted, int32(t))
		if utf8.RuneCountInString(s) < 4 {
			continue
		}
		grams := triples(s)
		x.sizes[t] = len(grams)
		for _, g := range grams {
			x.grams[g] = append(x.grams[g], int32(t))
		}
	}
	slices.SortFunc(x.sorted, func(a, b int32) int { return cmp.Compare(stems[a], stems[b]) })
	return x
}

// triples are the distinct runs of three letters of ^word$.
func triples(word string) []string {
	rs := []rune("^" + word + "$")
	out := make([]string, 0, len(rs))
	for i := 0; i+3 <= len(rs); i++ {
		g := string(rs[i : i+3])
		if !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

// prefixed lists at most n terms that begin with the word typed so far, the shortest first.
func (x *typoIndex) prefixed(word string, n int) []int32 {
	from, _ := slices.BinarySearchFunc(x.sorted, word, func(t int32, w string) int { return cmp.Compare(x.stems[t], w) })
	var out []int32
	for _, t := range x.sorted[from:] {
		if !strings.HasPrefix(x.stems[t], word) {
			break
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b int32) int { return cmp.Compare(len(x.stems[a]), len(x.stems[b])) })
	return out[:min(n, len(out))]
}

// nearest finds the term that a misspelt stem most probably meant: within one
// slip, or two in a long word. Its weight falls with the distance.
func (x *typoIndex) nearest(stem string) (term int32, weight float32, ok bool) {
	length := utf8.RuneCountInString(stem)
	if length < 4 {
		return 0, 0, false
	}
	allowed := 1
	if length >= 8 {
		allowed = 2
	}
	shared := map[int32]int{}
	for _, g := range triples(stem) {
		for _, t := range x.grams[g] {
			shared[t]++
		}
	}
	term, best := -1, allowed+1
	var bestShared int
	for t, n := range shared {
		if n < length-3*allowed || n < 1 { // one slip spoils at most three triples
			continue
		}
		d := slips(stem, x.stems[t], allowed)
		if d < best || d == best && (n > bestShared || n == bestShared && t < term) {
			term, best, bestShared = t, d, n
		}
	}
	if best > allowed {
		return 0, 0, false
	}
	return term, []float32{1, 0.75, 0.5}[best], true
}

// slips counts the letters to insert, drop, change or swap with the neighbour
// (Damerau–Levenshtein, restricted), giving up above limit.
func slips(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if abs := len(x) - len(y); abs > limit || -abs > limit {
		return limit + 1
	}
	before, prev, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		lowest := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			lowest = min(lowest, row[j])
		}
		if lowest > limit {
			return limit + 1
		}
		before, prev, row = prev, row, before
	}
	return prev[len(y)]
}
