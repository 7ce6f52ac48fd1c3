package e2e

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
)

// TestDoors sends what must not come in: each gets a clear sentence in the
// reader's language, and nothing typed is lost.
func TestDoors(t *testing.T) {
	w := open(t)
	nina, out := w.client("nina"), w.client("")
	fresh := func() *form {
		return nina.get("/report/new").want(200).form("/report/new").set("text", words).set("fact", "roads.surface.pothole")
	}
	kept := func(p *page) *page {
		t.Helper()
		if got := p.form("/report/new").value("text"); got != words {
			t.Errorf("what was typed is lost: %q", got)
		}
		return p
	}
	t.Run("files", func(t *testing.T) {
		for name, body := range map[string]string{
			"photo.jpg":   "<!doctype html><script>alert(1)</script>",
			"drawing.svg": `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
			"program.exe": "MZ\x90\x00\x03",
			"empty.png":   "\x89PNG",
		} {
			p := fresh().set("place", "Верхнеозёрск, Рыбацкая улица, 14").attach("files", name, []byte(body)).send("step=check")
			kept(p.want(422, name)).lacks("alert(1)")
			// The same by the way that scripts use: a problem document with a sentence.
			status, problem := nina.uploadFile(t, name, []byte(body))
			if status < 400 || status >= 500 || !strings.Contains(problem, `"detail"`) || strings.Contains(problem, "internal") {
				t.Errorf("%s: %d %s", name, status, problem)
			}
		}
	})
	t.Run("topic", func(t *testing.T) {
		kept(fresh().set("fact", "roads.no.such").set("place", "Верхнеозёрск, Рыбацкая улица, 14").send("step=check").want(422, "Такой темы больше нет"))
	})
	t.Run("place", func(t *testing.T) {
		kept(fresh().set("lat", "55.75").set("lon", "37.61").send("step=check").want(422, "область")) // Moscow is elsewhere
		kept(fresh().set("lat", "north").set("lon", "37.61").send("step=check").want(422, "Место не прочиталось"))
		kept(fresh().set("place", "Небывалая улица, 5").send("step=check").want(422, "Такого места нет в реестре"))
		kept(fresh().set("place_id", w.people["nina"].String()).send("step=check").want(422, "Такого места нет в реестре"))
	})
	t.Run("words", func(t *testing.T) {
		nina.get("/report/new").form("/report/new").send().want(422, "Напишите, что случилось", "Выберите, о чём сообщение")
		picture, err := os.ReadFile(w.picture("pothole", 3, false))
		w.must(err)
		long := strings.Repeat("яма ", 1100)
		p := fresh().set("text", long).set("place", "Верхнеозёрск, Рыбацкая улица, 14").send()
		p = p.want(422, "4000", "Приложите фото").form("/report/new").attach("files", "Яма.jpg", picture).send("step=send").want(422, "4000")
		if got := p.form("/report/new").value("text"); len(got) < 4000 {
			t.Errorf("a text that is too long is cut to %d bytes", len(got))
		}
	})
	t.Run("foreign", func(t *testing.T) {
		number := w.file("pavel", "roads.surface.pothole", "Верхнеозёрск, Набережная улица, 9", "Тайные слова Павла об этой яме.", w.upload("pavel", "Яма.jpg", w.picture("pothole", 9, false)))
		for _, path := range []string{"/reports/" + number, "/reports/" + number + "/public", "/reports/" + number + "/files/1", "/w/" + roads + "/cases/" + number, "/reports/000000000000", "/reports/abc"} {
			for who, c := range map[string]*client{"nina": nina, "out": out} {
				p := c.get(path)
				if strings.HasPrefix(p.path, "/sign-in") {
					continue
				}
				if p.status != 404 && p.status != 403 {
					t.Errorf("%s reads %s: %d", who, path, p.status)
				}
				p.lacks("Тайные слова")
			}
		}
		p := nina.post("/reports/"+number+"/withdraw", "application/x-www-form-urlencoded", strings.NewReader("version=1"))
		if p.status != 404 && p.status != 403 {
			t.Errorf("nina withdraws a report of Pavel's: %d", p.status)
		}
	})
	t.Run("origin", func(t *testing.T) {
		body := url.Values{"text": {words}}.Encode()
		for name, head := range map[string]http.Header{"none": {}, "other": {"Origin": {"https://evil.example"}}, "cross-site": {"Sec-Fetch-Site": {"cross-site"}}} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/report/new", strings.NewReader(body))
			w.must(err)
			req.Header = head.Clone()
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if p := nina.do(req); p.status != 403 {
				t.Errorf("%s: %d\n%s", name, p.status, short(p.text()))
			}
		}
	})
	t.Run("language", func(t *testing.T) {
		english := w.client("")
		english.lang = "en"
		english.get("/reports/000000000000").want(404).lacks("страниц")
		english.get("/").want(200, "What happened?")
	})
	t.Run("shapes", func(t *testing.T) { // what no form sends
		for _, path := range []string{"/map/reports.json?bbox=1,2,3", "/map/reports.json?bbox=a,b,c,d", "/reports?after=%00", "/w/" + roads + "?after=1"} {
			if p := nina.get(path); p.status >= 500 {
				t.Errorf("%s: %d", path, p.status)
			}
		}
		for kind, body := range map[string]string{"application/json": `{"text":1}`, "multipart/form-data": "x", "multipart/form-data; boundary=b": "--b\r\nbroken", "text/plain": "x"} {
			if p := nina.post("/report/new", kind, strings.NewReader(body)); p.status >= 500 || p.status < 400 {
				t.Errorf("%s: %d", kind, p.status)
			}
		}
	})
}

// uploadFile sends a file as the script of the form does.
func (c *client) uploadFile(t *testing.T, name string, body []byte) (int, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(body) //nolint:errcheck // into a buffer
	m.Close()        //nolint:errcheck // into a buffer
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url+"/files", &b)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	req.Header.Set("Origin", c.url)
	req.Header.Set("Accept", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, out.String()
}

// TestFirstVisit counts the bytes that a citizen's first visit to a page
// costs, as a browser with Brotli gets them: at most 100 kB, maps aside.
func TestFirstVisit(t *testing.T) {
	w := open(t)
	b := chromium(t, w)
	const most = 100_000
	number := w.file("nina", "roads.surface.pothole", "Верхнеозёрск, Набережная улица, 9", "Яма у съезда, объехать нельзя, рядом остановка.", w.upload("nina", "Яма.jpg", w.picture("pothole", 9, false)))
	for _, v := range []struct{ who, path string }{{"", "/"}, {"", "/sign-in"}, {"", "/register"}, {"nina", "/"}, {"nina", "/report/new"}, {"nina", "/reports"}, {"nina", "/reports/" + number}, {"nina", "/notices"}, {"", "/map"}} {
		bytes, parts := b.weigh(v.who, v.path)
		t.Logf("%6d bytes %s %s", bytes, v.who, v.path)
		if bytes > most {
			t.Errorf("%s costs %d bytes on a first visit, more than %d:\n%s", v.path, bytes, most, strings.Join(parts, "\n"))
		}
	}
}
