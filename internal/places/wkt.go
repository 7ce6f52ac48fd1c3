package places

import (
	"errors"
	"strconv"
	"strings"

	"okno/internal/geo"
)

// errGeometry says that a text is no geometry that the register takes.
var errGeometry = errors.New("places: not a geometry")

// maxPoints bounds one geometry: the border of the largest district has some thousands.
const maxPoints = 200_000

// parseWKT reads well-known text in degrees, longitude first: POINT,
// LINESTRING, MULTILINESTRING, POLYGON, MULTIPOLYGON. "" is no geometry.
func parseWKT(text string) (geo.Geometry, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return geo.Geometry{}, nil
	}
	open := strings.IndexByte(text, '(')
	if open < 0 {
		return geo.Geometry{}, errGeometry
	}
	kind, depth := geo.None, 0
	switch strings.ToUpper(strings.TrimSpace(text[:open])) {
	case "POINT":
		kind, depth = geo.Points, 1
	case "LINESTRING":
		kind, depth = geo.Lines, 1
	case "MULTILINESTRING":
		kind, depth = geo.Lines, 2
	case "POLYGON":
		kind, depth = geo.Polygon, 2
	case "MULTIPOLYGON":
		kind, depth = geo.Polygon, 3
	default:
		return geo.Geometry{}, errGeometry
	}
	g, total, level, at, closed := geo.Geometry{Kind: kind}, 0, 0, open, false
	for at < len(text) {
		switch c := text[at]; {
		case c == '(':
			if closed || level == depth {
				return geo.Geometry{}, errGeometry
			}
			level++
			at++
		case c == ')':
			if level == 0 {
				return geo.Geometry{}, errGeometry
			}
			level--
			closed = level == 0
			at++
		case c == ',' || c == ' ' || c == '\t':
			at++
		default:
			end := strings.IndexByte(text[at:], ')')
			if level != depth || end < 0 {
				return geo.Geometry{}, errGeometry
			}
			part, err := wktPoints(text[at : at+end])
			if total += len(part); err != nil || total > maxPoints {
				return geo.Geometry{}, errGeometry
			}
			g.Parts = append(g.Parts, part)
			at += end
		}
	}
	if !closed {
		return geo.Geometry{}, errGeometry
	}
	return checked(g)
}

func wktPoints(text string) (out []geo.Point, err error) {
	for _, pair := range strings.Split(text, ",") {
		f := strings.Fields(pair)
		if len(f) != 2 {
			return nil, errGeometry
		}
		lon, err1 := strconv.ParseFloat(f[0], 64)
		lat, err2 := strconv.ParseFloat(f[1], 64)
		p, ok := geo.FromDegrees(lat, lon)
		if err1 != nil || err2 != nil || !ok {
			return nil, errGeometry
		}
		out = append(out, p)
	}
	return out, nil
}

// checked demands as many points as the kind needs and brings rings into their normal direction.
func checked(g geo.Geometry) (geo.Geometry, error) {
	if len(g.Parts) == 0 {
		return geo.Geometry{}, errGeometry
	}
	for i, part := range g.Parts {
		if g.Kind == geo.Polygon && len(part) > 1 && part[0] == part[len(part)-1] {
			part = part[:len(part)-1]
			g.Parts[i] = part
		}
		if len(part) < int(g.Kind) || g.Kind == geo.Points && len(part) != 1 {
			return geo.Geometry{}, errGeometry
		}
	}
	return g.Normal(), nil
}

// writeWKT is the inverse of parseWKT.
func writeWKT(g geo.Geometry) string {
	var b strings.Builder
	points := func(part []geo.Point, ring bool) {
		b.WriteByte('(')
		for i, p := range part {
			if i > 0 {
				b.WriteByte(',')
			}
			writePoint(&b, p, ' ')
		}
		if ring {
			b.WriteByte(',')
			writePoint(&b, part[0], ' ')
		}
		b.WriteByte(')')
	}
	switch {
	case g.Kind == geo.None || len(g.Parts) == 0:
	case g.Kind == geo.Points:
		b.WriteString("POINT")
		points(g.Parts[0][:1], false)
	case g.Kind == geo.Lines && len(g.Parts) == 1:
		b.WriteString("LINESTRING")
		points(g.Parts[0], false)
	case g.Kind == geo.Lines:
		b.WriteString("MULTILINESTRING(")
		for i, part := range g.Parts {
			if i > 0 {
				b.WriteByte(',')
			}
			points(part, false)
		}
		b.WriteByte(')')
	default:
		polygons := g.Polygons()
		b.WriteString(map[bool]string{true: "POLYGON", false: "MULTIPOLYGON("}[len(polygons) == 1])
		for i, polygon := range polygons {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteByte('(')
			for k, ring := range polygon {
				if k > 0 {
					b.WriteByte(',')
				}
				points(ring, true)
			}
			b.WriteByte(')')
		}
		if len(polygons) > 1 {
			b.WriteByte(')')
		}
	}
	return b.String()
}

type byteStringWriter interface {
	WriteByte(byte) error
	WriteString(string) (int, error)
}

// writePoint writes longitude and latitude with six digits, trailing zeros cut.
func writePoint(b byteStringWriter, p geo.Point, between byte) {
	b.WriteString(degrees(p.Lon))
	b.WriteByte(between)
	b.WriteString(degrees(p.Lat))
}

func degrees(micro int32) string {
	return strconv.FormatFloat(float64(micro)/1e6, 'f', -1, 64)
}
