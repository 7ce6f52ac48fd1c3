package app

import (
	"net/http/httptest"
	"net/url"
	"regexp"
	"sync"
	"testing"

	"okno/internal/casework"
	"okno/internal/platform/config"
	"okno/internal/platform/db/dbtest"
)

var formKey = regexp.MustCompile(`<input type="hidden" name="key" value="([^"]+)"`)

// keyOf is the idempotency key of a page's form.
func (w *street) keyOf(page *httptest.ResponseRecorder) string {
	w.t.Helper()
	m := formKey.FindStringSubmatch(page.Body.String())
	if m == nil {
		w.t.Fatalf("no key in the form: %s", page.Body)
	}
	return m[1]
}

// A form for several cases that is sent twice, one after the other or both at
// the same time, is done once, and both answers say the same.
func TestAFormForSeveralSentTwice(t *testing.T) {
	for engine, database := range map[string]func(*testing.T) config.DSN{
		"sqlite":   func(t *testing.T) config.DSN { return config.DSN(dbtest.SQLiteURL(t, Migrations()...)) },
		"postgres": func(t *testing.T) config.DSN { return config.DSN(dbtest.PostgresURL(t, Migrations()...)) },
	} {
		for _, at := range []string{"after", "together"} {
			t.Run(engine+"/"+at, func(t *testing.T) {
				w := newStreetIn(t, t.TempDir(), string(database(t)))
				w.sentTwice(at == "together")
			})
		}
	}
}

func (w *street) sentTwice(together bool) {
	w.t.Helper()
	one, two, foreign := w.cases[0].number, w.cases[1].number, w.cases[2].number
	twice := func(what, who string, form url.Values, code int, words string) {
		w.t.Helper()
		var got [2]*httptest.ResponseRecorder
		var both sync.WaitGroup
		for i := range got {
			send := func() { got[i] = w.post(who, "/w/roads/bulk?folder=all", form) }
			if together {
				both.Go(send)
			} else {
				send()
			}
		}
		both.Wait()
		for i, answer := range got {
			if code == 303 && answer.Code == 303 {
				answer = w.after(who, answer)
				w.holds(what, answer, 200, words)
				continue
			}
			w.holds(what, answer, code, words)
			if w.t.Failed() {
				w.t.Fatalf("sending %d: %s", i+1, answer.Body)
			}
		}
	}
	key := w.keyOf(w.get("roads_handler", "/w/roads?folder=all"))
	twice("taken", "roads_handler", url.Values{"key": {key}, "do": {"take"}, "case": {one, two}}, 303, "Сделано. Дел: 2.")
	ask := w.post("roads_coordinator", "/w/roads/bulk?folder=all", url.Values{"do": {"assign"}, "case": {one, two}, "key": {w.keyOf(w.get("roads_coordinator", "/w/roads?folder=all"))}})
	twice("assigned in part", "roads_coordinator", url.Values{"key": {w.keyOf(ask)}, "sure": {"yes"}, "do": {"assign"}, "case": {one, foreign, two},
		"handler": {w.by["roads_handler"].person.String()}}, 422, "Сделано дел: 2, не получилось: 1")
	twice("merged", "roads_coordinator", url.Values{"key": {w.keyOf(ask) + "m"}, "sure": {"yes"}, "do": {"merge"}, "case": {one, two}, "into": {one}}, 303, "Сделано. Дел: 1.")
	twice("redirected", "roads_coordinator", url.Values{"key": {w.keyOf(ask) + "r"}, "sure": {"yes"}, "do": {"redirect"}, "case": {one},
		"organisation": {w.orgs["lamps"].ID.String()}, "office": {"Служба lamps"}, "comment": {"Это ваша дорога."}}, 303, "Сделано. Дел: 1.")
	for act, want := range map[casework.Action]int64{casework.Take: 2, casework.Assign: 2, casework.Merge: 1, casework.Redirect: 1} {
		if n := w.count(`SELECT COUNT(*) FROM journal_fact WHERE kind=$1`, "casework."+string(act)); n != want {
			w.t.Errorf("%s: done %d times, want %d", act, n, want)
		}
	}
}
