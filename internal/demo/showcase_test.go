package demo

import "testing"

// Whatever the seed and the season, there is a fact and a place for what those
// who can sign in are to find.
func TestEverySeedHasItsShowcase(t *testing.T) {
	a := open(t, folder(t, Reports), "")
	codes, weights := population(a.Places.Index().Territories())
	for i, seed := range []uint64{501, 2, 3, 5, 7, 8} {
		first := start
		if i > 1 {
			first = start.AddDate(0, []int{2, 5, 8, 10}[i-2], 0)
		}
		w, err := newWorld(t.Context(), a, State{Seed: seed, Reports: Reports, Started: first}, gather(seed, codes, weights))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range outlines(seed, len(wishes)) {
			if _, err := w.tale(t.Context(), o); err != nil {
				t.Errorf("seed %d, %s: %v", seed, first.Month(), err)
			}
		}
	}
}
