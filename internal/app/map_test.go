package app

import (
	"io"
	"net/http/httptest"
	"regexp"
	"testing"

	"okno/internal/places"
	"okno/internal/ui"
)

// The style of the map stands with the design, what tiles hold with the
// register: a layer that the style draws must be one that the tiles have.
func TestStyleDrawsWhatTilesHave(t *testing.T) {
	w := httptest.NewRecorder()
	ui.Assets().ServeHTTP(w, httptest.NewRequest("GET", ui.URL("map-style.js"), nil))
	script, err := io.ReadAll(w.Body)
	if err != nil || w.Code != 200 {
		t.Fatal(w.Code, err)
	}
	have := map[string]bool{}
	for _, l := range places.TileLayers() {
		have[l.ID] = true
	}
	drawn := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?:add\([^,]+, '(?:fill|line|circle|symbol)'|label\('[a-z]+'|label\(id), '([a-z]+)'`).FindAllStringSubmatch(string(script), -1) {
		drawn[m[1]] = true
		if !have[m[1]] {
			t.Errorf("the style draws layer %s, which tiles don't have", m[1])
		}
	}
	for id := range have {
		if !drawn[id] {
			t.Errorf("layer %s is sent and not drawn", id)
		}
	}
}
