package app

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"okno/internal/casework"
	"okno/internal/platform/id"
)

// browser is a browser without scripts.
type browser struct {
	w   *street
	jar map[string]string
}

func (b *browser) do(method, path, kind string, body []byte) *httptest.ResponseRecorder {
	b.w.t.Helper()
	req := httptest.NewRequest(method, path, bytes.NewReader(body))
	req.Host = "okno.example"
	req.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		req.Header.Set("Origin", "https://okno.example")
		req.Header.Set("Content-Type", kind)
	}
	for name, value := range b.jar {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	out := httptest.NewRecorder()
	b.w.Web.ServeHTTP(out, req)
	for _, c := range out.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.jar, c.Name)
		} else {
			b.jar[c.Name] = c.Value
		}
	}
	return out
}

func (b *browser) post(path string, values url.Values) *httptest.ResponseRecorder {
	return b.do("POST", path, "application/x-www-form-urlencoded", []byte(values.Encode()))
}

// signIn signs in and returns where that leads.
func (b *browser) signIn(login, back string) string {
	b.w.t.Helper()
	got := b.post("/sign-in", url.Values{"login": {login}, "password": {"Berezka-49-tri"}, "back": {back}})
	if got.Code != 303 {
		b.w.t.Fatalf("%s can't sign in: %d %s", login, got.Code, got.Body)
	}
	return got.Header().Get("Location")
}

var backLink = regexp.MustCompile(`href="/sign-in\?back=([^"]+)"`)

// loses sends a form whose session has ended, signs in and opens the page to
// which that leads. Two files go along where with is set.
func (b *browser) loses(login, path string, values url.Values, files bool) *httptest.ResponseRecorder {
	w := b.w
	w.t.Helper()
	delete(b.jar, "__Host-okno")
	var refused *httptest.ResponseRecorder
	if files {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for name, all := range values {
			for _, v := range all {
				w.must(form.WriteField(name, v))
			}
		}
		part, err := form.CreateFormFile("files", "яма.png")
		w.must(err)
		_, err = part.Write(smallPicture(w.t))
		w.must(err)
		w.must(form.Close())
		refused = b.do("POST", path, form.FormDataContentType(), body.Bytes())
	} else {
		refused = b.post(path, values)
	}
	w.holds(path+" without a session", refused, 401, "Ваш текст сохранён на час")
	link := backLink.FindStringSubmatch(refused.Body.String())
	if link == nil {
		w.t.Fatalf("%s: no way to sign in: %s", path, refused.Body)
	}
	back, err := url.QueryUnescape(html.UnescapeString(link[1]))
	w.must(err)
	return b.do("GET", b.signIn(login, back), "", nil)
}

// Who joins a report that the form showed nearby finds what was being written
// in the form again: without scripts, files or not.
func TestWordsOutliveJoining(t *testing.T) {
	w := newStreet(t)
	jana := &browser{w, map[string]string{}}
	jana.signIn("jana", "")
	n := w.cases[1].number

	w.holds("joined from its own page", jana.post("/reports/"+n+"/join", url.Values{}), 303)
	w.lacks("a form that nobody wrote in", jana.do("GET", casework.PathNew, "", nil), "Ваш текст на месте")

	nina := &browser{w, map[string]string{}}
	nina.signIn("jana", "")
	reply := nina.post("/reports/"+n+"/join", url.Values{"text": {"Рядом ещё и «люк» гремит."}, "fact": {"utilities.hatches.broken"}, "note": {"у арки"}, "key": {id.New().String()}})
	w.holds("joined from the form", reply, 303)
	page := nina.do("GET", reply.Header().Get("Location"), "", nil)
	w.holds("the report that was joined", page, 200, "Вернуться к написанному", `href="`+casework.PathNew+`"`)
	w.holds("the form again", nina.do("GET", casework.PathNew, "", nil), 200, "Ваш текст на месте", "Рядом ещё и «люк» гремит.", "у арки")
	w.lacks("the form again", nina.do("GET", casework.PathNew, "", nil), "Вы вошли")
}

