package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"okno/internal/app"
	"okno/internal/calendar"
	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/places"
	"okno/internal/platform/columns"
	"okno/internal/platform/config"
	"okno/internal/taxonomy"
)

// importCmd reads what others publish. Each import may be run again: what is
// there already changes nothing.
type importCmd struct {
	Reports       importReportsCmd       `cmd:"" help:"Reports: CSV."`
	Calendar      importCalendarCmd      `cmd:"" help:"Production calendar: JSON as published."`
	Places        importPlacesCmd        `cmd:"" help:"Territories, localities, streets, addresses, assets: CSV or GeoJSON."`
	Organisations importOrganisationsCmd `cmd:"" help:"Organisations: CSV."`
	Rubricator    importRubricatorCmd    `cmd:"" help:"Publish the built-in rubricator."`
	Competence    importCompetenceCmd    `cmd:"" help:"Table of competence: CSV."`
}

// withFile opens the file of an import for one installation.
func withFile(ctx context.Context, cfg config.Config, name string, fn func(a *app.App, f *os.File) error) error {
	f, err := os.Open(name)
	if err != nil {
		return noFile(name, err)
	}
	defer f.Close()
	return withApp(ctx, cfg, false, func(a *app.App) error { return fn(a, f) })
}

// withRegister opens an installation for an import that opens its file itself.
func withRegister(ctx context.Context, cfg config.Config, name string, fn func(a *app.App) error) error {
	return withFile(ctx, cfg, name, func(a *app.App, _ *os.File) error { return fn(a) })
}

// noFile says in a line why a file can't be opened and what to do.
func noFile(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) && filepath.IsAbs(name) {
		return fmt.Errorf("no file %q: check the name", name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		here, wdErr := os.Getwd()
		if wdErr != nil {
			here = "."
		}
		return fmt.Errorf("no file %q in %s: check the name, or give the whole path", name, here)
	}
	return err
}

type importCalendarCmd struct {
	config.Config
	File string `arg:"" help:"JSON file."`
}

// Help tells the properties of a year.
func (importCalendarCmd) Help() string {
	t := calendar.Table()
	var year []string
	for _, c := range t {
		year = append(year, fmt.Sprintf("%q: %s", c.Name, c.Example))
	}
	return "A JSON list of years, each an object. A year that contradicts itself refuses the whole file.\n\n" + t.Help() +
		"\nExample:\n  [{" + strings.Join(year, ",\n    ") + "}]\n"
}

// Run publishes the years of the file.
func (c *importCalendarCmd) Run(ctx context.Context) error {
	return withFile(ctx, c.Config, c.File, func(a *app.App, f *os.File) error {
		data, err := io.ReadAll(io.LimitReader(f, 16<<20))
		if err != nil {
			return err
		}
		years, err := calendar.ParseRussian(data)
		if err != nil {
			return err
		}
		changed, err := a.Cases.ImportCalendar(ctx, operator(), years)
		if err != nil {
			return err
		}
		fmt.Printf("years: %d, changed: %d\n", len(years), changed)
		return nil
	})
}

type importPlacesCmd struct {
	config.Config
	Dataset string `arg:"" enum:"territories,localities,streets,addresses,assets" help:"What the file holds."`
	File    string `arg:"" help:"CSV or GeoJSON file."`
	listsFlag
}

// Help tells the columns of each dataset.
func (importPlacesCmd) Help() string {
	b := &strings.Builder{}
	fmt.Fprintln(b, tableForm+", or GeoJSON with the columns as properties of its features. "+partly)
	for _, set := range places.Datasets() {
		table := places.Table(set)
		fmt.Fprintf(b, "\n%s\n%s  Example:\n%s", set, table.Help(), indented(table.Example()))
	}
	return b.String()
}

// Run imports one dataset of the register.
func (c *importPlacesCmd) Run(ctx context.Context) error {
	return withRegister(ctx, c.Config, c.File, func(a *app.App) error {
		out, rows, err := a.ImportPlaces(ctx, operator(), places.Dataset(c.Dataset), c.from(c.File), shellLang())
		tellRows(os.Stderr, c.from(c.File), rows)
		tellEach(os.Stderr, out.Notes)
		if err == nil || out.Read > 0 {
			fmt.Printf("rows: %d, added: %d, changed: %d, same: %d, not taken: %d\n", out.Read, out.Added, out.Changed, out.Same, out.Bad)
		}
		if len(out.Owners) > 0 {
			fmt.Printf("owners not known yet: %d (%s): %s\n", len(out.Owners), strings.Join(out.Owners, ", "), casework.NotesFile(c.from(c.File).Lists()))
		}
		return err
	})
}

