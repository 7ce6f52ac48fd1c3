package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	recordName  = regexp.MustCompile(`^(\d{4})-[a-z0-9-]+\.md$`)
	recordTitle = regexp.MustCompile(`^# (\d{4})\. \S`)
	codePath    = regexp.MustCompile("`((?:internal|cmd|docs|tools|e2e)/[A-Za-z0-9_./-]+)`")
	testName    = regexp.MustCompile("`(Test[A-Za-z0-9]+)`")
)

// A record of a decision has the parts that make it one, fits a page, and
// names only files and tests that are there.
func TestDecisionsAreRecorded(t *testing.T) {
	entries, err := os.ReadDir("decisions")
	if err != nil {
		t.Fatal(err)
	}
	tests, numbers := testNames(t), map[string]bool{}
	for _, e := range entries {
		m := recordName.FindStringSubmatch(e.Name())
		if m == nil {
			t.Errorf("%s is not named NNNN-title.md", e.Name())
			continue
		}
		if numbers[m[1]] {
			t.Errorf("%s: the number is taken", e.Name())
		}
		numbers[m[1]] = true
		b, err := os.ReadFile(filepath.Join("decisions", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		if title := recordTitle.FindStringSubmatch(text); title == nil || title[1] != m[1] {
			t.Errorf("%s doesn't begin with its number and title", e.Name())
		}
		at := 0
		for _, part := range []string{"## Context\n", "## Decision\n", "## Why\n", "## Consequences\n"} {
			i := strings.Index(text[at:], "\n"+part)
			if i < 0 {
				t.Errorf("%s has no %q in its place", e.Name(), strings.TrimSpace(part))
				continue
			}
			at += i
		}
		if n := len(strings.Fields(text)); n > 500 {
			t.Errorf("%s has %d words; a record is one page", e.Name(), n)
		}
		for _, p := range codePath.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join("..", p[1])); err != nil {
				t.Errorf("%s: %v", e.Name(), err)
			}
		}
		for _, name := range testName.FindAllStringSubmatch(text, -1) {
			if !tests[name[1]] {
				t.Errorf("%s names %s, which is no test", e.Name(), name[1])
			}
		}
	}
	if len(numbers) < 9 {
		t.Errorf("%d records", len(numbers))
	}
}
