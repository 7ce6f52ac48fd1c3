package demo

import (
	"math"
	"slices"
	"time"
)

// kind is what sort of bundle it is.
type kind uint8

const (
	plain kind = iota
	refused
	withdrawn
	divided // split into two
	doubled // one or two duplicates are merged into the first
	wanted  // one that who can sign in has: see showcase.go
)

// outline is a bundle in short: one report, or several that belong together.
type outline struct {
	n      int // number of the bundle: its chance comes from it
	kind   kind
	cases  int   // how many reports it makes
	ago    int   // days before the first start on which the first is filed
	minute int   // of that day
	wish   *wish // of a wanted one
}

// after is the place in the order of ids.
func (o outline) after(j int) time.Duration {
	return time.Duration(366-o.ago)*24*time.Hour + time.Duration(o.minute)*time.Minute + time.Duration(j)*time.Second
}

// outlines are all bundles that together make so many reports, in the order in
// which they are done: first those of the people who can sign in, then new and
// old ones in turn, so that what is there first is varied.
func outlines(seed uint64, reports int) []outline {
	var first, rest []outline
	n, made := 0, 0
	for i := range wishes {
		if made >= reports {
			break
		}
		o := outlineOf(seed, n)
		o.kind, o.cases, o.wish, o.ago = wanted, 1, &wishes[i], wishes[i].age
		if !wishes[i].byAge { // about; the fact's term decides
			o.ago = max(0, 10-wishes[i].due)
		}
		first = append(first, o)
		n, made = n+1, made+1
	}
	for made < reports {
		o := outlineOf(seed, n)
		if made+o.cases > reports {
			o.kind, o.cases = plain, 1
		}
		rest = append(rest, o)
		n, made = n+1, made+o.cases
	}
	newest, mixed := slices.Clone(rest), slices.Clone(rest)
	slices.SortStableFunc(newest, func(a, b outline) int { return a.ago - b.ago })
	rng := chance(seed, "order", 0, 0)
	rng.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	seen := map[int]bool{}
	for i := range rest {
		for _, o := range []outline{newest[i], mixed[i]} {
			if !seen[o.n] {
				seen[o.n] = true
				first = append(first, o)
			}
		}
	}
	return first
}

func outlineOf(seed uint64, n int) outline {
	rng := chance(seed, "outline", n, 0)
	o := outline{n: n, cases: 1, ago: int(math.Pow(rng.Float64(), 1.3) * 365)}
	// people write in the morning and in the evening, few at night
	o.minute = draw(rng, []float64{1, .5, .3, .3, .5, 1, 3, 6, 9, 10, 9, 8, 8, 8, 7, 7, 7, 8, 9, 10, 10, 8, 5, 2})*60 + rng.IntN(60)
	switch x := rng.Float64() * 100; {
	case x < 3.4:
		o.kind = refused
	case x < 5.6:
		o.kind = withdrawn
	case x < 7.0:
		o.kind, o.cases = divided, 3
	case x < 10.5:
		o.kind, o.cases = doubled, 2
		if percent(rng, 30) {
			o.cases = 3
		}
	}
	return o
}
