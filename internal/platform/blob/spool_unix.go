//go:build !windows

package blob

import (
	"errors"
	"os"
)

// spoolFile makes a temporary file and takes its name away at once.
func spoolFile(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, spoolPattern)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// closeSpool gives the room back. Of a file without a name nobody asks how it was closed.
func closeSpool(f *os.File) { _ = f.Close() }
