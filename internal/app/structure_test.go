package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The order of the house: a package imports only what stands on a lower floor.
// Modules don't import each other.
var (
	modules = []string{"identity", "oidc", "privacy", "directory", "places", "taxonomy", "casework", "notify", "exchange", "mailbox",
		"post", "payment", "evidence", "registrar", "participation", "services", "sim", "social", "insight", "classify"}
	floor = []string{"policy", "ui", "proof", "signature", "gost", "calendar", "geo", "platform"}
	above = []string{"app", "demo", "sandbox", "story", "bench"}
)

// source is a Go file of the project, parsed.
type source struct {
	path, room string
	test       bool
	file       *ast.File
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	set := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		room, _, _ := strings.Cut(strings.TrimPrefix(filepath.ToSlash(path), "../"), "/")
		out = append(out, source{path, room, strings.HasSuffix(path, "_test.go"), f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestImportsPointDownwards(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || slices.Contains(above, s.room) {
			continue
		}
		for _, imp := range s.file.Imports {
			path, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			rest, own := strings.CutPrefix(path, "okno/internal/")
			if !own {
				continue
			}
			room, _, _ := strings.Cut(rest, "/")
			if room == s.room {
				continue
			}
			allowed := slices.Contains(floor, room)
			switch s.room {
			case "platform":
				// What every request carries is the actor; web and its API know policy.
				allowed = room == "policy" && strings.Contains(s.path, "platform/web")
			case "policy", "geo":
				allowed = room == "platform"
			case "calendar":
				allowed = rest == "platform/errs" || rest == "platform/columns"
			case "ui":
				allowed = rest == "platform/i18n"
			}
			if !allowed {
				t.Errorf("%s imports %s", s.path, path)
			}
		}
	}
}

// tableOwners are rooms whose tables have another prefix than their name.
var tableName = regexp.MustCompile(`(?i)\b(?:FROM|INTO|UPDATE|JOIN|TABLE)\s+(?:ONLY\s+)?([a-z]+)_[a-z_]+`)

// SQL names tables of its own module alone. The rooms of platform own theirs
// together: db writes the outbox that journal and jobs read.
func TestTablesAreNamedByTheirOwner(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || slices.Contains([]string{"platform", "demo", "bench"}, s.room) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING || !strings.ContainsAny(lit.Value, "ESUI") {
				return true
			}
			for _, m := range tableName.FindAllStringSubmatch(lit.Value, -1) {
				if slices.Contains(modules, m[1]) && m[1] != s.room {
					t.Errorf("%s names a table of %s: %.60s", s.path, m[1], lit.Value)
				}
			}
			return true
		})
	}
}

func TestNothingNeedsCgoAndNoDemoBuildsWithoutIt(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", "nodemo", "-f", "{{if .CgoFiles}}{{.ImportPath}}{{end}} {{.ImportPath}}", "okno/cmd/okno").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(out), "\n") {
		path := strings.TrimSpace(line)
		if strings.HasPrefix(path, "okno/internal/demo") || strings.HasPrefix(path, "okno/internal/sandbox") {
			t.Errorf("a build without the demonstration holds %s", path)
		}
		if first, rest, two := strings.Cut(path, " "); two && first == rest && !slices.Contains([]string{"net", "os/user", "runtime/cgo"}, first) {
			t.Errorf("%s needs cgo", first)
		}
	}
}
