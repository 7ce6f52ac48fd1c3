package casework

import (
	"slices"
	"testing"

	"okno/internal/geo"
	"okno/internal/platform/i18n"
)

// A circle's title agrees with its number, and its address leads back to its cell.
func TestCircleOfTheMap(t *testing.T) {
	for n, want := range map[int]string{1: "1 сообщение в этом месте", 3: "3 сообщения в этом месте", 12: "12 сообщений в этом месте"} {
		if got := i18n.N("ru", "map.here", n); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	grid := geo.GridFor(5000)
	cell := geo.Cell(geo.At(59.2, 31.2)) >> grid.Shift()
	if g, name, ok := parseCell(cellName(grid, cell)); !ok || g != grid || name != cell {
		t.Errorf("%v %v %v", g, name, ok)
	}
	for _, bad := range []string{"", "zz", "1b", "2.1", "1b.zzzzzzzzzzzz", "-1.5"} {
		if _, _, ok := parseCell(bad); ok {
			t.Errorf("%q is a cell", bad)
		}
	}
}

// A circle counts its whole cell and stands where most of its reports are.
func TestCircleStandsAmongItsReports(t *testing.T) {
	got := circles([]CellCount{{Cell: 0b1_000001, Count: 3}, {Cell: 0b1_000010, Count: 1700}, {Cell: 0b1_111111, Count: 78}, {Cell: 0b10_000000, Count: 5}}, 6)
	want := []circle{{CellCount{0b1, 1781}, 0b1_000010}, {CellCount{0b10, 5}, 0b10_000000}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
