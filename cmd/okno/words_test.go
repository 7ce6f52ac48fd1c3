package main

import (
	"errors"
	"strings"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
)

func TestFailuresAreToldInWords(t *testing.T) {
	held := errs.With(errs.Conflict, "db.folder_held", map[string]any{"Dir": "/srv/okno", "Holder": "serve, process 17"})
	for lang, want := range map[string]string{"C.UTF-8": "The data folder /srv/okno is in use by serve, process 17", "ru_RU.UTF-8": "Папка данных /srv/okno занята"} {
		t.Setenv("LC_ALL", lang)
		if got := words(held); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", lang, got)
		}
	}
	t.Setenv("LC_ALL", "C.UTF-8")
	missing := &errs.Error{Code: errs.Invalid, Key: "import.file_missing", Args: map[string]any{"Field": "text"}, Fields: []errs.Field{{Name: "text", Rule: "missing", Key: "import.file_missing", Args: map[string]any{"Field": "text"}}}}
	if got := words(missing); strings.Contains(got, "import.") || strings.Contains(got, "text:missing") || strings.Count(got, "text") != 1 {
		t.Error(got)
	}
	missing.Fields[0] = errs.Field{Name: "text", Rule: "missing"} // the sentence of the whole says it
	if got, want := words(missing), "The header has no column for the field “text”"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	dir := t.TempDir()
	lock, err := db.LockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock()
	if _, err := db.LockFolder(dir); strings.Count(words(err), dir) != 1 || strings.Count(words(err), "in use") != 1 {
		t.Errorf("said twice: %s", words(err))
	}
	if got := words(errs.New(errs.NotFound, "")); strings.Contains(got, "not_found") || got == "" {
		t.Error(got)
	}
	if got := words(errors.New("no such table")); got != "no such table" {
		t.Error(got)
	}
}
