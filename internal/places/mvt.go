package places

import (
	"encoding/binary"
	"math"

	"okno/internal/geo"
)

// extent is the number of units along a tile's side; buffer is what is drawn
// beyond it so that outlines meet across tiles.
const (
	extent = 4096
	buffer = 128
)

// xy is a place in a tile's units, y to the south.
type xy struct{ x, y int32 }

// mercator is a place of the world map, 0…1 to the east and to the south.
func mercator(p geo.Point) (x, y float64) {
	lat, lon := p.Degrees()
	s := math.Sin(lat * math.Pi / 180)
	return lon/360 + 0.5, 0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)
}

// unmercator is the inverse.
func unmercator(x, y float64) geo.Point {
	return geo.At(math.Atan(math.Sinh(math.Pi*(1-2*y)))*180/math.Pi, (x-0.5)*360)
}

// tileFrame places points into one tile.
type tileFrame struct {
	scale, left, top float64
}

func frameOf(z, x, y int) tileFrame {
	return tileFrame{math.Exp2(float64(z)) * extent, float64(x) * extent, float64(y) * extent}
}

func (f tileFrame) at(p geo.Point) (x, y float64) {
	x, y = mercator(p)
	return x*f.scale - f.left, y*f.scale - f.top
}

// box is what the tile with its buffer covers.
func (f tileFrame) box() geo.Box {
	a := unmercator((f.left-buffer)/f.scale, (f.top-buffer)/f.scale)
	b := unmercator((f.left+extent+buffer)/f.scale, (f.top+extent+buffer)/f.scale)
	return geo.Empty().Extend(a, b)
}

// layer is a layer of a vector tile while it is being written (Mapbox Vector
// Tile 2.1: protobuf by hand, for the format is small and fixed).
type layer struct {
	name     string
	features [][]byte
	keys     map[string]uint64
	values   map[any]uint64
	keyList  []string
	valList  []any
}

func newLayer(name string) *layer {
	return &layer{name: name, keys: map[string]uint64{}, values: map[any]uint64{}}
}

// property is a property: the value is a string, an int64 or a bool.
type property struct {
	key   string
	value any
}

const (
	wireVarint = 0
	wireBytes  = 2
)

func field(out []byte, number, wire uint64) []byte {
	return binary.AppendUvarint(out, number<<3|wire)
}

func bytesField(out []byte, number uint64, data []byte) []byte {
	return append(binary.AppendUvarint(field(out, number, wireBytes), uint64(len(data))), data...)
}

// add writes a feature; nothing where its geometry has no commands.
func (l *layer) add(kind geo.Kind, commands []uint32, tags ...property) {
	if len(commands) == 0 {
		return
	}
	var ids []byte
	for _, t := range tags {
		if t.value == "" || t.value == nil {
			continue
		}
		key, ok := l.keys[t.key]
		if !ok {
			key = uint64(len(l.keyList))
			l.keys[t.key], l.keyList = key, append(l.keyList, t.key)
		}
		value, ok := l.values[t.value]
		if !ok {
			value = uint64(len(l.valList))
			l.values[t.value], l.valList = value, append(l.valList, t.value)
		}
		ids = binary.AppendUvarint(binary.AppendUvarint(ids, key), value)
	}
	var f []byte
	if len(ids) > 0 {
		f = bytesField(f, 2, ids)
	}
	f = binary.AppendUvarint(field(f, 3, wireVarint), uint64(kind)) // geo.Kind counts as the format does: point, line, polygon
	var packed []byte
	for _, c := range commands {
		packed = binary.AppendUvarint(packed, uint64(c))
	}
	l.features = append(l.features, bytesField(f, 4, packed))
}

// append writes the layer into a tile; an empty layer is left out.
func (l *layer) append(tile []byte) []byte {
	if len(l.features) == 0 {
		return tile
	}
	out := bytesField(nil, 1, []byte(l.name))
	for _, f := range l.features {
		out = bytesField(out, 2, f)
	}
	for _, k := range l.keyList {
		out = bytesField(out, 3, []byte(k))
	}
	for _, v := range l.valList {
		var value []byte
		switch v := v.(type) {
		case string:
			value = bytesField(nil, 1, []byte(v))
		case int64:
			value = binary.AppendUvarint(field(nil, 4, wireVarint), uint64(v))
		case bool:
			value = binary.AppendUvarint(field(nil, 7, wireVarint), map[bool]uint64{true: 1}[v])
		}
		out = bytesField(out, 4, value)
	}
	out = binary.AppendUvarint(field(out, 5, wireVarint), extent)
	out = binary.AppendUvarint(field(out, 15, wireVarint), 2) // version
	return bytesField(tile, 3, out)
}

// cursor writes the commands of a geometry.
type cursor struct {
	at  xy
	out []uint32
}

func (c *cursor) move(command uint32, points []xy) {
	c.out = append(c.out, command|uint32(len(points))<<3)
	for _, p := range points {
		dx, dy := p.x-c.at.x, p.y-c.at.y
		c.out = append(c.out, uint32(dx<<1)^uint32(dx>>31), uint32(dy<<1)^uint32(dy>>31))
		c.at = p
	}
}

