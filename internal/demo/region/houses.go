package region

import (
	"fmt"
	"math"
	"math/rand/v2"

	"okno/internal/places"
)

// house is an address while the town is being built.
type house struct {
	code   string
	town   *town
	street *street
	number string
	kind   places.AddressKind
	name   string
	block  block
	left   bool
	dist   float64 // along the street
	uk     string  // managing company of an apartment house
}

// chooseParks leaves some of the grid's blocks free of houses.
func (g *grid) chooseParks(r *rand.Rand) {
	t := g.t
	want := int(math.Round(t.radius / 330))
	add := func(i, j int) {
		a, b := vec{g.us[i], g.vs[j]}, vec{g.us[i+1], g.vs[j+1]}
		ring := []vec{}
		rim := []vec{{a.x + 13, a.y + 13}, {b.x - 13, a.y + 13}, {b.x - 13, b.y - 13}, {a.x + 13, b.y - 13}}
		for k, c := range rim {
			for s := range 4 {
				ring = append(ring, t.axes.place(c.lerp(rim[(k+1)%4], float64(s)/4)))
			}
		}
		for k, p := range ring {
			if t.water.wet(p, 4) || t.water.wet(p.lerp(ring[(k+8)%16], 0.5), 4) {
				return
			}
		}
		t.parks = append(t.parks, ring)
	}
	if t.code == "loc.01.01" {
		add(closest(g.us, 0), closest(g.vs, 0)) // the square beside School No. 7
	}
	for tries := 0; len(t.parks) < want && tries < 60; tries++ {
		i, j := r.IntN(len(g.us)-1), r.IntN(len(g.vs)-1)
		middle := vec{(g.us[i] + g.us[i+1]) / 2, (g.vs[j] + g.vs[j+1]) / 2}
		if middle.len() < 160 || middle.len() > t.radius*0.8 || !g.alongU[j][i] || !g.alongV[i][j] {
			continue
		}
		if t.code == "loc.01.01" && middle.len() < 500 {
			continue
		}
		add(i, j)
	}
	for k := range t.parks {
		name := parkNames[(t.mun*3+t.k+k)%len(parkNames)]
		if t.code == "loc.01.01" && k == 0 {
			name = "Сквер у школы"
		}
		t.parkName = append(t.parkName, name)
	}
}

// build draws a town: plan, names, parks, houses.
func (t *town) build(seed uint64) []*house {
	r := source(seed, "plan "+t.code)
	g := t.plan(r)
	g.streets(r)
	t.numberStreets(r)
	g.chooseParks(r)
	t.blocks = newBlocks()
	for _, s := range t.streets {
		t.blocks.addStreet(s.line, s.half)
	}
	for _, p := range t.parks {
		t.blocks.addStreet(append(append([]vec(nil), p...), p[0]), 1)
	}
	var out []*house
	hr := source(seed, "houses "+t.code)
	for _, s := range t.streets {
		for _, left := range []bool{true, false} {
			out = append(out, s.side(hr, left)...)
		}
	}
	t.institutions(hr, out)
	return out
}

// side builds one side of a street: odd numbers on the left, even on the right.
func (s *street) side(r *rand.Rand, left bool) (out []*house) {
	t, total := s.town, length(s.line)
	n := 2
	if left {
		n = 1
	}
	for d := between(r, 9, 20); d < total-6; {
		at, _ := along(s.line, d)
		zone := at.sub(t.axes.at).len() / t.radius
		kind := t.kindAt(r, s, at, zone)
		half, deep, set := between(r, 4.5, 7), between(r, 4, 5.5), between(r, 4, 8)
		step := half*2 + between(r, 8, 15)
		switch kind {
		case places.ApartmentHouse:
			half, deep, set = between(r, 15, 32), between(r, 6.2, 7.6), between(r, 6, 11)
			if t.kind != "city" {
				half = between(r, 10, 17)
			}
			step = half*2 + between(r, 9, 20)
		case places.Shop, places.Office, places.Culture:
			half, deep, set = between(r, 7, 14), between(r, 6, 9), between(r, 3, 6)
			step = half*2 + between(r, 9, 16)
		case places.Industry:
			half, deep, set = between(r, 16, 30), between(r, 9, 14), between(r, 5, 9)
			step = half*2 + 20
		}
		at, dir := along(s.line, d+half)
		side := dir.left()
		if !left {
			side = side.mul(-1)
		}
		b := block{at.add(side.mul(s.half + set + deep)), dir.turn(spread(r, 0.025)), half, deep}
		if d+half*2 > total+8 || t.inPark(b.at) || t.water.wet(b.at, 12+half*0.6) || !t.blocks.place(b, 4.5, 2.6) {
			d += 7
			continue
		}
		h := &house{town: t, street: s, number: fmt.Sprint(n), kind: kind, block: b, left: left, dist: d + half}
		if kind == places.ApartmentHouse {
			uk := ManagingOf(t.mun)
			h.uk = uk[(int(math.Abs(at.x/420))+3*int(math.Abs(at.y/420)))%len(uk)]
		}
		out = append(out, h)
		out = append(out, h.second(r, side)...)
		d += step
		n += 2
	}
	return out
}

