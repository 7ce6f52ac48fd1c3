package places

import "encoding/json"

// Theme is a set of colours of the map.
type Theme string

// Themes of the map. The colours are the map tokens of the design system,
// computed from oklch, because MapLibre reads no oklch and no variables.
const (
	Light Theme = "light"
	Dark  Theme = "dark"
)

type palette struct {
	sea, land, built, green, forest, water, road, edge, house, houseEdge, border string
	ink, ink2, wink, halo, minor                                                 string
}

var palettes = map[Theme]palette{
	Light: {sea: "#e6eaec", land: "#f1f4f4", built: "#ebeff0", green: "#ddeedf", forest: "#e3efe4", water: "#c0dee9", road: "#ffffff", edge: "#c3c9cd", house: "#d7dde0", houseEdge: "#c9d0d4", border: "#8d99a0",
		ink: "#142027", ink2: "#445059", wink: "#05607a", halo: "#f6f8f8", minor: "#6b7780"},
	Dark: {sea: "#10171b", land: "#171e22", built: "#1b2328", green: "#1e2a20", forest: "#1a2620", water: "#15303d", road: "#3a4349", edge: "#23292d", house: "#2b3338", houseEdge: "#343d43", border: "#6b7780",
		ink: "#e9eef0", ink2: "#b4bfc5", wink: "#83c9db", halo: "#171e22", minor: "#8d99a0"},
}

type m = map[string]any
type seq = []any

// Style is the MapLibre style of the map (style specification 8) as JSON.
// tiles is the address of the tiles with {z}, {x} and {y}; lang "en" shows
// English names where there are some. It names no glyphs: MapLibre draws the
// letters itself with the page's font "Golos Text", which must be loaded
// before the map is made (document.fonts.load).
func Style(theme Theme, tiles, lang string, bounds [4]float64) []byte {
	p, ok := palettes[theme]
	if !ok {
		p = palettes[Light]
	}
	name := any(seq{"get", "name"})
	if lang == "en" {
		name = seq{"coalesce", seq{"get", "name_en"}, seq{"get", "name"}}
	}
	style := m{
		"version": 8,
		"name":    "Okno, " + string(theme),
		"sources": m{"okno": m{"type": "vector", "tiles": seq{tiles}, "minzoom": MinTileZoom, "maxzoom": MaxTileZoom, "bounds": bounds}},
		"layers":  p.layers(name),
	}
	out, err := json.Marshal(style)
	if err != nil {
		panic(err) // maps of strings and numbers always encode
	}
	return out
}

// byZoom is a size that grows exponentially: pairs of zoom and pixels.
func byZoom(stops ...any) seq {
	return append(seq{"interpolate", seq{"exponential", 1.6}, seq{"zoom"}}, stops...)
}

func is(key string, values ...any) seq {
	return seq{"in", seq{"get", key}, seq{"literal", values}}
}

func shape(kind string) seq { return seq{"==", seq{"geometry-type"}, kind} }

func (p palette) layers(name any) seq {
	layer := func(id, kind, source string, minzoom float64, filter any, paint, layout m) m {
		l := m{"id": id, "type": kind, "source": "okno", "source-layer": source, "paint": paint}
		if minzoom > 0 {
			l["minzoom"] = minzoom
		}
		if filter != nil {
			l["filter"] = filter
		}
		if layout != nil {
			l["layout"] = layout
		}
		return l
	}
	round := m{"line-cap": "round", "line-join": "round"}
	flat := m{"line-cap": "butt", "line-join": "round"}
	width := map[string]seq{
		"street":  byZoom(12, 0.5, 14, 3, 16, 12, 18, 38),
		"main":    byZoom(11, 0.8, 13, 3, 14, 5, 16, 18, 18, 58),
		"local":   byZoom(9, 0.5, 12, 1.6, 14, 4, 16, 12, 18, 38),
		"region":  byZoom(6, 0.7, 9, 1.5, 12, 3, 14, 6, 16, 18, 18, 58),
		"federal": byZoom(5, 1.1, 9, 2.4, 12, 4.5, 14, 8, 16, 24, 18, 70),
	}
	cased := func(stops seq, extra float64) seq {
		out := append(seq{}, stops[:3]...)
		for i := 3; i < len(stops); i += 2 {
			out = append(out, stops[i])
			switch v := stops[i+1].(type) {
			case float64:
				out = append(out, v+extra)
			case int:
				out = append(out, float64(v)+extra)
			}
		}
		return out
	}
	classes := []struct {
		id, width string
		filter    seq
		min       float64
	}{
		{"street", "street", is("class", "street", "private"), 12},
		{"local", "local", is("class", "local"), 9},
		{"main", "main", is("class", "main"), 11},
		{"regional", "region", is("class", "regional"), 5},
		{"federal", "federal", is("class", "federal"), 4},
	}
	out := seq{
		m{"id": "sea", "type": "background", "paint": m{"background-color": p.sea}},
		layer("land", "fill", "land", 0, nil, m{"fill-color": p.land}, nil),
		layer("forest", "fill", "green", 0, is("kind", "forest"), m{"fill-color": p.forest}, nil),
		layer("built", "fill", "built", 9, nil, m{"fill-color": p.built, "fill-opacity": seq{"interpolate", seq{"linear"}, seq{"zoom"}, 12.5, 1, 14, 0}}, nil),
		layer("green", "fill", "green", 12, is("kind", "park", "cemetery"), m{"fill-color": p.green}, nil),
		layer("yards", "fill", "things", 15, seq{"all", shape("Polygon"), is("kind", "playground", "sport")}, m{"fill-color": p.green}, nil),
		layer("water", "fill", "water", 0, nil, m{"fill-color": p.water}, nil),
		layer("rivers", "line", "water", 0, is("kind", "river"), m{"line-color": p.water, "line-width": byZoom(5, 0.9, 10, 1.2, 13, 0.4)}, nil),
	}
	for _, c := range classes {
		out = append(out, layer("edge-"+c.id, "line", "roads", max(c.min, 10), c.filter, m{"line-color": p.edge, "line-width": cased(width[c.width], 2)}, round))
	}
	for _, c := range classes {
		out = append(out, layer("far-"+c.id, "line", "roads", c.min, c.filter, m{"line-color": p.edge, "line-width": cased(width[c.width], 0.4),
			"line-opacity": seq{"interpolate", seq{"linear"}, seq{"zoom"}, 9.6, 1, 10.4, 0}}, flat))
		out = append(out, layer("road-"+c.id, "line", "roads", max(c.min, 10), c.filter, m{"line-color": p.road, "line-width": width[c.width]}, round))
	}
	out = append(out,
		layer("houses", "fill", "houses", 14, nil, m{"fill-color": p.house, "fill-outline-color": p.houseEdge, "fill-opacity": seq{"interpolate", seq{"linear"}, seq{"zoom"}, 14, 0, 14.6, 1}}, nil),
		layer("borders", "line", "territories", 5, shape("LineString"), m{"line-color": p.border, "line-width": byZoom(6, 0.8, 12, 1.4), "line-dasharray": seq{4, 3}, "line-opacity": 0.65}, m{"line-join": "round"}),
	)
	return append(out, p.labels(layer, name)...)
}