type importOrganisationsCmd struct {
	config.Config
	File string `arg:"" help:"CSV file."`
	listsFlag
}

// Help tells the columns.
func (importOrganisationsCmd) Help() string {
	return tableForm + ". " + partly + " Parents may stand below those who name them.\n\n" + explained(directory.Table())
}

// Run imports organisations.
func (c *importOrganisationsCmd) Run(ctx context.Context) error {
	return withRegister(ctx, c.Config, c.File, func(a *app.App) error {
		out, rows, err := a.ImportOrganisations(ctx, operator(), c.from(c.File), shellLang())
		tellRows(os.Stderr, c.from(c.File), rows)
		if err != nil {
			return err
		}
		fmt.Printf("added: %d, changed: %d, same: %d, not taken: %d\n", out.Added, out.Changed, out.Same, len(out.Problems))
		return nil
	})
}

type importRubricatorCmd struct{ config.Config }

// Run publishes the rubricator that comes with the program.
func (c *importRubricatorCmd) Run(ctx context.Context) error {
	return withApp(ctx, c.Config, false, func(a *app.App) error {
		v, err := a.Taxonomy.Publish(ctx, operator(), taxonomy.Default(), "built-in")
		if err != nil {
			return err
		}
		fmt.Println("version:", v)
		return nil
	})
}

type importCompetenceCmd struct {
	config.Config
	File string `arg:"" help:"CSV file."`
	From string `help:"Date from which the rows hold, ISO; empty at the first import alone."`
	listsFlag
}

// Help tells the columns.
func (importCompetenceCmd) Help() string {
	return tableForm + `. The file is the whole table: rows that it doesn't hold end. One bad row and nothing is imported;
all bad rows are told, and listed in FILE.errors.csv.

` + explained(taxonomy.Table())
}

// Run replaces the table of competence.
func (c *importCompetenceCmd) Run(ctx context.Context) error {
	return withRegister(ctx, c.Config, c.File, func(a *app.App) error {
		done, rows, err := a.ImportCompetence(ctx, operator(), c.from(c.File), c.From, shellLang())
		tellRows(os.Stderr, c.from(c.File), rows)
		if err != nil {
			return err
		}
		fmt.Printf("added: %d, ended: %d, same: %d\n", done.Added, done.Ended, done.Same)
		return nil
	})
}

// What the help of several imports says.
const (
	tableForm = "CSV in UTF-8 with a heading, comma or semicolon between the columns, in any order"
	partly    = "A bad row is left out, told, and listed in FILE.errors.csv; it stops no other row. The same file again changes nothing."
)

// explained is a table of columns with an example for help.
func explained(t columns.Table) string { return t.Help() + "\nExample:\n" + indented(t.Example()) }

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

// listsFlag says where the lists of an import's rows go.
type listsFlag struct {
	Notes string `placeholder:"DIR" help:"Folder for the lists of rows that were not taken (FILE.errors.csv) and of what was not understood (FILE.notes.csv). Empty: the folder of the file."`
}

func (l listsFlag) from(file string) app.Source { return app.Source{Path: file, Notes: l.Notes} }

// tellRows names the rows that were not taken, line, column and reason, and their list.
func tellRows(out io.Writer, file app.Source, rows []app.RowError) {
	tellEach(out, rows)
	if len(rows) > 0 {
		fmt.Fprintln(out, "bad rows:", casework.ErrorsFile(file.Lists()))
	}
}

// tellEach tells rows in the language of their reasons.
func tellEach(out io.Writer, rows []app.RowError) {
	for _, r := range rows {
		fmt.Fprintf(out, aboutRow[shellLang()], r.Line, r.Column, r.Reason)
	}
}

// aboutRow is the line about a row, in the language of its reason.
var aboutRow = map[string]string{"en": "line %d, column %s: %s\n", "ru": "строка %d, столбец %s: %s\n"}
