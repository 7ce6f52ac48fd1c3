package e2e

import (
	"fmt"
	"strings"
	"testing"

	"okno/internal/casework"
)

// TestLarge: letters of any size leave no page wider than the screen.
func TestLarge(t *testing.T) {
	w := open(t)
	b := chromium(t, w)
	number := w.file("nina", "roads.surface.pothole", "Верхнеозёрск, Рыбацкая улица, 20", "Яма у поворота на Школьную, объехать её нельзя.", w.upload("nina", "Яма.jpg", w.picture("pothole", 9, false)))
	w.act("olga", number, casework.Accept, casework.Input{})
	report := "/reports/" + number
	for _, who := range []struct {
		login string
		pages []string
	}{
		{"", []string{"/", "/sign-in", "/register", "/map", "/view", "/help/report-or-appeal", report + "/public", "/no-such-page", "/api"}},
		{"nina", []string{"/", "/report/new?text=" + "Яма+на+проезжей+части&fact=roads.surface.pothole", "/reports", report, "/view", "/notices", "/account"}},
	} {
		p := b.tab(who.login)
		p.open("/view")
		for _, size := range []string{"100", "150", "200"} {
			eval[bool](p, `(document.cookie = 'okno_view=size='+%s+'; Path=/', true)`, strings.TrimPrefix(size, "100"))
			for i, path := range who.pages {
				p.open(path)
				if got := eval[string](p, `document.documentElement.dataset.size ?? '100'`); got != size {
					t.Fatalf("%s has letters of %s %%, want %s", path, got, size)
				}
				if size == "200" {
					p.size(390, 720)
					p.shot(fmt.Sprintf("large-%s-%d", who.login, i))
				}
				for _, width := range []int64{320, 390} {
					p.size(width, 720)
					p.sideways(fmt.Sprintf("%s of %q at %s %% and %d px", path, who.login, size, width))
				}
			}
		}
		p.size(1280, 900)
	}
}
