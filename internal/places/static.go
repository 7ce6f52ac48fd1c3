package places

import (
	"fmt"
	"html"
	"math"
	"sort"
	"strings"

	"okno/internal/geo"
)

// StaticMap draws the surroundings of a point as an SVG of w × h pixels: for
// pages without JavaScript, lists and panels. metres is the width of what is
// shown; label is read aloud («Место на карте: Рыбацкая улица, 14»); pin puts
// a mark on the point. The text is complete and safe markup. It has classes
// and presentation attributes alone, no style, no script and no address, so a
// strict content security policy takes it. Colours come from the tokens
// --map-land, --map-house, --map-road, --map-edge, --map-water, --map-green,
// --ink-2, --accent and --paper of the page, so it follows the theme.
func (x *Index) StaticMap(p geo.Point, w, h int, metres float64, pin bool, label string) string {
	w, h, metres = min(max(w, 40), 2000), min(max(h, 40), 2000), min(max(metres, 120), 20_000)
	d := &drawing{x: x, at: p, w: float64(w), h: float64(h), scale: float64(w) / metres}
	d.box = geo.Box{Min: p.Offset(-metres*0.6, -metres*0.6*d.h/d.w), Max: p.Offset(metres*0.6, metres*0.6*d.h/d.w)}
	fmt.Fprintf(&d.out, `<svg class="static-map" viewBox="0 0 %d %d" width="%d" height="%d" preserveAspectRatio="xMidYMid slice" role="img" aria-label="%s">`, w, h, w, h, html.EscapeString(label))
	fmt.Fprintf(&d.out, `<rect class="land" width="%d" height="%d" fill="var(--map-land)"/>`, w, h)
	d.areas()
	d.streets()
	d.houses()
	d.names()
	if pin {
		fmt.Fprintf(&d.out, `<g transform="translate(%.0f %.0f)"><path class="pin" fill="var(--accent)" stroke="var(--paper)" stroke-width="2" d="M0 0c-13-18-21-28-21-40a21 21 0 1 1 42 0c0 12-8 22-21 40z"/><circle class="pin-hole" fill="var(--paper)" cy="-40" r="7.5"/></g>`, d.w/2, d.h/2)
	}
	d.out.WriteString("</svg>")
	return d.out.String()
}

type drawing struct {
	x     *Index
	at    geo.Point
	box   geo.Box
	w, h  float64
	scale float64 // pixels per metre
	out   strings.Builder
	lines []drawnStreet
}

type drawnStreet struct {
	street int32
	points []pixel
	width  float64
}

type pixel struct{ x, y float64 }

func (d *drawing) pixel(p geo.Point) pixel {
	east, north := geo.Between(d.at, p)
	return pixel{d.w/2 + east*d.scale, d.h/2 - north*d.scale}
}

func (d *drawing) path(g geo.Geometry, closed bool) string {
	var b strings.Builder
	for _, part := range g.Parts {
		line := part
		if !closed {
			line = d.near(part)
		}
		for i, p := range line {
			v := d.pixel(p)
			fmt.Fprintf(&b, "%c%s %s", map[bool]byte{true: 'M', false: 'L'}[i == 0], short(v.x), short(v.y))
		}
		if closed && len(part) > 0 {
			b.WriteByte('z')
		}
	}
	return b.String()
}

// near is the stretch of a line from the point before it enters the picture to the one after it leaves.
func (d *drawing) near(line []geo.Point) []geo.Point {
	first, last := -1, -1
	for i := 1; i < len(line); i++ {
		if geo.Empty().Extend(line[i-1], line[i]).Touches(d.box) {
			if first < 0 {
				first = i - 1
			}
			last = i
		}
	}
	if first < 0 {
		return nil
	}
	return line[first : last+1]
}

// clipped is a ring cut to the picture, so that a forest's far end isn't written out.
func (d *drawing) clipped(ring []geo.Point) string {
	const margin = 12
	kx, ky := float64(clipHigh-clipLow)/(d.w+2*margin), float64(clipHigh-clipLow)/(d.h+2*margin)
	units := make([]unit, len(ring))
	for i, p := range ring {
		v := d.pixel(p)
		units[i] = unit{(v.x+margin)*kx + clipLow, (v.y+margin)*ky + clipLow}
	}
	var b strings.Builder
	for i, u := range clipRing(units) {
		fmt.Fprintf(&b, "%c%s %s", map[bool]byte{true: 'M', false: 'L'}[i == 0], short((u.x-clipLow)/kx-margin), short((u.y-clipLow)/ky-margin))
	}
	if b.Len() > 0 {
		b.WriteByte('z')
	}
	return b.String()
}

func short(v float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", math.Round(v*10)/10), ".0")
}

