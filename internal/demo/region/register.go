package region

import (
	"fmt"
	"math/rand/v2"

	"okno/internal/geo"
	"okno/internal/places"
)

// register builds the assets: what stands along the streets and between the towns.
type register struct {
	seed   uint64
	rings  []boxedRing
	waters waters
	towns  []*town
	houses []*house
	list   []places.Asset
	count  map[places.AssetKind]int
	r      *rand.Rand
}

func (b *register) assets() []places.Asset {
	b.count = map[places.AssetKind]int{}
	b.r = source(b.seed, "assets")
	b.nature()
	b.roads()
	for _, t := range b.towns {
		b.r = source(b.seed, "assets "+t.code)
		b.streetsOf(t)
		b.publicSpaces(t)
	}
	b.r = source(b.seed, "houses' assets")
	b.buildings()
	return b.list
}

// add numbers an asset, gives it a day since when it holds, and now and then a
// predecessor with another owner that ended the day before.
func (b *register) add(a places.Asset, before string) {
	b.count[a.Kind]++
	a.Code = fmt.Sprintf("ast.%s.%05d", a.Kind, b.count[a.Kind])
	a.Thing = a.Code
	a.From = fmt.Sprintf("%d-%02d-01", 2008+b.r.IntN(13), 1+b.r.IntN(12))
	if before != "" && before != a.Owner && b.r.IntN(24) == 0 {
		old := a
		old.Code, old.Owner, old.Operator, old.To = a.Code+".1", before, before, "2024-12-31"
		old.ID = places.IDOf(old.Code)
		b.list = append(b.list, old)
		a.From = "2025-01-01"
	}
	a.ID = places.IDOf(a.Code)
	b.list = append(b.list, a)
}

func (b *register) admin(t *town) string {
	if t.k == 1 && settled[t.mun] {
		return t.territory() + ".set.1"
	}
	return t.territory() + ".admin"
}

func light(t *town) string {
	if t.mun == 1 {
		return "mun.01.light"
	}
	return t.territory() + ".green"
}

// nature is lakes, rivers and forests.
func (b *register) nature() {
	for _, l := range b.waters.lakes {
		if n := municipalityOf(b.rings, l.at); n > 0 {
			b.add(places.Asset{Kind: places.WaterBody, Class: "lake", Name: l.name, Territory: municipalities[n-1].Code, Owner: "reg.ecology", Operator: "reg.ecology.parks", Shape: geo.Area(points(l.shore))}, "")
		}
	}
	for _, r := range b.waters.rivers {
		for _, part := range b.insideOnly(r) {
			n := municipalityOf(b.rings, part.line[len(part.line)/2])
			if n == 0 {
				continue
			}
			b.add(places.Asset{Kind: places.WaterBody, Class: "river", Name: r.name, Territory: municipalities[n-1].Code, Owner: "reg.ecology", Operator: "reg.ecology.parks", Shape: geo.Area(points(part.banks()))}, "")
		}
	}
	b.forests()
}

// insideOnly cuts a river into stretches within one municipality each.
func (b *register) insideOnly(r river) (out []river) {
	start, last := 0, municipalityOf(b.rings, r.line[0])
	flush := func(end int) {
		if end-start > 1 && last > 0 {
			from := max(start-1, 0)
			out = append(out, river{r.name, r.en, r.line[from : end+1], r.width(from), r.width(end)})
		}
		start = end
	}
	for i, p := range r.line {
		if n := municipalityOf(b.rings, p); n != last {
			flush(i)
			last = n
		}
	}
	flush(len(r.line) - 1)
	return out
}

func (b *register) forests() {
	for range 700 {
		if b.count[places.Forest] >= 110 {
			return
		}
		at := vec{between(b.r, 0, frameWidth), between(b.r, 0, frameHeight)}
		size := between(b.r, 1800, 5200)
		n := municipalityOf(b.rings, at)
		if n == 0 || !b.clear(at, size*1.5) {
			continue
		}
		ring := []vec{}
		long, p1, p2 := between(b.r, 0, 3), between(b.r, 0, 6), between(b.r, 0, 6)
		const sides = 14
		for k := range sides {
			a := vec{size, 0}.turn(float64(k) * 6.2831853 / sides)
			ring = append(ring, at.add(a.mul(blobby(float64(k)*6.2831853/sides, long, p1, p2))))
		}
		whole := true
		for _, p := range ring {
			whole = whole && municipalityOf(b.rings, p) > 0
		}
		if !whole {
			continue
		}
		shore := []vec{}
		for k, p := range ring {
			shore = append(shore, rough(b.r, p, ring[(k+1)%sides], 0.13, 350)[1:]...)
		}
		b.add(places.Asset{Kind: places.Forest, Name: "лес", Territory: municipalities[n-1].Code, Owner: "reg.forest", Operator: "reg.forest.service", Shape: geo.Area(points(shore))}, "")
	}
}

func (b *register) clear(at vec, reach float64) bool {
	for _, t := range b.towns {
		if t.axes.at.sub(at).len() < t.radius*1.3+reach {
			return false
		}
	}
	return true
}

// spots walks a line: a place every step metres, so far beside the middle.
func spots(line []vec, first, step, aside float64, f func(at, dir vec, dist float64)) {
	total := length(line)
	for d := first; d < total; d += step {
		at, dir := along(line, d)
		f(at.add(dir.left().mul(aside)), dir, d)
		aside = -aside
	}
}

// square is a rectangle as a geometry.
func square(at, dir vec, half, deep float64) geo.Geometry {
	return geo.Area(points(block{at, dir, half, deep}.corners()))
}
