package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"okno/internal/platform/config"
)

// A restore that fails leaves the data folder as it was, says so, and the next
// one works: of a file that is damaged, and where the fault shows late.
func TestAFailedRestoreLeavesNothing(t *testing.T) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "a.backup")
	old := config.Config{Data: filepath.Join(dir, "old"), LogLevel: "error"}
	must((&migrateCmd{Config: old}).Run(t.Context()))
	must((&backupWriteCmd{Config: old, File: file}).Run(t.Context()))
	whole, err := os.ReadFile(file)
	must(err)
	bent := slices.Clone(whole)
	bent[len(bent)/2] ^= 0xff
	damaged := map[string][]byte{"bent": bent, "cut": whole[:len(whole)/2], "other": []byte("no backup at all")}

	restore := func(data, from string) error {
		return (&restoreCmd{Config: config.Config{Data: data, LogLevel: "error"}, File: from}).Run(t.Context())
	}
	for name, body := range damaged {
		bad, data := filepath.Join(dir, name), filepath.Join(dir, "new-"+name)
		must(os.WriteFile(bad, body, 0o600))
		if err := restore(data, bad); err == nil || !strings.Contains(err.Error(), "Nothing was restored") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(data); !os.IsNotExist(err) {
			t.Errorf("%s: the data folder was made: %v", name, err)
		}
		must(restore(data, file))
	}

	late := filepath.Join(dir, "late")
	strange := filepath.Join(late, "files", "ab", strings.Repeat("0", 62))
	must(os.MkdirAll(filepath.Dir(strange), 0o700))
	must(os.WriteFile(strange, []byte("of another installation"), 0o600))
	must(os.WriteFile(filepath.Join(late, "vault.key"), []byte("kept"), 0o600))
	if err := restore(late, file); err == nil || !strings.Contains(err.Error(), "the data folder is as it was") {
		t.Errorf("attachments in the target: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(late, "*"))
	must(err)
	if want := []string{filepath.Join(late, "files"), filepath.Join(late, "vault.key")}; !slices.Equal(left, want) {
		t.Errorf("left: %v", left)
	}
	must(os.Remove(strange))
	must(restore(late, file))
	if err := restore(late, file); err == nil {
		t.Error("a full target was taken")
	}
	if _, err := os.Stat(filepath.Join(late, "okno.db")); err != nil {
		t.Errorf("a refused restore removed what was there: %v", err)
	}
}