func (d *drawing) areas() {
	green, water := "", ""
	d.each(d.x.assetGrid, func(n int32) {
		a := &d.x.assets[n]
		if a.To != "" || a.Shape.Kind != geo.Polygon {
			return
		}
		switch a.Kind {
		case Park, Forest, Cemetery, Playground, SportGround:
			green += d.clipped(a.Shape.Parts[0])
		case WaterBody:
			water += d.clipped(a.Shape.Parts[0])
		}
	})
	if green != "" {
		fmt.Fprintf(&d.out, `<path class="green" fill="var(--map-green)" d="%s"/>`, green)
	}
	if water != "" {
		fmt.Fprintf(&d.out, `<path class="lake" fill="var(--map-water)" d="%s"/>`, water)
	}
}

func (d *drawing) each(g grid, f func(int32)) {
	var list []int32
	g.within(d.box, func(n int32) { list = append(list, n) })
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	for _, n := range list {
		f(n)
	}
}

func (d *drawing) streets() {
	type band struct {
		width float64
		path  string
	}
	bands := map[byte]*band{streetLocal: {width: 10}, streetMain: {width: 16}, streetRegional: {width: 16}}
	d.each(d.x.streetGrid, func(n int32) {
		class := d.x.streetClass[n]
		b := bands[class]
		b.path += d.path(d.x.streets[n].Path, false)
		for _, part := range d.x.streets[n].Path.Parts {
			line := drawnStreet{street: n, width: b.width}
			for _, p := range d.near(part) {
				line.points = append(line.points, d.pixel(p))
			}
			d.lines = append(d.lines, line)
		}
	})
	between := &band{width: 14}
	d.each(d.x.assetGrid, func(n int32) {
		if a := &d.x.assets[n]; a.Kind == Road && a.Street == "" && a.To == "" {
			between.path += d.path(a.Shape, false)
		}
	})
	all := []*band{bands[streetLocal], between, bands[streetMain], bands[streetRegional]}
	for _, casing := range []bool{true, false} {
		class, colour, extra := "road", "var(--map-road)", 0.0
		if casing {
			class, colour, extra = "edge", "var(--map-edge)", 2.4
		}
		for _, b := range all {
			if b.path != "" {
				fmt.Fprintf(&d.out, `<path class="%s" fill="none" stroke="%s" stroke-width="%s" stroke-linecap="round" stroke-linejoin="round" d="%s"/>`,
					class, colour, short(max(1.6, b.width*d.scale)+extra), b.path)
			}
		}
	}
}

func (d *drawing) houses() {
	if d.scale < 0.35 {
		return
	}
	path := ""
	d.each(d.x.addressGrid, func(n int32) { path += d.path(d.x.addresses[n].Outline, true) })
	if path != "" {
		fmt.Fprintf(&d.out, `<path class="house" fill="var(--map-house)" d="%s"/>`, path)
	}
}

// names puts each street's name once, along its longest straight piece in view.
func (d *drawing) names() {
	if d.scale < 0.35 {
		return
	}
	done := map[string]bool{}
	var taken []pixel
	for _, l := range d.lines {
		name := d.x.streets[l.street].Name
		text := float64(len([]rune(name)))*6.9 + 16
		if done[name] || len(l.points) < 2 {
			continue
		}
		at, angle, ok := d.room(l.points, text, taken)
		if !ok {
			continue
		}
		done[name] = true
		taken = append(taken, at)
		fmt.Fprintf(&d.out, `<text class="name" fill="var(--ink-2)" font-size="12.5" font-weight="500" text-anchor="middle" dy="0.35em" transform="translate(%.0f %.0f) rotate(%.1f)">%s</text>`, at.x, at.y, angle, html.EscapeString(name))
	}
}

// room finds where a text of so many pixels fits along a line within the picture, clear of the pin and of other names.
func (d *drawing) room(line []pixel, text float64, taken []pixel) (at pixel, angle float64, ok bool) {
	best := math.Inf(1)
	for i := 0; i < len(line); i++ {
		for k := i + 1; k < len(line); k++ {
			a, b := line[i], line[k]
			chord := math.Hypot(b.x-a.x, b.y-a.y)
			if chord < text {
				continue
			}
			for _, t := range []float64{0.5, 0.25, 0.75, 0.12, 0.88} {
				m := pixel{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)}
				turn := math.Atan2(b.y-a.y, b.x-a.x)
				reach := pixel{math.Abs(math.Cos(turn)) * text / 2, math.Abs(math.Sin(turn)) * text / 2}
				if chord*min(t, 1-t) < text/2 || m.x < reach.x+4 || m.x > d.w-reach.x-4 || m.y < reach.y+10 || m.y > d.h-reach.y-10 {
					continue
				}
				score := math.Abs(math.Hypot(m.x-d.w/2, m.y-d.h/2) - 110)
				clear := math.Hypot(m.x-d.w/2, m.y-d.h/2+30) > text/2+18 || math.Abs(m.y-d.h/2) > 70
				for _, o := range taken {
					clear = clear && math.Hypot(m.x-o.x, m.y-o.y) > text*0.75
				}
				if clear && score < best {
					degrees := turn * 180 / math.Pi
					if degrees > 90 {
						degrees -= 180
					} else if degrees <= -90 {
						degrees += 180
					}
					best, at, angle, ok = score, m, degrees, true
				}
			}
			break // the shortest chord that is long enough follows the street best
		}
	}
	return at, angle, ok
}
