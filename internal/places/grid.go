package places

import "okno/internal/geo"

// grid finds what lies in a box: a map of squares, fine ones (about 550 m) for
// small things and coarse ones (about 9 km) for large.
type grid struct {
	fine, coarse map[[2]int32][]int32
	box          map[int32]geo.Box // of things that fill more than a point
}

const (
	fineLat, fineLon     = 5_000, 10_000 // microdegrees
	coarseLat, coarseLon = 80_000, 160_000
	maxFine              = 12 // squares that a small thing may fill
)

func newGrid() grid {
	return grid{map[[2]int32][]int32{}, map[[2]int32][]int32{}, map[int32]geo.Box{}}
}

func squares(b geo.Box, lat, lon int32, f func([2]int32)) {
	for y := floor(b.Min.Lat, lat); y <= floor(b.Max.Lat, lat); y++ {
		for x := floor(b.Min.Lon, lon); x <= floor(b.Max.Lon, lon); x++ {
			f([2]int32{y, x})
		}
	}
}

func floor(v, step int32) int32 {
	q := v / step
	if v%step < 0 {
		q--
	}
	return q
}

func count(b geo.Box, lat, lon int32) int64 {
	return int64(floor(b.Max.Lat, lat)-floor(b.Min.Lat, lat)+1) * int64(floor(b.Max.Lon, lon)-floor(b.Min.Lon, lon)+1)
}

func (g *grid) add(b geo.Box, n int32) {
	if !b.Valid() {
		return
	}
	if b.Min != b.Max {
		g.box[n] = b
	}
	if count(b, fineLat, fineLon) <= maxFine {
		squares(b, fineLat, fineLon, func(s [2]int32) { g.fine[s] = append(g.fine[s], n) })
		return
	}
	squares(b, coarseLat, coarseLon, func(s [2]int32) { g.coarse[s] = append(g.coarse[s], n) })
}

// within calls f once for each thing whose square the box touches. Where the
// box is larger than all that is stored, every thing is visited.
func (g *grid) within(b geo.Box, f func(n int32)) {
	seen := map[int32]bool{}
	once := func(n int32) {
		if box, large := g.box[n]; large {
			if seen[n] || !box.Touches(b) {
				return
			}
			seen[n] = true
		}
		f(n)
	}
	visit := func(m map[[2]int32][]int32, lat, lon int32) {
		if count(b, lat, lon) > int64(2*len(m)) {
			for s, list := range m {
				if b.Touches(geo.Box{Min: geo.Point{Lat: s[0] * lat, Lon: s[1] * lon}, Max: geo.Point{Lat: (s[0] + 1) * lat, Lon: (s[1] + 1) * lon}}) {
					for _, n := range list {
						once(n)
					}
				}
			}
			return
		}
		squares(b, lat, lon, func(s [2]int32) {
			for _, n := range m[s] {
				once(n)
			}
		})
	}
	visit(g.fine, fineLat, fineLon)
	visit(g.coarse, coarseLat, coarseLon)
}
