package privacy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
)

// ErasureList is the list of erased subjects: a file of JSON lines outside the
// database, so that an old backup can't bring anybody back. Safe for
// concurrent use within a process.
type ErasureList struct {
	path string
	mu   sync.Mutex
}

// erased is one line of the list.
type erased struct {
	Subject id.ID `json:"subject"`
	At      int64 `json:"at"` // milliseconds UTC
}

// NewErasureList keeps the list in the file, which is made when needed.
func NewErasureList(path string) *ErasureList { return &ErasureList{path: path} }

// Append adds a subject durably. It is called before the subject's key is destroyed.
func (l *ErasureList) Append(subject id.ID, at time.Time) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
		return fmt.Errorf("erasure list: %w", err)
	}
	line, err := json.Marshal(erased{subject, clock.Milli(at)})
	if err != nil {
		return fmt.Errorf("erasure list: %w", err)
	}
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("erasure list: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	old, err := io.ReadAll(f)
	if err != nil {
		return fmt.Errorf("erasure list: %w", err)
	}
	end := int64(bytes.LastIndexByte(old, '\n') + 1) // a line cut off by a crash is written over
	if err := f.Truncate(end); err != nil {
		return fmt.Errorf("erasure list: %w", err)
	}
	if _, err := f.WriteAt(append(line, '\n'), end); err != nil {
		return fmt.Errorf("erasure list: %w", err)
	}
	return f.Sync()
}

// All reads the list; a missing file is an empty one. A last line that was cut
// off by a crash is left out: its subject was not erased yet.
func (l *ErasureList) All() (out []vault.Erasure, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, err := os.Open(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("erasure list: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	lines := bufio.NewScanner(f)
	var broken error
	for n := 1; lines.Scan(); n++ {
		if broken != nil {
			return nil, broken
		}
		var e erased
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			broken = fmt.Errorf("erasure list, line %d: %w", n, err)
			continue
		}
		out = append(out, vault.Erasure{Subject: e.Subject, At: clock.FromMilli(e.At)})
	}
	return out, lines.Err()
}
