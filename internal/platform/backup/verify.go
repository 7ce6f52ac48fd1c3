package backup

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"okno/internal/platform/errs"
)

// Archive is a backup that was read and found whole. Nothing has been written
// anywhere by then.
type Archive struct {
	zip      *zip.ReadCloser
	manifest Manifest
	entries  map[string]*zip.File // of tables
	files    []*zip.File
	path     string
}

// open reads the manifest and checks that the file holds what it names and
// nothing else. The content is not read yet: see check.
func open(path string) (*Archive, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, notBackup(path, err)
	}
	a := &Archive{zip: z, path: path, entries: map[string]*zip.File{}}
	if err := a.index(); err != nil {
		return nil, errors.Join(err, z.Close())
	}
	return a, nil
}

func (a *Archive) index() error {
	var manifest *zip.File
	for _, f := range a.zip.File {
		switch {
		case f.Name == manifestName:
			manifest = f
		case strings.HasPrefix(f.Name, filesDir):
			a.files = append(a.files, f)
		default:
			a.entries[f.Name] = f
		}
	}
	if manifest == nil {
		return notBackup(a.path, errors.New("no manifest"))
	}
	r, err := manifest.Open()
	if err != nil {
		return a.damaged("manifest", err)
	}
	defer r.Close()
	if err := json.NewDecoder(r).Decode(&a.manifest); err != nil {
		return a.damaged("manifest", err)
	}
	m := &a.manifest
	if m.Format != format {
		return notBackup(a.path, fmt.Errorf("format %q", m.Format))
	}
	if m.Version != formatVersion {
		return errs.With(errs.UnsupportedType, "backup.newer", map[string]any{"File": a.path, "Program": m.Program})
	}
	for _, t := range m.Tables {
		if a.entries[t.entry()] == nil {
			return a.damaged(t.Name, errors.New("no such stream"))
		}
	}
	if len(a.entries) != len(m.Tables) {
		return a.damaged("tables", fmt.Errorf("%d streams, %d in the manifest", len(a.entries), len(m.Tables)))
	}
	return nil
}

func (t *Table) entry() string { return tablesDir + t.Name + ".ndjson" }

// Verify reads a whole backup and tells whether every stream and attachment is
// what the manifest says. It needs neither database nor keys. Errors: Invalid
// for a file that is damaged, cut off or no backup at all.
func Verify(ctx context.Context, path string, progress func(Progress)) (Manifest, error) {
	a, err := Open(ctx, path, progress)
	if err != nil {
		return Manifest{}, err
	}
	return a.manifest, a.Close()
}

// Open does what [Verify] does and leaves the backup open for [Archive.Restore].
func Open(ctx context.Context, path string, progress func(Progress)) (*Archive, error) {
	a, err := open(path)
	if err != nil {
		return nil, err
	}
	if err := a.check(ctx, Options{Progress: progress}); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// Close closes the file.
func (a *Archive) Close() error { return a.zip.Close() }

func (a *Archive) check(ctx context.Context, opt Options) error {
	total := int64(len(a.manifest.Tables) + len(a.files))
	for i, t := range a.manifest.Tables {
		sum, rows := sha256.New(), int64(0)
		err := a.read(ctx, a.entries[t.entry()], func(r io.Reader) error {
			lines := &newlines{}
			_, err := io.Copy(io.MultiWriter(sum, lines), r)
			rows = lines.n
			return err
		})
		if err != nil {
			return a.damaged(t.Name, err)
		}
		if rows != t.Rows || hex.EncodeToString(sum.Sum(nil)) != t.SHA256 {
			return a.damaged(t.Name, errors.New("rows differ from the manifest"))
		}
		opt.told(Progress{"check", t.Name, int64(i + 1), total})
	}
	all, bytes := sha256.New(), int64(0)
	for i, f := range a.files {
		sum := sha256.New()
		err := a.read(ctx, f, func(r io.Reader) error {
			n, err := io.Copy(sum, r)
			bytes += n
			if err == nil {
				_, err = io.WriteString(all, fileLine(fileName(f), n, sum.Sum(nil)))
			}
			return err
		})
		if err != nil {
			return a.damaged("attachments", err)
		}
		opt.told(Progress{"check", "", int64(len(a.manifest.Tables) + i + 1), total})
	}
	if m := a.manifest.Files; m.Count != int64(len(a.files)) || m.Bytes != bytes || m.SHA256 != hex.EncodeToString(all.Sum(nil)) {
		return a.damaged("attachments", errors.New("they differ from the manifest"))
	}
	return nil
}

func fileName(f *zip.File) string { return strings.TrimPrefix(f.Name, filesDir) }

func (a *Archive) read(ctx context.Context, f *zip.File, fn func(io.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	return errors.Join(fn(bufio.NewReaderSize(r, 256<<10)), r.Close())
}

// newlines counts lines.
type newlines struct{ n int64 }

func (c *newlines) Write(p []byte) (int, error) {
	for _, b := range p {
		if b == '\n' {
			c.n++
		}
	}
	return len(p), nil
}

func notBackup(path string, cause error) error {
	return &errs.Error{Code: errs.Invalid, Key: "backup.not_a_backup", Args: map[string]any{"File": path}, Err: cause}
}

func (a *Archive) damaged(what string, cause error) error {
	return &errs.Error{Code: errs.Invalid, Key: "backup.damaged", Args: map[string]any{"File": a.path, "What": what}, Err: cause}
}
