package app

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"okno/internal/casework"
	"okno/internal/places"
	"okno/internal/platform/blob"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

func (w *street) get(who, path string) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.send(w.by[who], "GET", path, nil, "")
}

func (w *street) post(who, path string, form url.Values) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.send(w.by[who], "POST", path, form, "")
}

// after is the page to which an answer leads, with the message it left.
func (w *street) after(who string, got *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	w.t.Helper()
	req := httptest.NewRequest("GET", got.Header().Get("Location"), http.NoBody)
	req.Header.Set("Accept", "text/html")
	for _, c := range append(got.Result().Cookies(), &http.Cookie{Name: "__Host-okno", Value: w.by[who].cookie}) {
		req.AddCookie(c)
	}
	out := httptest.NewRecorder()
	w.Web.ServeHTTP(out, req)
	return out
}

func (w *street) holds(what string, got *httptest.ResponseRecorder, code int, words ...string) {
	w.t.Helper()
	if got.Code != code {
		w.t.Errorf("%s answers %d, want %d", what, got.Code, code)
	}
	for _, word := range words {
		if !strings.Contains(got.Body.String(), word) {
			w.t.Errorf("%s doesn't say %q", what, word)
		}
	}
}

func (w *street) lacks(what string, got *httptest.ResponseRecorder, words ...string) {
	w.t.Helper()
	for _, word := range words {
		if strings.Contains(got.Body.String(), word) {
			w.t.Errorf("%s says %q", what, word)
		}
	}
}

func (w *street) count(query string, args ...any) int64 {
	w.t.Helper()
	n, err := db.One(w.t.Context(), w.DB, db.Int, query, args...)
	w.must(err)
	return n
}

var hrefs = regexp.MustCompile(`(?:href|src)="(/[^"]*/files/[^"]*)"`)

// Who must say why they open a case is asked for it, says it once, and opens
// the files of the page with it; each opening is recorded with the reason.
func TestAReasonOpensTheFilesToo(t *testing.T) {
	w := newStreet(t)
	page := "/w/roads/cases/" + w.cases[0].number
	for _, who := range []string{"roads_org_admin", "region_admin"} {
		page := page
		if who == "region_admin" {
			page = "/w/admins/cases/" + w.cases[0].number
		}
		asked := w.get(who, page)
		w.holds("the case without a reason", asked, 403, `name="reason"`, `action="`+page+`"`)
		w.lacks("the case without a reason", asked, w.cases[0].words...)
		open := w.get(who, page+"?reason="+url.QueryEscape("жалоба на срок & место"))
		w.holds("the case with a reason", open, 200, w.cases[0].words[0])
		links := hrefs.FindAllStringSubmatch(open.Body.String(), -1)
		if len(links) == 0 {
			t.Fatal("the page has no file")
		}
		for _, l := range links {
			w.holds(l[1], w.get(who, strings.ReplaceAll(l[1], "&amp;", "&")), 200)
		}
		if n := w.count(`SELECT COUNT(*) FROM privacy_read WHERE person=$1 AND what='attachment.read' AND reason=$2`, w.by[who].person, "жалоба на срок & место"); n != int64(len(links)) {
			t.Errorf("%d openings of files are recorded with the reason, want %d", n, len(links))
		}
		w.holds("a file without the reason", w.get(who, page+"/files/1"), 403)
	}
}

// A file that was sent a moment ago is shown as one that is being looked at.
func TestAFreshFileIsSaidToBeChecked(t *testing.T) {
	w := newStreet(t)
	var b bytes.Buffer
	w.must(png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 9, 9))))
	nina := w.by["nina"]
	o, err := w.Blobs.Upload(t.Context(), blob.Upload{Owner: nina.person, Uploader: nina.person, Name: "свежая.png", Body: &b})
	w.must(err)
	made, err := w.Cases.FileReport(t.Context(), nina.citizen, casework.FileInput{Text: "Яма у второго подъезда, только что.", Fact: w.fact,
		Place: casework.PlaceInput{Address: places.IDOf("adr.01")}, Files: []id.ID{o.ID}, Channel: "portal", Lang: "ru"})
	w.must(err)
	page, file := "/w/roads/cases/"+made.Number, "/w/roads/cases/"+made.Number+"/files/1"
	open := w.get("roads_moderator", page)
	w.holds("the case", open, 200, "свежая.png", "Файл проверяется")
	w.lacks("the case", open, `"`+file)
	w.holds("the file", w.get("roads_moderator", file), 200, "Файл проверяется", page)
	w.lacks("the author's page", w.get("nina", "/reports/"+made.Number), "Файл проверяется")
	w.must(w.Blobs.Process(t.Context(), o.ID, nil))
	w.holds("the case later", w.get("roads_moderator", page), 200, file+"?size=thumb")
	if got := w.get("roads_moderator", file); got.Code != 200 || !strings.HasPrefix(got.Header().Get("Content-Type"), "image/") {
		t.Errorf("the file later: %d %s", got.Code, got.Header().Get("Content-Type"))
	}
}

