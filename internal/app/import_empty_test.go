package app

import (
	"errors"
	"path/filepath"
	"testing"

	"okno/internal/casework"
	"okno/internal/platform/config"
	"okno/internal/platform/errs"
	"okno/internal/policy"
)

// An installation without registers says which comes first instead of refusing each row.
func TestImportSaysWhatComesFirst(t *testing.T) {
	a, err := Open(t.Context(), config.Config{Data: filepath.Join(t.TempDir(), "data"), URL: "http://localhost:8080"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	_, err = a.ImportReports(t.Context(), policy.Machine("operator:test"), Source{Path: "reports.csv"}, "ru", casework.ImportOptions{})
	var e *errs.Error
	if !errors.As(err, &e) || e.Key != "import.no_rubricator" && e.Key != "import.no_organisations" {
		t.Errorf("%v", err)
	}
}
