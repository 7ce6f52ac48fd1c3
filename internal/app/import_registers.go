package app

import (
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/places"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// RowError is a row of a register's file that was not taken, a column of it at a time.
type RowError struct {
	Line   int    // of the file, from 1
	Code   string // of the row, where it could be read
	Column string // "row": the row as a whole
	Reason string // in words
}

// rowErrors gathers what is wrong with a file's rows, in one language.
type rowErrors struct {
	lang string
	list []RowError
}

func (r *rowErrors) add(line int, code string, fields ...errs.Field) {
	for _, f := range fields {
		r.list = append(r.list, RowError{line, code, f.Name, i18n.Field(r.lang, f)})
	}
}

func (r *rowErrors) fail(line int, code string, err error) {
	var e *errs.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		r.add(line, code, e.Fields...)
		return
	}
	r.list = append(r.list, RowError{line, code, "row", i18n.Error(r.lang, err)})
}

// write puts the rows into [casework.ErrorsFile] of a file.
func (r *rowErrors) write(file Source) error { return r.into(casework.ErrorsFile(file.Lists())) }

// Source is a file to import.
type Source struct {
	Path  string
	Notes string // folder of the lists of its rows; empty: that of the file
}

// Lists is the file as its lists are named after it: [casework.ErrorsFile] and
// [casework.NotesFile] of this path.
func (s Source) Lists() string {
	if s.Notes == "" {
		return s.Path
	}
	return filepath.Join(s.Notes, filepath.Base(s.Path))
}

// check refuses a folder of lists that isn't there.
func (s Source) check() error {
	if s.Notes == "" {
		return nil
	}
	if info, err := os.Stat(s.Notes); err != nil || !info.IsDir() {
		return errs.With(errs.Invalid, "import.no_folder", map[string]any{"Folder": s.Notes})
	}
	return nil
}

// open opens the file, unless its lists can't be written.
func (s Source) open() (*os.File, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	return os.Open(s.Path)
}

// into puts the rows into a file; where there are none it is absent.
func (r *rowErrors) into(path string) error {
	if len(r.list) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	rows := [][]string{{"line", "code", "column", "reason"}}
	for _, e := range r.list {
		rows = append(rows, []string{strconv.Itoa(e.Line), e.Code, e.Column, e.Reason})
	}
	return errors.Join(csv.NewWriter(f).WriteAll(rows), f.Close())
}

// PlacesImported is what became of a file of the register.
type PlacesImported struct {
	places.Outcome
	Notes  []RowError // of rows that were taken: owners that are no organisation yet
	Owners []string   // their codes, each once
}

// ImportPlaces imports a file of the register; its ending says whether it is
// GeoJSON. Bad rows are left out, told and listed in [casework.ErrorsFile];
// owners that aren't known yet are told and listed in [casework.NotesFile].
func (a *App) ImportPlaces(ctx context.Context, actor policy.Actor, set places.Dataset, file Source, lang string) (out PlacesImported, rows []RowError, err error) {
	f, err := file.open()
	if err != nil {
		return out, nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	tree, err := a.Directory.Tree(ctx)
	if err != nil {
		return out, nil, err
	}
	format, bad, notes := places.CSV, rowErrors{lang: lang}, rowErrors{lang: lang}
	if ext := strings.ToLower(filepath.Ext(file.Path)); ext == ".geojson" || ext == ".json" {
		format = places.GeoJSON
	}
	out.Outcome, err = a.Places.Import(ctx, actor, places.ImportInput{Dataset: set, Format: format, File: f, Bad: func(b places.BadRow) error {
		bad.add(b.Line, b.Code, b.Fields...)
		return nil
	}, Organisation: func(code string) bool { _, known := tree.ByCode(code); return known }, Note: func(b places.BadRow) error {
		notes.add(b.Line, b.Code, b.Fields...)
		for _, field := range b.Fields {
			if code, ok := field.Args["Code"].(string); ok && !slices.Contains(out.Owners, code) {
				out.Owners = append(out.Owners, code)
			}
		}
		return nil
	}})
	out.Notes = notes.list
	return out, bad.list, errors.Join(err, bad.write(file), notes.into(casework.NotesFile(file.Lists())))
}

// ImportOrganisations imports a file of organisations. Bad rows are left out,
// told and listed in [casework.ErrorsFile].
func (a *App) ImportOrganisations(ctx context.Context, actor policy.Actor, file Source, lang string) (out directory.Imported, rows []RowError, err error) {
	f, err := file.open()
	if err != nil {
		return out, nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	bad := rowErrors{lang: lang}
	out, err = a.Directory.Import(ctx, actor, f)
	for _, p := range out.Problems {
		bad.fail(p.Line, p.Code, p.Err)
	}
	return out, bad.list, errors.Join(err, bad.write(file))
}

// ImportCompetence makes the table of competence be that of a file from an ISO
// date on. One bad row and nothing is changed: half a table would send reports
// wrong. All bad rows are told and listed in [casework.ErrorsFile].
func (a *App) ImportCompetence(ctx context.Context, actor policy.Actor, file Source, from, lang string) (out taxonomy.Replaced, rows []RowError, err error) {
	f, err := file.open()
	if err != nil {
		return out, nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	bad := rowErrors{lang: lang}
	read, broken, err := taxonomy.ReadRows(f)
	if err != nil {
		return out, nil, err
	}
	strange, err := a.Taxonomy.CheckRows(ctx, read)
	if err != nil {
		return out, nil, err
	}
	for _, b := range append(broken, strange...) {
		bad.add(b.Line, "", b.Fields...)
	}
	if err := bad.write(file); err != nil {
		return out, bad.list, err
	}
	if len(bad.list) > 0 {
		return out, bad.list, errs.New(errs.Invalid, "import.nothing")
	}
	rules := make([]taxonomy.Rule, len(read))
	for i, r := range read {
		rules[i] = r.Rule
	}
	out, err = a.Taxonomy.ReplaceRules(ctx, actor, rules, from)
	return out, nil, err
}
