package region

import (
	"fmt"
	"math"
	"sort"

	"okno/internal/geo"
)

// borders divides the region: the Voronoi cells of the 24 main towns among
// themselves and a ring of places outside, every common edge drawn once as a
// natural line and used by both neighbours. So the polygons share their
// borders to the microdegree, without gaps or overlaps.
func borders(seed uint64) (areas []geo.Geometry, rings [][]vec) {
	sites := make([]vec, 0, 64)
	for _, m := range municipalities {
		sites = append(sites, vec{m.x * 1e3, m.y * 1e3})
	}
	inside := len(sites)
	sites = append(sites, outside(seed)...)

	lines := map[[2]int][]vec{} // by the two sites, from the lower corner key to the higher
	for i := range inside {
		ring := []vec{}
		corners := cell(sites, i)
		for k, c := range corners {
			next := corners[(k+1)%len(corners)]
			a, b := corner(sites, i, c.before, c.after), corner(sites, i, next.before, next.after)
			other := c.after // the edge that starts at this corner
			key := [2]int{min(i, other), max(i, other)}
			line, drawn := lines[key]
			if !drawn {
				r := source(seed, fmt.Sprintf("border %d %d", key[0], key[1]))
				line = rough(r, a, b, 0.11, 900)
				lines[key] = line
			}
			if line[0] != a {
				line = backwards(line)
			}
			ring = append(ring, line[:len(line)-1]...)
		}
		rings = append(rings, ring)
		areas = append(areas, geo.Area(points(ring)))
	}
	return areas, rings
}

// outside are places around the frame whose cells are not of the region: they give its outline.
func outside(seed uint64) (out []vec) {
	r := source(seed, "outline")
	const step = 30e3
	for x := 10e3; x < frameWidth; x += step {
		out = append(out, vec{x + spread(r, 6e3), -18e3 + spread(r, 7e3)}, vec{x + spread(r, 6e3), frameHeight + 14e3 + spread(r, 8e3)})
	}
	for y := 10e3; y < frameHeight; y += step {
		out = append(out, vec{-18e3 + spread(r, 7e3), y + spread(r, 6e3)}, vec{frameWidth + 12e3 + spread(r, 9e3), y + spread(r, 6e3)})
	}
	return append(out, vec{-22e3, -22e3}, vec{-22e3, frameHeight + 20e3}, vec{frameWidth + 22e3, -22e3}, vec{frameWidth + 20e3, frameHeight + 20e3})
}

// edgeCorner is a corner of a Voronoi cell, named by the neighbours across the
// edges that end and start there.
type edgeCorner struct {
	at            vec
	before, after int
}

// cell clips a large square by the bisector with every other site.
func cell(sites []vec, i int) []edgeCorner {
	const far = 1e6
	poly := []edgeCorner{{vec{-far, -far}, -1, -1}, {vec{far, -far}, -1, -1}, {vec{far, far}, -1, -1}, {vec{-far, far}, -1, -1}}
	for j, s := range sites {
		if j == i {
			continue
		}
		mid, normal := sites[i].lerp(s, 0.5), s.sub(sites[i])
		depth := func(v vec) float64 { return v.sub(mid).dot(normal) }
		var out []edgeCorner
		for k, a := range poly {
			b := poly[(k+1)%len(poly)]
			da, db := depth(a.at), depth(b.at)
			if da <= 0 {
				out = append(out, a)
			}
			if da <= 0 != (db <= 0) {
				at := a.at.lerp(b.at, da/(da-db))
				if da <= 0 {
					out = append(out, edgeCorner{at, a.after, j})
				} else {
					out = append(out, edgeCorner{at, j, a.after})
				}
			}
		}
		poly = out
	}
	return poly
}

// corner is the place equally far from three sites, computed from the sites in
// a fixed order so that all three cells get the very same numbers.
func corner(sites []vec, i, j, k int) vec {
	n := []int{i, j, k}
	sort.Ints(n)
	a, b, c := sites[n[0]], sites[n[1]], sites[n[2]]
	b, c = b.sub(a), c.sub(a)
	d := 2 * b.cross(c)
	bb, cc := b.dot(b), c.dot(c)
	at := vec{(c.y*bb - b.y*cc) / d, (b.x*cc - c.x*bb) / d}.add(a)
	return vec{math.Round(at.x), math.Round(at.y)}
}

func backwards(line []vec) []vec {
	out := make([]vec, len(line))
	for i, v := range line {
		out[len(line)-1-i] = v
	}
	return out
}

// within tells whether p lies in a ring.
func within(ring []vec, p vec) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(b.x-a.x)*(p.y-a.y)/(b.y-a.y) {
			in = !in
		}
	}
	return in
}

// inset tells how far p lies within a ring: 0 outside.
func inset(ring []vec, p vec) float64 {
	if !within(ring, p) {
		return 0
	}
	best := math.Inf(1)
	for i, a := range ring {
		d, _ := toSegment(p, a, ring[(i+1)%len(ring)])
		best = min(best, d)
	}
	return best
}
