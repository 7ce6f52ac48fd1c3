package region

import (
	"math"
	"math/rand/v2"
)

// grid is a town's plan before it becomes streets: lines across and along,
// and which pieces between crossings are built.
type grid struct {
	t      *town
	us, vs []float64 // places of the lines, ascending; streets run along u at vs, along v at us
	alongU [][]bool  // [j][i]: the piece of line vs[j] from us[i] to us[i+1]
	alongV [][]bool  // [i][j]: the piece of line us[i] from vs[j] to vs[j+1]
	mainU  map[int]bool
	mainV  map[int]bool
}

// The capital's middle is fixed: its crossings are on pictures and in stories.
var (
	capitalU = []float64{-690, -455, -215, 0, 232, 470, 690}
	capitalV = []float64{-560, -138, 0, 150, 290, 425}
)

func (t *town) plan(r *rand.Rand) *grid {
	g := &grid{t: t, mainU: map[int]bool{}, mainV: map[int]bool{}}
	wide, deep := between(r, 185, 235), between(r, 112, 132)
	g.us, g.vs = lines(r, t.radius*1.35, wide, nil), lines(r, t.radius*1.35, deep, nil)
	if t.code == "loc.01.01" {
		g.us, g.vs = lines(r, t.radius*1.35, wide, capitalU), lines(r, t.radius*1.35, deep, capitalV)
	}
	for j := range g.vs {
		g.mainU[j] = j%6 == closest(g.vs, 0)%6
	}
	for i := range g.us {
		g.mainV[i] = i%5 == closest(g.us, 0)%5
	}
	g.alongU, g.alongV = make([][]bool, len(g.vs)), make([][]bool, len(g.us))
	for j := range g.vs {
		g.alongU[j] = make([]bool, len(g.us)-1)
		for i := range g.alongU[j] {
			g.alongU[j][i] = g.built(r, g.piece(i, j, true), g.mainU[j], false)
		}
	}
	for i := range g.us {
		g.alongV[i] = make([]bool, len(g.vs)-1)
		for j := range g.alongV[i] {
			g.alongV[i][j] = g.built(r, g.piece(i, j, false), g.mainV[i], g.mainV[i])
		}
	}
	g.connect()
	return g
}

func lines(r *rand.Rand, reach, step float64, fixed []float64) []float64 {
	out := append([]float64(nil), fixed...)
	if len(out) == 0 {
		out = []float64{0}
	}
	for out[len(out)-1] < reach {
		out = append(out, out[len(out)-1]+step*between(r, 0.82, 1.25))
	}
	for out[0] > -reach {
		out = append([]float64{out[0] - step*between(r, 0.82, 1.25)}, out...)
	}
	return out
}

func closest(list []float64, x float64) int {
	best := 0
	for i, v := range list {
		if math.Abs(v-x) < math.Abs(list[best]-x) {
			best = i
		}
	}
	return best
}

// piece draws the street between two neighbouring crossings.
func (g *grid) piece(i, j int, u bool) []vec {
	a := vec{g.us[i], g.vs[j]}
	b := vec{g.us[i], 0}
	if u {
		b = vec{g.us[i+1], g.vs[j]}
	} else {
		b.y = g.vs[j+1]
	}
	n := max(2, int(b.sub(a).len()/42))
	out := make([]vec, n+1)
	for k := range out {
		out[k] = g.t.axes.place(a.lerp(b, float64(k)/float64(n)))
	}
	return out
}

// built decides whether a piece of street exists: within the town, dry (a
// bridge where the line may have one), and not left out to make larger blocks.
func (g *grid) built(r *rand.Rand, line []vec, main, bridge bool) bool {
	gap, t := r.Float64(), g.t
	out := 0
	for _, p := range line {
		local := p.sub(t.axes.at).turn(-t.axes.angle)
		if local.len() > t.reach(local) {
			out++
		}
	}
	if out > 0 {
		return false
	}
	middle := line[len(line)/2].sub(t.axes.at).len() / t.radius
	if !main && gap < 0.04+0.14*middle && t.radius > 500 && middle > 0.25 {
		return false
	}
	for _, l := range t.water.lakes {
		for _, p := range line {
			if within(l.shore, p) || (waters{lakes: []lake{l}}).wet(p, 45) {
				return false
			}
		}
	}
	rivers := waters{rivers: t.water.rivers}
	if rivers.wet(line[0], 14) || rivers.wet(line[len(line)-1], 14) {
		return false
	}
	for k := 1; k < len(line); k++ {
		m := line[k-1].lerp(line[k], 0.5)
		if rivers.wet(line[k], 12) || rivers.wet(m, 12) {
			return bridge
		}
	}
	return true
}

func (g *grid) node(i, j int) int { return j*len(g.us) + i }

