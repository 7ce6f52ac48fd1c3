package region

import (
	"fmt"
	"math"
	"sort"

	"okno/internal/geo"
	"okno/internal/places"
)

// link is a road between two towns.
type link struct {
	a, b  *town
	class string
	name  string
	line  []vec
}

// federal is the chain of main towns along the federal road.
var federal = []int{8, 1, 5, 6, 13, 14}

func (b *register) roads() {
	for _, l := range b.links() {
		b.sections(l)
	}
}

// links join every main town with its neighbours (those between whom no third
// lies) and every village with the nearest main town.
func (b *register) links() (out []*link) {
	var main []*town
	for _, t := range b.towns {
		if t.k == 1 {
			main = append(main, t)
		}
	}
	onChain := map[[2]int]bool{}
	for i := 1; i < len(federal); i++ {
		onChain[[2]int{min(federal[i-1], federal[i]), max(federal[i-1], federal[i])}] = true
	}
	number := 1
	for i, a := range main {
		for _, c := range main[i+1:] {
			mid, reach := a.axes.at.lerp(c.axes.at, 0.5), a.axes.at.sub(c.axes.at).len()/2
			chain := onChain[[2]int{a.mun, c.mun}]
			free := true
			for _, o := range main {
				free = free && (o == a || o == c || o.axes.at.sub(mid).len() >= reach)
			}
			if !free && !chain {
				continue
			}
			l := &link{a: a, b: c, class: "regional", name: a.name + " – " + c.name}
			if chain {
				l.class, l.name = "federal", "А-137 «Озёрный край», "+l.name
			} else {
				l.name = fmt.Sprintf("Р-%d, %s", 10+number, l.name)
				number++
			}
			out = append(out, l)
		}
	}
	for _, t := range b.towns {
		if t.k == 1 {
			continue
		}
		near := append([]*town(nil), main...)
		sort.Slice(near, func(i, j int) bool {
			return near[i].axes.at.sub(t.axes.at).len() < near[j].axes.at.sub(t.axes.at).len()
		})
		out = append(out, &link{a: near[0], b: t, class: "local", name: near[0].name + " – " + t.name})
	}
	for _, l := range out {
		l.draw(b)
	}
	return out
}

// draw leads the road from a street's end in one town to one in the other,
// around the lakes.
func (l *link) draw(b *register) {
	r := source(b.seed, "road "+l.name)
	from, to := l.a.gate(l.b.axes.at), l.b.gate(l.a.axes.at)
	line := rough(r, from, to, 0.06, 1700)
	for i := 1; i < len(line)-1; i++ {
		for range 40 {
			if !b.waters.lakesNear(line[i], 260) {
				break
			}
			for _, lake := range b.waters.lakes {
				if lake.at.sub(line[i]).len() < lake.reach+300 {
					line[i] = line[i].add(line[i].sub(lake.at).unit().mul(260))
				}
			}
		}
	}
	l.line = smooth(line, 4)
}

func (w waters) lakesNear(p vec, margin float64) bool { return waters{lakes: w.lakes}.wet(p, margin) }

// gate is the street's end at which a town meets the road towards a place.
func (t *town) gate(towards vec) vec {
	dir := towards.sub(t.axes.at).unit()
	best, at := math.Inf(-1), t.axes.at
	for _, s := range t.streets {
		for _, p := range []vec{s.line[0], s.line[len(s.line)-1]} {
			out := p.sub(t.axes.at)
			score := out.dot(dir) - 0.5*math.Abs(out.cross(dir))
			if s.main {
				score += 0.15 * t.radius
			}
			if score > best {
				best, at = score, p
			}
		}
	}
	return at
}

// sections cuts a road at the borders of municipalities and every 15 km.
func (b *register) sections(l *link) {
	const longest = 15e3
	start, run, km := 0, 0.0, 0.0
	n := municipalityOf(b.rings, l.line[0])
	for i := 1; i < len(l.line); i++ {
		run += l.line[i].sub(l.line[i-1]).len()
		here := municipalityOf(b.rings, l.line[i])
		if here == 0 {
			here = n
		}
		if here == n && run < longest && i < len(l.line)-1 {
			continue
		}
		b.section(l, l.line[start:i+1], n, km, km+run/1000)
		start, km, run, n = i, km+run/1000, 0, here
	}
}

func (b *register) section(l *link, line []vec, mun int, from, to float64) {
	if mun == 0 {
		mun = l.a.mun
	}
	code := municipalities[mun-1].Code
	owner, operator, before := code+".admin", code+".roads", "reg.roads"
	switch l.class {
	case "federal":
		owner, operator, before = "fed.roads", "fed.roads", ""
	case "regional":
		owner, operator, before = "reg.roads", "reg.roads.service", code+".admin"
	}
	b.add(places.Asset{Kind: places.Road, Class: l.class, Name: fmt.Sprintf("%s, км %.0f – км %.0f", l.name, from, to), Territory: code,
		Owner: owner, Operator: operator, Shape: geo.Path(points(line)...)}, before)
	for _, hit := range b.waters.crossings(line) {
		at, dir := along(line, hit.dist)
		half := hit.width/2 + 12
		b.add(places.Asset{Kind: places.Bridge, Class: l.class, Name: "Мост, " + hit.river, Territory: code, Owner: owner, Operator: operator,
			Shape: geo.Path(at.sub(dir.mul(half)).point(), at.add(dir.mul(half)).point())}, "")
	}
	if length(line) > 1200 {
		at, dir := along(line, length(line)-600)
		b.add(places.Asset{Kind: places.BusStop, Name: "Поворот, " + l.b.name, Territory: code, Owner: owner, Operator: operator,
			Shape: geo.Spot(at.add(dir.left().mul(9)).point())}, "")
	}
}

// hit is a place where a line crosses a river.
type hit struct {
	river       string
	dist, width float64
}

func (w waters) crossings(line []vec) (out []hit) {
	run := 0.0
	for k := 1; k < len(line); k++ {
		a, b := line[k-1], line[k]
		for _, r := range w.rivers {
			for i := 1; i < len(r.line); i++ {
				c, d := r.line[i-1], r.line[i]
				if min(c.x, d.x) > max(a.x, b.x) || max(c.x, d.x) < min(a.x, b.x) || min(c.y, d.y) > max(a.y, b.y) || max(c.y, d.y) < min(a.y, b.y) {
					continue
				}
				if t, _, ok := crossing(a, b, c, d); ok {
					out = append(out, hit{r.name, run + t*b.sub(a).len(), r.width(i)})
				}
			}
		}
		run += b.sub(a).len()
	}
	return out
}

func blobby(a, long, p1, p2 float64) float64 {
	return 1 + 0.28*math.Cos(2*(a-long)) + 0.13*math.Sin(3*a+p1) + 0.08*math.Sin(5*a+p2)
}