// A person without scripts whose session ends while they write finds their
// words in the form after signing in: in every form of a report's life.
func TestWordsOutliveALostSession(t *testing.T) {
	w := newStreet(t)
	nina := &browser{w, map[string]string{}}
	nina.signIn("nina", "")

	report := nina.loses("nina", casework.PathNew, url.Values{"text": {"Фонарь не горит «третью» неделю."}, "fact": {"lighting.lamps.out"}, "note": {"у липы"},
		"hidden": {"yes"}, "step": {"send"}, "key": {id.New().String()}}, true)
	w.holds("the form of a report", report, 200, "ваш текст на месте", "Файлы не сохранились", "Фонарь не горит «третью» неделю.", "у липы", `value="lighting.lamps.out" checked`, `value="yes" checked`)
	jana := &browser{w, map[string]string{}}
	jana.signIn("jana", "")
	for name, value := range nina.jar { // at the same computer
		if name != "__Host-okno" {
			jana.jar[name] = value
		}
	}
	w.lacks("another person at the same computer", jana.do("GET", casework.PathNew, "", nil), "Фонарь не горит «третью»")

	n := w.cases[1].number
	add := nina.loses("nina", "/reports/"+n+"/add", url.Values{"version": {"1"}, "comment": {"Яма стала ещё глубже."}}, true)
	w.holds("an addition", add, 200, `data-draft="`+n+`-add" data-draft-user="`+w.by["nina"].person.String()+`"`, "ваш текст на месте", "Файлы не сохранились", "Яма стала ещё глубже.</textarea>")
	w.holds("the addition sent", nina.post("/reports/"+n+"/add", url.Values{"version": {w.version("nina", n)}, "comment": {"Яма стала ещё глубже."}}), 303)
	w.lacks("after sending", nina.do("GET", "/reports/"+n, "", nil), "ваш текст на месте", "Яма стала ещё глубже.</textarea>")

	w.do("roads_coordinator", n, casework.Assign, casework.Input{Handler: w.by["roads_handler"].person})
	w.do("roads_handler", n, casework.Ask, casework.Input{Comment: "С какой стороны яма?"})
	reply := nina.loses("nina", "/reports/"+n+"/reply", url.Values{"comment": {"Со стороны старой аптеки."}}, false)
	w.holds("a reply", reply, 200, "ваш текст на месте", "Со стороны старой аптеки.</textarea>")
	w.lacks("a reply without files", reply, "Файлы не сохранились")
	w.do("nina", n, casework.Reply, casework.Input{Comment: "Со стороны аптеки."})
	w.holds("a reply that nobody waits for any more", nina.do("GET", "/reports/"+n, "", nil), 200, "больше нет формы", "Со стороны старой аптеки.</textarea>")

	handler := &browser{w, map[string]string{}}
	handler.signIn("roads_handler", "")
	answer := handler.loses("roads_handler", "/w/roads/cases/"+n+"/submit?folder=mine", url.Values{"version": {"1"}, "comment": {"Яму заделали.\r\nПолоса открыта."}}, true)
	w.holds("an officer's answer", answer, 200, `data-draft="`+n+`-submit" data-draft-user="`+w.by["roads_handler"].person.String()+`"`, "ваш текст на месте", "Файлы не сохранились", "Яму заделали.", "Полоса открыта.</textarea>")

	w.do("roads_handler", n, casework.Submit, casework.Input{Comment: "Яму заделали.", Shared: "Яму заделали.", Files: []id.ID{w.photo(t.Context(), w.by["roads_handler"].person)}})
	w.do("roads_approver", n, casework.Approve, casework.Input{})
	rate := nina.loses("nina", "/reports/"+n+"/rate", url.Values{"mark": {"2"}, "solved": {"no"}, "reason": {"no"}, "comment": {"Засыпали песком, и всё."}}, false)
	w.holds("a rating", rate, 200, "ваш текст на месте", "Засыпали песком, и всё.</textarea>", `value="2" checked`)

	for table, n := range map[string]string{"identity_kept": "SELECT COUNT(*) FROM identity_kept"} {
		if w.count(n) == 0 {
			t.Errorf("%s is empty: the words weren't kept there", table)
		}
	}
	if strings.Contains(everything(t, w.DB), "Засыпали песком") {
		t.Error("the database holds words that nobody has sent")
	}
}

// A page that isn't there leads on: home, to one's reports, to a report by its number.
func TestAPageThatIsNotThereLeadsOn(t *testing.T) {
	w := newStreet(t)
	nina := &browser{w, map[string]string{}}
	nina.signIn("nina", "")
	w.holds("nothing here", nina.do("GET", "/nothing-here", "", nil), 404, `href="/"`, `href="/reports"`, `name="number"`, "Найти сообщение")
	n := w.cases[1].number
	found := nina.do("GET", "/reports?number="+url.QueryEscape(id.ShowNumber(n)), "", nil)
	w.holds("a number as it is shown", found, 303)
	if to := found.Header().Get("Location"); to != "/reports/"+n {
		t.Errorf("led to %s", to)
	}
	w.holds("no number", nina.do("GET", "/reports?number=12", "", nil), 404, `name="number"`)
	w.holds("titles are headings", nina.do("GET", "/reports", "", nil), 200, "<h2><a class=\"title\"")
}
