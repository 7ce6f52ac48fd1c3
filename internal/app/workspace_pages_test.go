package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/policy"
)

// A workspace opens in the folder where the role's work lies, and later in
// the one that was chosen last.
func TestTheWorkspaceOpensWhereTheRoleWorks(t *testing.T) {
	w := newStreet(t)
	title := func(folder string) string { return `id="list-title">` + folder }
	for role, folder := range map[string]string{"moderator": "Модерация", "coordinator": "Координация", "handler": "На исполнении",
		"approver": "На согласовании", "supervisor": "Просрочены", "org_admin": "Все в работе"} {
		w.holds(role, w.get("roads_"+role, "/w/roads"), 200, title(folder))
	}
	w.do("roads_coordinator", w.cases[1].number, casework.Assign, casework.Input{Handler: w.by["roads_handler"].person})
	w.holds("a handler with a case", w.get("roads_handler", "/w/roads"), 200, title("Мои"))

	chosen := w.get("roads_handler", "/w/roads?folder=all")
	w.holds("all", chosen, 200, title("Все в работе"))
	chosen.Header().Set("Location", "/w/roads")
	w.holds("the workspace after a choice", w.after("roads_handler", chosen), 200, title("Все в работе"))
	w.holds("a folder that isn't there", w.get("roads_handler", "/w/roads?folder=nowhere"), 422)
}

// A case that is opened from the list comes as its panel alone, with the
// title of the page, and its reading is recorded as ever.
func TestACaseOpenedFromTheListIsItsPanel(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	ask := func(who, target string) *httptest.ResponseRecorder {
		req := httptest.NewRequest("GET", "/w/roads/cases/"+n, http.NoBody)
		req.Header.Set("Accept", "text/html")
		req.Header.Set("HX-Request", "true")
		req.Header.Set("HX-Target", target)
		req.AddCookie(&http.Cookie{Name: "__Host-okno", Value: w.by[who].cookie})
		out := httptest.NewRecorder()
		w.Web.ServeHTTP(out, req)
		return out
	}
	reads := func() int64 {
		return w.count(`SELECT COUNT(*) FROM privacy_read WHERE person=$1 AND what='casework.read'`, w.by["roads_coordinator"].person)
	}
	before := reads()
	got := ask("roads_coordinator", "aside#panel")
	w.holds("the panel", got, 200, `id="panel"`, "<title>", w.cases[1].words[0])
	w.lacks("the panel", got, `id="list"`, "<html", `class="wtop"`, `class="folders"`)
	if reads() != before+1 {
		t.Error("opening the panel is not recorded")
	}
	whole := w.get("roads_coordinator", "/w/roads/cases/"+n)
	w.holds("the whole page", whole, 200, `id="list"`, `id="panel"`, `aria-current="true"`, `cur" data-row`)
	if got := ask("lamps_coordinator", "aside#panel"); got.Code != 404 || strings.Contains(got.Body.String(), w.cases[1].words[0]) {
		t.Errorf("another house's panel answers %d", got.Code)
	}
}

// What an officer typed is kept when somebody was quicker: with the form where
// the action is still possible, to be copied where it isn't, and with what happened.
func TestAStaleFormKeepsItsText(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	page := "/w/roads/cases/" + n
	old := w.version("roads_coordinator", n)
	w.do("roads_coordinator", n, casework.Assign, casework.Input{Handler: w.by["roads_handler"].person})
	form := url.Values{"version": {old}, "organisation": {w.orgs["gas"].ID.String()}, "office": {"Служба gas"}, "comment": {"Это газовый люк, не наш."}}
	possible := w.post("roads_coordinator", page+"/redirect", form)
	w.holds("a stale form", possible, 422, "Это газовый люк, не наш.", "дело изменилось", "назначен исполнитель", `>Передать организации<`)

	reject := w.post("roads_moderator", page+"/reject", url.Values{"version": {old}, "reason": {"spam"}, "comment": {"Похоже на рекламу мастерской."}})
	w.holds("a form of what can't be done any more", reject, 422, "Похоже на рекламу мастерской.", "этого с ним сейчас сделать нельзя", "назначен исполнитель")
	w.lacks("a form of what can't be done any more", reject, ">Отклонить сообщение<")
}

// A case goes to an organisation of another place only when that is meant.
func TestARedirectElsewhereIsAskedAbout(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	far, err := w.Directory.AddOrganisation(t.Context(), policy.Machine("operator:test"), directory.Organisation{Code: "far", Kind: directory.Government,
		Name: "Дальняя служба", Hours: w.orgs["roads"].Hours, Territories: []string{"mun.02"}})
	w.must(err)
	page := "/w/roads/cases/" + n
	nobody := url.Values{"version": {w.version("roads_coordinator", n)}, "organisation": {far.ID.String()}, "office": {"Дальняя служба"}, "comment": {"Это их дорога."}, "elsewhere": {"yes"}}
	w.holds("a redirect to where nobody works", w.post("roads_coordinator", page+"/redirect", nobody), 422, "Там некому принять дело")
	w.attend(far.ID, "far_coordinator")
	form := url.Values{"version": {w.version("roads_coordinator", n)}, "organisation": {far.ID.String()}, "office": {"Дальняя служба"}, "comment": {"Это их дорога."}}
	asked := w.post("roads_coordinator", page+"/redirect", form)
	w.holds("a redirect to another place", asked, 422, "Дальняя служба не отвечает за эту территорию", "Это их дорога.", `name="elsewhere"`, "Передать всё равно")
	several := url.Values{"do": {"redirect"}, "sure": {"yes"}, "case": {n}, "organisation": form["organisation"], "office": form["office"], "comment": form["comment"]}
	w.holds("a redirect of several", w.post("roads_coordinator", "/w/roads/bulk", several), 422, "Дальняя служба не отвечает за эту территорию", `name="elsewhere"`)
	form.Set("elsewhere", "yes")
	w.holds("a redirect that is meant", w.post("roads_coordinator", page+"/redirect", form), 303)
	if w.count(`SELECT COUNT(*) FROM casework_case WHERE number=$1 AND organisation_id=$2`, n, far.ID) != 1 {
		t.Error("the case is not where it was sent")
	}
}

// A summary names the field of each sentence that would fit any field.
func TestTheSummaryNamesTheField(t *testing.T) {
	w := newStreet(t)
	officers := w.post("roads_org_admin", "/w/roads/officers", url.Values{"login": {""}, "title": {""}})
	w.holds("an empty officer", officers, 422, `<a href="#login">Логин`, `: заполните это поле.</a>`)
	w.lacks("an empty officer", officers, `">Заполните это поле.</a>`)
	n := w.cases[1].number
	note := w.post("roads_coordinator", "/w/roads/cases/"+n+"/note", url.Values{"version": {w.version("roads_coordinator", n)}, "comment": {""}})
	w.holds("an empty note", note, 422, `<a href="#comment">Заметка: заполните это поле.</a>`)
	add := w.post("nina", "/reports/"+n+"/add", url.Values{"version": {w.version("nina", n)}, "comment": {""}})
	w.holds("an empty addition", add, 422, `<a href="#comment">Что добавить: заполните это поле.</a>`)
}
