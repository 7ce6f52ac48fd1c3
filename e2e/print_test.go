package e2e

import (
	"context"
	"regexp"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPrintedMap: a map that was drawn is on paper too, and no empty frame.
func TestPrintedMap(t *testing.T) {
	w := open(t)
	number := w.file("nina", "roads.surface.pothole", "Верхнеозёрск, Рыбацкая улица, 14", "Яма у школы, колесо уже пробили.", w.upload("nina", "Яма.jpg", w.picture("pothole", 9, false)))
	nina := chromium(t, w).tab("nina")
	nina.open("/reports/" + number)
	eval[bool](nina, `(document.querySelector('[data-map]').scrollIntoView({block: 'center'}), true)`)
	nina.wait("the map", `document.querySelector('[data-map][data-ready]')`)
	size := eval[[]int](nina, `(() => { const c = document.querySelector('[data-map] canvas'); return [c.width, c.height]; })()`)
	var out struct {
		Data []byte `json:"data"`
	}
	nina.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		return chromedp.Void{}, t.Call(ctx, "Page.printToPDF", map[string]any{"printBackground": true}, &out)
	})
	drawn := 0
	for _, m := range regexp.MustCompile(`(?s)/Width (\d+)\s*/Height (\d+).{0,120}?/Length (\d+)`).FindAllSubmatch(out.Data, -1) {
		if string(m[1]) == strconv.Itoa(size[0]) && string(m[2]) == strconv.Itoa(size[1]) {
			n, err := strconv.Atoi(string(m[3]))
			w.must(err)
			drawn = max(drawn, n)
		}
	}
	if drawn < 3000 { // an empty picture of this size takes some hundred bytes
		t.Errorf("the map of %v on paper takes %d bytes of %d", size, drawn, len(out.Data))
	}
}
