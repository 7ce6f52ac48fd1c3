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

// ImportFile is [Service.ImportReports] of a file. Bad rows go to [ErrorsFile]
// with their lines and reasons, and never their words; where there are none
// the file is absent. An empty source is the file's name without its ending.
func (s *Service) ImportFile(ctx context.Context, actor policy.Actor, path, lang string, opt ImportOptions) (count ImportCount, err error) {
	in, err := os.Open(path)
	if err != nil {
		return count, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if opt.Source == "" {
		opt.Source = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	out := &badRows{path: ErrorsFile(path), lang: lang}
	if err := os.Remove(out.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return count, err
	}
	told := opt.Bad
	opt.Bad = func(b BadRow) error {
		if told != nil {
			if err := told(b); err != nil {
				return err
			}
		}
		return out.write(b)
	}
	shown := opt.Progress
	opt.Progress = func(c ImportCount) {
		out.flush()
		if shown != nil {
			shown(c)
		}
	}
	count, err = s.ImportReports(ctx, actor, in, opt)
	return count, errors.Join(err, out.close())
}

// badRows is the errors file, made with its first row.
type badRows struct {
	path, lang string
	file       *os.File
	buf        *bufio.Writer
	csv        *csv.Writer
	err        error
}

func (o *badRows) write(b BadRow) error {
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
	args := i18n.Args{"Field": b.Field}
	return o.csv.Write([]string{strconv.Itoa(b.Line), b.External, b.Reason, i18n.T(o.lang, "import.reason_"+b.Reason, args)})
}

func (o *badRows) flush() {
	if o.file != nil && o.err == nil {
		o.csv.Flush()
		o.err = errors.Join(o.csv.Error(), o.buf.Flush())
	}
}

func (o *badRows) close() error {
	if o.file == nil {
		return nil
	}
	o.flush()
	return errors.Join(o.err, o.file.Close())
}
