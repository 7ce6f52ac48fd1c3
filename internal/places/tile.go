package places

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/crc64"
	"io"
	"sort"
	"strconv"

	"okno/internal/geo"
)

// Zooms of the tiles that are made; the map enlarges the last beyond it.
const (
	MinTileZoom = 4
	MaxTileZoom = 15
)

// TileLayer is a layer of the tiles and what its features tell. JSON as TileJSON has it.
type TileLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	Fields      map[string]string `json:"fields"`
}

// TileLayers are the layers of the tiles, from the ground up.
func TileLayers() []TileLayer {
	name, code := "Name", "Code in the register"
	return []TileLayer{
		{"land", "The region", map[string]string{"code": code}},
		{"built", "Built-up areas, from zoom 9", map[string]string{"kind": "city, town, village, hamlet or dacha"}},
		{"green", "Woods; parks and cemeteries from zoom 12", map[string]string{"kind": "forest, park or cemetery", "code": code}},
		{"water", "Lakes and rivers", map[string]string{"kind": "lake or river", "name": name}},
		{"roads", "Roads between towns; streets from zoom 11", map[string]string{"class": "federal, regional, local, main, street, private or bridge", "name": name}},
		{"houses", "Houses, from zoom 14", map[string]string{"kind": "Kind of address", "house": "Number, from zoom 15"}},
		{"things", "Playgrounds, stops, lamps and other assets, from zoom 15", map[string]string{"kind": "Kind of asset", "name": name, "code": code}},
		{"territories", "Borders of municipalities as lines, their middles as points below zoom 10", map[string]string{"code": code, "name": name, "name_en": "Name in English"}},
		{"labels", "Names: points, and lines along rivers", map[string]string{"kind": "Kind of locality, asset or address", "name": name, "name_en": "Name in English", "rank": "1 capital, 2 city, 3 town, 4 village, 5 the rest"}},
	}
}

// Tile is a Mapbox vector tile of the map, gzip-compressed; [TileLayers] tells
// what it holds. ok is false where there is no such tile.
func (x *Index) Tile(z, tx, ty int) (data []byte, ok bool) {
	if z < MinTileZoom || z > MaxTileZoom || tx < 0 || ty < 0 || tx >= 1<<z || ty >= 1<<z {
		return nil, false
	}
	key := tileKey{z, tx, ty}
	if data, ok := x.tiles.get(key); ok {
		return data, true
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, 6)
	if err != nil {
		panic(err) // the level is a constant
	}
	w.Write(x.tile(z, tx, ty)) // a bytes.Buffer doesn't fail
	w.Close()
	x.tiles.put(key, out.Bytes())
	return out.Bytes(), true
}

// tileFormat moves when the program draws other tiles of the same register.
const tileFormat = 1

// TileVersion is a short text that changes when tiles may have changed: part of
// their address. It is made of the content, for tiles are kept for ever under
// it, and two installations at one address need not hold the same register.
func (x *Index) TileVersion() string { return x.tileVersion() }

