package taxonomy

import (
	"slices"
	"testing"
)

// TestSuggestEnglish: words of an English reader find topics by their English names.
func TestSuggestEnglish(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"pothole", "roads.surface.pothole"},
		{"There is a huge pothole in the road", "roads.surface.pothole"},
		{"street light", "lighting.lamps.out"},
		{"Street light is broken", "lighting.lamps.out"},
		{"garbage", "waste.bins.overflow"},
		{"Garbage is not collected", "waste.bins.overflow"},
	} {
		if found := codes(Default().Suggest(tt.text, 3)); !slices.Contains(found, tt.want) {
			t.Errorf("%q proposes %v, not %s", tt.text, found, tt.want)
		}
	}
}
