package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"okno/internal/app"
	"okno/internal/calendar"
	"okno/internal/places"
	"okno/internal/platform/config"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
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
		return err
	}
	defer f.Close()
	return withApp(ctx, cfg, false, func(a *app.App) error { return fn(a, f) })
}

type importCalendarCmd struct {
	config.Config
	File string `arg:"" type:"existingfile" help:"JSON file."`
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
			return told(err)
		}
		changed, err := a.Cases.ImportCalendar(ctx, operator(), years)
		if err != nil {
			return told(err)
		}
		fmt.Printf("years: %d, changed: %d\n", len(years), changed)
		return nil
	})
}

type importPlacesCmd struct {
	config.Config
	Dataset string `arg:"" enum:"territories,localities,streets,addresses,assets" help:"What the file holds."`
	File    string `arg:"" type:"existingfile" help:"CSV or GeoJSON file."`
}

// Run imports one dataset of the register.
func (c *importPlacesCmd) Run(ctx context.Context) error {
	return withFile(ctx, c.Config, c.File, func(a *app.App, f *os.File) error {
		format := places.CSV
		if ext := strings.ToLower(filepath.Ext(c.File)); ext == ".geojson" || ext == ".json" {
			format = places.GeoJSON
		}
		out, err := a.Places.Import(ctx, operator(), places.ImportInput{Dataset: places.Dataset(c.Dataset), Format: format, File: f, Bad: func(b places.BadRow) error {
			for _, field := range b.Fields {
				fmt.Fprintf(os.Stderr, "line %d, %s: %s: %s\n", b.Line, b.Code, field.Name, i18n.Field(i18n.English, field))
			}
			return nil
		}})
		fmt.Printf("%+v\n", out)
		return told(err)
	})
}

type importOrganisationsCmd struct {
	config.Config
	File string `arg:"" type:"existingfile" help:"CSV file."`
}

// Run imports organisations.
func (c *importOrganisationsCmd) Run(ctx context.Context) error {
	return withFile(ctx, c.Config, c.File, func(a *app.App, f *os.File) error {
		out, err := a.Directory.Import(ctx, operator(), f)
		if err != nil {
			return told(err)
		}
		for _, p := range out.Problems {
			fmt.Fprintf(os.Stderr, "line %d, %s: %s\n", p.Line, p.Code, i18n.Error(i18n.English, p.Err))
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
			return told(err)
		}
		fmt.Println("version:", v)
		return nil
	})
}

type importCompetenceCmd struct {
	config.Config
	File string `arg:"" type:"existingfile" help:"CSV file."`
	From string `help:"Date from which the rows hold, ISO; empty at the first import alone."`
}

// Run replaces the table of competence.
func (c *importCompetenceCmd) Run(ctx context.Context) error {
	return withFile(ctx, c.Config, c.File, func(a *app.App, f *os.File) error {
		rules, err := taxonomy.ReadRules(f)
		if err != nil {
			return told(err)
		}
		done, err := a.Taxonomy.ReplaceRules(ctx, operator(), rules, c.From)
		if err != nil {
			return told(err)
		}
		fmt.Printf("added: %d, ended: %d, same: %d\n", done.Added, done.Ended, done.Same)
		return nil
	})
}

// told is an error in words: what fields are wrong and how to mend them.
func told(err error) error {
	if err == nil || errs.CodeOf(err) == errs.Internal {
		return err
	}
	return fmt.Errorf("%s (%w)", i18n.Error(i18n.English, err), err)
}