// The search takes a number however it was typed; one of another house is not found.
func TestTheSearchFindsNumbers(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	for _, q := range []string{n, n[:4] + " " + n[4:8] + " " + n[8:], n[:4] + "\u2013" + n[4:8] + "\u2014" + n[8:], "№\u00a0" + n[:4] + "\u202f" + n[4:8] + "-" + n[8:], "\t" + n + " "} {
		if got := w.get("roads_handler", "/w/roads/find?q="+url.QueryEscape(q)); got.Header().Get("Location") != "/w/roads/cases/"+n {
			t.Errorf("%q leads to %q", q, got.Header().Get("Location"))
		}
	}
	foreign, missing := w.get("roads_handler", "/w/roads/find?q="+w.cases[2].number), w.get("roads_handler", "/w/roads/find?q="+w.cases[3].number)
	if a, b := likeness(foreign, w.cases[2].number), likeness(missing, w.cases[3].number); a != b {
		t.Error("another organisation's number is answered unlike one that isn't there: " + firstDifference(a, b))
	}
	w.holds("another organisation's number", w.after("roads_handler", foreign), 200, "Такого дела у вас нет.")
	w.holds("no number", w.after("roads_handler", w.get("roads_handler", "/w/roads/find?q="+url.QueryEscape("яма")+"")), 200, "Введите номер дела целиком")
	w.holds("a number with a typo", w.after("roads_handler", w.get("roads_handler", "/w/roads/find?q=123456789012")), 200, "В номере опечатка")
}

// What stands in the line wins over the id that the page carried before.
func TestTheTypedOfficeWins(t *testing.T) {
	w := newStreet(t)
	page := "/w/roads/cases/" + w.cases[1].number
	v, err := w.Cases.Read(t.Context(), w.by["roads_coordinator"].acting, w.cases[1].number, "")
	w.must(err)
	form := url.Values{"version": {strconv.FormatInt(v.Version, 10)}, "comment": {"Это к свету."}, "organisation": {w.orgs["gas"].ID.String()}, "office": {"Такой службы нет"}}
	w.holds("an office that isn't there", w.post("roads_coordinator", page+"/redirect", form), 422, "Такой службы нет")
	form.Set("office", "Служба lamps")
	if got := w.post("roads_coordinator", page+"/redirect", form); got.Code != 303 {
		t.Fatalf("redirect answers %d", got.Code)
	}
	if n := w.count(`SELECT COUNT(*) FROM casework_case WHERE number=$1 AND organisation_id=$2`, w.cases[1].number, w.orgs["lamps"].ID); n != 1 {
		t.Error("the case went where the old id pointed")
	}
}

// Each part of a split finds its topic by name; the list of all is for
// browsers without scripts alone.
func TestSplitByTheNamesOfTopics(t *testing.T) {
	w := newStreet(t)
	page := "/w/roads/cases/" + w.cases[1].number
	open := w.get("roads_coordinator", page+"?do=split")
	w.holds("the form", open, 200, `name="part_topic"`, `data-source="/report/topics.json"`)
	visible := regexp.MustCompile(`(?s)<noscript>.*?</noscript>`).ReplaceAllString(open.Body.String(), "")
	if strings.Contains(visible, "part_listed") || !strings.Contains(open.Body.String(), "part_listed") {
		t.Error("the list of all topics does not stand for browsers without scripts alone")
	}
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(open.Body.String())[1]
	index, err := w.Taxonomy.Current(t.Context())
	w.must(err)
	one, two := index.Rubricator.Facts()[0], index.Rubricator.Facts()[1]
	form := url.Values{"version": {version}, "part_text": {"Первая часть дела.", "Вторая часть дела.", "", ""},
		"part_topic": {one.Name, "Нет такой темы", "", ""}, "part_fact": {one.Code, "", "", ""}}
	w.holds("a part with an unknown topic", w.post("roads_coordinator", page+"/split", form), 422, "Нет такой темы", "Первая часть дела.")
	form["part_topic"][1] = two.Name // typed as it stands in the rubricator, not chosen
	delete(form, "part_listed")
	w.offered(page, form)
	if got := w.post("roads_coordinator", page+"/split", form); got.Code != 303 {
		t.Fatalf("split answers %d", got.Code)
	}
	for _, f := range []string{one.Code, two.Code} {
		if n := w.count(`SELECT COUNT(*) FROM casework_case WHERE fact=$1 AND parent_id=(SELECT id FROM casework_case WHERE number=$2)`, f, w.cases[1].number); n != 1 {
			t.Errorf("%d parts of topic %s", n, f)
		}
	}
}

