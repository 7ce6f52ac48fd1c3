package app

import (
	"net/url"
	"strings"
	"testing"

	"okno/internal/casework"
	"okno/internal/platform/id"
)

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

// A page of a list that isn't there leads to the list's beginning, which says so.
func TestAnUnknownPageLeadsToTheStartOfItsList(t *testing.T) {
	w := newStreet(t)
	for who, lists := range map[string][]string{
		"nina":              {"/reports", "/map?category=roads", "/account/reads", "/notices"},
		"roads_coordinator": {"/w/roads?folder=all", "/w/roads?folder=all&category=roads"},
	} {
		for _, list := range lists {
			at := list + "?after=zzz"
			if strings.Contains(list, "?") {
				at = list + "&after=zzz"
			}
			got := w.get(who, at)
			u, err := url.Parse(got.Header().Get("Location"))
			want, _ := url.Parse(list)
			if err != nil || got.Code != 303 || u.Path != want.Path || u.Query().Encode() != want.Query().Encode() {
				t.Errorf("%s: %d to %q", at, got.Code, got.Header().Get("Location"))
				continue
			}
			w.holds(at, w.after(who, got), 200, "Такой страницы в списке нет")
		}
	}
}

// An officer whom nobody knows here is told as any other value that isn't
// there; who holds cases is known, whatever they are now.
func TestAnUnknownOfficerIsTold(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	handler := w.by["roads_handler"].person
	list := func(person id.ID, code int, words string) {
		t.Helper()
		w.holds("the list of "+person.String(), w.get("roads_coordinator", "/w/roads?folder=all&handler="+person.String()), code, words)
	}
	list(id.New(), 422, "Такого значения в отборе нет: Исполнитель")
	list(w.by["nina"].person, 422, "Такого значения в отборе нет: Исполнитель")
	list(w.by["roads_approver"].person, 422, "Такого значения в отборе нет: Исполнитель")
	list(handler, 200, "С таким отбором дел нет")
	w.do("roads_coordinator", n, casework.Assign, casework.Input{Handler: handler})
	list(handler, 200, n[:4])
	w.holds("given twice", w.get("roads_coordinator", "/w/roads?folder=all&category=roads&category=lighting"), 422, "Такого значения в отборе нет: Тема")
	w.holds("the map, given twice", w.get("nina", "/map?category=roads&category=lighting"), 422, "Такой темы в списке нет")
	w.holds("the map, of what nobody knows", w.get("nina", "/map?open=zzz"), 422)
	w.holds("the map of open ones", w.get("nina", "/map?open=true"), 200)
}
