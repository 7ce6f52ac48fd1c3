package app

import (
	"net/url"
	"strings"
	"testing"

	"okno/internal/casework"
	"okno/internal/platform/id"
)

// Who merges several cases sees of each its topic, place, people and first
// words, and is warned where topics or places differ, and may still do it. That
// the words were read is recorded.
func TestAMergeShowsWhatItMerges(t *testing.T) {
	w := newStreet(t)
	one, two := w.cases[0], w.cases[1]
	form := url.Values{"do": {"merge"}, "case": {one.number, two.number}}
	ask := func() string {
		t.Helper()
		got := w.post("roads_coordinator", "/w/roads/bulk?folder=all", form)
		w.holds("the question", got, 200, "№ "+id.ShowNumber(one.number)+". Яма", "№ "+id.ShowNumber(two.number)+". Яма",
			"Нинино тайное слово", "Нинино открытое дело", "Рыбацкая", "ообщил 1 человек", "ообщили 2 человека")
		return got.Body.String()
	}
	reads := w.count(`SELECT COUNT(*) FROM privacy_read`)
	if page := ask(); strings.Contains(page, "Похоже, это разные проблемы") {
		t.Error("two of one topic at one house are said to be different")
	}
	if n := w.count(`SELECT COUNT(*) FROM privacy_read`); n != reads+1 {
		t.Errorf("%d records of reading, want %d", n, reads+1)
	}
	receipt, err := w.Cases.FileReport(t.Context(), w.by["vera"].citizen, casework.FileInput{Text: "Фонарь погас вторую неделю, вечером ничего не видно.", Fact: "lighting.lamps.out",
		Place: casework.PlaceInput{Lat: 60_080_000, Lon: 31_020_000}, Organisation: w.orgs["roads"].ID, Channel: "portal", Lang: "ru"})
	w.must(err)
	w.do("roads_moderator", receipt.Number, casework.Accept, casework.Input{})
	form["case"] = []string{one.number, receipt.Number}
	w.holds("different ones", w.post("roads_coordinator", "/w/roads/bulk?folder=all", form), 200, "Похоже, это разные проблемы", "Темы разные: ", "Места далеко друг от друга: до 3310")
	form["sure"], form["into"] = []string{"yes"}, []string{one.number}
	w.holds("merged all the same", w.after("roads_coordinator", w.post("roads_coordinator", "/w/roads/bulk?folder=all", form)), 200, "Сделано. Дел: 1.")
}

// On a page in English a number is told by "No." alone.
func TestNumbersInEnglish(t *testing.T) {
	w := newStreet(t)
	form := url.Values{"do": {"merge"}, "case": {w.cases[0].number, w.cases[1].number}}
	got := w.post("roads_coordinator", "/w/roads/bulk?folder=all&lang=en", form)
	w.holds("the question in English", got, 200, "No. "+id.ShowNumber(w.cases[0].number)+". ")
	w.lacks("the question in English", got, "№")
}
