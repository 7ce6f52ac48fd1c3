package app

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A row of the policy without code behind it promises what nobody can do.
func TestEveryPolicyActionIsAskedFor(t *testing.T) {
	declared, asked := map[string]string{}, map[string]bool{}
	for _, s := range sources(t) {
		path := filepath.ToSlash(s.path)
		switch {
		case strings.HasSuffix(path, "policy/action.go"):
			ast.Inspect(s.file, func(n ast.Node) bool {
				if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == 1 {
					if kind, ok := v.Type.(*ast.Ident); ok && kind.Name == "Action" {
						declared[v.Names[0].Name] = v.Values[0].(*ast.BasicLit).Value
					}
				}
				return true
			})
		case !s.test && !strings.Contains(path, "/policy/"):
			ast.Inspect(s.file, func(n ast.Node) bool {
				if x, ok := n.(*ast.SelectorExpr); ok {
					if from, ok := x.X.(*ast.Ident); ok && from.Name == "policy" {
						asked[x.Sel.Name] = true
					}
				}
				return true
			})
		}
	}
	if len(declared) < 50 {
		t.Fatalf("only %d actions were found", len(declared))
	}
	procedures, err := filepath.Glob("../casework/procedures/*.toml")
	if err != nil || len(procedures) == 0 {
		t.Fatalf("no procedures (%v)", err)
	}
	for _, p := range procedures { // rows name an action as policy = "casework.ask"
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^policy = (".+")`).FindAllStringSubmatch(string(text), -1) {
			asked[m[1]] = true
		}
	}
	for name, code := range declared {
		if !asked[name] && !asked[code] {
			t.Errorf("nothing asks for policy.%s", name)
		}
	}
}
