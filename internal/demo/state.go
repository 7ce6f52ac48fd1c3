package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// ReadState reads the state of a folder; found is false in a new one.
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
	return s, true, nil
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
