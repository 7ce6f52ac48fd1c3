package casework

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"okno/internal/geo"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

const (
	mapPageSize = 30  // reports in a page of the list beneath the map
	mapSingles  = 200 // reports that a map shows one by one; of more it shows counts by cell
	mapCells    = 16  // cells across the map
)

// mapView is the map of public reports and a page of their list.
type mapView struct {
	Latest     []Public
	Topics     map[string]Topic
	Category   string
	Unknown    bool // the rubricator has no such category
	Categories []Topic
	Map        ui.MapProps
	Pager      ui.PagerProps
	Here       int64  // reports in the cell that the list is of; 0: the list is of the region
	All        string // the list of the region
}

// mapPage shows public reports on the map, with a list beneath, newest first:
// of the region, or of the cell of a circle. It needs no JavaScript.
func (w *Web) mapPage(ctx context.Context, r *web.Request) (web.Response, error) {
	q := r.URL.Query()
	v := &mapView{Topics: map[string]Topic{}, Category: q.Get("category"), Categories: w.Topics.Categories(r.Lang)}
	open := q.Get("open")
	if v.Unknown = len(w.unknown(r.Lang, v.Category, "")) > 0 || len(q["category"]) > 1 || !slices.Contains([]string{"", "true", "false"}, open); v.Unknown {
		return web.Rejected(mapOfReports(w.Page(ctx, r, r.T("map.title"), NavMap), v)), nil
	}
	filter, kept := PublicFilter{Category: v.Category, Open: open == "true"}, url.Values{}
	if v.Category != "" {
		kept.Set("category", v.Category)
		v.All = "/map?" + kept.Encode() + "#list"
	} else {
		v.All = "/map#list"
	}
	if open != "" {
		kept.Set("open", open)
	}
	if text := q.Get("cell"); text != "" {
		kept.Set("cell", text)
		grid, name, ok := parseCell(text)
		if !ok {
			return nil, errs.InvalidFields(errs.Field{Name: "cell", Rule: "unknown"})
		}
		first, last := grid.Span(name)
		filter.Ranges = []CellRange{{first, last}}
		counts, err := w.Cases.PublicCells(ctx, r.Actor, filter.Ranges, v.Category, grid.Shift())
		if err != nil {
			return nil, err
		}
		for _, c := range counts {
			v.Here += c.Count
		}
		at := grid.Centre(name)
		v.Map.Lat, v.Map.Lon = at.Degrees()
	}
	cursor, err := r.Cursors().Decode(q.Get("after"), kept)
	if err != nil {
		return nil, err
	}
	var after id.ID
	if cursor != nil {
		after = cursor.ID
	}
	rows, next, err := w.Cases.PublicPage(ctx, r.Actor, filter, after, mapPageSize)
	if err != nil {
		return nil, err
	}
	v.Latest = rows
	for _, p := range rows {
		v.Topics[p.Fact], _ = w.Topics.Topic(r.Lang, p.Fact)
	}
	if next != id.Nil {
		page := url.Values{"after": {r.Cursors().Encode(web.Cursor{ID: next}, kept)}}
		for name, value := range kept {
			page[name] = value
		}
		v.Pager = ui.PagerProps{Next: "/map?" + page.Encode() + "#list", NextText: r.T("map.older")}
	}
	v.Map = ui.MapProps{ID: "map", Label: r.T("map.title"), Zoom: 12, Lat: v.Map.Lat, Lon: v.Map.Lon,
		Points: "/map/reports.json?category=" + url.QueryEscape(v.Category), Locate: true, Tall: true, Fallback: r.T("map.fallback")}
	w.dressMap(&v.Map)
	return web.Page(mapOfReports(w.Page(ctx, r, r.T("map.title"), NavMap), v)).AllowMap(), nil
}

// circle is a cell of the map with the number of reports in it. It stands in
// that finer cell where most of them are: its own middle may lie outside the region.
type circle struct {
	CellCount
	most int64 // the finer cell
}

