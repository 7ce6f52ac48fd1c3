package backup

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"okno/internal/platform/clock"
)

// fileRef is an attachment that a row of the snapshot names.
type fileRef struct {
	Name  string `json:"name"`
	Gone  bool   `json:"gone,omitempty"`  // the row itself says that the bytes may be missing
	Until int64  `json:"until,omitempty"` // from this moment on they may be: milliseconds, 0 never
}

// fileList keeps the names of attachments outside of memory until they are copied.
type fileList struct {
	file    *os.File
	buf     *bufio.Writer
	enc     *json.Encoder
	n       int64
	deleted map[string]int64 // object's id → when everything made of it may go
}

func newFileList(dir string) (*fileList, error) {
	f, err := os.CreateTemp(dir, ".okno-files-*.partial")
	if err != nil {
		return nil, err
	}
	l := &fileList{file: f, buf: bufio.NewWriter(f), deleted: map[string]int64{}}
	l.enc = json.NewEncoder(l.buf)
	return l, nil
}

func (l *fileList) close() error { return errors.Join(l.file.Close(), os.Remove(l.file.Name())) }

// watch gives the function that collects names from a table's rows; nil for a
// table that names no attachments.
func (l *fileList) watch(t *Table) func(row []cell) error {
	at := map[string]int{}
	for i, c := range t.Columns {
		at[c.Name] = i
	}
	switch t.Name {
	case "blob_object":
		return func(row []cell) error {
			ref := fileRef{Name: row[at["store"]].text, Gone: row[at["state"]].text == "infected" || row[at["source_gone"]].n == 1}
			for _, column := range []string{"source_after", "deleted_after"} {
				if n := row[at[column]].n; n > 0 && (ref.Until == 0 || n < ref.Until) {
					ref.Until = n
				}
			}
			if n := row[at["deleted_after"]].n; n > 0 {
				l.deleted[row[at["id"]].text] = n
			}
			return l.add(ref)
		}
	case "blob_variant":
		return func(row []cell) error {
			return l.add(fileRef{Name: row[at["store"]].text, Until: l.deleted[row[at["object_id"]].text]})
		}
	}
	return nil
}

func (l *fileList) add(ref fileRef) error {
	l.n++
	return l.enc.Encode(ref)
}

// each gives the names back in the order in which they came.
func (l *fileList) each(ctx context.Context, fn func(fileRef) error) error {
	if err := l.buf.Flush(); err != nil {
		return err
	}
	if _, err := l.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	dec := json.NewDecoder(bufio.NewReader(l.file))
	for {
		var ref fileRef
		err := dec.Decode(&ref)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = fn(ref)
		}
		if err != nil {
			return err
		}
	}
}

// mayMiss tells whether nobody is to be surprised that the bytes are not there.
func (r fileRef) mayMiss(now time.Time) bool {
	return r.Gone || r.Until > 0 && r.Until <= clock.Milli(now)
}

// fileLine is what [Files].SHA256 is made of.
func fileLine(name string, size int64, sum []byte) string {
	return fmt.Sprintf("%s %d %x\n", name, size, sum)
}

// publish gives a finished file its name: never over another one.
func publish(tmp, path string) error {
	if err := os.Link(tmp, path); err != nil {
		if errors.Is(err, os.ErrExist) {
			return exists(path)
		}
		if err := os.Rename(tmp, path); err != nil { // a file system without links
			return err
		}
	} else if err := os.Remove(tmp); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil && !errors.Is(err, os.ErrInvalid) && !errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
