package app

import (
	"net/url"
	"strings"
	"testing"

	"okno/internal/casework"
)

// The form of a release shows what strangers see: ticked and written down. What
// is unticked, or deleted, they see no more, on every page at once.
func TestWhatWasReleasedIsTakenBack(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	home := func(says bool) {
		t.Helper()
		if got := w.get("nobody", "/"); strings.Contains(got.Body.String(), "/reports/"+n+"/files/1") != says {
			t.Errorf("the first page shows the photo: %t", !says)
		}
	}
	home(false)
	w.do("roads_moderator", n, casework.Release, casework.Input{Comment: "Яма во всю полосу.", Released: []int64{1}})
	home(true)
	photo := w.get("oleg", "/reports/"+n+"/files/1?size=thumb")
	w.holds("the photo", photo, 200)
	if got := photo.Header().Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("a photo that may be taken back is kept: %s", got)
	}
	form := w.get("roads_moderator", "/w/roads/cases/"+n+"?do=release")
	w.holds("the form", form, 200, "Яма во всю полосу.</textarea>", `name="released" value="1" checked`)
	send := url.Values{"version": {w.version("roads_moderator", n)}, "comment": {""}, "released_all": {"yes"}}
	w.holds("the form is sent", w.post("roads_moderator", "/w/roads/cases/"+n+"/release", send), 303)
	home(false)
	for _, who := range []string{"nobody", "oleg", "jana"} {
		for _, size := range []string{"", "?size=thumb", "?size=large"} {
			if got := w.get(who, "/reports/"+n+"/files/1"+size); got.Code != 404 {
				t.Errorf("%s opens the photo%s: %d", who, size, got.Code)
			}
		}
		w.lacks(who, w.get(who, "/reports/"+n+"/public"), "/files/1", "Яма во всю полосу")
	}
	w.lacks("who joined", w.get("jana", "/reports/"+n), "/files/1", "Яма во всю полосу")
	office := w.get("roads_moderator", "/w/roads/cases/"+n+"?do=release")
	w.holds("the history", office, 200, "Выдержку больше никто не видит. Фото больше не видно всем: яма", "Фото видят все: яма")
	w.lacks("the form", office, `name="released" value="1" checked`, "Яма во всю полосу.</textarea>")

	w.do("roads_moderator", n, casework.Release, casework.Input{Released: []int64{1}})
	home(true)
	_, err := w.Cases.SetVisibility(t.Context(), w.by["nina"].citizen, n, true)
	w.must(err)
	if strings.Contains(w.get("nobody", "/").Body.String(), n) {
		t.Error("the first page lists a report that its author closed")
	}
}
