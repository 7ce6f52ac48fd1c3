package signature

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// The sentences of both languages know every code and no other, and each fills
// no more than the arguments that the code gives.
func TestEveryCodeHasItsSentences(t *testing.T) {
	codes := declaredCodes(t)
	given := givenArguments(t)
	placeholder := regexp.MustCompile(`{{\.(\w+)}}`)
	for _, lang := range []string{"ru", "en"} {
		var words map[string]map[string]string
		if _, err := toml.DecodeFile("../platform/i18n/"+lang+"/signature.toml", &words); err != nil {
			t.Fatal(err)
		}
		for name, code := range codes {
			text, is := words["signature"][code]
			if !is {
				t.Errorf("%s: no sentence for %s", lang, code)
			}
			for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
				if len(given[name]) > 0 && !slices.Contains(given[name], m[1]) {
					t.Errorf("%s: %s fills %s, given are %v", lang, code, m[1], given[name])
				}
			}
		}
		if len(words["signature"]) != len(codes) {
			t.Errorf("%s: %d sentences for %d codes", lang, len(words["signature"]), len(codes))
		}
	}
}

// declaredCodes are the constants of findings.go: name → code.
func declaredCodes(t *testing.T) map[string]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "findings.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "Code" {
				out[spec.Names[0].Name], _ = strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			}
		}
		return true
	})
	if len(out) < 40 {
		t.Fatalf("%d codes", len(out))
	}
	return out
}

// givenArguments are the names of arguments that calls give with a code.
func givenArguments(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			code, ok := call.Args[0].(*ast.Ident)
			if sel, is := call.Fun.(*ast.SelectorExpr); !ok || !is || sel.Sel.Name != "refuse" && sel.Sel.Name != "note" {
				return true
			}
			for i := 1; i < len(call.Args); i += 2 {
				name, _ := strconv.Unquote(call.Args[i].(*ast.BasicLit).Value)
				out[code.Name] = append(out[code.Name], name)
			}
			return true
		})
	}
	return out
}
