package region

import (
	"fmt"
	"math"

	"okno/internal/geo"
	"okno/internal/places"
)

// streetsOf registers a town's roadways section by section and what stands along them.
func (b *register) streetsOf(t *town) {
	crossings := map[int][]*street{}
	for _, s := range t.streets {
		for _, n := range s.nodes {
			crossings[n] = append(crossings[n], s)
		}
	}
	code, admin := t.territory(), b.admin(t)
	for _, s := range t.streets {
		owner, operator, class, before := admin, code+".roads", "local", "reg.roads"
		switch x := b.r.IntN(40); {
		case s.main && x < 4:
			s.regional = true
			owner, operator, class, before = "reg.roads", "reg.roads.service", "regional", admin
		case !s.main && s.short() && x < 2:
			owner, operator, class, before = "", "", "private", "" // built by a company that is gone: nobody's yet
		}
		every := 3
		for from := 0; from < len(s.nodes)-1; from += every {
			to := min(from+every, len(s.nodes)-1)
			if len(s.nodes)-1-to == 1 {
				to++
			}
			name := s.name.full()
			if a, z := crossOf(crossings[s.nodes[from]], s), crossOf(crossings[s.nodes[to]], s); a != nil && z != nil && a != z {
				name += ", от " + a.name.genitive() + " до " + z.name.genitive()
			} else if a != nil {
				name += ", от " + a.name.genitive() + " до конца"
			}
			line := cut(s.line, s.at[from], s.at[to])
			b.add(places.Asset{Kind: places.Road, Class: class, Name: name, Territory: code, Street: s.code, Owner: owner, Operator: operator, Shape: geo.Path(points(line)...)}, before)
			if s.main && t.kind != "hamlet" {
				b.add(places.Asset{Kind: places.Pavement, Name: "Тротуар, " + name, Territory: code, Street: s.code, Owner: admin, Operator: code + ".green", Shape: geo.Path(points(aside(line, s.half+1.8))...)}, "")
			}
			if len(s.nodes)-1 == to {
				break
			}
		}
		for _, hit := range t.water.crossings(s.line) {
			at, dir := along(s.line, hit.dist)
			half := hit.width/2 + 10
			b.add(places.Asset{Kind: places.Bridge, Class: class, Name: "Мост, " + s.name.full() + ", " + hit.river, Territory: code, Street: s.code, Owner: owner, Operator: operator,
				Shape: geo.Path(at.sub(dir.mul(half)).point(), at.add(dir.mul(half)).point())}, "")
		}
		b.furniture(t, s, crossings)
	}
}

func crossOf(list []*street, s *street) *street {
	for _, o := range list {
		if o != s {
			return o
		}
	}
	return nil
}

func aside(line []vec, metres float64) (out []vec) {
	for i, p := range line {
		a, z := line[max(i-1, 0)], line[min(i+1, len(line)-1)]
		out = append(out, p.add(z.sub(a).unit().left().mul(metres)))
	}
	return out
}

// furniture is lamps, hatches, stops, crossings and traffic lights.
func (b *register) furniture(t *town, s *street, crossings map[int][]*street) {
	code, admin := t.territory(), b.admin(t)
	step := map[bool]float64{true: 84, false: 170}[s.main]
	spots(s.line, between(b.r, 8, 30), step, s.half+1.2, func(at, _ vec, _ float64) {
		owner, operator := admin, light(t)
		if s.regional {
			owner, operator = "reg.roads", "reg.roads.service"
		}
		b.add(places.Asset{Kind: places.Lamp, Name: fmt.Sprintf("Опора № %d, %s", b.count[places.Lamp]%900+1, s.name.full()), Territory: code, Street: s.code, Owner: owner, Operator: operator, Shape: geo.Spot(at.point())}, "")
	})
	if t.kind == "city" || t.kind == "town" {
		spots(s.line, between(b.r, 12, 60), 290, s.half*0.45, func(at, _ vec, _ float64) { b.hatch(t, s, at, b.r.IntN(10)) })
	}
	if t.code == "loc.01.01" && s.name.full() == "Рыбацкая улица" {
		if h := b.houseAt(s, "14"); h != nil {
			at, dir := along(s.line, h.dist)
			b.hatch(t, s, at.add(dir.left().mul(-s.half*0.6)), 0)
		}
	}
	if s.main || t.kind == "hamlet" || t.kind == "village" {
		last := vec{math.Inf(1), 0}
		spots(s.line, 90, 430, s.half+2.4, func(at, _ vec, dist float64) {
			if at.sub(last).len() < 200 {
				return
			}
			last = at
			b.add(places.Asset{Kind: places.BusStop, Name: "Остановка «" + b.stopName(t, s, at, dist, crossings) + "»", Territory: code, Street: s.code, Owner: code + ".roads", Operator: code + ".roads", Shape: geo.Spot(at.point())}, "")
		})
	}
	if t.kind != "city" || !s.main {
		return
	}
	for k, n := range s.nodes {
		o := crossOf(crossings[n], s)
		if o == nil || n%2 > 0 {
			continue
		}
		at, dir := along(s.line, s.at[k])
		b.add(places.Asset{Kind: places.Crossing, Name: "Переход, " + s.name.full() + " и " + o.name.full(), Territory: code, Street: s.code, Owner: admin, Operator: code + ".roads", Shape: geo.Spot(at.add(dir.mul(-o.half - 3)).point())}, "")
		if o.main && t.radius > 1000 {
			b.add(places.Asset{Kind: places.TrafficLamp, Name: "Светофор, " + s.name.full() + " и " + o.name.full(), Territory: code, Street: s.code, Owner: admin, Operator: code + ".roads", Shape: geo.Spot(at.point())}, "")
		}
	}
}

