package config

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// WebSecret reads the secret that signs cookies and cursors from web.key in
// the data folder, and makes it at the first start. Losing it costs nothing
// but open lists and waiting messages; it is no part of a backup.
func (c *Config) WebSecret() ([]byte, error) {
	path := c.Path("web.key")
	for range 2 {
		text, err := os.ReadFile(path)
		if err == nil {
			secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
			if err != nil || len(secret) < 32 {
				return nil, fmt.Errorf("%s holds no key; remove it to have a new one made", path)
			}
			return secret, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("web secret: %w", err)
		}
		if err := makeSecret(path); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("web secret: %w", err)
		}
	}
	return nil, fmt.Errorf("web secret: %s can't be read after it was made", path)
}

// makeSecret writes a new key beside path and links it there, so that of two
// programs that start at once both end with the same whole key.
func makeSecret(path string) error {
	var secret [32]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".web.key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.WriteString(hex.EncodeToString(secret[:]) + "\n"); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	err = os.Link(tmp.Name(), path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Rename(tmp.Name(), path) // a file system without links
}
