package app

import (
	"net/url"
	"testing"

	"okno/internal/casework"
	"okno/internal/places"
	"okno/internal/platform/id"
)

// Whose report was merged opens the one that answers by their own number, with
// a form to rate and a way to what they wrote; after that is split, its parts.
func TestPagesOfAMergedAndOfASplitReport(t *testing.T) {
	w := newStreet(t)
	stays := w.cases[1].number
	receipt, err := w.Cases.FileReport(t.Context(), w.by["oleg"].citizen, casework.FileInput{Text: "Олегово слово: та же яма, ещё глубже.", Fact: w.fact,
		Place: casework.PlaceInput{Address: places.IDOf("adr.01")}, Files: []id.ID{w.photo(t.Context(), w.by["oleg"].person)}, Organisation: w.orgs["roads"].ID, Channel: "portal", Lang: "ru"})
	w.must(err)
	ends := receipt.Number
	w.do("roads_moderator", ends, casework.Accept, casework.Input{})
	w.do("roads_coordinator", ends, casework.Merge, casework.Input{Into: stays})
	w.holds("by one's own number", w.get("oleg", "/reports/"+ends), 200, "Ваше сообщение объединили с этим", id.ShowNumber(ends), `href="/reports/`+ends+`/filed"`)
	w.lacks("by one's own number", w.get("oleg", "/reports/"+ends), "Олегово слово", "Нинино")
	w.holds("one's own words", w.get("oleg", "/reports/"+ends+"/filed"), 200, "Олегово слово", `href="/reports/`+stays+`"`)
	w.holds("the list", w.get("oleg", "/reports"), 200, `href="/reports/`+ends+`"`, `href="/reports/`+ends+`/filed"`)
	w.holds("another's", w.get("jana", "/reports/"+stays+"/filed"), 303)

	page := w.get("roads_coordinator", "/w/roads/cases/"+stays+"?do=split")
	w.holds("the form of a split", page, 200, "Кроме автора ответа ждут ещё 2 человека")
	w.do("roads_coordinator", stays, casework.SplitUp, casework.Input{Parts: []casework.Part{{Fact: w.fact, Text: "Первая часть дела."}, {Fact: w.fact, Text: "Вторая часть дела."}}})
	for who, number := range map[string]string{"oleg": ends, "nina": stays} {
		v, err := w.Cases.Read(t.Context(), w.by[who].citizen, number, "")
		w.must(err)
		if len(v.Children) != 2 {
			t.Fatalf("%s is led to %d parts", who, len(v.Children))
		}
		got := w.get(who, "/reports/"+number)
		for _, part := range v.Children {
			w.holds("the parts", got, 200, `href="/reports/`+part.Number+`"`, id.ShowNumber(part.Number))
			w.holds("a part", w.get(who, "/reports/"+part.Number), 200, id.ShowNumber(part.Number))
		}
	}
	v, err := w.Cases.Read(t.Context(), w.by["oleg"].citizen, ends, "")
	w.must(err)
	part := v.Children[0].Number
	handler := w.by["roads_handler"].person
	w.do("roads_coordinator", part, casework.Assign, casework.Input{Handler: handler})
	w.do("roads_handler", part, casework.Submit, casework.Input{Comment: "Заделали.", Shared: "Заделали яму.", Files: []id.ID{w.photo(t.Context(), handler)}})
	w.do("roads_approver", part, casework.Approve, casework.Input{})
	w.holds("a part that is answered", w.get("oleg", "/reports/"+part), 200, "Заделали яму.", "/rate\"")
	w.holds("the mark", w.post("oleg", "/reports/"+part+"/rate", url.Values{"version": {w.version("oleg", part)}, "mark": {"5"}, "solved": {"yes"}}), 303)
}
