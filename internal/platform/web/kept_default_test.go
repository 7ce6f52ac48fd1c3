package web

import (
	"context"
	"net/url"
	"strings"
	"testing"
)

// Every form keeps its words without being told to: the page that it came from
// shows them again, or the form's own address where that can be opened.
func TestEveryFormKeepsItsWords(t *testing.T) {
	s, k := talk(t)
	took := func(context.Context, *Request) (Response, error) { return Redirect("/else"), nil }
	s.Handle("POST /else", SignedIn(""), took)
	s.Handle("POST /only", SignedIn(""), took)
	s.Handle("POST /bare", SignedIn(""), took, NoWords())
	const form = "application/x-www-form-urlencoded"
	said := url.Values{"comment": {"two words"}}.Encode()
	for name, c := range map[string]struct{ path, from, back string }{
		"a page of its own":             {"/else", "https://okno.example/talk?part=1", "/talk?part=1"},
		"no page is told":               {"/else", "", "/else"},
		"another site's page":           {"/else", "https://evil.example/talk", "/else"},
		"a page that can't be opened":   {"/else", "https://okno.example/only", "/else"},
		"an address without a page":     {"/only", "", "/"},
		"an address with a page before": {"/only", "https://okno.example/else", "/else"},
	} {
		clear(k.rows)
		w := s.do("POST", c.path, said, "Content-Type", form, "Cookie", "device=1", "Referer", c.from)
		s.want(w, 401, "Ваш текст сохранён", `href="/sign-in?back=`+url.QueryEscape(c.back)+`"`)
		if len(k.rows) != 1 {
			t.Errorf("%s: %d kept", name, len(k.rows))
		}
	}
	for name, headers := range map[string][]string{"a fragment": {"HX-Request", "true"}, "a script": {"Sec-Fetch-Mode", "cors"}, "JSON is wanted": {"Accept", "application/json"}} {
		clear(k.rows)
		w := s.do("POST", "/else", said, append([]string{"Content-Type", form, "Cookie", "device=1"}, headers...)...)
		if w.Code != 401 || len(k.rows) != 0 || strings.Contains(w.Body.String(), "сохранён") {
			t.Errorf("%s: %d, %d kept", name, w.Code, len(k.rows))
		}
	}
	clear(k.rows)
	if w := s.do("POST", "/bare", said, "Content-Type", form, "Cookie", "device=1"); w.Code != 401 || len(k.rows) != 0 || strings.Contains(w.Body.String(), "сохран") {
		t.Errorf("a form without words: %d, %d kept", w.Code, len(k.rows))
	}
}