// The list without scripts says which topics the parts have.
func TestSplitByTheListOfTopics(t *testing.T) {
	w := newStreet(t)
	v, err := w.Cases.Read(t.Context(), w.by["roads_coordinator"].acting, w.cases[1].number, "")
	w.must(err)
	index, err := w.Taxonomy.Current(t.Context())
	w.must(err)
	one, two := index.Rubricator.Facts()[2], index.Rubricator.Facts()[3]
	form := url.Values{"version": {strconv.FormatInt(v.Version, 10)}, "part_text": {"Первая часть дела.", "Вторая часть дела.", "", ""},
		"part_topic": {"старое", "", "", ""}, "part_fact": {two.Code, "", "", ""}, "part_listed": {one.Code, two.Code, "", ""}}
	w.offered("/w/roads/cases/"+w.cases[1].number, form)
	if got := w.post("roads_coordinator", "/w/roads/cases/"+w.cases[1].number+"/split", form); got.Code != 303 {
		t.Fatalf("split answers %d", got.Code)
	}
	if n := w.count(`SELECT COUNT(*) FROM casework_case WHERE fact IN ($1,$2) AND parent_id=(SELECT id FROM casework_case WHERE number=$3)`, one.Code, two.Code, w.cases[1].number); n != 2 {
		t.Errorf("%d parts", n)
	}
}

// A page that was open while an officer wrote a note still adds to the case.
func TestAPageOpenDuringANoteStillAdds(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	open := w.get("nina", "/reports/"+n)
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(open.Body.String())[1]
	_, err := w.Cases.Act(t.Context(), w.by["roads_handler"].acting, n, casework.Note, casework.Input{Comment: "Позвонили."})
	w.must(err)
	if got := w.post("nina", "/reports/"+n+"/add", url.Values{"version": {version}, "comment": {"Яма стала больше."}}); got.Code != 303 {
		t.Errorf("the addition answers %d", got.Code)
	}
	if got := w.post("roads_coordinator", "/w/roads/cases/"+n+"/extend", url.Values{"version": {version}, "comment": {"Ждём."}}); got.Code != 422 {
		t.Errorf("a decision about what has changed answers %d", got.Code)
	}
}

// The author closes a report on its page and opens it again; strangers see accordingly.
func TestTheAuthorDecidesWhatOthersSee(t *testing.T) {
	w := newStreet(t)
	page, public := "/reports/"+w.cases[1].number, "/reports/"+w.cases[1].number+"/public"
	w.holds("the author's page", w.get("nina", page), 200, page+"/visibility", `name="hidden" value="yes"`, public)
	w.lacks("the page of one who joined", w.get("jana", page), page+"/visibility")
	w.holds("nothing chosen", w.post("nina", page+"/visibility", url.Values{}), 422)
	got := w.post("nina", page+"/visibility", url.Values{"hidden": {"yes"}})
	closed := w.after("nina", got)
	w.holds("the author's page, closed", closed, 200, "Показать другим", `name="hidden" value="no"`)
	w.lacks("the author's page, closed", closed, public)
	w.holds("the public page, closed", w.get("oleg", public), 404)
	w.holds("the officers' history", w.get("roads_handler", "/w/roads/cases/"+w.cases[1].number), 200, "Скрыто от других.")
	fresh, err := w.Cases.FileReport(t.Context(), w.by["nina"].citizen, casework.FileInput{Text: "Яма у третьего подъезда, с утра.", Fact: w.fact,
		Place: casework.PlaceInput{Address: places.IDOf("adr.01")}, Files: []id.ID{w.photo(t.Context(), w.by["nina"].person)}, Channel: "portal", Lang: "ru"})
	w.must(err)
	unread := w.get("nina", "/reports/"+fresh.Number)
	w.holds("the page of one that no moderator has read", unread, 200, "После проверки модератором увидят", "Скрыть от других")
	w.lacks("the page of one that no moderator has read", unread, "Видят: тему", fresh.Number+"/public")
	w.post("nina", page+"/visibility", url.Values{"hidden": {"no"}})
	w.holds("the public page, open", w.get("oleg", public), 200)
}
