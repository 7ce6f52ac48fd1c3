package web

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"okno/internal/platform/i18n"
)

func TestFormReadsAndRefuses(t *testing.T) {
	s := newSite(t)
	var f *Form
	var got string
	s.Handle("POST /x", Open(""), func(_ context.Context, r *Request) (Response, error) {
		var err error
		if f, err = r.Form(); err != nil {
			return nil, err
		}
		got = f.Need("name", 10) + "|" + f.Lines("text", 100)
		f.NeedChoice("kind", "a", "b")
		f.Int("n", 1, 9)
		f.Key()
		return NoContent(), f.Err()
	}, MaxBody(4096))
	const form = "application/x-www-form-urlencoded"
	ok := url.Values{"name": {"  Анна\u202e\x00 "}, "text": {"a\r\nb"}, "kind": {"a"}, "n": {"7"}, KeyName: {NewKey()}}
	w := s.do("POST", "/x", ok.Encode(), "Content-Type", form)
	if s.want(w, 204); got != "Анна|a\nb" {
		t.Errorf("got %q", got)
	}
	w = s.do("POST", "/x", "name=%ff%fe&text=%c3%28&kind=z&n=12", "Content-Type", form)
	s.want(w, 422, i18n.T("ru", "rule.encoding"), i18n.T("ru", "rule.unknown"), i18n.T("ru", "rule.out_of_range", i18n.Args{"From": 1, "To": 9}))
	rules := map[string]string{}
	for _, b := range f.Broken() {
		rules[b.Name] = b.Rule
	}
	for name, rule := range map[string]string{"name": "encoding", "text": "encoding", "kind": "unknown", "n": "out_of_range", KeyName: "required"} {
		if rules[name] != rule {
			t.Errorf("%s breaks %q, want %q", name, rules[name], rule)
		}
	}
	s.want(s.do("POST", "/x", "name="+strings.Repeat("a", 5000), "Content-Type", form), 413)
	s.want(s.do("POST", "/x", "name=%zz", "Content-Type", form), 422)
	s.want(s.do("POST", "/x", "{}", "Content-Type", "application/json"), 415)
	s.want(s.do("POST", "/x", "x"), 415)
	s.want(s.do("POST", "/x", strings.Repeat("a=1&", 600), "Content-Type", form), 413)
	s.want(s.do("POST", "/x", "--b\r\nbroken", "Content-Type", "multipart/form-data; boundary=b"), 422)
	w = s.do("POST", "/x", url.Values{"name": {"длиннее десяти"}, "kind": {"a"}, KeyName: {NewKey()}}.Encode(), "Content-Type", form)
	s.want(w, 422, "Сократите до 10 знаков")
}

func TestFormWithFiles(t *testing.T) {
	s := newSite(t)
	var names []string
	s.Handle("POST /x", Open(""), func(_ context.Context, r *Request) (Response, error) {
		f, err := r.Form()
		if err != nil {
			return nil, err
		}
		for _, h := range f.Files("file") {
			names = append(names, h.Filename)
		}
		return NoContent(), f.Err()
	}, MaxBody(10000))
	send := func(size int) *httptest.ResponseRecorder {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		p, err := m.CreateFormFile("file", "фото.jpg")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = p.Write(bytes.Repeat([]byte{1}, size))
		_ = m.Close()
		return s.do("POST", "/x", b.String(), "Content-Type", m.FormDataContentType())
	}
	if s.want(send(100), 204); len(names) != 1 || names[0] != "фото.jpg" {
		t.Errorf("files %v", names)
	}
	s.want(send(20000), 413)
}

func TestFilesAreNeverPages(t *testing.T) {
	s := newSite(t)
	for path, kind := range map[string]string{"/html": "text/html", "/svg": "image/svg+xml", "/jpeg": "image/jpeg"} {
		s.Handle("GET "+path, Open(""), func(context.Context, *Request) (Response, error) {
			return File("отчёт.bin", kind, noon, strings.NewReader("<script>")).Inline(), nil
		})
		h := s.do("GET", path, "").Header()
		inline := strings.HasPrefix(h.Get("Content-Disposition"), "inline")
		if inline != (path == "/jpeg") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, h)
		}
	}
	if w := s.do("GET", "/jpeg", "", "Range", "bytes=1-3"); w.Code != 206 || w.Body.String() != "scr" {
		t.Errorf("range: %d %s", w.Code, w.Body)
	}
}

// What is taken as it is would stay so if it were normalised.
func TestPlainTextNeedsNoNormalising(t *testing.T) {
	for r := rune(0); r < 0x3000; r++ {
		if v := "Й" + string(r) + "ё"; plain(v) && (norm.NFC.String(v) != v || printable(r) != r || r == '\n' || r == '\t') {
			t.Errorf("%U is not plain", r)
		}
	}
	f := &Form{Values: url.Values{"v": {"мои\u0306 \u202eкраи\u0306"}}}
	if got := f.Text("v", 20); got != "мой край" {
		t.Errorf("%+q", got)
	}
}
