package casework

import (
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
