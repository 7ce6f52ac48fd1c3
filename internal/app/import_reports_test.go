package app

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"okno/internal/casework"
	"okno/internal/demo/region"
	"okno/internal/directory"
	"okno/internal/places"
	"okno/internal/platform/db/dbtest"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// The texts of the collection are never printed.
func TestRealReportsComeIntoAWholeInstallation(t *testing.T) {
	dir := os.Getenv("OKNO_REAL_DATA")
	if dir == "" {
		t.Skip("OKNO_REAL_DATA is not set: no real reports to import")
	}
	for engine, database := range map[string]func() string{"sqlite": func() string { return "" }, "postgres": func() string { return dbtest.PostgresURL(t) }} {
		t.Run(engine, func(t *testing.T) {
			w := newTown(t, database())
			path := filepath.Join(t.TempDir(), "reports.csv")
			copyOf(t, filepath.Join(dir, "reports", "kursk_train.csv"), path)
			run := func() casework.ImportCount {
				t.Helper()
				began := time.Now()
				c, err := w.ImportReports(t.Context(), policy.Machine("operator:test"), Source{Path: path}, "ru", casework.ImportOptions{})
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%+v, %.0f rows a second", c, float64(c.Rows)/time.Since(began).Seconds())
				return c
			}
			first := run()
			if first.Rows != 2000 || first.Stored+first.Bad != 2000 {
				t.Errorf("not every row is accounted for: %+v", first)
			}
			if _, err := os.Stat(casework.ErrorsFile(path)); (err == nil) != (first.Bad > 0) {
				t.Errorf("%d bad rows, errors file: %v", first.Bad, err)
			}
			if again := run(); again.Stored != 0 || again.Known != first.Stored {
				t.Errorf("the second run: %+v", again)
			}
		})
	}
}

func copyOf(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAForeignFileIsUnderstood(t *testing.T) {
	g := newImportGuide(taxonomy.Default(), &directory.Tree{}, places.NewIndex(region.New(region.DefaultSeed).Register(), 1))
	if _, ok := g.rubricator.Fact(g.FactOther()); !ok {
		t.Error("the fact for what fits nowhere is not in the rubricator")
	}
	f := g.rubricator.Facts()[0]
	if code, ok := g.FactNamed(" " + f.Code + " "); !ok || code != f.Code {
		t.Errorf("by code: %q", code)
	}
	if _, ok := g.FactNamed("Тема, которой нет"); ok {
		t.Error("an unknown topic was found")
	}
	if code, ok := g.FactLike("Не горит фонарь во дворе"); !ok || taxonomy.CategoryOf(code) != "lighting" {
		t.Errorf("by words: %q", code)
	}
	if _, ok := g.FactLike("ъъъ"); ok {
		t.Error("no words at all suggest something")
	}
	for text, found := range map[string]bool{
		"Верхнеозёрск, Рыбацкая улица, 14": true, "г. Верхнеозерск, ул. Рыбацкая, д. 14": true,
		"Рыбацкая улица, 14": false, "Курск, Рыбацкая улица, 14": false, "Верхнеозёрск, Рыбацкая улица": false, "": false,
	} {
		if _, ok := g.AddressNamed(text); ok != found {
			t.Errorf("%q: found %v", text, ok)
		}
	}
	offices := map[string]int{}
	once(offices, "администрация", 1)
	once(offices, "администрация", 1)
	if offices["администрация"] != 1 {
		t.Error("one thing of two equal names is lost")
	}
	once(offices, "администрация", 2)
	once(offices, "администрация", 1)
	if offices["администрация"] != 0 {
		t.Error("a name of two things chose one")
	}
}
