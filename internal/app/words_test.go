package app

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// spoken are attributes that a reader sees or hears.
var spoken = regexp.MustCompile(`\b(?:aria-label|aria-description|title|alt|placeholder|label)="([^"]*)"`)

var tag = regexp.MustCompile(`<[^>]*>`)

// same are words that are the same in every language.
var same = []string{"OpenAPI", "JSON", "YAML", "API", "Enter", "Esc", "Ctrl"}

// Pages say nothing of their own: every letter comes from the catalogue. The
// gallery shows samples; the API's pages show English code.
func TestPagesSpeakThroughTheCatalogue(t *testing.T) {
	pages := 0
	for _, s := range sources(t) {
		path := filepath.ToSlash(s.path)
		if !strings.HasSuffix(path, "_templ.go") || strings.Contains(path, "gallery") || strings.Contains(path, "web/api/") {
			continue
		}
		pages++
		ast.Inspect(s.file, func(n ast.Node) bool {
			f, ok := n.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				return true
			}
			var markup strings.Builder // of one component, expressions left out
			ast.Inspect(f.Body, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) != 3 {
					return true
				}
				if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "WriteString" {
					return true
				}
				if lit, ok := call.Args[2].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					text, _ := literal(lit)
					markup.WriteString(text)
				}
				return true
			})
			said := tag.ReplaceAllString(markup.String(), "\n")
			for _, m := range spoken.FindAllStringSubmatch(markup.String(), -1) {
				said += "\n" + m[1]
			}
			for _, word := range strings.FieldsFunc(said, func(r rune) bool { return !unicode.IsLetter(r) }) {
				if !slices.Contains(same, word) && len([]rune(word)) > 1 && word != "nbsp" {
					t.Errorf("%s: %s says %q in its own words", path, f.Name.Name, word)
				}
			}
			return false
		})
	}
	if pages < 20 {
		t.Errorf("only %d pages", pages)
	}
}

// data are files whose Russian is data: names of holidays, words that say
// nothing of a topic, the name of the operator's organisation, the words of
// foreign files for a state, examples of imported columns, words by which
// people call things on the map.
var data = []string{"../calendar/year.go", "../taxonomy/words.go", "../app/admin.go", "../casework/import_row.go",
	"../calendar/russian.go", "../casework/import_reports.go", "../directory/import.go", "../places/columns.go", "../places/things.go", "../places/corner.go"}

// Go outside of tests holds no Russian: what a person reads stands in the
// catalogue, in registers or in data.
func TestCodeHoldsNoRussianSentences(t *testing.T) {
	sentence := regexp.MustCompile(`[А-Яа-яЁё]{2,}[ ,][А-Яа-яЁё]{2,}`)
	for _, s := range sources(t) {
		path := filepath.ToSlash(s.path)
		if s.test || slices.Contains(above, s.room) && s.room != "app" || slices.Contains(data, path) || strings.Contains(path, "gallery") || strings.Contains(path, "i18n/") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok && field.Tag != nil { // examples of the API
				return false
			}
			if e, ok := n.(*ast.BasicLit); ok {
				if text, ok := literal(e); ok && sentence.MatchString(text) {
					t.Errorf("%s: %.80q", path, text)
				}
			}
			return true
		})
	}
}