// circles adds up the cells of a fine grid by those of one coarser by some bits.
func circles(fine []CellCount, bits uint) (out []circle) {
	at, most := map[int64]int{}, map[int64]int64{}
	for _, c := range fine {
		name := c.Cell >> bits
		i, ok := at[name]
		if !ok {
			i = len(out)
			at[name] = i
			out = append(out, circle{CellCount: CellCount{Cell: name}})
		}
		out[i].Count += c.Count
		if c.Count > most[name] {
			out[i].most, most[name] = c.Cell, c.Count
		}
	}
	return out
}

// dressMap shows the whole region where no place is known.
func (w *Web) dressMap(m *ui.MapProps) {
	if m.Lat == 0 && m.Lon == 0 {
		m.Bounds = w.MapBounds()
	}
}

// cellName names a cell of a grid in an address: its shift and its name.
func cellName(g geo.Grid, name int64) string {
	return strconv.FormatUint(uint64(g.Shift()), 36) + "." + strconv.FormatInt(name, 36)
}

func parseCell(text string) (geo.Grid, int64, bool) {
	shift, name, ok := strings.Cut(text, ".")
	bits, err1 := strconv.ParseUint(shift, 36, 8)
	cell, err2 := strconv.ParseInt(name, 36, 64)
	if !ok || err1 != nil || err2 != nil {
		return geo.Grid{}, 0, false
	}
	g, ok := geo.GridOf(uint(bits))
	return g, cell, ok && cell<<bits>>bits == cell
}

type mapGeometry struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"`
}

type mapFeature struct {
	Type       string         `json:"type"`
	Geometry   mapGeometry    `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

func featureAt(lat, lon float64, properties map[string]any) mapFeature {
	return mapFeature{"Feature", mapGeometry{"Point", [2]float64{lon, lat}}, properties}
}

// mapPoints are the public reports inside a box as GeoJSON: each, or where
// there are many the number of them in each cell, with a link to their list.
func (w *Web) mapPoints(ctx context.Context, r *web.Request) (web.Response, error) {
	q := r.URL.Query()
	b, err := parseBox(q.Get("bbox"))
	if err != nil {
		return nil, err
	}
	ranges, category := w.Atlas.Inside(b.south, b.west, b.north, b.east), q.Get("category")
	if err := errs.InvalidFields(w.unknown(r.Lang, category, "")...); err != nil {
		return nil, err
	}
	across := w.Atlas.Distance(b.south, b.west, b.north, b.east)
	grid := geo.GridFor(across / mapCells)
	fine := grid.Finer(3)
	counts, err := w.Cases.PublicCells(ctx, r.Actor, whole(ranges, grid.Shift()), category, fine.Shift())
	if err != nil {
		return nil, err
	}
	var all int64
	for _, c := range counts {
		all += c.Count
	}
	features := []mapFeature{}
	if all > mapSingles {
		for _, c := range circles(counts, grid.Shift()-fine.Shift()) {
			name, at := cellName(grid, c.Cell), fine.Centre(c.most)
			lat, lon := at.Degrees()
			link := url.Values{"cell": {name}}
			if category != "" {
				link.Set("category", category)
			}
			features = append(features, featureAt(lat, lon, map[string]any{"title": i18n.N(r.Lang, "map.here", int(c.Count)),
				"href": "/map?" + link.Encode() + "#list", "tone": "act", "count": c.Count}))
		}
		return web.JSON(map[string]any{"type": "FeatureCollection", "features": features}), nil
	}
	rows, _, err := w.Cases.PublicPage(ctx, r.Actor, PublicFilter{Ranges: ranges, Category: category}, id.Nil, mapSingles)
	if err != nil {
		return nil, err
	}
	for _, p := range rows {
		if !b.holds(&p) { // cells cover the box with a margin
			continue
		}
		t, _ := w.Topics.Topic(r.Lang, p.Fact)
		tone := "act"
		if p.Stage == StageAnswered || p.Stage == StageClosed {
			tone = "ok"
		}
		features = append(features, featureAt(float64(p.Lat)/1e6, float64(p.Lon)/1e6,
			map[string]any{"title": t.Name + ". " + p.PlaceText, "href": "/reports/" + p.Number + "/public", "tone": tone}))
	}
	return web.JSON(map[string]any{"type": "FeatureCollection", "features": features}), nil
}
