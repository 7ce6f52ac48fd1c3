package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// StateFile is the file of the data folder that makes it a demonstration.
const StateFile = "demo.json"

// State is what the folder keeps of its filling.
type State struct {
	Seed     uint64    `json:"seed"`
	Reports  int       `json:"reports"`
	Started  time.Time `json:"started"`  // the first start: all dates are counted back from it
	Base     bool      `json:"base"`     // register, organisations and people are there
	Complete bool      `json:"complete"` // all reports are there
}

// Claim makes a folder that holds nothing yet a demonstration's, before its
// filling begins: what stands beside the demonstration looks for that.
func Claim(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.Contains([]string{"okno.lock", "tmp"}, e.Name()) { // what starting alone makes
			return nil
		}
	}
	return State{}.write(dir)
}

// Claimed tells whether a folder is a demonstration's, be it filled or not.
func Claimed(dir string) (bool, error) {
	_, err := os.Stat(filepath.Join(dir, StateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// ReadState reads the state of a folder; found is false in one whose filling
// has not begun.
func ReadState(dir string) (s State, found bool, err error) {
	b, err := os.ReadFile(filepath.Join(dir, StateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return s, false, nil
	}
	if err != nil {
		return s, false, err
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, false, fmt.Errorf("%s: %w", StateFile, err)
	}
	return s, !s.Started.IsZero(), nil
}

// write keeps the state durably: it is there whole after a power cut, or the one before is.
func (s State) write(dir string) (err error) {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, StateFile+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(append(b, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, StateFile)); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync() // a system that can't sync a folder keeps renames by itself
	return d.Close()
}
