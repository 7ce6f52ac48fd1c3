package casework

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"okno/internal/platform/i18n"
	"okno/internal/policy"
)

// ErrorsFile is where the bad rows of a file go: reports.csv → reports.errors.csv.
func ErrorsFile(path string) string {
	return strings.TrimSuffix(path, filepath.Ext(path)) + ".errors.csv"
}

// NotesFile is where it stands what of a file's stored rows was not understood:
// reports.csv → reports.notes.csv.
func NotesFile(path string) string {
	return strings.TrimSuffix(path, filepath.Ext(path)) + ".notes.csv"
}

// ImportFile is [Service.ImportReports] of a file. Bad rows go to [ErrorsFile]
// with their lines and reasons, what of stored rows was not understood to
// [NotesFile], and never their words; where there are none the file is absent.
// An empty source is the file's name without its ending.
func (s *Service) ImportFile(ctx context.Context, actor policy.Actor, path, lang string, opt ImportOptions) (count ImportCount, err error) {
	in, err := os.Open(path)
	if err != nil {
		return count, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if opt.Source == "" {
		opt.Source = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	if opt.Lists == "" {
		opt.Lists = path
	}
	bad, notes := &rowList{path: ErrorsFile(opt.Lists)}, &rowList{path: NotesFile(opt.Lists)}
	for _, list := range []*rowList{bad, notes} {
		if err := os.Remove(list.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return count, err
		}
	}
	told, noted, shown := opt.Bad, opt.Note, opt.Progress
	opt.Bad = func(b BadRow) error {
		if told != nil {
			if err := told(b); err != nil {
				return err
			}
		}
		return bad.write(b.Line, b.External, b.Reason, i18n.T(lang, "import.reason_"+b.Reason, i18n.Args{"Field": b.Field}))
	}
	opt.Note = func(n RowNote) error {
		if noted != nil {
			if err := noted(n); err != nil {
				return err
			}
		}
		return notes.write(n.Line, n.External, n.What, i18n.T(lang, "import.note_"+n.What))
	}
	opt.Progress = func(c ImportCount) {
		bad.flush()
		notes.flush()
		if shown != nil {
			shown(c)
		}
	}
	count, err = s.ImportReports(ctx, actor, in, opt)
	return count, errors.Join(err, bad.close(), notes.close())
}

// rowList is a file about rows, made with its first one.
type rowList struct {
	path string
	file *os.File
	buf  *bufio.Writer
	csv  *csv.Writer
	err  error
}

func (o *rowList) write(line int, external, reason, explanation string) error {
	if o.file == nil {
		f, err := os.OpenFile(o.path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		o.file, o.buf = f, bufio.NewWriter(f)
		o.csv = csv.NewWriter(o.buf)
		if err := o.csv.Write([]string{"line", "id", "reason", "explanation"}); err != nil {
			return err
		}
	}
	return o.csv.Write([]string{strconv.Itoa(line), external, reason, explanation})
}

func (o *rowList) flush() {
	if o.file != nil && o.err == nil {
		o.csv.Flush()
		o.err = errors.Join(o.csv.Error(), o.buf.Flush())
	}
}

func (o *rowList) close() error {
	if o.file == nil {
		return nil
	}
	o.flush()
	return errors.Join(o.err, o.file.Close())
}
