package places

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"okno/internal/geo"
)

// line is a row as files hold it: values in the order of [Columns], and its geometry.
type line struct {
	values []string
	shape  geo.Geometry
}

func (r Register) each(set Dataset, f func(line) error) error {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	run := func(n int, row func(i int) line) error {
		for i := range n {
			if err := f(row(i)); err != nil {
				return err
			}
		}
		return nil
	}
	switch set {
	case Territories:
		return run(len(r.Territories), func(i int) line {
			t := r.Territories[i]
			return line{[]string{t.Code, t.Parent, string(t.Kind), t.Name, t.ShortName, t.NameEN, number(t.Population)}, t.Area}
		})
	case Localities:
		return run(len(r.Localities), func(i int) line {
			l := r.Localities[i]
			return line{[]string{l.Code, l.Territory, string(l.Kind), l.Name, l.NameEN, number(l.Population), degrees(l.Centre.Lat), degrees(l.Centre.Lon)}, l.Area}
		})
	case Streets:
		return run(len(r.Streets), func(i int) line {
			s := r.Streets[i]
			return line{[]string{s.Code, s.Locality, s.Name}, s.Path}
		})
	case Addresses:
		return run(len(r.Addresses), func(i int) line {
			a := r.Addresses[i]
			return line{[]string{a.Code, a.Street, a.House, string(a.Kind), a.Name, degrees(a.At.Lat), degrees(a.At.Lon)}, a.Outline}
		})
	}
	return run(len(r.Assets), func(i int) line {
		a := r.Assets[i]
		return line{[]string{a.Code, a.Thing, string(a.Kind), a.Class, a.Name, a.Territory, a.Street, a.Address, a.Owner, a.Operator, a.From, a.To}, a.Shape}
	})
}

// Write writes a dataset in a format that the import reads. Reading it into an
// empty register gives the same rows.
func (r Register) Write(w io.Writer, set Dataset, format Format) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var err error
	if format == GeoJSON {
		err = r.writeGeoJSON(out, set)
	} else {
		err = r.writeCSV(out, set)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

func (r Register) writeCSV(w io.Writer, set Dataset) error {
	c := csv.NewWriter(w)
	if err := c.Write(append(Columns(set), "wkt")); err != nil {
		return err
	}
	err := r.each(set, func(l line) error { return c.Write(append(l.values, writeWKT(l.shape))) })
	c.Flush()
	if err == nil {
		err = c.Error()
	}
	return err
}

// writeGeoJSON writes one feature a line, so that a reported line is a feature's.
func (r Register) writeGeoJSON(w *bufio.Writer, set Dataset) error {
	columns, first := Columns(set), true
	w.WriteString(`{"type":"FeatureCollection","features":[` + "\n") // errors of a bufio.Writer stay until Flush
	err := r.each(set, func(l line) error {
		if !first {
			w.WriteString(",\n")
		}
		first = false
		w.WriteString(`{"type":"Feature","properties":{`)
		for i, name := range columns {
			if i > 0 {
				w.WriteByte(',')
			}
			value, err := json.Marshal(l.values[i])
			if err != nil {
				return err
			}
			w.WriteString(strconv.Quote(name) + ":")
			w.Write(value)
		}
		w.WriteString(`},"geometry":`)
		writeGeometry(w, l.shape)
		w.WriteString("}")
		return nil
	})
	w.WriteString("\n]}\n")
	return err
}

type geometryWriter interface {
	io.ByteWriter
	io.StringWriter
}

// writeGeometry writes a GeoJSON geometry.
func writeGeometry(w geometryWriter, g geo.Geometry) {
	part := func(points []geo.Point, ring bool) {
		w.WriteByte('[')
		for i, p := range points {
			if i > 0 {
				w.WriteByte(',')
			}
			writePosition(w, p)
		}
		if ring && len(points) > 0 {
			w.WriteByte(',')
			writePosition(w, points[0])
		}
		w.WriteByte(']')
	}
	parts := func(list [][]geo.Point, ring bool) {
		w.WriteByte('[')
		for i, p := range list {
			if i > 0 {
				w.WriteByte(',')
			}
			part(p, ring)
		}
		w.WriteByte(']')
	}
	switch {
	case g.Kind == geo.None || len(g.Parts) == 0:
		w.WriteString("null")
		return
	case g.Kind == geo.Points:
		w.WriteString(`{"type":"Point","coordinates":`)
		writePosition(w, g.Parts[0][0])
	case g.Kind == geo.Lines && len(g.Parts) == 1:
		w.WriteString(`{"type":"LineString","coordinates":`)
		part(g.Parts[0], false)
	case g.Kind == geo.Lines:
		w.WriteString(`{"type":"MultiLineString","coordinates":`)
		parts(g.Parts, false)
	default:
		polygons := g.Polygons()
		if len(polygons) == 1 {
			w.WriteString(`{"type":"Polygon","coordinates":`)
			parts(polygons[0], true)
			break
		}
		w.WriteString(`{"type":"MultiPolygon","coordinates":[`)
		for i, p := range polygons {
			if i > 0 {
				w.WriteByte(',')
			}
			parts(p, true)
		}
		w.WriteByte(']')
	}
	w.WriteByte('}')
}

func writePosition(w geometryWriter, p geo.Point) {
	w.WriteByte('[')
	writePoint(w, p, ',')
	w.WriteByte(']')
}
