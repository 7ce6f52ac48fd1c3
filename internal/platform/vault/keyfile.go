package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// Keys yields one key-encryption key per version. The key file is the first of
// its kind; a transit service or a hardware module can be others.
type Keys interface {
	Current() int
	Key(version int) ([]byte, error) // 32 bytes
}

// keyFile is the content of the file: versions as text, keys in base64.
type keyFile struct {
	Now  int               `json:"current"`
	Keys map[string]string `json:"keys"`
}

type fileKeys struct {
	now  int
	keys map[int][]byte
}

func (k fileKeys) Current() int { return k.now }

func (k fileKeys) Key(version int) ([]byte, error) {
	if key, ok := k.keys[version]; ok {
		return key, nil
	}
	return nil, fmt.Errorf("key-encryption key of version %d is not in the key file", version)
}

// OpenKeys reads the key file, which only its owner may read (mode 0600). With
// create, a missing file is made with a new key.
func OpenKeys(path string, create bool) (Keys, error) {
	f, err := readKeys(path)
	if errors.Is(err, fs.ErrNotExist) && create {
		f = keyFile{Keys: map[string]string{}}
		if err := f.add(); err != nil {
			return nil, err
		}
		if err := f.write(path, os.O_EXCL); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		f, err = readKeys(path) // another process may have been first
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	return f.decode()
}

// AddKey puts a new key into the file and makes it the current one. Old
// versions stay for what they wrapped; [Vault.Rewrap] frees them.
func AddKey(path string) error {
	f, err := readKeys(path)
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if err := f.add(); err != nil {
		return err
	}
	// Written beside and renamed: a key file must never be half there.
	next := path + ".new"
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := f.write(next, os.O_EXCL); err != nil {
		return err
	}
	return os.Rename(next, path)
}

func readKeys(path string) (f keyFile, err error) {
	st, err := os.Stat(path)
	if err != nil {
		return f, err
	}
	if runtime.GOOS != "windows" && st.Mode().Perm()&0o077 != 0 {
		return f, fmt.Errorf("%s can be read by others (mode %04o): chmod 600 it", path, st.Mode().Perm())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return f, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	return f, dec.Decode(&f)
}

func (f *keyFile) add() error {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	f.Now++
	f.Keys[strconv.Itoa(f.Now)] = base64.StdEncoding.EncodeToString(key)
	return nil
}

func (f keyFile) write(path string, flag int) error {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	w, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|flag, 0o600)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return errors.Join(err, w.Sync(), w.Close())
}

func (f keyFile) decode() (Keys, error) {
	k := fileKeys{now: f.Now, keys: map[int][]byte{}}
	for name, text := range f.Keys {
		version, err := strconv.Atoi(name)
		if err != nil {
			return nil, fmt.Errorf("key file: version %q: %w", name, err)
		}
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(key) != 32 {
			return nil, fmt.Errorf("key file: key %d is not 32 bytes in base64", version)
		}
		k.keys[version] = key
	}
	if _, err := k.Key(k.now); err != nil {
		return nil, err
	}
	return k, nil
}
