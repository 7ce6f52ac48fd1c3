package geo

import "math"

// Kind tells what the parts of a geometry are.
type Kind uint8

// The kinds of geometry.
const (
	None    Kind = iota
	Points       // each part is one or more points
	Lines        // each part is a line of at least two points
	Polygon      // each part is a ring of at least three points, not repeated at its end
)

// Geometry is a set of points, lines or areas. Rings of a polygon stand in
// order: an outer ring anticlockwise, then its holes clockwise, then the next
// outer ring; [Geometry.Normal] brings them into this form.
type Geometry struct {
	Kind  Kind
	Parts [][]Point
}

// Spot is the geometry of one point.
func Spot(p Point) Geometry { return Geometry{Points, [][]Point{{p}}} }

// Path is the geometry of one line.
func Path(line ...Point) Geometry { return Geometry{Lines, [][]Point{line}} }

// Area is the geometry of one polygon, its outer ring first.
func Area(rings ...[]Point) Geometry { return Geometry{Polygon, rings}.Normal() }

// Box is the smallest box around the geometry.
func (g Geometry) Box() Box {
	b := Empty()
	for _, part := range g.Parts {
		b = b.Extend(part...)
	}
	return b
}

// Contains tells whether p lies within a polygon (even-odd over all rings). A
// point exactly on an edge shared by two polygons belongs to exactly one of them.
func (g Geometry) Contains(p Point) bool {
	if g.Kind != Polygon {
		return false
	}
	in := false
	for _, ring := range g.Parts {
		in = in != crossesOdd(ring, p)
	}
	return in
}

// crossesOdd casts a ray to the east. An edge takes its lower end in and its
// upper end out, and the comparison of the sides is exact in integers, made
// from the lower end to the upper: so both owners of an edge decide alike.
func crossesOdd(ring []Point, p Point) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a.Lat > p.Lat) == (b.Lat > p.Lat) {
			continue
		}
		if a.Lat > b.Lat {
			a, b = b, a
		}
		if side(a, b, p) > 0 {
			in = !in
		}
	}
	return in
}

// side is positive where p lies left of a→b, exact for points within 30° of each other.
func side(a, b, p Point) int64 {
	return (int64(b.Lon)-int64(a.Lon))*(int64(p.Lat)-int64(a.Lat)) - (int64(b.Lat)-int64(a.Lat))*(int64(p.Lon)-int64(a.Lon))
}

// ringArea is twice the signed area in square microdegrees; anticlockwise is positive.
func ringArea(ring []Point) float64 {
	sum := 0.0
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		sum += float64(a.Lon)*float64(b.Lat) - float64(b.Lon)*float64(a.Lat)
	}
	return sum
}

// SquareMetres is the area of a polygon; 0 for other kinds.
func (g Geometry) SquareMetres() float64 {
	if g.Kind != Polygon || len(g.Parts) == 0 {
		return 0
	}
	sum := 0.0
	for _, ring := range g.Parts {
		sum += ringArea(ring)
	}
	return math.Abs(sum) / 2 * metresPerMicro * planeAt(g.Box().Centre()).east
}

// Normal gives rings their direction (outer anticlockwise, holes clockwise)
// and drops a last point that repeats the first. Whether a ring is a hole is
// told by its first point lying within the outer ring before it.
func (g Geometry) Normal() Geometry {
	if g.Kind != Polygon {
		return g
	}
	out := Geometry{Kind: Polygon, Parts: make([][]Point, 0, len(g.Parts))}
	var outer []Point
	for _, ring := range g.Parts {
		if n := len(ring); n > 1 && ring[0] == ring[n-1] {
			ring = ring[:n-1]
		}
		hole := outer != nil && crossesOdd(outer, ring[0])
		if ringArea(ring) > 0 == hole {
			ring = reversed(ring)
		}
		if !hole {
			outer = ring
		}
		out.Parts = append(out.Parts, ring)
	}
	return out
}

func reversed(ring []Point) []Point {
	out := make([]Point, len(ring))
	for i, p := range ring {
		out[len(ring)-1-i] = p
	}
	return out
}

// Polygons groups the rings of a normal polygon: each outer ring with its holes.
func (g Geometry) Polygons() (out [][][]Point) {
	for _, ring := range g.Parts {
		if ringArea(ring) < 0 && len(out) > 0 {
			out[len(out)-1] = append(out[len(out)-1], ring)
			continue
		}
		out = append(out, [][]Point{ring})
	}
	return out
}

// Near is the place of a geometry next to a point.
type Near struct {
	At      Point
	Metres  float64
	Part    int     // index of the part
	Segment int     // index of the segment's first point
	Along   float64 // 0…1 within the segment
}

