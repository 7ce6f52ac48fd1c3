package main

import (
	"strings"
	"testing"

	"okno/internal/app"
)

// A row is told in the language of its reason, whatever became of it.
func TestRowsAreToldInOneLanguage(t *testing.T) {
	for lang, want := range map[string]string{"C.UTF-8": "line 2, column owner: why\n", "ru_RU.UTF-8": "строка 2, столбец owner: why\n"} {
		t.Setenv("LC_ALL", lang)
		var out strings.Builder
		tellEach(&out, []app.RowError{{Line: 2, Column: "owner", Reason: "why"}})
		if out.String() != want {
			t.Errorf("%s: %q, want %q", lang, out.String(), want)
		}
	}
}

// The lists of a file's rows go where the command is told.
func TestListsHaveAFolder(t *testing.T) {
	for notes, want := range map[string]string{"": "in/reports.csv", "out": "out/reports.csv"} {
		if got := (listsFlag{Notes: notes}).from("in/reports.csv").Lists(); got != want {
			t.Errorf("%q: %s", notes, got)
		}
	}
}
