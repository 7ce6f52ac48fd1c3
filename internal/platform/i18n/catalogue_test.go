package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"

	"okno/internal/platform/errs"
)

func embedded(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryKeyStandsInBothLanguages(t *testing.T) {
	c := embedded(t)
	for _, lang := range Languages() {
		for _, other := range Languages() {
			for _, key := range c.Keys(lang) {
				if _, ok := c.langs[other][key]; !ok {
					t.Errorf("%s stands in %s (%s), not in %s", key, lang, c.Files[key], other)
				}
			}
		}
	}
}

func TestBothLanguagesFillTheSamePlaceholders(t *testing.T) {
	c := embedded(t)
	names := func(lang, key string) []string {
		var out []string
		for _, p := range c.langs[lang][key].forms {
			if p == nil {
				continue
			}
			for _, n := range p.name {
				if n != "Count" && !slices.Contains(out, n) {
					out = append(out, n)
				}
			}
		}
		slices.Sort(out)
		return out
	}
	for _, key := range c.Keys(Russian) {
		if c.langs[English][key] == nil {
			continue // told by the other test
		}
		if ru, en := names(Russian, key), names(English, key); !slices.Equal(ru, en) {
			t.Errorf("%s: Russian fills %v, English %v", key, ru, en)
		}
	}
}

func TestPluralFormsAreComplete(t *testing.T) {
	c := embedded(t)
	need := map[string][]plural.Form{Russian: {plural.One, plural.Few, plural.Many, plural.Other}, English: {plural.One, plural.Other}}
	for lang, forms := range need {
		for key, m := range c.langs[lang] {
			if !m.plural {
				continue
			}
			for _, f := range forms {
				if _, ok := m.forms[f]; !ok {
					t.Errorf("%s %s lacks plural form %v (Russian: one, few, many, other; English: one, other)", lang, key, f)
				}
			}
		}
	}
}

func TestEveryCodeAndItsTitleHaveSentences(t *testing.T) {
	for _, lang := range Languages() {
		for _, code := range errs.Codes() {
			for _, key := range []string{"error." + string(code), "error_title." + string(code), "problem." + string(code), "problem_title." + string(code)} {
				if !Has(lang, key) {
					t.Errorf("%s: no %s", lang, key)
				}
			}
		}
	}
}

// A key that go-i18n would write otherwise than the cut patterns do is a bug of
// the patterns: every plural message must agree for many numbers.
func TestPatternsAgreeWithGoI18n(t *testing.T) {
	c, err := Load(fstest.MapFS{
		"ru/x.toml": {Data: []byte("[x.days]\none='{{.Count}} день до {{.What}}'\nfew='{{.Count}} дня до {{.What}}'\nmany='{{.Count}} дней до {{.What}}'\nother='{{.Count}} дня до {{.What}}'\n")},
		"en/x.toml": {Data: []byte("[x.days]\none='{{.Count}} day to {{.What}}'\nother='{{.Count}} days to {{.What}}'\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Languages() {
		for n := range 1200 {
			args := Args{"What": "<срок>"}
			got := c.say(lang, "x.days", &n, args)
			want, err := c.localizers[lang].Localize(&goi18n.LocalizeConfig{MessageID: "x.days", PluralCount: n,
				TemplateData: Args{"What": "<срок>", "Count": Number(lang, int64(n))}})
			if err != nil || got != want {
				t.Fatalf("%s %d: %q, go-i18n says %q, %v", lang, n, got, want, err)
			}
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, fsys := range map[string]fstest.MapFS{
		"a key in two files": {"ru/a.toml": {Data: []byte("'a.x'='1'")}, "ru/b.toml": {Data: []byte("[a]\nx='2'")}},
		"a number":           {"ru/a.toml": {Data: []byte("a=1")}},
		"broken TOML":        {"ru/a.toml": {Data: []byte("a=")}},
	} {
		if _, err := Load(fsys); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestTableNamedOtherIsNotAPluralForm(t *testing.T) {
	c, err := Load(fstest.MapFS{"ru/a.toml": {Data: []byte("[a]\nother='Прочее'\ndescription='Описание'\none='Один'\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.say(Russian, "a.other", nil, nil); got != "Прочее" {
		t.Errorf("got %q", got)
	}
}

func TestUnknownKeyComesBack(t *testing.T) {
	if got := T("ru", "nowhere.to_be_found"); got != "nowhere.to_be_found" {
		t.Errorf("got %q", got)
	}
	if got := T("xx", "error.home"); got != T("ru", "error.home") {
		t.Errorf("unknown language says %q", got)
	}
}

// used finds catalogue keys in the sources: literals given to T, Tc, N, Nc (of
// this package, of web.Request), errs.New, errs.With, Message, and fields
// called Key. literals are all strings, for finding keys that nobody names.
func sources(t *testing.T) (used map[string]string, literals map[string]bool, prefixes []string) {
	used, literals = map[string]string{}, map[string]bool{}
	root := filepath.Join("..", "..", "..")
	argument := map[string]int{"T": -1, "Tc": 1, "N": -1, "Nc": 1, "New": 1, "With": 1, "Message": 1}
	seen := map[string]bool{}
	walk := func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Logf("skipped: %v", err) // being written; the build says it better
			return nil
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
					literals[s] = true
					if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "_") {
						if !seen[s] && strings.Contains(s, ".") {
							seen[s] = true
							prefixes = append(prefixes, s)
						}
					}
				}
			case *ast.CallExpr:
				sel, ok := n.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				i, ok := argument[sel.Sel.Name]
				if !ok {
					return true
				}
				x, _ := sel.X.(*ast.Ident)
				if (sel.Sel.Name == "New" || sel.Sel.Name == "With") && (x == nil || x.Name != "errs") {
					return true
				}
				if i < 0 {
					i = 0
					if x != nil && x.Name == "i18n" {
						i = 1
					}
				}
				if i < len(n.Args) {
					note(used, set, n.Args[i])
				}
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Key" {
					note(used, set, n.Value)
				}
			}
			return true
		})
		return nil
	}
	for _, dir := range []string{"internal", "cmd"} {
		path := filepath.Join(root, dir)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		if err := filepath.WalkDir(path, walk); err != nil {
			t.Fatal(err)
		}
	}
	return used, literals, prefixes
}

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)

func note(used map[string]string, set *token.FileSet, e ast.Expr) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	if s, err := strconv.Unquote(lit.Value); err == nil && keyShape.MatchString(s) {
		used[s] = set.Position(lit.Pos()).String()
	}
}

func TestKeysUsedInSourcesExist(t *testing.T) {
	used, _, _ := sources(t)
	if len(used) < 10 {
		t.Fatalf("only %d keys were found in the sources: the search is broken", len(used))
	}
	for key, where := range used {
		for _, lang := range Languages() {
			if !Has(lang, key) {
				t.Errorf("%s: %s is not in %s", where, key, lang)
			}
		}
	}
}

// A key counts as used where its text stands in a source, or where a source
// holds its beginning up to a dot or underscore ("error." + code).
func TestEveryKeyIsUsed(t *testing.T) {
	_, literals, prefixes := sources(t)
	c := embedded(t)
	// The common rules are a vocabulary for all forms, used or not yet.
	for _, key := range c.Keys(Russian) {
		if literals[key] || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
			continue
		}
		t.Errorf("%s (%s) is used nowhere", key, c.Files[key])
	}
}
