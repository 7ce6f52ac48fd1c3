package app

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// constants are the string constants of every package, by package and name;
// only those that are what they are, not computed.
func constants(t *testing.T) map[string]string {
	out := map[string]string{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, d := range s.file.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, spec := range gen.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i < len(v.Values) {
						if text, ok := literal(v.Values[i]); ok {
							out[s.file.Name.Name+"."+name.Name] = text
						}
					}
				}
			}
		}
	}
	return out
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// kind is the value of an expression that names a kind, and whether only its
// beginning is known.
func kind(pkg string, e ast.Expr, consts map[string]string) (value string, prefix, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		value, ok = literal(e)
	case *ast.Ident:
		value, ok = consts[pkg+"."+e.Name]
	case *ast.SelectorExpr:
		if x, isName := e.X.(*ast.Ident); isName {
			value, ok = consts[x.Name+"."+e.Sel.Name]
		}
	case *ast.BinaryExpr:
		value, _, ok = kind(pkg, e.X, consts)
		return value, true, ok
	}
	return value, false, ok
}

// composites calls f for every db.NAME{Kind: …} that is written outside of tests.
func composites(t *testing.T, name string, f func(s source, kind ast.Expr)) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			typ, ok := lit.Type.(*ast.SelectorExpr)
			if !ok || typ.Sel.Name != name {
				return true
			}
			if pkg, ok := typ.X.(*ast.Ident); !ok || pkg.Name != "db" {
				return true
			}
			for _, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && kv.Key.(*ast.Ident).Name == "Kind" {
					f(s, kv.Value)
				}
			}
			return true
		})
	}
}

// Every kind of job that is written anywhere has its handler in the
// installation, and no handler waits for what nobody writes.
func TestEveryKindOfJobHasAHandler(t *testing.T) {
	consts, registered := constants(t), newStreet(t).Jobs.Kinds()
	written := map[string]bool{}
	for _, what := range []string{"Job", "Timer"} {
		composites(t, what, func(s source, e ast.Expr) {
			value, prefix, ok := kind(s.file.Name.Name, e, consts)
			if sel, isSel := e.(*ast.SelectorExpr); !ok && isSel && sel.Sel.Name == "Kind" && sel.X.(*ast.Ident).Name == "run" {
				return // the kind that is running
			}
			if !ok {
				t.Errorf("%s: db.%s of a kind that can't be told", s.path, what)
				return
			}
			found := false
			for _, k := range registered {
				if k == value || prefix && strings.HasPrefix(k, value) {
					found, written[k] = true, true
				}
			}
			if !found {
				t.Errorf("%s writes a job %q, which nobody does: %q", s.path, value, registered)
			}
		})
	}
	outbox := []string{"journal.dispatch"} // written by db with a transaction's facts
	for _, k := range registered {
		if !written[k] && !slices.Contains(outbox, k) {
			t.Errorf("nobody writes a job %q", k)
		}
	}
}
