package app

import "testing"

// A filter with a value that nobody knows is said plainly, with a way to drop
// it that keeps the others; it isn't an empty list.
func TestAnUnknownFilterIsToldAndDropped(t *testing.T) {
	w := newStreet(t)
	for query, c := range map[string]struct{ label, rest string }{
		"category=nowhere":                {"Тема", "/w/roads?folder=all&amp;territory=mun.01"},
		"category=roads&deadline=never":   {"Срок", "/w/roads?category=roads&amp;folder=all&amp;territory=mun.01"},
		"category=roads&handler=somebody": {"Исполнитель", "/w/roads?category=roads&amp;folder=all&amp;territory=mun.01"},
	} {
		got := w.get("roads_coordinator", "/w/roads?folder=all&territory=mun.01&"+query)
		w.holds(query, got, 422, "Такого значения в отборе нет: "+c.label, `href="`+c.rest+`"`, "Убрать это условие", `class="folders"`)
		w.lacks(query, got, "Здесь пусто")
	}
	w.holds("two of them", w.get("roads_coordinator", "/w/roads?folder=all&territory=mars&category=nowhere"), 422,
		"Такого значения в отборе нет: Тема, Территория", `href="/w/roads?folder=all"`)
	folder := w.get("roads_coordinator", "/w/roads?folder=nowhere&category=roads")
	w.holds("a folder", folder, 422, "Такого значения в отборе нет: Папка", `href="/w/roads?category=roads"`)
	if len(folder.Result().Cookies()) > 0 {
		t.Error("a folder that isn't there is remembered")
	}
	w.holds("the public map", w.get("vera", "/map?category=nowhere"), 422, "Такой темы в списке нет", `href="/map"`)
	w.holds("the known ones", w.get("vera", "/map?category=roads"), 200, `id="list"`)
	w.holds("its points", w.get("vera", "/map/reports.json?bbox=30,59,32,61&category=nowhere"), 422)
}
