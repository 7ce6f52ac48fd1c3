package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"okno/internal/platform/config"
)

// Only the link is on standard output; beside it stands that earlier links end, and for which address it is.
func TestTheLinkOfAnAdministrator(t *testing.T) {
	var out, beside strings.Builder
	tellLink(&out, &beside, "https://okno.example/password/x", "https://okno.example", "anna")
	if out.String() != "https://okno.example/password/x\n" {
		t.Errorf("%q", out.String())
	}
	for _, want := range []string{"once", "before don't work", "https://okno.example", "--url"} {
		if !strings.Contains(beside.String(), want) {
			t.Errorf("%q isn't told: %s", want, beside.String())
		}
	}
}

// Only the login, typed again, confirms.
func TestErasureIsConfirmedByTheLogin(t *testing.T) {
	for typed, want := range map[string]bool{"anna\n": true, "anna": true, "y\n": false, "yes\n": false, "": false} {
		var out strings.Builder
		if got := confirmed(strings.NewReader(typed), &out, "anna", "Анна Ильина"); got != want {
			t.Errorf("%q: %v", typed, got)
		}
		if !strings.Contains(out.String(), "anna") || !strings.Contains(out.String(), "Анна Ильина") {
			t.Errorf("it isn't said who: %s", out.String())
		}
	}
}

// A command about what there is makes nothing out of a mistyped folder.
func TestAMistypedFolderIsNoInstallation(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "typo")
	cfg := config.Config{Data: dir}
	for name, run := range map[string]func(context.Context) error{
		"resume": (&adminResumeCmd{Config: cfg, Yes: true}).Run,
		"erase":  (&adminEraseCmd{Config: cfg, Login: "nina", Reason: "asked", Yes: true}).Run,
		"backup": (&backupWriteCmd{Config: cfg, File: filepath.Join(t.TempDir(), "b.okno")}).Run,
	} {
		if err := run(t.Context()); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Fatalf("%s made the folder", name)
		}
	}
}
