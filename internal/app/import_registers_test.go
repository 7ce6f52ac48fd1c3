package app

import (
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"okno/internal/calendar"
	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/places"
	"okno/internal/platform/columns"
	"okno/internal/platform/config"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

const operationsDoc = "../../docs/operations.md"

// importTables are the files that an import reads, by the name they have in the document.
func importTables() map[string]columns.Table {
	out := map[string]columns.Table{"calendar": calendar.Table(), "organisations": directory.Table(), "competence": taxonomy.Table(), "reports": casework.ImportTable()}
	for _, set := range places.Datasets() {
		out[string(set)] = places.Table(set)
	}
	return out
}

var (
	columnsMark = regexp.MustCompile(`(?m)^<!-- columns ([a-z]+) -->\n(?:` + "```text\n(?s:.*?)```" + `\n)?`)
	exampleFile = regexp.MustCompile("(?ms)^```(?:csv|json) ([a-z.]+)\n(.*?)^```$")
)

// The columns in the document are those of the code: -update writes them anew.
func TestImportColumnsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile(operationsDoc)
	if err != nil {
		t.Fatal(err)
	}
	seen, tables := 0, importTables()
	want := columnsMark.ReplaceAllStringFunc(string(doc), func(found string) string {
		name := columnsMark.FindStringSubmatch(found)[1]
		if tables[name] == nil {
			t.Errorf("the document tells columns of %q, which nobody reads", name)
		}
		seen++
		return "<!-- columns " + name + " -->\n```text\n" + tables[name].Help() + "```\n"
	})
	if seen != len(tables) {
		t.Errorf("%d of %d tables are documented", seen, len(tables))
	}
	if *updateAPI {
		if err := os.WriteFile(operationsDoc, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(doc) {
		t.Errorf("%s is not what the code says: run this test with -update and read the change", operationsDoc)
	}
}

// examples writes the document's files into a folder.
func examples(t *testing.T) string {
	t.Helper()
	doc, err := os.ReadFile(operationsDoc)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, m := range exampleFile.FindAllStringSubmatch(string(doc), -1) {
		writeFile(t, filepath.Join(dir, m[1]), m[2])
	}
	return dir
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func emptyInstallation(t *testing.T, database string) *App {
	t.Helper()
	a, err := Open(t.Context(), config.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", URL: "https://okno.example", Database: config.DSN(database), Zone: "Europe/Moscow"},
		Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// The document's files make an installation; then each row of theirs that is
// spoilt is told with line, column and reason, on the terminal's list and in the file.
func TestTheDocumentsFilesAreImported(t *testing.T) {
	for engine, database := range map[string]func() string{"sqlite": func() string { return "" }, "postgres": func() string { return dbtest.PostgresURL(t) }} {
		t.Run(engine, func(t *testing.T) {
			a, dir, op := emptyInstallation(t, database()), examples(t), policy.Machine("operator:test")
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			file := func(name string) string { return filepath.Join(dir, name) }
			data, err := os.ReadFile(file("calendar.json"))
			must(err)
			years, err := calendar.ParseRussian(data)
			must(err)
			_, err = a.Cases.ImportCalendar(t.Context(), op, years)
			must(err)
			elsewhere := t.TempDir()
			writeFile(t, file("early.csv"), "code,kind,name,territories\nearly,utility,Рано,mun.01\n")
			early, rows, err := a.ImportOrganisations(t.Context(), op, Source{Path: file("early.csv"), Notes: elsewhere}, "ru")
			must(err)
			if early.Added != 0 || len(rows) != 1 || rows[0].Column != "territories" || !strings.Contains(rows[0].Reason, "okno import places territories") {
				t.Errorf("organisations before their territories: %+v %+v", early, rows)
			}
			if list, err := os.ReadFile(filepath.Join(elsewhere, "early.errors.csv")); err != nil || !strings.Contains(string(list), "territories") {
				t.Errorf("the list in the folder that was named: %q %v", list, err)
			}
			if _, err := os.Stat(casework.ErrorsFile(file("early.csv"))); err == nil {
				t.Error("a list lies beside the file, though another folder was named")
			}
			if _, _, err := a.ImportOrganisations(t.Context(), op, Source{Path: file("early.csv"), Notes: filepath.Join(elsewhere, "none")}, "ru"); !errs.Is(err, errs.Invalid) {
				t.Errorf("a folder that isn't there: %v", err)
			}
			for _, set := range places.Datasets() {
				out, bad, err := a.ImportPlaces(t.Context(), op, set, Source{Path: file(string(set) + ".csv")}, "ru")
				if err != nil || len(bad) > 0 || out.Added == 0 {
					t.Fatalf("%s: %+v %+v %v", set, out, bad, err)
				}
				if set == places.Assets { // organisations come after them
					want := []string{"mun.01.admin", "mun.01.roads"}
					if slices.Sort(out.Owners); !slices.Equal(out.Owners, want) || len(out.Notes) < 2 || !strings.Contains(out.Notes[0].Reason, "«mun.01.") {
						t.Errorf("owners not known yet: %q, want %q; notes %+v", out.Owners, want, out.Notes)
					}
					if list, err := os.ReadFile(casework.NotesFile(file("assets.csv"))); err != nil || !strings.Contains(string(list), ",owner,") {
						t.Errorf("the list of notes: %q %v", list, err)
					}
				}
			}
			_, err = a.Places.Refresh(t.Context())
			must(err)
			orgs, bad, err := a.ImportOrganisations(t.Context(), op, Source{Path: file("organisations.csv")}, "ru")
			if err != nil || len(bad) > 0 || orgs.Added != 3 {
				t.Fatalf("organisations: %+v %v", orgs, err)
			}
			_, err = a.Taxonomy.Publish(t.Context(), op, taxonomy.Default(), "test")
			must(err)
			rules, bad, err := a.ImportCompetence(t.Context(), op, Source{Path: file("competence.csv")}, "", "ru")
			if err != nil || len(bad) > 0 || rules.Added != 4 {
				t.Fatalf("competence: %+v %+v %v", rules, bad, err)
			}
			count, err := a.ImportReports(t.Context(), op, Source{Path: file("reports.csv")}, "ru", casework.ImportOptions{})
			if err != nil || count.Stored != 2 || count.Agencies+count.Topics > 0 {
				t.Fatalf("reports: %+v %v", count, err)
			}

			assets, bad, err := a.ImportPlaces(t.Context(), op, places.Assets, Source{Path: file("assets.csv")}, "ru")
			if err != nil || len(bad) > 0 || len(assets.Notes) > 0 || assets.Same != assets.Read {
				t.Errorf("assets once the owners are known: %+v %v", assets, err)
			}
			if _, err := os.Stat(casework.NotesFile(file("assets.csv"))); err == nil {
				t.Error("a list of no notes is left")
			}
			writeFile(t, file("outside.csv"), "id,text,lat,lon\n1,Яма на дороге у самого дома,31.2005,59.2001\n")
			_, err = a.ImportReports(t.Context(), op, Source{Path: file("outside.csv"), Notes: elsewhere}, "ru", casework.ImportOptions{})
			must(err)
			if list, err := os.ReadFile(filepath.Join(elsewhere, "outside.errors.csv")); err != nil || !strings.Contains(string(list), "Точка за границей региона") {
				t.Errorf("a point outside: %q %v", list, err)
			}

			writeFile(t, file("organisations.csv"), "code,parent,kind,name,oversees\ngood,region,utility,Водоканал,no\nbad,region,king,Король,no\nflag,region,utility,Связь,maybe\nlost,nobody,utility,Тепло,no\n")
			orgs, bad, err = a.ImportOrganisations(t.Context(), op, Source{Path: file("organisations.csv")}, "ru")
			must(err)
			rowsAre(t, file("organisations.csv"), bad, "3 kind", "4 oversees", "5 parent")
			if orgs.Added != 1 {
				t.Errorf("a bad row stopped the good one: %+v", orgs)
			}
			writeFile(t, file("streets.csv"), "code,locality,name\ns2,mun.01.loc.1,Новая улица\ns3,nowhere,Старая улица\ns4,mun.01.loc.1,\n")
			out, bad, err := a.ImportPlaces(t.Context(), op, places.Streets, Source{Path: file("streets.csv")}, "ru")
			must(err)
			rowsAre(t, file("streets.csv"), bad, "3 locality", "4 name")
			if out.Added != 1 {
				t.Errorf("a bad row stopped the good one: %+v", out)
			}
			writeFile(t, file("competence.csv"), "fact,owner,organisation,term\n,,region,\n,unknown,region,\nrods,,region,\nroads,,nobody,soon\nwaste,,,\nroads,,region\n,,region,\n")
			_, bad, err = a.ImportCompetence(t.Context(), op, Source{Path: file("competence.csv")}, "2027-01-01", "ru")
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("a broken table: %v", err)
			}
			rowsAre(t, file("competence.csv"), bad, "4 fact", "5 term", "6 organisation", "7 row", "8 row")
		})
	}
}

// rowsAre compares "line column" of what was told, and looks for each in the errors file.
func rowsAre(t *testing.T, path string, got []RowError, want ...string) {
	t.Helper()
	data, err := os.ReadFile(casework.ErrorsFile(path))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, e := range got {
		told = append(told, strconv.Itoa(e.Line)+" "+e.Column)
		if e.Reason == "" || !strings.Contains(string(data), e.Reason) {
			t.Errorf("%+v is not in\n%s", e, data)
		}
	}
	slices.Sort(told)
	if !slices.Equal(told, slices.Sorted(slices.Values(want))) || len(got) != strings.Count(string(data), "\n")-1 {
		t.Errorf("told %q, want %q; the file:\n%s", told, want, data)
	}
}

// A column of the tables is one that the reader needs, or doesn't, as told.
func TestRequiredColumnsAreRequired(t *testing.T) {
	a, op := emptyInstallation(t, ""), policy.Machine("operator:test")
	dir := examples(t)
	for _, set := range places.Datasets() {
		if _, bad, err := a.ImportPlaces(t.Context(), op, set, Source{Path: filepath.Join(dir, string(set)+".csv")}, "ru"); err != nil || len(bad) > 0 {
			t.Fatal(bad, err)
		}
	}
	if _, err := a.Places.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, bad, err := a.ImportOrganisations(t.Context(), op, Source{Path: filepath.Join(dir, "organisations.csv")}, "ru"); err != nil || len(bad) > 0 {
		t.Fatal(bad, err)
	}
	if _, err := a.Taxonomy.Publish(t.Context(), op, taxonomy.Default(), "test"); err != nil {
		t.Fatal(err)
	}
	for name, table := range importTables() {
		if name == "calendar" || name == "reports" {
			continue
		}
		for i, c := range table {
			if c.Name == "lat" || c.Name == "lon" || name == "competence" && c.Name == "owner" { // one of two; what it means depends on another column
				continue
			}
			one := slices.Clone(table)
			one[i].Example = ""
			path := filepath.Join(dir, "one.csv")
			writeFile(t, path, one.Example())
			var bad []RowError
			var err error
			switch name {
			case "organisations":
				_, bad, err = a.ImportOrganisations(t.Context(), op, Source{Path: path}, "ru")
			case "competence":
				_, bad, err = a.ImportCompetence(t.Context(), op, Source{Path: path}, "2027-01-01", "ru")
				if errs.Is(err, errs.Invalid) {
					err = nil
				}
			default:
				_, bad, err = a.ImportPlaces(t.Context(), op, places.Dataset(name), Source{Path: path}, "ru")
			}
			if err != nil {
				t.Fatalf("%s without %s: %v", name, c.Name, err)
			}
			if refused := slices.ContainsFunc(bad, func(e RowError) bool { return e.Column == c.Name }); refused != c.Required || len(bad) > 0 != c.Required {
				t.Errorf("%s without %s: %+v, required: %v", name, c.Name, bad, c.Required)
			}
		}
	}
	var year map[string]any
	parts := []string{}
	for _, c := range calendar.Table() {
		parts = append(parts, `"`+c.Name+`": `+c.Example)
	}
	text := "{" + strings.Join(parts, ",") + "}"
	if err := json.Unmarshal([]byte(text), &year); err != nil {
		t.Fatal(err)
	}
	if years, err := calendar.ParseRussian([]byte(text)); err != nil || len(years[0].Off) != 1 || len(years[0].Shortened) != 1 || len(years[0].Transfers) != 1 {
		t.Errorf("%+v %v", years, err)
	}
}