// second builds a wing («к2») in the depth of the block, or a house with a
// letter on a divided plot.
func (h *house) second(r *rand.Rand, side vec) []*house {
	t := h.town
	switch {
	case h.kind == places.ApartmentHouse && r.IntN(5) == 0:
		b := h.block
		b.at = b.at.add(side.mul(30 + b.deep*2))
		b.half = min(b.half, 22)
		if t.inPark(b.at) || t.water.wet(b.at, 30) || !t.blocks.place(b, 5, 4) {
			return nil
		}
		w := &house{town: t, street: h.street, number: h.number + "к2", kind: h.kind, block: b, left: h.left, dist: h.dist, uk: h.uk}
		h.number += "к1"
		return []*house{w}
	case h.kind == places.PrivateHouse && r.IntN(24) == 0:
		b := h.block
		b.at = b.at.add(side.mul(b.deep*2 + 12))
		if t.inPark(b.at) || t.water.wet(b.at, 20) || !t.blocks.place(b, 4, 4) {
			return nil
		}
		return []*house{{town: t, street: h.street, number: h.number + "а", kind: h.kind, block: b, left: h.left, dist: h.dist}}
	case h.kind == places.Shop && r.IntN(6) == 0:
		h.number += fmt.Sprintf("/%d", 1+r.IntN(12))
	}
	return nil
}

func (t *town) inPark(p vec) bool {
	for _, ring := range t.parks {
		if within(ring, p) {
			return true
		}
	}
	return false
}

// kindAt chooses what is built: dense in the middle, whole quarters of
// apartment houses farther out, private houses at the edge and in villages.
func (t *town) kindAt(r *rand.Rand, s *street, at vec, zone float64) places.AddressKind {
	x := r.Float64()
	quarter := 0.5 + 0.5*math.Sin(at.x/510+float64(t.mun))*math.Sin(at.y/430+float64(t.k))
	switch {
	case t.kind == "city" && t.radius > 1000:
		switch {
		case zone < 0.3 && x < 0.10, s.main && x < 0.05:
			return places.Shop
		case zone < 0.3 && x < 0.16:
			return places.Office
		case zone < 0.25 && x < 0.175:
			return places.Culture
		case zone > 0.75 && quarter > 0.8 && x < 0.5:
			return places.Industry
		case zone < 0.32 && x < 0.82, zone < 0.72 && quarter > 0.52 && x < 0.93:
			return places.ApartmentHouse
		}
	case t.kind == "city" || t.kind == "town":
		switch {
		case zone < 0.35 && x < 0.08, s.main && x < 0.03:
			return places.Shop
		case zone < 0.3 && x < 0.11:
			return places.Office
		case zone > 0.8 && quarter > 0.85 && x < 0.3:
			return places.Industry
		case zone < 0.3 && x < 0.5, zone < 0.6 && quarter > 0.75 && x < 0.7:
			return places.ApartmentHouse
		}
	default:
		if x < 0.022 {
			return places.Shop
		}
	}
	return places.PrivateHouse
}

// institutions turn some houses into schools, kindergartens and clinics, with
// a footprint of their own size where there is room, and name what has a name.
func (t *town) institutions(r *rand.Rand, houses []*house) {
	if len(houses) < 8 {
		return
	}
	per := func(n int) int { return max(1, len(houses)/n) }
	schools := per(420)
	free := func(near vec, reach float64) *house {
		var best *house
		for _, h := range houses {
			d := h.block.at.sub(near).len()
			if (h.kind == places.ApartmentHouse || h.kind == places.PrivateHouse) && d < reach && (best == nil || d < best.block.at.sub(near).len()) {
				best = h
			}
		}
		return best
	}
	turn := func(h *house, kind places.AddressKind, name string) {
		if h == nil {
			return
		}
		h.kind, h.name, h.uk = kind, name, ""
	}
	anywhere := func() vec {
		return t.axes.place(vec{t.radius * between(r, 0.05, 0.7), 0}.turn(between(r, 0, 6.28)))
	}
	for n := 1; n <= schools; n++ {
		at, name := anywhere(), fmt.Sprintf("Школа № %d", n)
		if schools == 1 {
			name = "Школа"
		}
		if t.code == "loc.01.01" && n == 7 {
			at = t.axes.place(vec{-28, 60})
		}
		turn(free(at, t.radius), places.School, name)
	}
	if t.kind == "city" || t.kind == "town" || t.kind == "village" {
		for n := 1; n <= per(300); n++ {
			turn(free(anywhere(), t.radius), places.Kindergarten, fmt.Sprintf("Детский сад № %d", n))
		}
		for n := 1; n <= per(900); n++ {
			name := fmt.Sprintf("Поликлиника № %d", n)
			if t.kind == "village" {
				name = "Фельдшерский пункт"
			} else if per(900) == 1 {
				name = "Поликлиника"
			}
			turn(free(anywhere(), t.radius), places.Clinic, name)
		}
	}
	shop, office, culture := r.IntN(len(shopNames)), 0, 0
	if t.name == "Боровой" {
		shop = 0 // «Лада», of which a story tells
	}
	for _, h := range houses {
		switch h.kind {
		case places.Shop:
			if name := shopNames[shop%len(shopNames)]; name == "Аптека" {
				h.name = name
			} else {
				h.name = "Магазин «" + name + "»"
			}
			shop++
		case places.Office:
			h.name = officeNames[office%len(officeNames)]
			office++
		case places.Culture:
			h.name = cultureNames[culture%len(cultureNames)]
			culture++
		}
	}
}
