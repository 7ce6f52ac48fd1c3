package web

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"
)

// largeForm is a form with words around a file of so many bytes.
func largeForm(t *testing.T, size int) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	write := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	write(form.WriteField("title", "before the file"))
	write(form.WriteField("comment", "Яма во всю полосу"))
	part, err := form.CreateFormFile("files", "a.png")
	write(err)
	_, err = part.Write(bytes.Repeat([]byte{1}, size))
	write(err)
	write(form.WriteField("part", "after the file"))
	write(form.Close())
	return b.String(), form.FormDataContentType()
}

func largeTalk(t *testing.T) (*site, *keeper) {
	s, k := talk(t)
	s.Handle("POST /send", SignedIn(""), func(_ context.Context, r *Request) (Response, error) {
		_, err := r.Form()
		return Redirect("/talk"), err
	}, MaxBody(50_000), KeepsWords(func(*Request) string { return "/talk" }))
	return s, k
}

// Files that are too large lead back to the form with the words that stood
// before them; what can't be kept is said, with the way back.
func TestFilesThatAreTooLargeLoseNoWords(t *testing.T) {
	s, k := largeTalk(t)
	body, kind := largeForm(t, 200_000)
	head := []string{"Content-Type", kind, "Cookie", "__Host-okno=boris", "Origin", "https://okno.example", "Referer", "https://okno.example/talk"}
	w := s.do("POST", "/send", body, head...)
	if w.Code != 303 || w.Header().Get("Location") != "/talk" || len(k.rows) != 1 {
		t.Fatalf("%d to %q, %d kept: %s", w.Code, w.Header().Get("Location"), len(k.rows), w.Body)
	}
	cookie := w.Result().Cookies()[0]
	page := s.do("GET", "/talk", "", "Cookie", "__Host-okno=boris; "+cookie.Name+"="+cookie.Value)
	s.want(page, 200, "The files are too large, your text is here", "Яма во всю полосу")
	if strings.Contains(page.Body.String(), "You are signed in") {
		t.Errorf("tells of signing in: %s", page.Body)
	}
	whole := strings.NewReader(body)
	req := httptest.NewRequest("POST", "/send", whole)
	for i := 0; i < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	if s.Server.ServeHTTP(httptest.NewRecorder(), req); whole.Len() > 0 {
		t.Errorf("%d bytes are left unread: the browser shows no answer", whole.Len())
	}
	clear(k.rows)
	s.want(s.do("POST", "/send", body, append(head, "Sec-Fetch-Mode", "cors", "Accept", "application/json")...), 413)
	if len(k.rows) != 0 {
		t.Errorf("a script's request is kept: %d", len(k.rows))
	}
	none := s.do("POST", "/send", strings.Repeat("a", 60_000), append(head, "Content-Type", "application/x-www-form-urlencoded")...)
	s.want(none, 413, `href="/talk"`, "Go back with the browser")
	body, head[1] = largeForm(t, 1000)
	s.want(s.do("POST", "/send", body, head...), 303)
}
