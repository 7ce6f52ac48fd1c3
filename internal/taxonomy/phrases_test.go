package taxonomy

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestSuggestAsPeopleWrite measures suggestions for short, vague and misspelt
// words. Words of the rubricator were tuned on odd lines; the floor holds for
// even ones, which nobody looked at while tuning.
func TestSuggestAsPeopleWrite(t *testing.T) {
	r := Default()
	for _, c := range []struct {
		file         string
		three, first int // per cent that must hold of the even lines
	}{{"phrases_en.txt", 83, 86}, {"phrases_ru.txt", 90, 92}} {
		text, err := os.ReadFile("testdata/" + c.file)
		if err != nil {
			t.Fatal(err)
		}
		var n, three, first [2]int
		line := 0
		for row := range strings.Lines(string(text)) {
			facts, words, ok := strings.Cut(strings.TrimSpace(row), " | ")
			if !ok || strings.HasPrefix(row, "#") {
				continue
			}
			line++
			half := (line + 1) % 2 // 0: odd lines
			n[half]++
			wanted := strings.Fields(facts)
			for _, code := range wanted {
				if f, known := r.Fact(code); !known || f.Code != code {
					t.Fatalf("%s: no fact %s", c.file, code)
				}
			}
			got := codes(r.Suggest(words, 3))
			right := slices.ContainsFunc(wanted, func(w string) bool { return slices.Contains(got, w) })
			if right {
				three[half]++
			}
			category := len(got) > 0 && slices.ContainsFunc(wanted, func(w string) bool { return CategoryOf(w) == CategoryOf(got[0]) })
			if category {
				first[half]++
			}
			if half == 0 && (!right || !category) {
				t.Logf("%q: %v, want %s", words, got, facts)
			}
		}
		for half, name := range []string{"tuned on", "held out"} {
			p := func(k int) float64 { return 100 * float64(k) / float64(n[half]) }
			t.Logf("%s, %s: %d phrases, a fitting fact among three %.1f %%, its category first %.1f %%", c.file, name, n[half], p(three[half]), p(first[half]))
		}
		if three[1]*100 < c.three*n[1] || first[1]*100 < c.first*n[1] {
			t.Errorf("%s, held out: %d among three and %d first of %d: below %d and %d %%", c.file, three[1], first[1], n[1], c.three, c.first)
		}
	}
}