// Nearest finds the place of the geometry next to p. Within a polygon the
// distance is zero. Metres is +Inf where the geometry is empty.
func (g Geometry) Nearest(p Point) Near {
	best := Near{Metres: math.Inf(1)}
	if g.Contains(p) {
		return Near{At: p}
	}
	for i, part := range g.Parts {
		n := len(part)
		switch {
		case g.Kind == Points || n == 1:
			for k, q := range part {
				if d := Distance(p, q); d < best.Metres {
					best = Near{q, d, i, k, 0}
				}
			}
			continue
		case g.Kind == Lines:
			n--
		}
		for k := range n {
			if near := nearestOn(part[k], part[(k+1)%len(part)], p); near.Metres < best.Metres {
				near.Part, near.Segment = i, k
				best = near
			}
		}
	}
	return best
}

func nearestOn(a, b, p Point) Near {
	pl := planeAt(p)
	ax, ay := pl.xy(p, a)
	bx, by := pl.xy(p, b)
	dx, dy := bx-ax, by-ay
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = min(1, max(0, -(ax*dx+ay*dy)/l))
	}
	x, y := ax+t*dx, ay+t*dy
	return Near{At: p.Offset(x, y), Metres: math.Hypot(x, y), Along: t}
}

// Length of lines in metres, or the outline of polygons.
func (g Geometry) Length() float64 {
	sum := 0.0
	for _, part := range g.Parts {
		for i := 1; i < len(part); i++ {
			sum += Distance(part[i-1], part[i])
		}
		if g.Kind == Polygon && len(part) > 1 {
			sum += Distance(part[len(part)-1], part[0])
		}
	}
	return sum
}

// Middle is a point for a label or a pin: of lines halfway along the longest,
// of polygons the centroid where it lies inside, else a point of the outline.
func (g Geometry) Middle() Point {
	switch {
	case len(g.Parts) == 0 || len(g.Parts[0]) == 0:
		return Point{}
	case g.Kind == Lines:
		longest := g.Parts[0]
		for _, part := range g.Parts {
			if Path(part...).Length() > Path(longest...).Length() {
				longest = part
			}
		}
		return AlongLine(longest, Path(longest...).Length()/2)
	case g.Kind == Polygon:
		if c := centroid(g.Parts[0]); g.Contains(c) {
			return c
		}
	}
	return g.Parts[0][0]
}

func centroid(ring []Point) Point {
	o := ring[0]
	var x, y, sum float64
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		ax, ay, bx, by := float64(a.Lon-o.Lon), float64(a.Lat-o.Lat), float64(b.Lon-o.Lon), float64(b.Lat-o.Lat)
		w := ax*by - bx*ay
		x, y, sum = x+(ax+bx)*w, y+(ay+by)*w, sum+w
	}
	if sum == 0 {
		return o
	}
	return Point{o.Lat + int32(y/(3*sum)), o.Lon + int32(x/(3*sum))}
}

// AlongLine is the point so many metres from the start of a line, its end at most.
func AlongLine(line []Point, metres float64) Point {
	for i := 1; i < len(line); i++ {
		d := Distance(line[i-1], line[i])
		if metres <= d && d > 0 {
			a, b, t := line[i-1], line[i], metres/d
			return Point{a.Lat + int32(math.Round(t*float64(b.Lat-a.Lat))), a.Lon + int32(math.Round(t*float64(b.Lon-a.Lon)))}
		}
		metres -= d
	}
	return line[len(line)-1]
}

// Simplify drops points that lie less than so many metres from the line
// without them (Douglas–Peucker). Ends stay; rings keep at least four points.
func (g Geometry) Simplify(metres float64) Geometry {
	if g.Kind == Points || metres <= 0 {
		return g
	}
	out := Geometry{Kind: g.Kind, Parts: make([][]Point, 0, len(g.Parts))}
	for _, part := range g.Parts {
		if g.Kind == Polygon {
			far := farthest(part)
			first, second := thin(part[:far+1], metres), thin(append(append([]Point(nil), part[far:]...), part[0]), metres)
			ring := append(first, second[1:len(second)-1]...)
			if len(ring) < 3 {
				ring = part
			}
			out.Parts = append(out.Parts, ring)
			continue
		}
		out.Parts = append(out.Parts, thin(part, metres))
	}
	return out
}

func farthest(ring []Point) int {
	best, at := -1.0, 1
	for i := 1; i < len(ring); i++ {
		if d := Distance(ring[0], ring[i]); d > best {
			best, at = d, i
		}
	}
	return at
}

func thin(line []Point, metres float64) []Point {
	if len(line) < 3 {
		return append([]Point(nil), line...)
	}
	worst, at := metres, 0
	for i := 1; i < len(line)-1; i++ {
		if d := nearestOn(line[0], line[len(line)-1], line[i]).Metres; d > worst {
			worst, at = d, i
		}
	}
	if at == 0 {
		return []Point{line[0], line[len(line)-1]}
	}
	left := thin(line[:at+1], metres)
	return append(left, thin(line[at:], metres)[1:]...)
}
