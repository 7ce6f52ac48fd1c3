package e2e

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"
)

// client reads pages and sends their forms as a browser without scripts does.
type client struct {
	t    *testing.T
	url  string
	http *http.Client
	lang string
}

// page is an answer as the client got it.
type page struct {
	c      *client
	status int
	path   string
	header http.Header
	body   []byte
	root   *html.Node
}

func (c *client) get(path string) *page {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.url+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.do(req)
}

func (c *client) do(req *http.Request) *page {
	c.t.Helper()
	req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	if c.lang != "" {
		req.Header.Set("Accept-Language", c.lang)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	p := &page{c: c, status: resp.StatusCode, path: resp.Request.URL.RequestURI(), header: resp.Header, body: body}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		if p.root, err = html.Parse(bytes.NewReader(body)); err != nil {
			c.t.Fatal(err)
		}
	}
	return p
}

// want ends the test unless the page has the status and says each of the words.
func (p *page) want(status int, words ...string) *page {
	p.c.t.Helper()
	text := p.text()
	if p.status != status {
		p.c.t.Fatalf("%s: status %d, want %d\n%s", p.path, p.status, status, short(text))
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			p.c.t.Fatalf("%s does not say %q\n%s", p.path, w, short(text))
		}
	}
	return p
}

// lacks ends the test where the page holds one of the words, shown or not.
func (p *page) lacks(words ...string) *page {
	p.c.t.Helper()
	for _, w := range words {
		if bytes.Contains(p.body, []byte(w)) {
			p.c.t.Fatalf("%s holds %q", p.path, w)
		}
	}
	return p
}

func short(s string) string {
	if r := []rune(s); len(r) > 3000 {
		return string(r[:3000]) + "…"
	}
	return s
}

