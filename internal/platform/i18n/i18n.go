// Package i18n holds every sentence that the program says, in Russian and in
// English, and writes dates, numbers and sums the way people read them.
//
// Sentences live in TOML files, one per module and language (ru/casework.toml,
// en/casework.toml). A key is "module.what". A plain string is a message; a
// table with one, few, many and other is a message with plural forms; other
// tables nest. Placeholders are {{.Name}}.
//
// Nothing here fails at run time: an unknown key is logged once and comes back
// as itself, an unfilled placeholder comes out empty. Tests of this package
// keep both from happening.
package i18n

import (
	"context"
	"embed"
	"log/slog"
	"strings"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed ru/*.toml en/*.toml
var files embed.FS

// Languages of the interface; the first is the default.
const (
	Russian = "ru"
	English = "en"
)

// Languages lists the languages in the order in which they are offered.
func Languages() []string { return []string{Russian, English} }

// Known tells whether lang is a language of the interface.
func Known(lang string) bool { return lang == Russian || lang == English }

// Args are the values of a sentence's placeholders.
type Args = map[string]any

var (
	catalogue = sync.OnceValue(func() *Catalogue {
		c, err := Load(files)
		if err != nil {
			panic("i18n: embedded catalogue: " + err.Error()) // at start; a test loads it first
		}
		return c
	})
	missed sync.Map // lang+key already logged
)

// T is the sentence of key in lang ("ru" or "en"; anything else reads Russian).
func T(lang, key string, args ...Args) string {
	return catalogue().say(lang, key, nil, first(args))
}

// N is T for a sentence with plural forms: n chooses the form and is the
// placeholder {{.Count}}, written with the language's digit groups.
func N(lang, key string, n int, args ...Args) string {
	return catalogue().say(lang, key, &n, first(args))
}

// Tc is [T] in the language of ctx, for components that get only a context.
func Tc(ctx context.Context, key string, args ...Args) string { return T(Lang(ctx), key, args...) }

// Nc is [N] in the language of ctx.
func Nc(ctx context.Context, key string, n int, args ...Args) string {
	return N(Lang(ctx), key, n, args...)
}

// Has tells whether the catalogue of lang has key.
func Has(lang, key string) bool { _, ok := catalogue().langs[lang][key]; return ok }

type langKey struct{}

// WithLang gives ctx a language.
func WithLang(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, langKey{}, lang)
}

// Lang is the language of ctx; Russian where none was set.
func Lang(ctx context.Context) string {
	if l, ok := ctx.Value(langKey{}).(string); ok {
		return l
	}
	return Russian
}

var matcher = language.NewMatcher([]language.Tag{language.Russian, language.English})

// Negotiate picks the language for an Accept-Language header; Russian where
// the header is empty, wrong or asks for neither.
func Negotiate(accept string) string {
	if accept == "" || len(accept) > 200 {
		return Russian
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return Russian
	}
	if _, i, c := matcher.Match(tags...); c != language.No && i == 1 {
		return English
	}
	return Russian
}

func first(args []Args) Args {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

func (c *Catalogue) say(lang, key string, n *int, args Args) string {
	msgs, ok := c.langs[lang]
	if !ok {
		lang, msgs = Russian, c.langs[Russian]
	}
	m, ok := msgs[key]
	if !ok {
		if _, seen := missed.LoadOrStore(lang+" "+key, true); !seen {
			slog.Warn("i18n: unknown key", "lang", lang, "key", key)
		}
		return key
	}
	if n != nil {
		with := Args{"Count": Number(lang, int64(*n))}
		for k, v := range args {
			with[k] = v
		}
		args = with
	}
	if p := m.form(lang, n); p != nil {
		return p.fill(args)
	}
	cfg := &goi18n.LocalizeConfig{MessageID: key, TemplateData: args}
	if n != nil {
		cfg.PluralCount = *n
	}
	s, err := c.localizers[lang].Localize(cfg)
	if err != nil {
		slog.Warn("i18n: cannot fill", "lang", lang, "key", key, "error", err)
		if s == "" {
			return key
		}
	}
	return s
}

// Sentences are templates of constant text and {{.Name}}; those are cut into
// pieces once, which is twenty times faster than running a template.
type pattern struct {
	text []string // text[i], then the value of name[i], …
	name []string
}

func (p *pattern) fill(args Args) string {
	if len(p.name) == 0 {
		return p.text[0]
	}
	var b strings.Builder
	for i, name := range p.name {
		b.WriteString(p.text[i])
		b.WriteString(show(args[name]))
	}
	b.WriteString(p.text[len(p.text)-1])
	return b.String()
}
