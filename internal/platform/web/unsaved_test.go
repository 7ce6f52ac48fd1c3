package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"okno/internal/platform/errs"
)

// A form that could not be stored comes back with every word, ready to be sent
// again with the same key, whatever the handler does of itself.
func TestAFormThatCouldNotBeStoredComesBack(t *testing.T) {
	s, _ := talk(t)
	full := func(_ context.Context, r *Request) (Response, error) {
		if _, err := r.Form(); err != nil {
			return nil, err
		}
		return nil, errs.New(errs.Unavailable, "")
	}
	s.Handle("POST /full", SignedIn(""), full)
	s.Handle("POST /full/secret", SignedIn(""), full, NoWords())
	said := url.Values{"comment": {"Вторая «строка» & <b>\nthird line"}, "key": {"0001"}, "version": {"7"}}
	send := func(path string, v url.Values) string {
		w := s.do("POST", path, v.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Cookie", "__Host-okno=boris", "Origin", "https://okno.example")
		if w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d", path, w.Code)
		}
		return w.Body.String()
	}
	page := send("/full?folder=mine", said)
	for _, want := range []string{`method="post" action="/full?folder=mine"`, "Вторая «строка» &amp; &lt;b&gt;\nthird line</textarea>", `name="key" value="0001"`, `name="version" value="7"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q: %s", want, page)
		}
	}
	for path, v := range map[string]url.Values{"/full": {"version": {"7"}}, "/full/secret": {"old": {"two words"}}} {
		if page := send(path, v); strings.Contains(page, "<form") || strings.Contains(page, "two words") {
			t.Errorf("%s: %s", path, page)
		}
	}
}
