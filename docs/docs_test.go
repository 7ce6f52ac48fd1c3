// Package docs checks what the documents claim.
package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var rowShape = regexp.MustCompile(`^\| ([A-Z]{2}-\d{2,3}) \| (works|partly|planned) \| (.*) \|$`)

// Every capability has one row, and what is said to work names tests that exist.
func TestCapabilitiesAreShownByTests(t *testing.T) {
	text, err := os.ReadFile("capabilities.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testNames(t)
	seen := map[string]bool{}
	for _, line := range strings.Split(string(text), "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ID |") || strings.HasPrefix(line, "| -") {
			continue
		}
		m := rowShape.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("not a row: %s", line)
			continue
		}
		if seen[m[1]] {
			t.Errorf("%s has two rows", m[1])
		}
		seen[m[1]] = true
		if m[2] != "works" {
			continue
		}
		names := strings.Split(m[3], ", ")
		for _, name := range names {
			if !tests[name] {
				t.Errorf("%s is said to work, but there is no test %q", m[1], name)
			}
		}
	}
	if len(seen) != 305 {
		t.Errorf("%d rows, want 305", len(seen))
	}
}

func testNames(t *testing.T) map[string]bool {
	t.Helper()
	shape := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	names := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == "node_modules" {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range shape.FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