func (b *register) hatch(t *town, s *street, at vec, pick int) {
	a := places.Asset{Kind: places.Hatch, Territory: t.territory(), Street: s.code, Shape: geo.Spot(at.point())}
	n := t.territory()[4:]
	switch {
	case pick < 4:
		a.Class, a.Name, a.Owner, a.Operator = "storm", "Люк ливнёвки", b.admin(t), t.territory()+".roads"
	case pick < 7:
		a.Class, a.Name, a.Owner, a.Operator = "water", "Люк водопровода", "utility.water."+n, "utility.water."+n
	case pick < 9:
		a.Class, a.Name, a.Owner, a.Operator = "heat", "Люк теплосети", "utility.heat."+n, "utility.heat."+n
	default:
		a.Class, a.Name, a.Owner, a.Operator = "telecom", "Люк связи", "utility.telecom", "utility.telecom"
	}
	a.Name += ", " + s.name.full()
	b.add(a, "")
}

func (b *register) houseAt(s *street, number string) *house {
	for _, h := range b.houses {
		if h.street == s && h.number == number {
			return h
		}
	}
	return nil
}

// stopName calls a stop by a named building nearby, else by the street it meets.
func (b *register) stopName(t *town, s *street, at vec, dist float64, crossings map[int][]*street) string {
	for _, h := range b.named(t) {
		if h.block.at.sub(at).len() < 110 {
			return h.name
		}
	}
	best, name := math.Inf(1), s.name.stopName()
	for k, n := range s.nodes {
		if o := crossOf(crossings[n], s); o != nil && math.Abs(s.at[k]-dist) < best {
			best, name = math.Abs(s.at[k]-dist), o.name.stopName()
		}
	}
	return name
}

func (b *register) named(t *town) []*house {
	if t.named == nil {
		for _, h := range b.houses {
			if h.town == t && (h.kind == places.School || h.kind == places.Clinic || h.kind == places.Culture) {
				t.named = append(t.named, h)
			}
		}
	}
	return t.named
}

// publicSpaces are parks with their grounds, a cemetery, towers, boilers.
func (b *register) publicSpaces(t *town) {
	code, admin := t.territory(), b.admin(t)
	for k, ring := range t.parks {
		b.add(places.Asset{Kind: places.Park, Name: t.parkName[k], Territory: code, Owner: admin, Operator: code + ".green", Shape: geo.Area(points(ring))}, "")
		middle := ring[0].lerp(ring[8], 0.5)
		if k%2 == 0 {
			b.add(places.Asset{Kind: places.Playground, Name: "Детская площадка, " + t.parkName[k], Territory: code, Owner: admin, Operator: code + ".green", Shape: square(middle.add(vec{18, 6}), vec{1, 0}, 9, 7)}, "")
		} else {
			b.add(places.Asset{Kind: places.SportGround, Name: "Спортивная площадка, " + t.parkName[k], Territory: code, Owner: admin, Operator: code + ".green", Shape: square(middle.add(vec{-14, 0}), vec{1, 0}, 14, 8)}, "")
		}
	}
	for tries := range 12 {
		d := vec{1, 0}.turn(float64(tries)*1.7 + float64(t.mun))
		at := t.axes.place(d.mul(t.reach(d)*1.12 + 260))
		if t.water.wet(at, 200) {
			continue
		}
		half := 50 + t.radius/24
		b.add(places.Asset{Kind: places.Cemetery, Name: "Кладбище, " + t.name, Territory: code, Owner: admin, Operator: code + ".green", Shape: square(at, d.left(), half, half*0.7)}, "")
		b.add(places.Asset{Kind: places.PumpRoom, Name: "Водонапорная башня, " + t.name, Territory: code, Owner: "utility.water." + code[4:], Operator: "utility.water." + code[4:], Shape: geo.Spot(t.axes.place(d.mul(-t.reach(d) * 0.9)).point())}, "")
		break
	}
}

