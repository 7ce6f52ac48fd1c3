package geo

// SimplifyTogether simplifies polygons that share borders so that they still
// do: every border between two junctions is simplified once, whoever owns it.
// Polygons must share the points of their common borders exactly.
func SimplifyTogether(areas []Geometry, metres float64) []Geometry {
	type edge struct{ a, b Point }
	owners := map[edge][2]int{} // of an undirected edge: areas + 1, 0 none
	ends := map[Point]int{}     // how many edges meet in a point
	undirected := func(a, b Point) edge {
		if a.Lat > b.Lat || a.Lat == b.Lat && a.Lon > b.Lon {
			a, b = b, a
		}
		return edge{a, b}
	}
	for n, g := range areas {
		for _, ring := range g.Parts {
			for i, a := range ring {
				e := undirected(a, ring[(i+1)%len(ring)])
				o, known := owners[e]
				if !known {
					ends[e.a]++
					ends[e.b]++
				}
				if o[0] == 0 {
					o[0] = n + 1
				} else if o[0] != n+1 {
					o[1] = n + 1
				}
				owners[e] = o
			}
		}
	}
	// An arc begins where more than two edges meet, or where the pair of owners changes.
	junction := func(ring []Point, i int) bool {
		before, at, after := ring[(i+len(ring)-1)%len(ring)], ring[i], ring[(i+1)%len(ring)]
		return ends[at] != 2 || owners[undirected(before, at)] != owners[undirected(at, after)]
	}
	out := make([]Geometry, len(areas))
	for n, g := range areas {
		out[n] = Geometry{Kind: g.Kind}
		for _, ring := range g.Parts {
			out[n].Parts = append(out[n].Parts, simplifyRing(ring, metres, func(i int) bool { return junction(ring, i) }))
		}
	}
	return out
}

func simplifyRing(ring []Point, metres float64, junction func(int) bool) []Point {
	start := -1
	for i := range ring {
		if junction(i) {
			start = i
			break
		}
	}
	if start < 0 { // shared with nobody in part: an island or a hole
		start = lowest(ring)
	}
	var out, arc []Point
	for k := 0; k <= len(ring); k++ {
		i := (start + k) % len(ring)
		arc = append(arc, ring[i])
		if k > 0 && (k == len(ring) || junction(i)) {
			thin := thinEitherWay(arc, metres)
			out = append(out, thin[:len(thin)-1]...)
			arc = []Point{ring[i]}
		}
	}
	if len(out) < 3 {
		return append([]Point(nil), ring...)
	}
	return out
}

func lowest(ring []Point) int {
	best := 0
	for i, p := range ring {
		if b := ring[best]; p.Lat < b.Lat || p.Lat == b.Lat && p.Lon < b.Lon {
			best = i
		}
	}
	return best
}

// thinEitherWay gives the same points whichever end the arc is read from.
func thinEitherWay(arc []Point, metres float64) []Point {
	a, b := arc[0], arc[len(arc)-1]
	if a == b { // a closed arc: split at the farthest point
		far := farthest(arc)
		first := thinEitherWay(arc[:far+1], metres)
		return append(first[:len(first):len(first)], thinEitherWay(arc[far:], metres)[1:]...)
	}
	if a.Lat > b.Lat || a.Lat == b.Lat && a.Lon > b.Lon {
		return reversed(thin(reversed(arc), metres))
	}
	return thin(arc, metres)
}
