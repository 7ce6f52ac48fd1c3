package db

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"okno/internal/platform/errs"
)

// Holder is who holds a data folder.
type Holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}

func (h Holder) String() string {
	return fmt.Sprintf("process %d on %s since %s", h.PID, h.Host, h.Since.Format(time.RFC3339))
}

// FolderLock is the lock of one `serve` on its data folder. The system frees
// it when the process ends, however it ends.
type FolderLock struct{ file *os.File }

// LockFolder takes the folder for this process. If another has it, the error
// is [errs.Conflict] with the key db.folder_held and names the [Holder].
func LockFolder(dir string) (*FolderLock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "okno.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		if errors.Is(err, errHeld) {
			err = held(f, dir)
		}
		return nil, errors.Join(err, f.Close())
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	b, err := json.Marshal(Holder{PID: os.Getpid(), Host: host, Since: time.Now().UTC().Truncate(time.Second)})
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = f.WriteAt(append(b, '\n'), 0)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &FolderLock{f}, nil
}

var errHeld = errors.New("held by another process")

func held(f *os.File, dir string) error {
	holder := "another process"
	var h Holder
	if b, err := io.ReadAll(f); err == nil && json.Unmarshal(b, &h) == nil {
		holder = h.String()
	}
	return &errs.Error{
		Code: errs.Conflict, Key: "db.folder_held", Args: map[string]any{"Dir": dir, "Holder": holder},
	}
}

// Unlock frees the folder.
func (l *FolderLock) Unlock() error { return l.file.Close() }