// buildings are apartment and public houses with their yards and what stands in them.
func (b *register) buildings() {
	dwellings := map[*town]int{}
	flats := map[*town]int{}
	for _, h := range b.houses {
		t, code := h.town, h.town.territory()
		where := h.street.name.full() + ", " + h.number
		a := places.Asset{Kind: places.HouseAsset, Class: string(h.kind), Name: where, Territory: code, Street: h.street.code, Address: h.code, Shape: geo.Spot(h.block.at.point())}
		switch h.kind {
		case places.School, places.Kindergarten:
			a.Owner, a.Operator = code+".edu", code+".edu"
		case places.Clinic:
			a.Owner, a.Operator = "health."+code[4:], "health."+code[4:]
		case places.Culture:
			a.Owner, a.Operator = code+".admin", code+".admin"
		case places.ApartmentHouse:
			a.Owner, a.Operator = h.uk, h.uk
			flats[t]++
			b.yard(h, flats[t])
		case places.PrivateHouse:
			dwellings[t]++
			if dwellings[t]%42 == 20 {
				b.inYard(h, places.Container, "Контейнерная площадка, "+where, b.admin(t), "utility.waste", 16, 3, 2)
			}
			if dwellings[t]%70 == 35 {
				b.substation(h)
			}
			continue
		default:
			continue
		}
		if h.name != "" {
			a.Name = h.name + ", " + where
		}
		before := ""
		if h.kind == places.ApartmentHouse {
			uk := ManagingOf(t.mun)
			before = uk[b.r.IntN(len(uk))]
		}
		b.add(a, before)
	}
}

func (h *house) outward() vec {
	side := h.block.dir.left()
	if !h.left {
		side = side.mul(-1)
	}
	return side
}

// yard registers the ground behind an apartment house; nearly every company
// keeps its yards, some are the municipality's own.
func (b *register) yard(h *house, n int) {
	t, code := h.town, h.town.territory()
	where := h.street.name.full() + ", " + h.number
	operator := h.uk
	if n%7 == 0 {
		operator = code + ".green"
	}
	at := h.block.at.add(h.outward().mul(h.block.deep + 13))
	b.add(places.Asset{Kind: places.Yard, Name: "Двор, " + where, Territory: code, Street: h.street.code, Address: h.code, Owner: b.admin(t), Operator: operator, Shape: square(at, h.block.dir, h.block.half, 10)}, "")
	switch n % 9 {
	case 1, 5:
		b.inYard(h, places.Playground, "Детская площадка, "+where, b.admin(t), operator, 14, 7, 5)
	case 2, 6:
		b.inYard(h, places.Container, "Контейнерная площадка, "+where, b.admin(t), "utility.waste", 20, 4, 2)
	case 3:
		b.inYard(h, places.SportGround, "Спортивная площадка, "+where, b.admin(t), operator, 15, 9, 6)
	}
	switch n % 24 {
	case 8:
		b.substation(h)
	case 16:
		heat := "utility.heat." + code[4:]
		b.inYard(h, places.Heating, fmt.Sprintf("Котельная № %d", b.count[places.Heating]+1), heat, heat, 30, 9, 6)
	}
}

func (b *register) substation(h *house) {
	b.inYard(h, places.PowerObject, fmt.Sprintf("Подстанция ТП-%d", 100+b.count[places.PowerObject]), "utility.power", powerBranch(h.town.mun), 26, 3, 2.5)
}

func (b *register) inYard(h *house, kind places.AssetKind, name, owner, operator string, off, half, deep float64) {
	at := h.block.at.add(h.outward().mul(h.block.deep + off))
	b.add(places.Asset{Kind: kind, Name: name, Territory: h.town.territory(), Street: h.street.code, Owner: owner, Operator: operator, Shape: square(at, h.block.dir, half, deep)}, "")
}
