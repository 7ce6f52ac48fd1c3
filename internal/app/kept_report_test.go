package app

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"okno/internal/casework"
	"okno/internal/places"
)

// hiddenField is a hidden value of a page's form.
func hiddenField(page *httptest.ResponseRecorder, name string) string {
	m := regexp.MustCompile(`type="hidden" name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page.Body.String())
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// buttonValue is the value of the first button of a name.
func buttonValue(page *httptest.ResponseRecorder, name string) string {
	for _, b := range regexp.MustCompile(`<button[^>]*>`).FindAllString(page.Body.String(), -1) {
		if strings.Contains(b, ` name="`+name+`"`) {
			if m := regexp.MustCompile(` value="([^"]*)"`).FindStringSubmatch(b); m != nil {
				return m[1]
			}
		}
	}
	return ""
}

// tooLarge sends the form of a report with a file that is too large and opens
// the page to which that leads.
func (b *browser) tooLarge(text, key string) *httptest.ResponseRecorder {
	w := b.w
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, v := range map[string]string{"text": text, "key": key, "step": "check", "kept": ""} {
		w.must(form.WriteField(name, v))
	}
	part, err := form.CreateFormFile("files", "video.mp4")
	w.must(err)
	_, err = part.Write(make([]byte, 41<<20))
	w.must(err)
	w.must(form.Close())
	refused := b.do("POST", casework.PathNew, form.FormDataContentType(), body.Bytes())
	w.holds("files that are too large", refused, 303)
	return b.do("GET", refused.Header().Get("Location"), "", nil)
}

// Words of another form that wait in this browser take no place of what is
// typed: they are offered, one goes back to them, and nothing is lost on the way.
func TestKeptWordsMakeRoomForOthers(t *testing.T) {
	w := newStreet(t)
	nina := &browser{w, map[string]string{}}
	nina.signIn("nina", "")
	const alert, pothole, lamp = "Файлы слишком большие", "Яма на дороге у школы", "не горит фонарь во дворе"
	open := func(query string) *httptest.ResponseRecorder { return nina.do("GET", casework.PathNew+query, "", nil) }
	area := func(words string) string { return words + "</textarea>" }
	sendWith := func(page *httptest.ResponseRecorder, values url.Values) *httptest.ResponseRecorder {
		values.Set("key", hiddenField(page, "key"))
		values.Set("kept", hiddenField(page, "kept"))
		return nina.post(casework.PathNew, values)
	}

	key := hiddenField(open(""), "key")
	w.holds("back at the form", nina.tooLarge(pothole, key), 200, alert, area(pothole))
	again := open("")
	w.holds("opened again", again, 200, area(pothole), "Написанное раньше сохранено")
	w.lacks("what happened is told once", again, alert)
	nina.tooLarge(pothole, key)

	typed := open("?text=" + url.QueryEscape(lamp))
	w.holds("typed on the first page", typed, 200, area(lamp), "неотправленное сообщение: «"+pothole+"»", "Вернуться к нему")
	w.lacks("typed on the first page", typed, alert, area(pothole))
	if n := strings.Count(typed.Body.String(), "У вас есть неотправленное сообщение"); n != 1 {
		t.Errorf("one form is offered %d times", n)
	}
	topic := open("?fact=lighting.lamps.out")
	w.holds("a topic of the first page", topic, 200, `value="lighting.lamps.out" checked`, "неотправленное сообщение: «"+pothole+"»")
	w.lacks("a topic of the first page", topic, area(pothole))
	w.holds("the same words typed again", open("?text="+url.QueryEscape(pothole)), 200, area(pothole), "Написанное раньше сохранено")

	back := sendWith(typed, url.Values{"text": {lamp + ", у пятого дома"}, "place": {"Луговая"}, "return": {buttonValue(typed, "return")}})
	w.holds("the older one is wanted", back, 303)
	older := nina.do("GET", back.Header().Get("Location"), "", nil)
	w.holds("the older one", older, 200, area(pothole), "неотправленное сообщение: «"+lamp+", у пятого дома»")
	w.lacks("the older one", older, alert)

	looked := sendWith(older, url.Values{"text": {pothole + "!"}, "forget": {buttonValue(older, "return")}})
	w.holds("the other is not wanted", looked, 200, area(pothole+"!"))
	w.lacks("the other is not wanted", looked, lamp)

	newer := open("?text=" + url.QueryEscape(lamp))
	filed := sendWith(newer, url.Values{"text": {lamp}, "fact": {"lighting.lamps.out"}, "place_id": {places.IDOf("adr.01").String()}, "place": {w.reportForm().Get("place")}, "step": {"send"}})
	w.holds("another report is filed", filed, 303)
	if to := filed.Header().Get("Location"); !strings.HasPrefix(to, "/reports/") {
		t.Fatalf("filed: led to %s", to)
	}
	left := open("")
	w.holds("it took none of the words of the first", left, 200, area(pothole))

	gone := sendWith(left, url.Values{"text": {pothole}, "forget": {hiddenField(left, "kept")}})
	w.holds("not wanted any more", gone, 303)
	for _, path := range []string{gone.Header().Get("Location"), casework.PathNew} {
		w.lacks("after that", nina.do("GET", path, "", nil), pothole)
	}
}

// What is filed from the page before is kept no longer, for it is the same form.
func TestAFiledFormIsKeptNoLonger(t *testing.T) {
	w := newStreet(t)
	nina := &browser{w, map[string]string{}}
	nina.signIn("nina", "")
	page := nina.do("GET", casework.PathNew, "", nil)
	values := url.Values{"text": {"Фонарь не горит у липы"}, "fact": {"lighting.lamps.out"}, "place_id": {places.IDOf("adr.01").String()}, "place": {w.reportForm().Get("place")},
		"step": {"send"}, "kept": {""}, "key": {hiddenField(page, "key")}}
	w.holds("lost and found", nina.loses("nina", casework.PathNew, values, false), 200, "ваш текст на месте", "у липы")
	again := nina.do("GET", casework.PathNew, "", nil)
	w.holds("again", again, 200, "у липы")
	w.lacks("told once", again, "ваш текст на месте")
	w.holds("sent from the page before", nina.post(casework.PathNew, values), 303)
	w.lacks("filed", nina.do("GET", casework.PathNew, "", nil), "у липы")
}

// A form with more files than a report takes is told the number that the API
// tells, with all of them listed.
func TestTooManyFilesAreCounted(t *testing.T) {
	w := newStreet(t)
	nina := &browser{w, map[string]string{}}
	nina.signIn("nina", "")
	send := func(n int) *httptest.ResponseRecorder {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for name, v := range w.reportForm() {
			w.must(form.WriteField(name, v[0]))
		}
		for i := range n {
			part, err := form.CreateFormFile("files", "опись "+strconv.Itoa(i)+".txt")
			w.must(err)
			_, err = part.Write([]byte("лист " + strconv.Itoa(i)))
			w.must(err)
		}
		w.must(form.Close())
		return nina.do("POST", casework.PathNew, form.FormDataContentType(), body.Bytes())
	}
	for _, n := range []int{11, 25} {
		page := send(n)
		w.holds("too many files", page, 422, "Можно приложить не больше 10 файлов")
		w.lacks("too many files", page, "не больше 20")
		if listed := strings.Count(page.Body.String(), `name="attachment"`); listed != n {
			t.Errorf("%d of %d files are listed", listed, n)
		}
	}
	w.holds("ten files", send(10), 303)
}
