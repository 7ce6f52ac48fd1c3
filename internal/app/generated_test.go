package app

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fileName is what templ writes of where a template stood, seen from the
// folder in which it was called.
var fileName = regexp.MustCompile("FileName: `(?:[^`]*/)?([^`/]+)`")

// TestGeneratedFilesAreCurrent generates every page anew beside the tree and
// compares.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	dir := t.TempDir()
	var templates []string
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasSuffix(path, "_templ.go") {
			if _, err := os.Stat(strings.TrimSuffix(path, "_templ.go") + ".templ"); err != nil {
				t.Errorf("%s is generated from nothing", path)
			}
		}
		if !strings.HasSuffix(path, ".templ") {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, strings.TrimPrefix(path, ".."))
		templates = append(templates, path)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		return os.WriteFile(to, b, 0o600)
	})
	if err != nil || len(templates) == 0 {
		t.Fatal(templates, err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "tool", "templ", "generate", "-path", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, path := range templates {
		name := strings.TrimSuffix(path, ".templ") + "_templ.go"
		want, err := os.ReadFile(filepath.Join(dir, strings.TrimPrefix(name, "..")))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(fileName.ReplaceAll(got, []byte("$1")), fileName.ReplaceAll(want, []byte("$1"))) {
			t.Errorf("%s is not what `make generate` makes of %s", name, path)
		}
	}
}
