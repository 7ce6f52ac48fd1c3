package web

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// filler puts values into the form of a page, tag by tag; everything else of
// the page stays as it is.
type filler struct {
	kept    *KeptForm
	out     [][]byte
	inside  bool // of the form
	found   bool
	times   map[string]int  // how many fields of a name have been met
	met     map[string]bool // names of the form's fields, hidden ones too
	details []int           // open <details> around, by their place in out
	choice  string          // name of the <select> around, "" where its value isn't kept
}

// fill puts what was kept into the form of page with its action. lost are
// words for which the page has no field; found tells whether the form is there.
func fill(page []byte, k *KeptForm) (filled []byte, lost []string, found bool) {
	f := &filler{kept: k, times: map[string]int{}, met: map[string]bool{}}
	f.read(page)
	names := make([]string, 0, len(k.Values))
	for name := range k.Values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for i, v := range k.Values[name] {
			if strings.ContainsAny(strings.TrimSpace(v), " \n") && (!f.met[name] || f.times[name] > 0 && i >= f.times[name]) { // words, no codes
				lost = append(lost, v)
			}
		}
	}
	return bytes.Join(f.out, nil), lost, f.found
}

func (f *filler) read(page []byte) {
	z := html.NewTokenizer(bytes.NewReader(page))
	raw := ""     // element whose text the tokenizer hands over whole
	area := false // text of a <textarea> that is replaced
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		text := bytes.Clone(z.Raw())
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			raw = t.Data
			text, area = f.tag(t, text)
		case html.EndTagToken:
			raw, area = "", false
			f.end(z.Token().Data)
		case html.TextToken:
			switch {
			case area:
				continue // stands in the tag already
			case raw == "noscript":
				f.read(text)
				continue
			}
		}
		f.out = append(f.out, text)
	}
}

func (f *filler) end(tag string) {
	switch tag {
	case "form":
		f.inside = false
	case "select":
		f.choice = ""
	case "details":
		if len(f.details) > 0 {
			f.details = f.details[:len(f.details)-1]
		}
	}
}

// tag is a start tag with its kept value; replaced tells that the text behind
// a <textarea> goes.
func (f *filler) tag(t html.Token, text []byte) (_ []byte, replaced bool) {
	name := attr(t, "name")
	switch {
	case t.Data == "details":
		f.details = append(f.details, len(f.out))
	case t.Data == "form":
		f.inside = strings.EqualFold(attr(t, "method"), "post") && pathOf(attr(t, "action")) == f.kept.Action
		if f.inside {
			f.found, f.times = true, map[string]int{}
			f.unfold()
		}
	case !f.inside:
	case t.Data == "textarea":
		if v, ok := f.next(name); ok {
			return append(text, html.EscapeString("\n"+v)...), true // the first line break is the tag's own
		}
	case t.Data == "select":
		f.choice, _ = f.next(name)
	case t.Data == "option" && f.choice != "":
		return mark(t, "selected", attr(t, "value") == f.choice), false
	case t.Data == "input":
		switch attr(t, "type") {
		case "hidden", "password", "file", "submit", "button", "image", "reset":
			f.met[name] = true
		case "radio", "checkbox":
			f.met[name] = true
			if values, ok := f.kept.Values[name]; ok || attr(t, "type") == "checkbox" {
				on := slices.Contains(values, attr(t, "value"))
				if on {
					f.unfold()
				}
				return mark(t, "checked", on), false
			}
		default:
			if v, ok := f.next(name); ok {
				t.Attr = append(slices.DeleteFunc(t.Attr, func(a html.Attribute) bool { return a.Key == "value" }), html.Attribute{Key: "value", Val: v})
				return []byte(t.String()), false
			}
		}
	}
	return text, false
}

// next is the kept value of the next field of a name.
func (f *filler) next(name string) (string, bool) {
	f.met[name] = true
	i := f.times[name]
	f.times[name]++
	values := f.kept.Values[name]
	if i >= len(values) {
		return "", false
	}
	f.unfold()
	return values[i], true
}

// unfold opens the folds around what is filled.
func (f *filler) unfold() {
	for _, i := range f.details {
		if !bytes.Contains(f.out[i], []byte(" open")) {
			f.out[i] = append(bytes.TrimSuffix(f.out[i], []byte(">")), " open>"...)
		}
	}
}

func mark(t html.Token, name string, on bool) []byte {
	t.Attr = slices.DeleteFunc(t.Attr, func(a html.Attribute) bool { return a.Key == name })
	if on {
		t.Attr = append(t.Attr, html.Attribute{Key: name})
	}
	return []byte(t.String())
}

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// announce puts a notice where the site's pages tell what has happened.
func announce(page, notice []byte) []byte {
	for _, place := range []string{`id="flash"`, `<main`} {
		at := bytes.Index(page, []byte(place))
		if at < 0 {
			continue
		}
		if end := bytes.IndexByte(page[at:], '>'); end >= 0 {
			at += end + 1
			return slices.Concat(page[:at], notice, page[at:])
		}
	}
	return page
}
