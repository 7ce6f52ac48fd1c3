package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keptFile holds what stays from one start to the next.
const keptFile = "sandbox.json"

type kept struct {
	Pages    string `json:"pages"`
	SMTP     string `json:"smtp"`
	SMPP     string `json:"smpp"`
	Password string `json:"password"`
}

func readKept(dir string) (k kept, err error) {
	b, err := os.ReadFile(filepath.Join(dir, keptFile))
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return k, err
	}
	if err := json.Unmarshal(b, &k); err != nil {
		return k, fmt.Errorf("%s: %w", filepath.Join(dir, keptFile), err)
	}
	return k, nil
}

// write replaces the file as a whole.
func (k kept) write(dir string) error {
	b, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	name := filepath.Join(dir, keptFile)
	if err := os.WriteFile(name+".new", append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}