const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7 | 1<<3
)

// commands turns a geometry into a tile's commands, clipped to the tile with
// its buffer and thinned to its units. Nothing is left of what is too small to see.
func (f tileFrame) commands(g geo.Geometry) []uint32 {
	var c cursor
	switch g.Kind {
	case geo.Points:
		for _, part := range g.Parts {
			for _, p := range part {
				if x, y := f.at(p); x >= -buffer && x <= extent+buffer && y >= -buffer && y <= extent+buffer {
					c.move(moveTo, []xy{{int32(math.Round(x)), int32(math.Round(y))}})
				}
			}
		}
	case geo.Lines:
		for _, part := range g.Parts {
			for _, line := range clipLine(f.project(part)) {
				if thin := thinUnits(line, false); len(thin) > 1 {
					c.move(moveTo, thin[:1])
					c.move(lineTo, thin[1:])
				}
			}
		}
	case geo.Polygon:
		for _, polygon := range g.Polygons() {
			for i, part := range polygon {
				ring := thinUnits(clipRing(f.project(part)), true)
				if len(ring) < 3 || unitArea(ring) == 0 {
					if i == 0 {
						break // the outer ring is gone, its holes too
					}
					continue
				}
				// The format wants outer rings clockwise on the screen, whose y points south.
				if (unitArea(ring) > 0) != (i == 0) {
					for a, b := 0, len(ring)-1; a < b; a, b = a+1, b-1 {
						ring[a], ring[b] = ring[b], ring[a]
					}
				}
				c.move(moveTo, ring[:1])
				c.move(lineTo, ring[1:])
				c.out = append(c.out, closePath)
			}
		}
	}
	return c.out
}

type unit struct{ x, y float64 }

func (f tileFrame) project(part []geo.Point) []unit {
	out := make([]unit, len(part))
	for i, p := range part {
		out[i].x, out[i].y = f.at(p)
	}
	return out
}

const (
	clipLow  = -buffer
	clipHigh = extent + buffer
)

// clipLine cuts a line at the clip box into the pieces inside (Liang–Barsky).
func clipLine(line []unit) (out [][]unit) {
	var run []unit
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		t0, t1, ok := 0.0, 1.0, true
		for _, e := range [4][2]float64{{-(b.x - a.x), a.x - clipLow}, {b.x - a.x, clipHigh - a.x}, {-(b.y - a.y), a.y - clipLow}, {b.y - a.y, clipHigh - a.y}} {
			p, q := e[0], e[1]
			switch {
			case p == 0:
				ok = ok && q >= 0
			case p < 0:
				t0 = max(t0, q/p)
			default:
				t1 = min(t1, q/p)
			}
		}
		if !ok || t0 > t1 {
			continue
		}
		from, to := unit{a.x + t0*(b.x-a.x), a.y + t0*(b.y-a.y)}, unit{a.x + t1*(b.x-a.x), a.y + t1*(b.y-a.y)}
		if len(run) == 0 || t0 > 0 {
			if len(run) > 1 {
				out = append(out, run)
			}
			run = []unit{from}
		}
		run = append(run, to)
		if t1 < 1 {
			out = append(out, run)
			run = nil
		}
	}
	if len(run) > 1 {
		out = append(out, run)
	}
	return out
}

// clipRing cuts a ring at the clip box (Sutherland–Hodgman).
func clipRing(ring []unit) []unit {
	for side := range 4 {
		if len(ring) == 0 {
			return nil
		}
		depth := func(p unit) float64 {
			return [4]float64{p.x - clipLow, clipHigh - p.x, p.y - clipLow, clipHigh - p.y}[side]
		}
		out := make([]unit, 0, len(ring)+4)
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			da, db := depth(a), depth(b)
			if da >= 0 {
				out = append(out, a)
			}
			if da >= 0 != (db >= 0) {
				t := da / (da - db)
				out = append(out, unit{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)})
			}
		}
		ring = out
	}
	return ring
}

// thinUnits rounds to whole units and drops points closer than two units to the last.
func thinUnits(line []unit, ring bool) []xy {
	out := make([]xy, 0, len(line))
	for i, p := range line {
		v := xy{int32(math.Round(p.x)), int32(math.Round(p.y))}
		if n := len(out); n > 0 {
			dx, dy := v.x-out[n-1].x, v.y-out[n-1].y
			if last := i == len(line)-1 && !ring; dx == 0 && dy == 0 || !last && dx*dx+dy*dy < 5 {
				continue
			}
		}
		out = append(out, v)
	}
	if n := len(out); ring && n > 1 && out[0] == out[n-1] {
		out = out[:n-1]
	}
	return out
}

// unitArea is twice the signed area in the tile's axes: positive is clockwise on the screen.
func unitArea(ring []xy) int64 {
	sum := int64(0)
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		sum += int64(a.x)*int64(b.y) - int64(b.x)*int64(a.y)
	}
	return sum
}
