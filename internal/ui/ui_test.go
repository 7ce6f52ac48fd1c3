package ui

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"okno/internal/platform/i18n"
)

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func pages(lang string) map[string]templ.Component {
	p := Page{Lang: lang, Path: "/design"}
	return map[string]templ.Component{"gallery": Gallery(p), "report": GalleryReport(p), "workspace": GalleryWorkspace(p), "empty": GalleryWorkspaceEmpty(p)}
}

// Nothing on a page may need 'unsafe-inline', and no id may stand twice.
func TestPagesAreCleanOfInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+=|<style|javascript:|<script(?:[^>]*)>[^<]`)
	ids := regexp.MustCompile(`\sid="([^"]*)"`)
	for _, lang := range i18n.Languages() {
		for name, c := range pages(lang) {
			html := render(t, c)
			if found := inline.FindString(html); found != "" {
				t.Errorf("%s in %s holds %q", name, lang, found)
			}
			seen := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(html, -1) {
				if seen[m[1]] {
					t.Errorf("%s in %s: id %q stands twice", name, lang, m[1])
				}
				seen[m[1]] = true
			}
			if strings.Contains(html, "ui.") && regexp.MustCompile(`>\s*ui\.[a-z_0-9]+`).MatchString(html) {
				t.Errorf("%s in %s shows a key instead of words", name, lang)
			}
			if lang == i18n.English && regexp.MustCompile(`[А-Яа-яЁё]`).MatchString(strings.ReplaceAll(html, "Русский", "")) {
				t.Errorf("%s in English holds Russian letters", name)
			}
		}
	}
}

// A first visit of a citizen's page is under 100 kB, maps aside: page, styles, both fonts, and every script that filing
// a report needs.
func TestFirstVisitIsLight(t *testing.T) {
	s, err := build()
	if err != nil {
		t.Fatal(err)
	}
	html := &asset{body: []byte(render(t, pages("ru")["report"])), contentType: "text/html"}
	total, list := 0, []string{"page"}
	page, _ := html.encoded("br")
	total += len(page)
	for _, name := range []string{"okno.css", "okno.js", "combobox.js", "upload.js", "limit.js", "draft.js", "vendor/htmx.js", "vendor/golos-cyrillic.woff2", "vendor/golos-latin.woff2", "mark.svg", "manifest.ru.webmanifest"} {
		a := s.files[name]
		if a == nil {
			t.Fatalf("no asset %s", name)
		}
		b, _ := a.encoded("gzip")
		total += len(b)
		list = append(list, name+" "+itoa(len(b)))
	}
	t.Logf("%d bytes: %s", total, strings.Join(list, ", "))
	if total > 90_000 {
		t.Errorf("a first visit takes %d bytes; 10 kB must be left for a longer page", total)
	}
	if css, _ := s.files["okno.css"].encoded("gzip"); len(css) > 12_000 {
		t.Errorf("okno.css takes %d bytes compressed", len(css))
	}
}

func TestAssetsAreServed(t *testing.T) {
	server := httptest.NewServer(Assets())
	defer server.Close()
	for _, c := range []struct{ path, kind, cache string }{
		{URL("okno.css"), "text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		{URL("vendor/htmx.js"), "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/assets/older/okno.js", "text/javascript; charset=utf-8", "no-cache"},
		{URL("manifest.en.webmanifest"), "application/manifest+json", "public, max-age=31536000, immutable"},
	} {
		resp, err := http.Get(server.URL + c.path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close() //nolint:errcheck // a test's reader
		if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != c.kind || resp.Header.Get("Cache-Control") != c.cache {
			t.Errorf("%s: %d %v", c.path, resp.StatusCode, resp.Header)
		}
	}
	for _, path := range []string{"/assets/", "/assets/x/none.css", "/assets/x/css/10-base.css", "/assets/x/../ui.go"} {
		resp, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close() //nolint:errcheck // a test's reader
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, resp.StatusCode)
		}
	}
}

func TestView(t *testing.T) {
	want := View{Theme: "dark", Contrast: "high", Size: "150", Spacing: "wide", Pictures: "off"}
	if got := ParseView(want.String()); got != want {
		t.Errorf("kept and read: %+v", got)
	}
	if got := ViewFromForm(url.Values{"theme": {`dark"><script>`}, "size": {"125 150"}, "contrast": {"high"}, "pictures": {" "}}); got != (View{Contrast: "high"}) {
		t.Errorf("what isn't of the lists came through: %+v", got)
	}
	if got := ParseView("%zz"); got != (View{}) {
		t.Errorf("a damaged cookie gave %+v", got)
	}
	html := render(t, Layout(Page{View: want}))
	for _, attr := range []string{`data-theme="dark"`, `data-contrast="high"`, `data-size="150"`, `data-spacing="wide"`, `data-pictures="off"`} {
		if !strings.Contains(html, attr) {
			t.Errorf("the page lacks %s", attr)
		}
	}
}

func TestDate(t *testing.T) {
	for _, c := range []struct {
		in   DateValue
		want string
	}{{DateValue{" 27 ", "3", "1984"}, "1984-03-27"}, {DateValue{"29", "2", "2024"}, "2024-02-29"}, {DateValue{"29", "2", "2025"}, ""}, {DateValue{"1", "13", "2025"}, ""}, {DateValue{"1", "1", "84"}, ""}, {DateValue{"", "", ""}, ""}} {
		got, ok := c.in.ISO()
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%v: %q %v", c.in, got, ok)
		}
	}
	if got := DateOf("2026-11-07"); got != (DateValue{"7", "11", "2026"}) {
		t.Errorf("%v", got)
	}
}

func TestTextIsEscaped(t *testing.T) {
	bad := `<b>"&`
	for name, c := range map[string]templ.Component{
		"deadline": Deadline(DeadlineProps{Main: bad, Note: bad}), "map": Map(MapProps{ID: "m", Label: bad}),
		"button": Button(ButtonProps{Text: bad, Href: "javascript:alert(1)"}), "row": Row(RowProps{Title: bad, Href: " javascript:alert(1)"}), "link": Link(LinkProps{Text: bad, Href: "javascript:alert(1)"}), "option": Radios(ChoicesProps{Options: []Option{{Value: bad, Text: bad}}}),
	} {
		html := render(t, c)
		if strings.Contains(html, "<b>\"") || strings.Contains(html, "javascript:") {
			t.Errorf("%s: %s", name, html)
		}
	}
}

func TestGone(t *testing.T) {
	for percent, want := range map[int]string{-3: "gone-0", 0: "gone-0", 2: "gone-0", 3: "gone-5", 61: "gone-60", 98: "gone-100", 140: "gone-100"} {
		if got := goneClass(percent); got != want {
			t.Errorf("%d: %s, want %s", percent, got, want)
		}
	}
}
