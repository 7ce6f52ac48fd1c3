package app

import (
	"html"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"okno/internal/casework"
	"okno/internal/platform/id"
)

var box = regexp.MustCompile(`<input type="checkbox" name="case" value="(\d+)"[^>]* checked`)

// ticked are the numbers of the rows that are chosen on a page.
func ticked(page *httptest.ResponseRecorder) (out []string) {
	for _, m := range box.FindAllStringSubmatch(page.Body.String(), -1) {
		out = append(out, m[1])
	}
	return out
}

// Of a choice with cases that the officer doesn't have, that are gone or
// already taken, the rest is done; the list says by number and reason what
// wasn't, and keeps its filter and those ticks. A foreign case is like none.
func TestOfSeveralWhatCanBeDoneIsDone(t *testing.T) {
	w := newStreet(t)
	free, taken, foreign, missing := w.cases[1], w.cases[0], w.cases[2], w.cases[3]
	w.do("roads_coordinator", taken.number, casework.Assign, casework.Input{Handler: w.by["roads_handler"].person})
	const list = "?category=roads&folder=all"
	got := w.post("roads_handler", "/w/roads/bulk"+list, url.Values{"do": {"take"}, "case": {missing.number, taken.number, free.number, foreign.number, "1234", free.number}})
	w.holds("a choice with wrong ones", got, 422, `class="folders"`, "Сделано дел: 1, не получилось: 4", "category=roads&amp;folder=all",
		"№ "+id.ShowNumber(taken.number)+": ", "№ "+id.ShowNumber(missing.number)+": такого дела у вас нет", "№ "+id.ShowNumber(foreign.number)+": такого дела у вас нет", "№ 1234: такого дела у вас нет")
	w.lacks("a choice with wrong ones", got, foreign.words[0], foreign.words[1], "№ "+id.ShowNumber(free.number)+": ")
	if chosen := ticked(got); !slices.Equal(chosen, []string{taken.number}) {
		t.Errorf("ticked: %q, want %q alone", chosen, taken.number)
	}
	if w.count(`SELECT COUNT(*) FROM casework_case WHERE number=$1 AND handler_id=$2`, free.number, w.by["roads_handler"].person) != 1 {
		t.Error("the case that could be taken wasn't")
	}
	before := w.dump()
	none := w.post("roads_handler", "/w/roads/bulk"+list, url.Values{"do": {"take"}, "case": {foreign.number, missing.number}})
	w.holds("a choice of nothing", none, 422, "Сделано дел: 0, не получилось: 2")
	many := url.Values{"do": {"take"}}
	for range 45 { // a page has fifty rows
		many.Add("case", id.NewNumber())
	}
	w.holds("a whole page of them", w.post("roads_handler", "/w/roads/bulk"+list, many), 422, "Сделано дел: 0, не получилось: 45")
	wrong := w.post("roads_handler", "/w/roads/bulk", url.Values{"do": {"approve"}, "case": {free.number}})
	w.holds("an action that isn't there", w.after("roads_handler", wrong), 200, `class="folders"`, "Такого действия над несколькими делами нет.")
	w.same("a choice of nothing", before)
}

// An action that asks for more says first which cases it can't be done to; not
// now brings the list back with its ticks, and a form that is wrong for all of
// them stays open.
func TestAnActionOnSeveralAsks(t *testing.T) {
	w := newStreet(t)
	one, two, foreign := w.cases[0].number, w.cases[1].number, w.cases[2].number
	form := url.Values{"do": {"redirect"}, "case": {one, foreign, two}}
	ask := w.post("roads_coordinator", "/w/roads/bulk?folder=all", form)
	w.holds("the question", ask, 200, "С этими делами ничего не будет сделано", "№ "+id.ShowNumber(foreign)+": такого дела у вас нет", `name="comment"`)
	w.lacks("the question", ask, `value="`+foreign+`"`)
	back := regexp.MustCompile(`href="([^"]+)"[^>]*>\s*(?:<span>)?Не сейчас`).FindStringSubmatch(ask.Body.String())
	if back == nil {
		t.Fatalf("no way back: %s", ask.Body)
	}
	chosen := ticked(w.get("roads_coordinator", html.UnescapeString(back[1])))
	slices.Sort(chosen)
	if want := []string{one, two}; !slices.Equal(chosen, want) && !slices.Equal(chosen, []string{two, one}) {
		t.Errorf("ticked after not now: %q, want %q", chosen, want)
	}
	form.Set("sure", "yes")
	form.Set("comment", "")
	form.Set("organisation", w.orgs["lamps"].ID.String())
	form.Set("office", "Служба lamps")
	before := w.dump()
	w.holds("without a word why", w.post("roads_coordinator", "/w/roads/bulk?folder=all", form), 422, `href="#comment"`, `name="sure"`, "Служба lamps")
	w.same("without a word why", before)
	form.Set("comment", "Это ваша дорога.")
	got := w.post("roads_coordinator", "/w/roads/bulk?folder=all", form)
	w.holds("with a foreign one", got, 422, "Сделано дел: 2, не получилось: 1", "№ "+id.ShowNumber(foreign)+": такого дела у вас нет")
	form["case"] = []string{one}
	w.holds("after they are gone", w.post("roads_coordinator", "/w/roads/bulk?folder=all", form), 422, "Сделано дел: 0, не получилось: 1")
}
