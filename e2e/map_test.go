package e2e

import (
	"strings"
	"testing"
)

// TestMap draws the map from tiles of this very site, keeps the view in the
// address, follows the theme, and lets the keyboard put the pin of a report.
func TestMap(t *testing.T) {
	w := open(t)
	b := chromium(t, w)
	const tiles = `performance.getEntriesByType('resource').map((e) => e.name)`

	out := b.tab("")
	out.open("/map#at=16/60.21507/31.983863")
	out.wait("the map", `document.querySelector('.map[data-ready]')`)
	asked := eval[[]string](out, tiles)
	drawn := 0
	for _, name := range asked {
		if !strings.HasPrefix(name, w.url) && !strings.HasPrefix(name, "blob:") && !strings.HasPrefix(name, "data:") {
			t.Errorf("the map asks %s", name)
		}
		if strings.HasSuffix(name, "/map/tiles.json") {
			drawn++
		}
	}
	if drawn != 1 {
		t.Errorf("the tiles are described %d times: %q", drawn, asked)
	}
	out.click(".map-tools button:nth-child(2)")
	out.wait("the address to tell the view", `location.hash.startsWith('#at=15/60.2')`)
	out.open("/map")
	out.wait("the whole region", `document.querySelector('.map[data-ready]') && document.querySelector('.map canvas').height > 0`)
	if len(out.bad) > 0 {
		t.Errorf("the browser complains: %q", out.bad)
	}

	nina := b.tab("nina")
	nina.open("/report/new")
	nina.wait("the map", `(document.querySelector('#place-map').scrollIntoView({block: 'center', behavior: 'instant'}), document.querySelector('.map[data-ready]'))`)
	eval[bool](nina, `document.querySelector('#place-map').dispatchEvent(new CustomEvent('okno:show', {detail: {lat: 60.21507, lon: 31.983863}}))`)
	nina.wait("the pin", `document.querySelector('#place-map .pin') && document.querySelector('[name=lat]').value === '60.215070'`)
	eval[bool](nina, `(document.querySelector('#place-map .pin').focus(), true)`)
	nina.press("Up")
	nina.wait("the pin to go north", `Number(document.querySelector('[name=lat]').value) > 60.21507 && document.querySelector('[name=lon]').value.startsWith('31.98386')`)
	if len(nina.bad) > 0 {
		t.Errorf("the browser complains: %q", nina.bad)
	}

	// Without a script the same place is given in words.
	w.client("").get("/map").want(200, "списком ниже")
	w.client("nina").get("/report/new").want(200, "Дом, улица, остановка")
}