// connect keeps the largest set of pieces that hang together.
func (g *grid) connect() {
	parent := make([]int, len(g.us)*len(g.vs))
	for i := range parent {
		parent[i] = i
	}
	var find func(int) int
	find = func(a int) int {
		if parent[a] != a {
			parent[a] = find(parent[a])
		}
		return parent[a]
	}
	size := map[int]int{}
	g.each(func(i, j int, u bool, _ *bool) {
		a, b := g.node(i, j), g.node(i, j+1)
		if u {
			b = g.node(i+1, j)
		}
		parent[find(a)] = find(b)
	})
	g.each(func(i, j int, _ bool, _ *bool) { size[find(g.node(i, j))]++ })
	best := -1
	for n := range parent {
		if root := find(n); best < 0 || size[root] > size[best] {
			best = root
		}
	}
	g.each(func(i, j int, _ bool, on *bool) { *on = find(g.node(i, j)) == best })
}

// each calls f for every built piece.
func (g *grid) each(f func(i, j int, u bool, on *bool)) {
	for j := range g.alongU {
		for i := range g.alongU[j] {
			if g.alongU[j][i] {
				f(i, j, true, &g.alongU[j][i])
			}
		}
	}
	for i := range g.alongV {
		for j := range g.alongV[i] {
			if g.alongV[i][j] {
				f(i, j, false, &g.alongV[i][j])
			}
		}
	}
}

// streets joins pieces into streets: a line's unbroken stretch, cut where it
// grows longer than a street of such a town is.
func (g *grid) streets(r *rand.Rand) {
	t := g.t
	longest, fixed, southern := between(r, 900, 1500), -1, -1
	if t.code == "loc.01.01" {
		fixed = closest(g.us, capitalU[1])    // Рыбацкая begins at Пристанская,
		southern = closest(g.vs, capitalV[0]) // Школьная beyond the bridge
	}
	for j := range g.vs {
		g.stretch(len(g.us)-1, longest, fixed, func(i int) bool { return g.alongU[j][i] }, func(from, to int) {
			t.streets = append(t.streets, g.street(from, to, j, true))
		})
	}
	for i := range g.us {
		g.stretch(len(g.vs)-1, longest*0.8, southern, func(j int) bool { return g.alongV[i][j] }, func(from, to int) {
			t.streets = append(t.streets, g.street(from, to, i, false))
		})
	}
}

// stretch cuts a line of n pieces into streets; none runs through the crossing fixed.
func (g *grid) stretch(n int, longest float64, fixed int, on func(int) bool, add func(from, to int)) {
	step := 215.0
	if n == len(g.vs)-1 {
		step = 122
	}
	most := max(3, int(longest/step))
	for from := 0; from < n; from++ {
		if !on(from) {
			continue
		}
		to := from
		for to < n && on(to) && to-from < most && (to == from || to != fixed) {
			to++
		}
		add(from, to)
		from = to - 1
	}
}

func (g *grid) street(from, to, line int, u bool) *street {
	s := &street{town: g.t, half: 4.5}
	if u && g.mainU[line] || !u && g.mainV[line] {
		s.main, s.half = true, 7.5
	}
	for k := from; k <= to; k++ {
		i, j := line, k
		if u {
			i, j = k, line
		}
		s.nodes, s.at = append(s.nodes, g.node(i, j)), append(s.at, length(s.line))
		if k == to {
			break
		}
		piece := g.piece(i, j, u)
		if len(s.line) > 0 {
			piece = piece[1:]
		}
		s.line = append(s.line, piece...)
	}
	if g.t.code == "loc.01.01" {
		s.name = capitalName(g, line, from, to, u)
	}
	if s.name.stem != "Рыбацкая" && s.line[len(s.line)-1].sub(g.t.axes.at).len() < s.line[0].sub(g.t.axes.at).len() {
		s.flip()
	}
	return s
}

func (s *street) flip() {
	l := length(s.line)
	s.line = backwards(s.line)
	nodes, at := make([]int, len(s.nodes)), make([]float64, len(s.at))
	for k := range s.nodes {
		nodes[k], at[k] = s.nodes[len(s.nodes)-1-k], l-s.at[len(s.at)-1-k]
	}
	s.nodes, s.at = nodes, at
}

// capitalName fixes the names around the middle of the capital.
func capitalName(g *grid, line, from, to int, u bool) streetName {
	if u {
		middle := closest(g.us, 0)
		if from > middle || to <= middle {
			return streetName{}
		}
		switch g.vs[line] {
		case 0:
			return streetName{stem: "Рыбацкая", kind: "улица"}
		case -138:
			return streetName{stem: "Набережная", kind: "улица"}
		case 150:
			return streetName{stem: "Садовая", kind: "улица"}
		case 290:
			return streetName{stem: "Соборная", kind: "улица"}
		case -560:
			return streetName{stem: "Парковая", kind: "улица"}
		}
		return streetName{}
	}
	middle := closest(g.vs, 0)
	if from > middle || to <= middle {
		return streetName{}
	}
	switch g.us[line] {
	case -215:
		return streetName{stem: "Кузнечная", kind: "переулок"}
	case 0:
		return streetName{stem: "Школьная", kind: "улица"}
	case 232:
		return streetName{stem: "Мостовая", kind: "улица"}
	case -455:
		return streetName{stem: "Пристанская", kind: "улица"}
	}
	return streetName{}
}
