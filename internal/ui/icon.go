package ui

import (
	"context"
	"io"
	"maps"
	"slices"

	"github.com/a-h/templ"
)

// Icon names a drawing of the set (constants Icon… in icons_gen.go).
type Icon string

// Draw renders the icon inline, hidden from screen readers: a word or a label always stands beside it.
// An empty or unknown name draws nothing.
func Draw(i Icon) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, drawn[i]) // nothing for an icon that isn't there
		return err
	})
}

var drawn = func() map[Icon]string {
	out := make(map[Icon]string, len(drawings))
	for i, inner := range drawings {
		out[i] = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">` + inner + `</svg>`
	}
	return out
}()

// toneIcon is the icon that a notice of this tone carries unless it names another.
func toneIcon(t Tone) Icon {
	switch t {
	case OK:
		return IconCircleCheck
	case Warn:
		return IconTriangleAlert
	case Bad:
		return IconOctagonAlert
	default:
		return IconInfo
	}
}

// iconNames lists the set in the order of names, for the gallery.
func iconNames() []Icon { return slices.Sorted(maps.Keys(drawings)) }