// labels come last and in the order of their importance from below: MapLibre places the upper first.
func (p palette) labels(layer func(id, kind, source string, minzoom float64, filter any, paint, layout m) m, name any) seq {
	font := seq{"Golos Text", "Segoe UI", "Roboto", "Noto Sans", "Arial", "sans-serif"}
	ink := func(colour string) m {
		return m{"text-color": colour, "text-halo-color": p.halo, "text-halo-width": 1.6}
	}
	label := func(size any, more m) m {
		out := m{"text-field": name, "text-font": font, "text-size": size, "text-max-width": 8}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	number := label(byZoom(16, 9.5, 18, 12), m{"text-field": seq{"get", "house"}, "text-padding": 1})
	along := m{"symbol-placement": "line", "symbol-spacing": 320, "text-max-angle": 32, "text-padding": 6}
	return seq{
		layer("house-numbers", "symbol", "houses", 16.4, nil, ink(p.minor), number),
		layer("buildings", "symbol", "labels", 15.6, is("kind", "school", "kindergarten", "clinic", "culture"), ink(p.ink2), label(11, m{"text-max-width": 7, "text-padding": 6})),
		layer("parks", "symbol", "labels", 14.4, is("kind", "park"), ink(p.ink2), label(12, nil)),
		layer("street-names", "symbol", "roads", 14, is("class", "street", "main", "private"), ink(p.ink2), label(byZoom(14, 11, 17, 13), along)),
		layer("road-names", "symbol", "roads", 9, is("class", "federal", "regional"), ink(p.minor), label(10.5, along)),
		layer("river-names", "symbol", "labels", 11, is("kind", "river"), ink(p.wink), label(byZoom(11, 11, 16, 13), along)),
		layer("lake-names", "symbol", "labels", 8, is("kind", "lake"), ink(p.wink), label(byZoom(8, 11, 13, 14), nil)),
		until(9.5, layer("territory-names", "symbol", "territories", 7.2, shape("Point"), ink(p.minor),
			label(byZoom(7, 9.5, 9, 12), m{"text-letter-spacing": 0.02, "text-offset": seq{0, 1.1}}))),
		layer("villages", "symbol", "labels", 9, seq{"==", seq{"get", "rank"}, 4}, ink(p.ink2), label(byZoom(9, 10, 13, 13), nil)),
		layer("towns", "symbol", "labels", 8, seq{"==", seq{"get", "rank"}, 3}, ink(p.ink2), label(byZoom(8, 11, 13, 15), nil)),
		layer("cities", "symbol", "labels", 6, seq{"==", seq{"get", "rank"}, 2}, ink(p.ink), label(byZoom(6, 10.5, 9, 13, 13, 17), nil)),
		layer("capital", "symbol", "labels", 4, seq{"==", seq{"get", "rank"}, 1}, ink(p.ink), label(byZoom(5, 13, 9, 16, 13, 21), nil)),
	}
}

// until hides a layer from a zoom on.
func until(zoom float64, layer m) m {
	layer["maxzoom"] = zoom
	return layer
}

// Bounds is the frame of the region in degrees: west, south, east, north.
func (x *Index) Bounds() [4]float64 {
	if len(x.territories) == 0 {
		return [4]float64{-180, -85, 180, 85}
	}
	b := x.territories[0].Area.Box()
	south, west := b.Min.Degrees()
	north, east := b.Max.Degrees()
	return [4]float64{west, south, east, north}
}
