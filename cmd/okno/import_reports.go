package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"

	"okno/internal/app"
	"okno/internal/casework"
	"okno/internal/platform/config"
)

type importReportsCmd struct {
	config.Config
	File      string            `arg:"" help:"CSV file with a header."`
	Map       map[string]string `mapsep:"," placeholder:"FIELD=COLUMN" help:"Which column holds a field of the list below. Default: the column of that name."`
	Source    string            `help:"Where the file comes from; rows are known by source and id. Empty: the file's name."`
	Charset   string            `help:"utf-8 or windows-1251. Empty: recognised."`
	Separator string            `help:"Character between columns. Empty: recognised."`
	listsFlag
}

// Help says what becomes of reports that are over.
func (importReportsCmd) Help() string {
	return `What becomes of an old report. Its state column says open or closed (also in Russian: открыто, в работе, закрыто, решено …). Without a state, a report whose
term ended before the import is taken as closed: it stands in the folder of closed cases, is late for nobody and is not shown to strangers. One whose term
still runs is taken as open, as is every report without a date. What the file calls open stays open, overdue where its term has ended; no alarm or notice
goes out for a moment that lay before the import.

Rows that can't be taken are listed in FILE.errors.csv. Topics, organisations and addresses that are not known here are counted and listed in
FILE.notes.csv; their rows are stored: the topic is found by the report's words, the organisation by topic and place, the address is kept as words. A bad row stops no other; the same file twice adds nothing.

CSV with a heading; charset (UTF-8, UTF-16, Windows-1251) and separator are recognised. Fields:

` + explained(casework.ImportTable())
}

var errNoRow = errors.New("no row could be taken: each is bad")

// Run imports reports. Bad rows go to FILE.errors.csv and stop nothing; the
// same file twice adds nothing.
func (c *importReportsCmd) Run(ctx context.Context) error {
	info, err := os.Stat(c.File)
	if err != nil {
		return noFile(c.File, err)
	}
	if info.IsDir() {
		return fmt.Errorf("%q is a folder: name a CSV file in it", c.File)
	}
	opt := casework.ImportOptions{Source: c.Source, Map: c.Map, Charset: c.Charset}
	if c.Separator != "" {
		opt.Separator = c.Separator[0]
	}
	var bar *progressbar.ProgressBar
	opt.Progress = func(n casework.ImportCount) {
		if bar == nil { // a file that can't be read at all is told without one
			bar = progressbar.DefaultBytes(info.Size(), c.File)
		}
		_ = bar.Set64(n.Bytes) // a bar that can't be drawn is no failure of the import
	}
	return withApp(ctx, c.Config, false, func(a *app.App) error {
		n, err := a.ImportReports(ctx, operator(), c.from(c.File), shellLang(), opt)
		if bar != nil {
			fmt.Fprintln(os.Stderr)
		}
		if err != nil && n.Rows == 0 { // nothing was read: there is nothing to sum up
			return err
		}
		fmt.Printf("rows: %d, stored: %d, known already: %d, bad: %d (closed, from the archive: %d; topic found by words: %d, other: %d; agency routed: %d)\n",
			n.Rows, n.Stored, n.Known, n.Bad, n.Archived, n.Suggested, n.Other, n.Routed)
		if n.Topics+n.Agencies+n.Places > 0 {
			fmt.Printf("not known here: topics in %d rows, organisations in %d, addresses in %d: %s\n", n.Topics, n.Agencies, n.Places, casework.NotesFile(c.from(c.File).Lists()))
		}
		if n.Bad > 0 {
			fmt.Println("bad rows:", casework.ErrorsFile(c.from(c.File).Lists()))
		}
		if err == nil && n.Bad > 0 && n.Bad == n.Rows {
			return errNoRow
		}
		return err
	})
}