// text is what the page says, one space between words.
func (p *page) text() string {
	if p.root == nil {
		return string(p.body)
	}
	return textOf(p.root)
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && !slices.Contains([]string{"script", "style", "title"}, d.Parent.Data) && !needsScripts(d) {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// needsScripts tells what the style sheet hides where no script runs.
func needsScripts(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if slices.Contains(strings.Fields(attr(n, "class")), "needs-js") {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// links are the addresses of the page's links whose text holds the words.
func (p *page) links(words string) (out []string) {
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "a" && strings.Contains(textOf(n), words) {
			out = append(out, attr(n, "href"))
		}
	}
	return out
}

// field is a value of a form that is being filled in.
type field struct {
	name, value, file string
	bytes             []byte
}

// form is a form of a page as it stands, to be filled in and sent.
type form struct {
	p      *page
	action string
	multi  bool
	fields []field
	press  string // name=value of the button; empty: the first
	node   *html.Node
}

// form finds the form whose address ends so.
func (p *page) form(action string) *form {
	p.c.t.Helper()
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "form" {
			continue
		}
		to, _, _ := strings.Cut(attr(n, "action"), "?")
		if !strings.HasSuffix(to, action) {
			continue
		}
		f := &form{p: p, action: attr(n, "action"), multi: attr(n, "enctype") == "multipart/form-data", node: n}
		f.read(n)
		return f
	}
	p.c.t.Fatalf("%s has no form for %s\n%s", p.path, action, short(p.text()))
	return nil
}

func (f *form) read(root *html.Node) {
	for n := range root.Descendants() {
		name := attr(n, "name")
		if n.Type != html.ElementNode || name == "" || has(n, "disabled") {
			continue
		}
		switch n.Data {
		case "input":
			switch attr(n, "type") {
			case "radio", "checkbox":
				if has(n, "checked") {
					f.fields = append(f.fields, field{name: name, value: attr(n, "value")})
				}
			case "file", "submit", "button":
			default:
				f.fields = append(f.fields, field{name: name, value: attr(n, "value")})
			}
		case "textarea":
			if n.FirstChild != nil {
				f.fields = append(f.fields, field{name: name, value: n.FirstChild.Data})
			} else {
				f.fields = append(f.fields, field{name: name})
			}
		case "select":
			f.fields = append(f.fields, field{name: name, value: chosen(n)})
		}
	}
}

func chosen(n *html.Node) string {
	first, some := "", false
	for o := range n.Descendants() {
		if o.Data == "option" {
			if has(o, "selected") {
				return attr(o, "value")
			}
			if !some {
				first, some = attr(o, "value"), true
			}
		}
	}
	return first
}

// value is what stands in a field.
func (f *form) value(name string) string {
	for _, x := range f.fields {
		if x.name == name {
			return x.value
		}
	}
	return ""
}

// options are the values that a group of radio buttons or a select offers.
func (f *form) options(name string) (out []string) {
	for n := range f.node.Descendants() {
		if n.Data == "input" && attr(n, "name") == name {
			out = append(out, attr(n, "value"))
		}
		if n.Data == "select" && attr(n, "name") == name {
			for o := range n.Descendants() {
				if o.Data == "option" && attr(o, "value") != "" {
					out = append(out, attr(o, "value"))
				}
			}
		}
	}
	return out
}

// set fills in a field that the form has.
func (f *form) set(name, value string) *form {
	f.fields = slices.DeleteFunc(f.fields, func(x field) bool { return x.name == name })
	f.fields = append(f.fields, field{name: name, value: value})
	return f
}

// attach adds a file to a field of files.
func (f *form) attach(name, file string, b []byte) *form {
	f.fields = append(f.fields, field{name: name, file: file, bytes: b})
	return f
}

// send presses the button: the one named press ("step=send"), else the first.
func (f *form) send(press ...string) *page {
	f.p.c.t.Helper()
	target := f.action
	for n := range f.node.Descendants() {
		if n.Type != html.ElementNode || n.Data != "button" || attr(n, "type") == "button" {
			continue
		}
		is := attr(n, "name") + "=" + attr(n, "value")
		if len(press) > 0 && press[0] != is {
			continue
		}
		if attr(n, "name") != "" {
			f.fields = append(f.fields, field{name: attr(n, "name"), value: attr(n, "value")})
		}
		if to := attr(n, "formaction"); to != "" {
			target = to
		}
		press = nil
		break
	}
	if len(press) > 0 {
		f.p.c.t.Fatalf("%s: no button %s", f.p.path, press[0])
	}
	if target == "" {
		target = f.p.path
	}
	var body bytes.Buffer
	kind := "application/x-www-form-urlencoded"
	if f.multi {
		m := multipart.NewWriter(&body)
		for _, x := range f.fields {
			if x.file == "" {
				m.WriteField(x.name, x.value) //nolint:errcheck // into a buffer
				continue
			}
			h := textproto.MIMEHeader{}
			h.Set("Content-Disposition", fmt.Sprintf(`form-data; name=%q; filename=%q`, x.name, x.file))
			h.Set("Content-Type", "application/octet-stream")
			part, err := m.CreatePart(h)
			if err != nil {
				f.p.c.t.Fatal(err)
			}
			part.Write(x.bytes) //nolint:errcheck // into a buffer
		}
		m.Close() //nolint:errcheck // into a buffer
		kind = m.FormDataContentType()
	} else {
		v := url.Values{}
		for _, x := range f.fields {
			v.Add(x.name, x.value)
		}
		body.WriteString(v.Encode())
	}
	return f.p.c.post(target, kind, &body)
}

// post sends a body as the site's own page does.
func (c *client) post(path, kind string, body io.Reader) *page {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Origin", c.url)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.do(req)
}

// jar keeps cookies as a browser does on localhost, where Secure ones go over
// plain HTTP too.
type jar struct {
	mu   sync.Mutex
	have map[string]string
}

// SetCookies implements [http.CookieJar].
func (j *jar) SetCookies(_ *url.URL, list []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range list {
		if c.MaxAge < 0 {
			delete(j.have, c.Name)
			continue
		}
		j.have[c.Name] = c.Value
	}
}

// Cookies implements [http.CookieJar].
func (j *jar) Cookies(*url.URL) (out []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for name, value := range j.have {
		out = append(out, &http.Cookie{Name: name, Value: value})
	}
	return out
}
