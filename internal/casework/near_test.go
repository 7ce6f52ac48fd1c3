package casework

import (
	"strings"
	"testing"
)

// Reports at one place are told apart, the same fact and the nearest first.
func TestNearLines(t *testing.T) {
	at := func(number, fact, month, face string, metres int64) Near {
		return Near{Public: Public{Number: number, Fact: fact, PlaceText: "Верхнеозёрск, Рыбацкая улица, 14", Month: month, Face: face, People: 2}, Metres: metres}
	}
	near := []Near{at("111111111111", "roads.surface.crack", "2026-11", "received", 0), at("222222222222", "roads.surface.pothole", "2026-09", "working", 40),
		at("333333333333", "roads.surface.pothole", "2026-10", "received", 0), at("444444444444", "roads.surface.pothole", "2026-11", "working", 0)}
	nearestFirst(near, "roads.surface.pothole")
	order := ""
	for _, n := range near {
		order += n.Number[:1]
	}
	if order != "4321" {
		t.Errorf("order %s, want 4321", order)
	}
	seen := map[string]bool{}
	for _, n := range near {
		line := nearLine("ru", n, "Яма")
		if seen[line] {
			t.Errorf("twice the line %q", line)
		}
		seen[line] = true
	}
	if got := nearLine("ru", near[0], "Яма"); !strings.Contains(got, "это же место") || !strings.Contains(got, "ноябрь 2026") || strings.Contains(got, "0\u00a0м") {
		t.Errorf("%q", got)
	}
	if got := nearLine("en", near[2], "Pothole"); !strings.Contains(got, "40\u00a0m from here") || !strings.Contains(got, "September 2026") {
		t.Errorf("%q", got)
	}
}