func (x *Index) contentVersion() string {
	h := crc64.New(crc64.MakeTable(crc64.ECMA))
	fmt.Fprintln(h, tileFormat)
	row := func(shape geo.Geometry, texts ...string) {
		for _, t := range texts {
			io.WriteString(h, t) //nolint:errcheck // a hash takes everything
			h.Write([]byte{0})
		}
		h.Write(shape.Encode())
	}
	for i := range x.territories {
		t := &x.territories[i]
		row(t.Area, t.Code, t.Parent, t.ShortName, t.NameEN)
	}
	for i := range x.localities {
		l := &x.localities[i]
		row(l.Area, l.Code, string(l.Kind), l.Name, l.NameEN)
		fmt.Fprintln(h, l.Centre, l.Population)
	}
	for i := range x.streets {
		row(x.streets[i].Path, x.streets[i].Code, x.streets[i].Name)
	}
	for i := range x.addresses {
		a := &x.addresses[i]
		row(a.Outline, a.Code, a.House, string(a.Kind), a.Name)
	}
	for i := range x.assets {
		a := &x.assets[i]
		row(a.Shape, a.Code, string(a.Kind), a.Class, a.Name, a.Street, a.To)
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

type sheet struct {
	x                                                                     *Index
	z                                                                     int
	frame                                                                 tileFrame
	box                                                                   geo.Box
	land, territories, built, green, water, roads, houses, things, labels *layer
}

func (x *Index) tile(z, tx, ty int) []byte {
	s := &sheet{x: x, z: z, frame: frameOf(z, tx, ty),
		land: newLayer("land"), territories: newLayer("territories"), built: newLayer("built"), green: newLayer("green"), water: newLayer("water"),
		roads: newLayer("roads"), houses: newLayer("houses"), things: newLayer("things"), labels: newLayer("labels")}
	s.box = s.frame.box()
	s.drawTerritories()
	s.drawLocalities()
	s.drawAssets()
	s.drawStreets()
	s.drawHouses()
	var out []byte
	for _, l := range []*layer{s.land, s.built, s.green, s.water, s.roads, s.houses, s.things, s.territories, s.labels} {
		out = l.append(out)
	}
	return out
}

func (s *sheet) drawTerritories() {
	level := s.x.raw()
	switch {
	case s.z < 9:
		level = s.x.outline()
	case s.z < 12:
		level = s.x.fine()
	}
	for i := range s.x.territories {
		t, shape := &s.x.territories[i], level.areas[i]
		if !shape.Box().Touches(s.box) {
			continue
		}
		if t.Parent == "" {
			s.land.add(geo.Polygon, s.frame.commands(shape), property{"code", t.Code})
			continue
		}
		s.territories.add(geo.Lines, s.frame.commands(level.borders[i]), property{"code", t.Code})
		if s.z < 10 {
			s.territories.add(geo.Points, s.frame.commands(geo.Spot(shape.Middle())), property{"code", t.Code}, property{"name", t.ShortName}, property{"name_en", t.NameEN})
		}
	}
}

func (s *sheet) drawLocalities() {
	for i := range s.x.localities {
		l := &s.x.localities[i]
		if s.z >= 9 && l.Area.Box().Touches(s.box) {
			s.built.add(geo.Polygon, s.frame.commands(l.Area), property{"kind", string(l.Kind)})
		}
		rank := int64(4)
		switch {
		case l.Population > 200_000:
			rank = 1
		case l.Kind == City:
			rank = 2
		case l.Kind == Town:
			rank = 3
		}
		if s.z >= 14 || rank == 4 && s.z < 9 || rank == 3 && s.z < 8 {
			continue
		}
		s.labels.add(geo.Points, s.frame.commands(geo.Spot(l.Centre)), property{"kind", string(l.Kind)}, property{"name", l.Name}, property{"name_en", l.NameEN}, property{"rank", rank})
	}
}

// drawAssets draws nature, roads between towns, parks, and single things close by.
func (s *sheet) drawAssets() {
	var list []int32
	s.x.assetGrid.within(s.box, func(n int32) { list = append(list, n) })
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	named := map[string]bool{}
	for _, n := range list {
		a := &s.x.assets[n]
		if a.To != "" {
			continue
		}
		shape := a.Shape
		if s.z < 12 && (a.Kind == Forest || a.Kind == WaterBody || a.Kind == Road) {
			shape = shape.Simplify(24_000 / float64(int(1)<<s.z)) // under a pixel at 60° N
		}
		switch a.Kind {
		case Forest, Park, Cemetery:
			if a.Kind != Forest && s.z < 12 {
				continue
			}
			s.green.add(geo.Polygon, s.frame.commands(shape), property{"kind", string(a.Kind)}, property{"code", a.Code})
			if a.Kind == Park && s.z >= 14 {
				s.label(shape.Middle(), string(a.Kind), a.Name)
			}
		case WaterBody:
			s.water.add(geo.Polygon, s.frame.commands(shape), property{"kind", a.Class}, property{"name", a.Name})
			if a.Class == "lake" && s.z >= 8 {
				s.label(shape.Middle(), "lake", a.Name)
			} else if a.Class == "river" && s.z >= 11 && !named[a.Name] {
				if line, ok := s.x.midstream(a, s.box); ok {
					named[a.Name] = true
					s.labels.add(geo.Lines, s.frame.commands(line), property{"kind", "river"}, property{"name", a.Name})
				}
			}
		case Road:
			if a.Street == "" && (a.Class != "local" || s.z >= 9) {
				s.roads.add(geo.Lines, s.frame.commands(shape), property{"class", a.Class}, property{"name", roadLabel(a)})
			}
		case Bridge:
			if s.z >= 14 {
				s.roads.add(geo.Lines, s.frame.commands(shape), property{"class", "bridge"})
			}
		case Playground, SportGround, BusStop, Container, Lamp, Hatch, Crossing, TrafficLamp, PumpRoom, PowerObject, Heating, Yard:
			if s.z >= 15 || s.z == 14 && (a.Kind == Playground || a.Kind == SportGround) {
				s.things.add(shape.Kind, s.frame.commands(shape), property{"kind", string(a.Kind)}, property{"name", a.Name}, property{"code", a.Code})
			}
		}
	}
}

func (s *sheet) label(at geo.Point, kind, name string) {
	s.labels.add(geo.Points, s.frame.commands(geo.Spot(at)), property{"kind", kind}, property{"name", name}, property{"rank", int64(5)})
}

// roadLabel is the short name of a road between towns: «Р-12».
func roadLabel(a *Asset) string {
	for i, r := range a.Name {
		if r == ',' || r == ' ' {
			return a.Name[:i]
		}
	}
	return a.Name
}

// midstream is the line between the banks of a river within a box: the ring
// runs down one bank and up the other.
func (x *Index) midstream(a *Asset, b geo.Box) (geo.Geometry, bool) {
	ring := a.Shape.Parts[0]
	var line []geo.Point
	for i := range len(ring) / 2 {
		p, q := ring[i], ring[len(ring)-1-i]
		m := geo.Empty().Extend(p, q).Centre()
		if b.Contains(m) {
			line = append(line, m)
		} else if len(line) > 3 {
			break
		}
	}
	if len(line) < 3 {
		return geo.Geometry{}, false
	}
	if line[0].Lon > line[len(line)-1].Lon {
		for i, j := 0, len(line)-1; i < j; i, j = i+1, j-1 {
			line[i], line[j] = line[j], line[i]
		}
	}
	return geo.Path(line...), true
}

func (s *sheet) drawStreets() {
	if s.z < 11 {
		return
	}
	var list []int32
	s.x.streetGrid.within(s.box, func(n int32) { list = append(list, n) })
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	for _, n := range list {
		v := &s.x.streets[n]
		class := [...]string{"street", "main", "main"}[s.x.streetClass[n]]
		if s.z < 13 && class == "street" && s.z < 12 {
			continue
		}
		name := v.Name
		if s.z < 14 && class == "street" {
			name = ""
		}
		s.roads.add(geo.Lines, s.frame.commands(v.Path), property{"class", class}, property{"name", name})
	}
}

func (s *sheet) drawHouses() {
	if s.z < 14 {
		return
	}
	var list []int32
	s.x.addressGrid.within(s.box, func(n int32) { list = append(list, n) })
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	for _, n := range list {
		a := &s.x.addresses[n]
		number := a.House
		if s.z < 15 {
			number = ""
		}
		s.houses.add(geo.Polygon, s.frame.commands(a.Outline), property{"kind", string(a.Kind)}, property{"house", number})
		if a.Name != "" && s.z >= 15 && (a.Kind == School || a.Kind == Clinic || a.Kind == Culture || a.Kind == Kindergarten) {
			s.label(a.At, string(a.Kind), a.Name)
		}
	}
}
