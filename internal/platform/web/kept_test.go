package web

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// keeper is a store in memory; browsers with the cookie "device" are the owner's.
type keeper struct {
	owner id.ID
	rows  map[string]keptRow
}

type keptRow struct {
	owner  id.ID
	sealed []byte
}

func (k *keeper) Owner(_ context.Context, r *http.Request) (id.ID, error) {
	if cookieValue(r, "device") == "" {
		return id.Nil, nil
	}
	return k.owner, nil
}

func (k *keeper) Keep(_ context.Context, hash []byte, owner id.ID, sealed []byte, _ time.Time) error {
	k.rows[string(hash)] = keptRow{owner, sealed}
	return nil
}

func (k *keeper) Kept(_ context.Context, hash []byte, owner id.ID) ([]byte, error) {
	if r, ok := k.rows[string(hash)]; ok && r.owner == owner {
		return r.sealed, nil
	}
	return nil, errs.New(errs.NotFound, "")
}

func (k *keeper) Drop(_ context.Context, hash []byte) error {
	delete(k.rows, string(hash))
	return nil
}

const keptPage = `<!DOCTYPE html><html><body><div id="flash" role="status"></div><main>
<form method="get" action="/talk"><input name="comment" value="search"></form>
<details class="fold"><summary>Answer</summary><form method="post" action="/talk?tab=1">
<input type="hidden" name="version" value="7">
<input name="title" value=""> <input name="part"> <input name="part" value="x">
<textarea name="comment" rows="4">as it was</textarea>
<input type="radio" name="solved" value="yes" checked> <input type="radio" name="solved" value="no">
<input type="checkbox" name="photo" value="1" checked> <input type="checkbox" name="photo" value="2">
<select name="who"><option value="a">A</option><option value="b" selected>B</option></select>
<noscript><input name="without"></noscript>
<input type="password" name="password">
</form></details></main></body></html>`

// talk is a site with one form, on a page of its own, and Boris's session.
func talk(t *testing.T) (*site, *keeper) {
	k := &keeper{owner: id.New(), rows: map[string]keptRow{}}
	s := newSite(t, func(c *Config) {
		c.Kept = k
		c.Sessions.(sessions)["boris"] = Session{Actor: policy.Actor{Person: k.owner, Roles: []policy.Role{policy.Citizen}, Lang: "en", Zone: "Europe/Moscow"}}
	})
	s.Handle("GET /talk", SignedIn(""), says(keptPage))
	s.Handle("GET /else", SignedIn(""), says(keptPage))
	s.Handle("POST /talk", SignedIn(""), func(context.Context, *Request) (Response, error) { return Redirect("/talk"), nil },
		KeepsWords(func(*Request) string { return "/talk" }))
	return s, k
}

const said = "Вторая «строка» & <b>\r\nthird line"

func (s *site) lose(values url.Values) string {
	s.t.Helper()
	w := s.do("POST", "/talk", values.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Cookie", "device=1; __Host-okno=old", "Origin", "https://okno.example",
		"Referer", "https://okno.example/talk?secret=no")
	s.want(w, 401, `href="/sign-in?back=%2Ftalk"`, "Ваш текст сохранён")
	for _, c := range w.Result().Cookies() {
		if c.Name == keptCookie && c.HttpOnly && c.Secure && c.MaxAge == 3600 && c.SameSite == http.SameSiteLaxMode {
			return keptCookie + "=" + c.Value
		}
	}
	s.t.Fatalf("no cookie of kept words: %v", w.Header())
	return ""
}

func TestWordsOutliveALostSession(t *testing.T) {
	s, k := talk(t)
	cookie := s.lose(url.Values{"comment": {said}, "title": {`a "quoted" title`}, "part": {"one", "two", "a third part"}, "solved": {"no"}, "photo": {"2"},
		"who": {"a"}, "version": {"3"}, "password": {"no such"}, "without": {"scripts"}})
	for _, r := range k.rows {
		if bytes.Contains(r.sealed, []byte("third line")) {
			t.Error("the words are stored readable")
		}
	}
	if strings.Contains(s.log.String(), "third") {
		t.Error("the words stand in the log")
	}
	page := s.do("GET", "/talk", "", "Cookie", "__Host-okno=boris; "+cookie)
	s.want(page, 200, "You are signed in, but", ">a third part</textarea>", "Вторая «строка» &amp; &lt;b&gt;", "third line</textarea>", `value="a &#34;quoted&#34; title"`,
		`name="part" value="one"`, `name="part" value="two"`, `value="no" checked`, `value="2" checked`, `value="a" selected`, `name="version" value="7"`,
		`<details class="fold" open>`, `name="without" value="scripts"`, `<form method="get" action="/talk"><input name="comment" value="search">`)
	body := page.Body.String()
	for _, wrong := range []string{"as it was", `value="yes" checked`, `value="1" checked`, `value="b" selected`, "no such"} {
		if strings.Contains(body, wrong) {
			t.Errorf("the page holds %q: %s", wrong, body)
		}
	}
	for name, cookies := range map[string]string{"another person": anna + "; " + cookie, "another browser": "__Host-okno=boris", "a guessed cookie": "__Host-okno=boris; " + keptCookie + "=" + strings.Repeat("A", 43)} {
		if body := s.do("GET", "/talk", "", "Cookie", cookies).Body.String(); strings.Contains(body, "third") {
			t.Errorf("%s reads the words", name)
		}
	}
	if body := s.do("GET", "/else", "", "Cookie", "__Host-okno=boris; "+cookie).Body.String(); body != keptPage {
		t.Errorf("another page changes: %s", body)
	}

	sent := s.do("POST", "/talk", "comment=x", "Cookie", "__Host-okno=boris; "+cookie, "Content-Type", "application/x-www-form-urlencoded", "Origin", "https://okno.example")
	if c := sent.Header().Get("Set-Cookie"); sent.Code != 303 || len(k.rows) != 0 || !strings.Contains(c, keptCookie+"=;") {
		t.Errorf("sent: %d, %d kept, cookie %q", sent.Code, len(k.rows), c)
	}
	if body := s.do("GET", "/talk", "", "Cookie", "__Host-okno=boris; "+cookie).Body.String(); body != keptPage {
		t.Errorf("the page is filled again: %s", body)
	}
}

