package places_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"okno/internal/geo"
	"okno/internal/places"
)

// TestSearchEverydayWords: a kind alone, a corner, a building by its common name, English.
func TestSearchEverydayWords(t *testing.T) {
	for _, tt := range []struct{ typed, kind, has string }{
		{"остановка", "asset", "остановка"},
		{"автобусная остановка", "asset", "остановка"},
		{"остановка ладейск", "asset", "Ладейск, остановка"},
		{"трасса", "asset", ", км "},
		{"шоссе", "", "шоссе"},
		{"автодорога", "asset", ", км "},
		{"угол Рыбацкой и Школьной", "asset", "Верхнеозёрск, переход, Рыбацкая улица и Школьная улица"},
		{"на углу улиц Рыбацкая и Школьная", "asset", "Верхнеозёрск, переход, Рыбацкая улица и Школьная улица"},
		{"перекрёсток рыбацкой и школьной", "asset", "Верхнеозёрск, переход, Рыбацкая улица и Школьная улица"},
		{"рыбацкая / школьная", "", "Верхнеозёрск, Рыбацкая улица"},
		{"остановка больница", "asset", "останов"},
		{"остановка школа 7", "asset", "останов"},
		{"12-й километр", "asset", "км 0 – км 15"},
		{"вокзал", "address", "Автостанция"},
		{"остановка вокзал", "asset", "останов"},
		{"мост", "asset", "мост, "},
		{"мост через реку", "asset", "мост, "},
		{"мост через Сить", "asset", "река Сить"},
		{"парк", "asset", "сквер"},
		{"садик", "address", "Детский сад"},
		{"больница", "address", "Поликлиника"},
		{"bus stop", "asset", "остановка"},
		{"bus stop school", "asset", "остановка «Школа"},
		{"school 7", "address", "Школа № 7"},
		{"clinic", "address", "Поликлиника"},
		{"Rybatskaya street 14", "address", "Верхнеозёрск, Рыбацкая улица, 14"},
		{"corner of Rybatskaya and Shkolnaya", "asset", "Рыбацкая улица и Школьная улица"},
		{"Верхнеозёрск – Ладейск, 16-18 км", "asset", "км 15 – км 19"},
		{"Р-12, Верхнеозёрск – Ладейск, км 15 – км 19", "asset", "Р-12, Верхнеозёрск – Ладейск, км 15 – км 19"},
		{"верхнеозерск ладейск км 15-км 19", "asset", "Р-12, Верхнеозёрск – Ладейск, км 15 – км 19"},
		{"Верхнеозёрск – Берёзовка, км 0 – км 11", "asset", "Верхнеозёрск – Берёзовка, км 0 – км 11"},
		{"Берёзовка - Верхнеозёрск", "asset", "Верхнеозёрск – Берёзовка, км 0"},
	} {
		found := theIndex().SearchPlaces(tt.typed, 5)
		var texts []string
		for _, f := range found {
			texts = append(texts, f.Text)
		}
		if len(found) == 0 || tt.kind != "" && string(found[0].Kind) != tt.kind || !strings.Contains(found[0].Text, tt.has) {
			t.Errorf("%q finds %s, want %q first", tt.typed, strings.Join(texts, "; "), tt.has)
		}
		seen := map[string]bool{}
		for _, f := range found {
			if key := fmt.Sprint(f.Kind, f.Code); seen[key] {
				t.Errorf("%q finds %q twice", tt.typed, f.Text)
			} else {
				seen[key] = true
			}
		}
	}
}

// The corner of two streets offers both of them.
func TestCornerOffersBothStreets(t *testing.T) {
	var texts []string
	for _, f := range theIndex().SearchPlaces("угол рыбацкой и школьной", 8) {
		texts = append(texts, f.Text)
	}
	for _, want := range []string{"Верхнеозёрск, Рыбацкая улица", "Верхнеозёрск, Школьная улица"} {
		if !slices.Contains(texts, want) {
			t.Errorf("%q is not among %q", want, texts)
		}
	}
	if f := theIndex().SearchPlaces("рыбацкая и школьная", 8); len(f) == 0 || f[0].Kind == places.FoundLocality {
		t.Errorf("without the word of a corner: %+v", f)
	}
}

// TestSearchOfAKindIsNear: a kind alone gives what is around, not the larger towns'.
func TestSearchOfAKindIsNear(t *testing.T) {
	x := theIndex()
	for _, typed := range []string{"остановка", "шоссе"} {
		far := x.SearchPlaces(typed, 1000)
		if len(far) < 2 {
			t.Fatalf("%s: %d found", typed, len(far))
		}
		last := far[len(far)-1]
		near := x.SearchPlacesNear(typed, 5, last.At)
		if len(near) == 0 || near[0].Code != last.Code {
			t.Errorf("%s at %s: %+v", typed, last.Text, near)
		}
		for i := 1; i < len(near); i++ {
			if a, b := geo.Distance(near[i-1].At, last.At), geo.Distance(near[i].At, last.At); a > b {
				t.Errorf("%s: %.0f m before %.0f m", typed, a, b)
			}
		}
	}
	if got := x.SearchPlacesNear("Рыбацкая 14", 1, x.SearchPlaces("остановка", 1000)[1].At); len(got) == 0 || got[0].Kind != places.FoundAddress {
		t.Errorf("a house is found by its name, wherever one is: %+v", got)
	}
}

// A word that joins others names no street.
func TestSearchPassesOverJoiningWords(t *testing.T) {
	x := theIndex()
	for _, f := range x.Search("мост через озеро", 8) {
		if strings.Contains(f.Text, "Черёмух") || strings.Contains(f.Text, "Берёзов") {
			t.Errorf("proposes %s", f.Text)
		}
	}
}

// A road that the register doesn't have is not answered by others.
func TestSearchUnknownRoad(t *testing.T) {
	for _, typed := range []string{"Трасса Р-999, 12 км", "Верхнеозёрск — Кукуево, 14 км", "Р-999"} {
		if found := theIndex().SearchPlaces(typed, 5); len(found) > 0 {
			t.Errorf("%q finds %s", typed, found[0].Text)
		}
	}
	if found := theIndex().SearchPlaces("трасса р-12 5 км", 5); len(found) != 1 || found[0].Text != "Р-12, Верхнеозёрск – Ладейск, км 0 – км 15" {
		t.Errorf("a known one finds %v", found)
	}
}
