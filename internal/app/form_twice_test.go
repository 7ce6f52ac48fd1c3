package app

import (
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"okno/internal/casework"
	"okno/internal/platform/config"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
)

// A form of one action that is sent twice, one after the other or both at once,
// is done once, and both answers lead to the same page.
func TestAFormSentTwiceIsDoneOnce(t *testing.T) {
	for engine, database := range map[string]func(*testing.T) config.DSN{
		"sqlite":   func(t *testing.T) config.DSN { return config.DSN(dbtest.SQLiteURL(t, Migrations()...)) },
		"postgres": func(t *testing.T) config.DSN { return config.DSN(dbtest.PostgresURL(t, Migrations()...)) },
	} {
		for _, at := range []string{"after", "together"} {
			t.Run(engine+"/"+at, func(t *testing.T) {
				w := newStreetIn(t, t.TempDir(), string(database(t)))
				w.eachFormTwice(at == "together")
			})
		}
	}
}

func (w *street) eachFormTwice(together bool) {
	w.t.Helper()
	n := w.cases[1].number
	twice := func(act casework.Action, who, form, path string, said url.Values) {
		w.t.Helper()
		said.Set("version", w.version(who, n))
		said.Set("key", w.keyOf(w.get(who, form)))
		before := w.count(`SELECT COUNT(*) FROM journal_fact WHERE kind=$1`, "casework."+string(act))
		var got [2]*httptest.ResponseRecorder
		var both sync.WaitGroup
		for i := range got {
			send := func() { got[i] = w.post(who, path, said) }
			if together {
				both.Go(send)
			} else {
				send()
			}
		}
		both.Wait()
		for i, answer := range got {
			if answer.Code != 303 || answer.Header().Get("Location") != got[0].Header().Get("Location") {
				w.t.Errorf("%s, sending %d: %d to %q: %.300s", act, i+1, answer.Code, answer.Header().Get("Location"), answer.Body)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM journal_fact WHERE kind=$1`, "casework."+string(act)) - before; n != 1 {
			w.t.Errorf("%s: done %d times", act, n)
		}
	}
	office := func(act casework.Action, who string, said url.Values) {
		w.t.Helper()
		at := "/w/roads/cases/" + n
		form := at
		if act != casework.Approve && act != casework.Resume {
			form += "?do=" + string(act)
		}
		twice(act, who, form, at+"/"+string(act), said)
	}
	author := func(act casework.Action, said url.Values) {
		w.t.Helper()
		twice(act, "nina", "/reports/"+n, "/reports/"+n+"/"+string(act), said)
	}
	handler := w.by["roads_handler"].person
	author(casework.Add, url.Values{"comment": {"Яма стала больше."}})
	office(casework.Note, "roads_moderator", url.Values{"comment": {"Позвонили в управу."}})
	office(casework.Release, "roads_moderator", url.Values{"comment": {"Яма."}, "released_all": {"yes"}})
	office(casework.Assign, "roads_coordinator", url.Values{"handler": {handler.String()}})
	office(casework.Ask, "roads_handler", url.Values{"comment": {"С какой стороны?"}})
	author(casework.Reply, url.Values{"comment": {"Со стороны аптеки."}})
	office(casework.Submit, "roads_handler", url.Values{"comment": {"Яму заделали, полоса открыта."}, "shared": {"Полоса открыта."}, "attachment": {w.photo(w.t.Context(), handler).String()}})
	office(casework.Approve, "roads_approver", url.Values{})
	author(casework.Rate, url.Values{"mark": {"2"}, "solved": {"no"}, "reason": {"again"}, "comment": {"Яма снова на месте."}})
	office(casework.Redirect, "roads_coordinator", url.Values{"organisation": {w.orgs["lamps"].ID.String()}, "office": {"Служба lamps"}, "comment": {"Это ваша дорога."}, "elsewhere": {"yes"}})
	if got := w.count(`SELECT COUNT(*) FROM casework_entry WHERE body=$1`, "Позвонили в управу."); got != 1 {
		w.t.Errorf("%d equal notes", got)
	}
}

// Who goes back to a form that was sent and writes other words says something
// else: both stay.
func TestAFormSentAgainWithOtherWords(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	form := url.Values{"version": {w.version("nina", n)}, "key": {id.New().String()}, "comment": {"Яма стала больше."}}
	w.holds("the first words", w.post("nina", "/reports/"+n+"/add", form), 303)
	form.Set("comment", "И глубже.")
	w.holds("other words", w.post("nina", "/reports/"+n+"/add", form), 303)
	w.holds("both", w.get("nina", "/reports/"+n), 200, "Яма стала больше.", "И глубже.")
}

// Who goes back, changes the words and sends the form again is told that it was
// sent, keeps the words, and sends a second one by pressing again.
func TestAChangedFormIsASecondReport(t *testing.T) {
	w := newStreet(t)
	form := w.reportForm()
	form.Set("key", id.New().String())
	first := w.post("jana", "/report/new", form)
	w.holds("the first", first, 303)
	form.Set("text", "Совсем другие слова о том же дворе и той же яме.")
	changed := w.post("jana", "/report/new", form)
	w.holds("with other words", changed, 422, "Это сообщение уже отправлено", "Совсем другие слова")
	key := w.keyOf(changed)
	if key == form.Get("key") {
		t.Fatal("it is the same form still")
	}
	form.Set("key", key)
	if second := w.post("jana", "/report/new", form); second.Code != 303 || second.Header().Get("Location") == first.Header().Get("Location") {
		t.Errorf("pressed again: %d to %q", second.Code, second.Header().Get("Location"))
	}
}
