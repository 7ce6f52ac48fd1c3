package blob

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"okno/internal/platform/errs"
)

// Folder keeps content in files of one folder: "ab/cdef…", written beside and
// renamed, so that a name always stands for whole content. Nothing outside the
// folder can be reached through it.
type Folder struct{ root *os.Root }

const (
	spoolDir   = "tmp"
	probeBytes = 4 << 10 // that [Folder.Ready] writes
)

// OpenFolder opens the folder, makes it where it is missing and removes what
// an interrupted write left in it.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unavailable("make folder", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, unavailable("open folder", err)
	}
	f := &Folder{root: root}
	if err := f.clearSpool(); err != nil {
		root.Close()
		return nil, unavailable("clear spool", err)
	}
	return f, nil
}

// clearSpool removes writes that nobody can still be busy with: other
// processes may be using the folder.
func (f *Folder) clearSpool() error {
	if err := f.root.Mkdir(spoolDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	names, err := f.names(spoolDir)
	if err != nil {
		return err
	}
	for _, name := range names {
		at := path.Join(spoolDir, name)
		if s, err := f.root.Stat(at); err != nil || time.Since(s.ModTime()) < time.Hour {
			continue
		}
		if err := f.root.Remove(at); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Close closes the folder.
func (f *Folder) Close() error { return f.root.Close() }

func filePath(name string) string { return path.Join(name[:2], name[2:]) }

// Put implements [Storage].
func (f *Folder) Put(ctx context.Context, name string, size int64, r io.Reader) (err error) {
	if err := checkName(name); err != nil {
		return err
	}
	if size < 1 {
		return unavailable("put", errSize)
	}
	var random [12]byte
	if _, err := rand.Read(random[:]); err != nil {
		return unavailable("put", err)
	}
	tmp := path.Join(spoolDir, hex.EncodeToString(random[:]))
	file, err := f.root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unavailable("put", err)
	}
	defer func() {
		if err != nil {
			if gone := f.root.Remove(tmp); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}()
	_, err = io.Copy(file, &exactly{&withContext{ctx, r}, size})
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return unavailable("put", err)
	}
	if err = f.root.Mkdir(name[:2], 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return unavailable("put", err)
	}
	if err = f.root.Rename(tmp, filePath(name)); err != nil {
		return unavailable("put", err)
	}
	return f.syncDir(name[:2])
}

// syncDir makes a rename durable. Systems that can't sync a folder say EINVAL or refuse to open it.
func (f *Folder) syncDir(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return unavailable("sync folder", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, fs.ErrPermission) {
		return unavailable("sync folder", err)
	}
	return nil
}

// Range implements [Storage].
func (f *Folder) Range(_ context.Context, name string, from, n int64) (io.ReadCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	file, err := f.root.Open(filePath(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFound(name)
	}
	if err != nil {
		return nil, unavailable("read", err)
	}
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		file.Close()
		return nil, unavailable("read", err)
	}
	if n < 0 {
		return file, nil
	}
	return limited{io.LimitReader(file, n), file}, nil
}

// Stat implements [Storage].
func (f *Folder) Stat(_ context.Context, name string) (Info, error) {
	if err := checkName(name); err != nil {
		return Info{}, err
	}
	s, err := f.root.Stat(filePath(name))
	if errors.Is(err, fs.ErrNotExist) {
		return Info{}, notFound(name)
	}
	if err != nil {
		return Info{}, unavailable("stat", err)
	}
	return Info{Name: name, Size: s.Size(), Modified: s.ModTime().UTC()}, nil
}

// Delete implements [Storage].
func (f *Folder) Delete(_ context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := f.root.Remove(filePath(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unavailable("delete", err)
	}
	return nil
}

// Ready implements [Storage]: it writes a small file and removes it.
func (f *Folder) Ready(ctx context.Context) error {
	var random [12]byte
	if _, err := rand.Read(random[:]); err != nil {
		return unavailable("probe", err)
	}
	tmp := path.Join(spoolDir, hex.EncodeToString(random[:]))
	file, err := f.root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unavailable("probe", err)
	}
	_, err = file.Write(make([]byte, probeBytes))
	if err = errors.Join(err, file.Sync(), file.Close(), f.root.Remove(tmp), ctx.Err()); err != nil {
		return unavailable("probe", err)
	}
	return nil
}

// List implements [Storage].
func (f *Folder) List(ctx context.Context, after string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		dirs, err := f.names(".")
		if err != nil {
			yield(Info{}, unavailable("list", err))
			return
		}
		for _, dir := range dirs {
			if len(dir) != 2 || after != "" && dir < after[:min(2, len(after))] {
				continue
			}
			files, err := f.names(dir)
			if err != nil {
				yield(Info{}, unavailable("list", err))
				return
			}
			for _, file := range files {
				name := dir + file
				if name <= after || checkName(name) != nil {
					continue
				}
				info, err := f.Stat(ctx, name)
				if errs.Is(err, errs.NotFound) {
					continue // deleted meanwhile
				}
				if err == nil {
					err = ctx.Err()
				}
				if !yield(info, err) || err != nil {
					return
				}
			}
		}
	}
}

func (f *Folder) names(dir string) ([]string, error) {
	d, err := f.root.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	slices.SortFunc(names, strings.Compare)
	return names, err
}

// withContext stops reading when ctx ends.
type withContext struct {
	ctx context.Context
	r   io.Reader
}

func (c *withContext) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
