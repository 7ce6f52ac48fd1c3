package geo

import "testing"

func TestGridHoldsItsCells(t *testing.T) {
	for _, at := range []Point{At(59.2, 31.2), At(-33.9, 151.2), At(40.7, -74)} {
		cell := Cell(at)
		for _, metres := range []float64{1, 1000, 50_000, 1e8} {
			g := GridFor(metres)
			name := cell >> g.Shift()
			first, last := g.Span(name)
			if cell < first || cell > last || Cell(g.Centre(name))>>g.Shift() != name {
				t.Errorf("%v at %.0f m: %d not in %d…%d", at, metres, cell, first, last)
			}
			if same, ok := GridOf(g.Shift()); !ok || same != g {
				t.Errorf("%+v by its shift: %+v", g, same)
			}
		}
	}
	for _, shift := range []uint{0, 2, 27, 63} {
		if _, ok := GridOf(shift); ok {
			t.Errorf("shift %d is a grid", shift)
		}
	}
}
