package i18n

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Catalogue is the sentences of all languages, merged from their files.
type Catalogue struct {
	langs      map[string]map[string]*message
	localizers map[string]*goi18n.Localizer
	Files      map[string]string // key → file it stands in (Russian, else English)
}

type message struct {
	forms  map[plural.Form]*pattern // nil pattern: a template that go-i18n runs
	plural bool
}

// Load reads DIR/*.toml of every language from fsys. It fails on a key that
// stands twice, a file whose keys don't begin with its own module where that
// module has a file, and a template that doesn't parse.
func Load(fsys fs.FS) (*Catalogue, error) {
	c := &Catalogue{langs: map[string]map[string]*message{}, localizers: map[string]*goi18n.Localizer{}, Files: map[string]string{}}
	bundle := goi18n.NewBundle(language.Russian)
	for _, lang := range Languages() {
		c.langs[lang] = map[string]*message{}
		names, err := fs.Glob(fsys, lang+"/*.toml")
		if err != nil {
			return nil, fmt.Errorf("i18n: list %s: %w", lang, err)
		}
		sort.Strings(names)
		for _, name := range names {
			if err := c.load(bundle, fsys, lang, name); err != nil {
				return nil, err
			}
		}
		c.localizers[lang] = goi18n.NewLocalizer(bundle, lang)
	}
	return c, nil
}

func (c *Catalogue) load(bundle *goi18n.Bundle, fsys fs.FS, lang, name string) error {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("i18n: read %s: %w", name, err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(raw, &tree); err != nil {
		return fmt.Errorf("i18n: %s: %w", name, err)
	}
	var msgs []*goi18n.Message
	if err := flatten(tree, "", &msgs); err != nil {
		return fmt.Errorf("i18n: %s: %w", name, err)
	}
	for _, m := range msgs {
		if _, twice := c.langs[lang][m.ID]; twice {
			return fmt.Errorf("i18n: %s: %s stands in two files", name, m.ID)
		}
		c.langs[lang][m.ID] = compile(m)
		if lang == Russian || c.Files[m.ID] == "" {
			c.Files[m.ID] = path.Base(name)
		}
	}
	if err := bundle.AddMessages(language.Make(lang), msgs...); err != nil {
		return fmt.Errorf("i18n: %s: %w", name, err)
	}
	return nil
}

var formNames = []string{"zero", "one", "two", "few", "many", "other"}

// flatten turns nested tables into messages. go-i18n would take any table with
// a key named "other" or "description" for a message; here only a table whose
// keys are all plural forms, two at least, is one.
func flatten(tree map[string]any, prefix string, out *[]*goi18n.Message) error {
	for k, v := range tree {
		key := k
		if prefix != "" {
			key = prefix + "." + k
		}
		switch v := v.(type) {
		case string:
			*out = append(*out, &goi18n.Message{ID: key, Other: v})
		case map[string]any:
			if forms, ok := asForms(v); ok {
				*out = append(*out, &goi18n.Message{ID: key, Zero: forms["zero"], One: forms["one"],
					Two: forms["two"], Few: forms["few"], Many: forms["many"], Other: forms["other"]})
			} else if err := flatten(v, key, out); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s is neither text nor a table", key)
		}
	}
	return nil
}

func asForms(t map[string]any) (map[string]string, bool) {
	forms := map[string]string{}
	for k, v := range t {
		s, ok := v.(string)
		if !ok || !slices.Contains(formNames, k) {
			return nil, false
		}
		forms[k] = s
	}
	return forms, len(forms) > 1
}

func compile(m *goi18n.Message) *message {
	c := &message{forms: map[plural.Form]*pattern{}}
	for form, s := range map[plural.Form]string{plural.Zero: m.Zero, plural.One: m.One, plural.Two: m.Two,
		plural.Few: m.Few, plural.Many: m.Many, plural.Other: m.Other} {
		if s != "" {
			c.forms[form] = cut(s)
		}
	}
	c.plural = len(c.forms) > 1
	return c
}

// cut splits s at {{.Name}}; nil where s has any other template action.
func cut(s string) *pattern {
	p := &pattern{}
	for {
		before, rest, found := strings.Cut(s, "{{")
		p.text = append(p.text, before)
		if !found {
			return p
		}
		inside, after, closed := strings.Cut(rest, "}}")
		name, dotted := strings.CutPrefix(strings.TrimSpace(inside), ".")
		if !closed || !dotted || name == "" || strings.ContainsAny(name, " .|") {
			return nil
		}
		p.name = append(p.name, name)
		s = after
	}
}

// form is the pattern for n; nil where go-i18n must do it.
func (m *message) form(lang string, n *int) *pattern {
	if n == nil || !m.plural {
		return m.forms[plural.Other]
	}
	tag := language.Russian
	if lang == English {
		tag = language.English
	}
	i := max(*n, -*n)
	return m.forms[plural.Cardinal.MatchPlural(tag, i, 0, 0, 0, 0)]
}

// Keys lists the keys of lang in order.
func (c *Catalogue) Keys(lang string) []string {
	keys := make([]string, 0, len(c.langs[lang]))
	for k := range c.langs[lang] {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
