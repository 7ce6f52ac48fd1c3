package region

import "math"

// blocks remembers what stands where in a town, so that houses keep off each
// other, off the streets and out of the parks.
type blocks struct {
	houses  map[[2]int][]block
	streets map[[2]int][]stretch
}

// stretch is a piece of roadway: nothing is built on it.
type stretch struct {
	a, b vec
	half float64
}

const cellSize = 60.0

func newBlocks() *blocks {
	return &blocks{map[[2]int][]block{}, map[[2]int][]stretch{}}
}

func cellOf(p vec) [2]int {
	return [2]int{int(math.Floor(p.x / cellSize)), int(math.Floor(p.y / cellSize))}
}

func (b *blocks) addStreet(line []vec, half float64) {
	for i := 1; i < len(line); i++ {
		s, last := stretch{line[i-1], line[i], half}, [2]int{math.MinInt, 0}
		n := int(s.b.sub(s.a).len()/20) + 1
		for k := 0; k <= n; k++ {
			if c := cellOf(s.a.lerp(s.b, float64(k)/float64(n))); c != last {
				b.streets[c], last = append(b.streets[c], s), c
			}
		}
	}
}

// place puts a house where it fits: margin metres from others and kerb metres
// from every roadway.
func (b *blocks) place(h block, margin, kerb float64) bool {
	at := cellOf(h.at)
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			for _, o := range b.houses[[2]int{at[0] + dx, at[1] + dy}] {
				if h.meets(o, margin) {
					return false
				}
			}
		}
	}
	for _, side := range []float64{-1, 0, 1} {
		n := int(h.half/3) + 1 // no roadway is narrower than the steps
		for k := -n; k <= n; k++ {
			p := h.at.add(h.dir.mul(h.half * float64(k) / float64(n))).add(h.dir.left().mul(h.deep * side))
			if b.onStreet(p, kerb) {
				return false
			}
		}
	}
	b.houses[at] = append(b.houses[at], h)
	return true
}

func (b *blocks) onStreet(p vec, kerb float64) bool {
	at := cellOf(p)
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			for _, s := range b.streets[[2]int{at[0] + dx, at[1] + dy}] {
				if d, _ := toSegment(p, s.a, s.b); d < s.half+kerb {
					return true
				}
			}
		}
	}
	return false
}
