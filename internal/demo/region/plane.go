package region

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"okno/internal/geo"
)

// vec is a place in metres east and north of the south-west corner of the frame.
type vec struct{ x, y float64 }

func (a vec) add(b vec) vec             { return vec{a.x + b.x, a.y + b.y} }
func (a vec) sub(b vec) vec             { return vec{a.x - b.x, a.y - b.y} }
func (a vec) mul(k float64) vec         { return vec{a.x * k, a.y * k} }
func (a vec) dot(b vec) float64         { return a.x*b.x + a.y*b.y }
func (a vec) cross(b vec) float64       { return a.x*b.y - a.y*b.x }
func (a vec) len() float64              { return math.Hypot(a.x, a.y) }
func (a vec) left() vec                 { return vec{-a.y, a.x} }
func (a vec) lerp(b vec, t float64) vec { return a.add(b.sub(a).mul(t)) }

func (a vec) unit() vec {
	if l := a.len(); l > 0 {
		return a.mul(1 / l)
	}
	return vec{1, 0}
}

func (a vec) turn(angle float64) vec {
	s, c := math.Sincos(angle)
	return vec{a.x*c - a.y*s, a.x*s + a.y*c}
}

// The frame lies around 60° N; its middle meridian keeps directions true.
const (
	frameWidth  = 236e3
	frameHeight = 186e3
	south       = 59.28
	middle      = 32.60
	perDegree   = 6371008.8 * math.Pi / 180
)

// point lays the plane on the earth (sinusoidal: areas and distances along
// parallels are true, shear stays under two per cent).
func (a vec) point() geo.Point {
	lat := south + a.y/perDegree
	return geo.At(lat, middle+(a.x-frameWidth/2)/(perDegree*math.Cos(lat*math.Pi/180)))
}

func points(line []vec) []geo.Point {
	out := make([]geo.Point, 0, len(line))
	for _, v := range line {
		if p := v.point(); len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

// source makes a stream of randomness that depends on the seed and a name
// alone: a change in one part of the region leaves the others as they were.
func source(seed uint64, name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// spread is a random number around 0, at most ±k.
func spread(r *rand.Rand, k float64) float64 { return (r.Float64()*2 - 1) * k }

// between is a random number of a range.
func between(r *rand.Rand, from, to float64) float64 { return from + r.Float64()*(to-from) }

// rough draws a natural line from a to b by midpoint displacement: each half
// bends by at most bend of its length, down to pieces of the given length.
func rough(r *rand.Rand, a, b vec, bend, piece float64) []vec {
	line := []vec{a}
	var draw func(a, b vec)
	draw = func(a, b vec) {
		d := b.sub(a)
		if d.len() < piece {
			line = append(line, b)
			return
		}
		m := a.lerp(b, between(r, 0.42, 0.58)).add(d.left().mul(spread(r, bend)))
		draw(a, m)
		draw(m, b)
	}
	draw(a, b)
	return line
}

// smooth rounds a line through its points (Catmull–Rom), steps points a piece.
func smooth(line []vec, steps int) []vec {
	if len(line) < 3 {
		return line
	}
	at := func(i int) vec { return line[min(max(i, 0), len(line)-1)] }
	out := []vec{line[0]}
	for i := 0; i < len(line)-1; i++ {
		p0, p1, p2, p3 := at(i-1), at(i), at(i+1), at(i+2)
		for s := 1; s <= steps; s++ {
			t := float64(s) / float64(steps)
			a := p1.mul(2)
			b := p2.sub(p0).mul(t)
			c := p0.mul(2).sub(p1.mul(5)).add(p2.mul(4)).sub(p3).mul(t * t)
			d := p1.mul(3).sub(p0).sub(p2.mul(3)).add(p3).mul(t * t * t)
			out = append(out, a.add(b).add(c).add(d).mul(0.5))
		}
	}
	return out
}

func length(line []vec) float64 {
	sum := 0.0
	for i := 1; i < len(line); i++ {
		sum += line[i].sub(line[i-1]).len()
	}
	return sum
}

// along is the place and direction so many metres from a line's start.
func along(line []vec, metres float64) (at, dir vec) {
	for i := 1; i < len(line); i++ {
		d := line[i].sub(line[i-1])
		if l := d.len(); metres <= l || i == len(line)-1 {
			return line[i-1].add(d.unit().mul(min(metres, l))), d.unit()
		}
		metres -= d.len()
	}
	return line[0], vec{1, 0}
}

// cut is the part of a line between two distances from its start.
func cut(line []vec, from, to float64) []vec {
	start, _ := along(line, from)
	out, run := []vec{start}, 0.0
	for i := 1; i < len(line); i++ {
		run += line[i].sub(line[i-1]).len()
		if run > from+0.5 && run < to-0.5 {
			out = append(out, line[i])
		}
	}
	end, _ := along(line, to)
	return append(out, end)
}

// toSegment tells the distance from p to a–b and how far along the nearest place lies (0…1).
func toSegment(p, a, b vec) (float64, float64) {
	d := b.sub(a)
	t := 0.0
	if l := d.dot(d); l > 0 {
		t = min(1, max(0, p.sub(a).dot(d)/l))
	}
	return p.sub(a.add(d.mul(t))).len(), t
}

// crossing tells where a–b and c–d cross, as parts of each.
func crossing(a, b, c, d vec) (t, u float64, ok bool) {
	r, s := b.sub(a), d.sub(c)
	den := r.cross(s)
	if math.Abs(den) < 1e-9 {
		return 0, 0, false
	}
	t, u = c.sub(a).cross(s)/den, c.sub(a).cross(r)/den
	return t, u, t >= 0 && t <= 1 && u >= 0 && u <= 1
}

// block is a rectangle: its middle, the direction of its long side and half its sides.
type block struct {
	at, dir    vec
	half, deep float64
}

func (b block) corners() []vec {
	u, v := b.dir.mul(b.half), b.dir.left().mul(b.deep)
	return []vec{b.at.sub(u).sub(v), b.at.add(u).sub(v), b.at.add(u).add(v), b.at.sub(u).add(v)}
}

func (b block) contains(p vec, margin float64) bool {
	d := p.sub(b.at)
	return math.Abs(d.dot(b.dir)) <= b.half+margin && math.Abs(d.cross(b.dir)) <= b.deep+margin
}

// meets tells whether two rectangles come closer than margin (by their corners
// and middles: enough for houses, which are of like size).
func (b block) meets(o block, margin float64) bool {
	if b.at.sub(o.at).len() > math.Hypot(b.half, b.deep)+math.Hypot(o.half, o.deep)+margin {
		return false
	}
	if b.contains(o.at, margin) || o.contains(b.at, margin) {
		return true
	}
	for _, c := range o.corners() {
		if b.contains(c, margin) {
			return true
		}
	}
	for _, c := range b.corners() {
		if o.contains(c, margin) {
			return true
		}
	}
	return false
}
