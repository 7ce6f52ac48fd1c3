package backup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"okno/internal/platform/vault"
)

// Names of the files that [Keys] writes.
const (
	KeyFileName     = "vault.key"
	ErasureFileName = "erased.list"
)

// Keys copies what a backup does not hold and a restore needs: the key file,
// without which sealed data stays sealed, and the erasure list, without which
// erased people would come back. Both go into dir, which is made where it is
// missing and is to be kept apart from backups; neither may be there already.
// A missing erasure list is an empty one.
func Keys(keyFile, erasureList, dir string) error {
	if _, err := vault.OpenKeys(keyFile, false); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("backup of keys: %w", err)
	}
	if err := copyFile(keyFile, filepath.Join(dir, KeyFileName)); err != nil {
		return err
	}
	err := copyFile(erasureList, filepath.Join(dir, ErasureFileName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// copyFile makes a durable copy, never over another file.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("backup of keys: %w", err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	tmp, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+"-*.partial") // mode 0600
	if err != nil {
		return fmt.Errorf("backup of keys: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	_, err = io.Copy(tmp, in)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return fmt.Errorf("backup of keys: %w", err)
	}
	return publish(tmp.Name(), to)
}
