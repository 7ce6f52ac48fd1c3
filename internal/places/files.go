package places

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"sort"
	"strings"

	"okno/internal/geo"
	"okno/internal/platform/errs"
)

// Format is how a file is written.
type Format string

// The formats of import and export.
const (
	CSV     Format = "csv"
	GeoJSON Format = "geojson"
)

// maxRow bounds one row of a file in bytes, so that a file without line ends
// or with one endless feature doesn't fill the memory.
const maxRow = 8 << 20

// read calls each for every record of a file, in order. A row that can't be
// read at all is given to broken with its rule; an error ends the reading.
func read(format Format, r io.Reader, set Dataset, each func(record) error, broken func(line int, rule string) error) error {
	switch format {
	case CSV:
		return readCSV(r, set, each, broken)
	case GeoJSON:
		return readGeoJSON(r, each, broken)
	}
	return errs.InvalidFields(errs.Field{Name: "format", Rule: "unknown"})
}

func fileError(rule string, args map[string]any) error {
	return errs.InvalidFields(errs.Field{Name: "file", Rule: rule, Key: "places.file_" + rule, Args: args})
}

// readCSV reads UTF-8 with a header, comma or semicolon between.
func readCSV(r io.Reader, set Dataset, each func(record) error, broken func(int, string) error) error {
	in := bufio.NewReaderSize(&lineLimit{r: r}, 64<<10)
	if head, err := in.Peek(3); err == nil && string(head) == "\xef\xbb\xbf" {
		in.Discard(3) // can't fail: the bytes were peeked at
	}
	first, err := in.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	c := csv.NewReader(in)
	head, _, _ := strings.Cut(string(first), "\n")
	if strings.Count(head, ";") > strings.Count(head, ",") {
		c.Comma = ';'
	}
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	names, err := c.Read()
	if err != nil {
		return fileError("no_header", nil)
	}
	columns := append([]string(nil), names...)
	for i, name := range columns {
		columns[i] = strings.ToLower(strings.TrimSpace(name))
	}
	for _, need := range Columns(set)[:1] {
		if !contains(columns, need) {
			return fileError("no_column", map[string]any{"Column": need})
		}
	}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			if err := broken(parse.StartLine, "not_csv"); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		line, _ := c.FieldPos(0)
		if len(row) != len(columns) {
			if err := broken(line, "wrong_width"); err != nil {
				return err
			}
			continue
		}
		rec := record{line: line, fields: make(map[string]string, len(row))}
		for i, v := range row {
			rec.fields[columns[i]] = strings.Clone(v)
		}
		if rec.shape, err = parseWKT(rec.fields["wkt"]); err != nil {
			rec.broken = true
		}
		if err := each(rec); err != nil {
			return err
		}
	}
}

func contains(list []string, v string) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// lineLimit refuses a file in which no line ends for maxRow bytes.
type lineLimit struct {
	r   io.Reader
	run int
}

func (l *lineLimit) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for _, b := range p[:n] {
		if l.run++; b == '\n' {
			l.run = 0
		}
	}
	if l.run > maxRow {
		return 0, fileError("line_too_long", nil)
	}
	return n, err
}

// lines counts line ends, so that an offset can be told as a line.
type lines struct {
	r    io.Reader
	read int64
	ends []int64
}

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			l.ends = append(l.ends, l.read+int64(i))
		}
	}
	l.read += int64(n)
	return n, err
}

func (l *lines) line(offset int64) int {
	return sort.Search(len(l.ends), func(i int) bool { return l.ends[i] >= offset }) + 1
}

type feature struct {
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   json.RawMessage            `json:"geometry"`
}

// readGeoJSON streams the features of a FeatureCollection (RFC 7946).
func readGeoJSON(r io.Reader, each func(record) error, broken func(int, string) error) error {
	count := &lines{r: r}
	d := json.NewDecoder(count)
	if err := seekFeatures(d); err != nil {
		return err
	}
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return fileError("not_geojson", map[string]any{"Line": count.line(d.InputOffset())})
		}
		line := count.line(d.InputOffset() - int64(len(raw)))
		var f feature
		if len(raw) > maxRow || json.Unmarshal(raw, &f) != nil || f.Type != "Feature" {
			if err := broken(line, "not_feature"); err != nil {
				return err
			}
			continue
		}
		rec := record{line: line, fields: make(map[string]string, len(f.Properties))}
		for name, v := range f.Properties {
			rec.fields[name] = plain(v)
		}
		var err error
		if rec.shape, err = parseGeometry(f.Geometry); err != nil {
			rec.broken = true
		}
		if err := each(rec); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return fileError("not_geojson", map[string]any{"Line": count.line(d.InputOffset())})
	}
	return nil
}

// seekFeatures reads up to the first feature.
func seekFeatures(d *json.Decoder) error {
	bad := fileError("not_geojson", map[string]any{"Line": 1})
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return bad
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return bad
		}
		if key == "features" {
			if t, err := d.Token(); err != nil || t != json.Delim('[') {
				return bad
			}
			return nil
		}
		var skip json.RawMessage
		if err := d.Decode(&skip); err != nil {
			return bad
		}
	}
	return bad
}

// plain is a property as text; null is "".
func plain(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

// parseGeometry reads a GeoJSON geometry; null is none.
func parseGeometry(raw json.RawMessage) (geo.Geometry, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return geo.Geometry{}, nil
	}
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if json.Unmarshal(raw, &g) != nil {
		return geo.Geometry{}, errGeometry
	}
	out := geo.Geometry{}
	var err error
	switch g.Type {
	case "Point":
		var p []float64
		if json.Unmarshal(g.Coordinates, &p) != nil {
			return out, errGeometry
		}
		out.Kind, err = geo.Points, appendPart(&out, [][]float64{p})
	case "LineString":
		var line [][]float64
		if json.Unmarshal(g.Coordinates, &line) != nil {
			return out, errGeometry
		}
		out.Kind, err = geo.Lines, appendPart(&out, line)
	case "MultiLineString", "Polygon":
		var parts [][][]float64
		if json.Unmarshal(g.Coordinates, &parts) != nil {
			return out, errGeometry
		}
		out.Kind = map[bool]geo.Kind{true: geo.Polygon, false: geo.Lines}[g.Type == "Polygon"]
		for _, part := range parts {
			err = errors.Join(err, appendPart(&out, part))
		}
	case "MultiPolygon":
		var polygons [][][][]float64
		if json.Unmarshal(g.Coordinates, &polygons) != nil {
			return out, errGeometry
		}
		out.Kind = geo.Polygon
		for _, polygon := range polygons {
			for _, part := range polygon {
				err = errors.Join(err, appendPart(&out, part))
			}
		}
	default:
		return out, errGeometry
	}
	if err != nil {
		return geo.Geometry{}, errGeometry
	}
	return checked(out)
}

func appendPart(g *geo.Geometry, coordinates [][]float64) error {
	part := make([]geo.Point, 0, len(coordinates))
	for _, c := range coordinates {
		if len(c) < 2 || len(c) > 3 || math.IsNaN(c[0]) {
			return errGeometry
		}
		p, ok := geo.FromDegrees(c[1], c[0])
		if !ok {
			return errGeometry
		}
		part = append(part, p)
	}
	g.Parts = append(g.Parts, part)
	return nil
}