func TestEveryKeptWordFindsAFieldOrIsShown(t *testing.T) {
	s, _ := talk(t)
	cookie := s.lose(url.Values{"comment": {"two words"}})
	s.want(s.do("GET", "/talk", "", "Cookie", "__Host-okno=boris; "+cookie), 200, "your text is here", "\ntwo words</textarea>")
	_, lost, found := fill([]byte(`<form method="post" action="/gone"><textarea name="comment"></textarea></form>`), &KeptForm{Action: "/talk", Values: url.Values{"comment": {"two words"}, "version": {"3"}}})
	if found || !slices.Equal(lost, []string{"two words"}) {
		t.Errorf("found %v, lost %q", found, lost)
	}
}

func TestFilesOfALostSessionAreNamedAsLost(t *testing.T) {
	s, k := talk(t)
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("files", "a.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(bytes.Repeat([]byte{1}, 100_000)); err != nil {
		t.Fatal(err)
	}
	if err := form.WriteField("comment", "after the file"); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	w := s.do("POST", "/talk", b.String(), "Content-Type", form.FormDataContentType(), "Cookie", "device=1")
	s.want(w, 401, "Ваш текст сохранён")
	for _, r := range k.rows {
		if len(r.sealed) > 1000 {
			t.Errorf("%d bytes are kept: the file too?", len(r.sealed))
		}
	}
	cookie := w.Result().Cookies()[0]
	s.want(s.do("GET", "/talk", "", "Cookie", "__Host-okno=boris; "+cookie.Name+"="+cookie.Value), 200, "after the file</textarea>", "Files were not kept. Attach them again.")
}

func TestWhatIsNotKeptIsToldAsSuch(t *testing.T) {
	s, k := talk(t)
	s.Handle("POST /secret", SignedIn(""), says("x"), NoWords())
	for name, c := range map[string]struct{ path, body, cookie, kind string }{
		"an unknown browser": {"/talk", "comment=two+words", "", "application/x-www-form-urlencoded"},
		"too much":           {"/talk", "comment=" + strings.Repeat("x", 70<<10), "device=1", "application/x-www-form-urlencoded"},
		"far too much":       {"/talk", "comment=" + strings.Repeat("x", 300<<10), "device=1", "application/x-www-form-urlencoded"},
		"no form":            {"/talk", `{"comment":"two words"}`, "device=1", "application/json"},
		"a broken form":      {"/talk", "--x", "device=1", "multipart/form-data; boundary=x"},
		"nothing said":       {"/talk", "comment=", "device=1", "application/x-www-form-urlencoded"},
		"another form":       {"/secret", "password=two+words", "device=1", "application/x-www-form-urlencoded"},
	} {
		w := s.do("POST", c.path, c.body, "Content-Type", c.kind, "Cookie", c.cookie)
		if w.Code != 401 || len(k.rows) != 0 || strings.Contains(w.Body.String(), "Ваш текст сохранён") || len(w.Result().Cookies()) != 0 {
			t.Errorf("%s: %d, %d kept: %s", name, w.Code, len(k.rows), w.Body)
		}
		if c.path == "/talk" {
			s.want(w, 401, "<p data-draft-gone>", "сохранить написанное не удалось", "<p data-draft-stays hidden>", "Черновик остался в этом браузере")
		}
	}
}

func TestABrowserKeepsAFewForms(t *testing.T) {
	s, _ := talk(t)
	cookies := "device=1"
	for range keptForms + 2 {
		w := s.do("POST", "/talk", "comment=two+words", "Content-Type", "application/x-www-form-urlencoded", "Cookie", cookies)
		c := w.Result().Cookies()[0]
		cookies = "device=1; " + c.Name + "=" + c.Value
	}
	r := httptest.NewRequest("GET", "/talk", nil)
	r.Header.Set("Cookie", cookies)
	if n := len(keptTokens(r)); n != keptForms {
		t.Errorf("%d tokens", n)
	}
}
