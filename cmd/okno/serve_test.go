package main

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

// A form's big parts wait in the data folder, not in the machine's temporary
// one, and what a killed process left there goes.
func TestPartsOfFormsWaitInTheDataFolder(t *testing.T) {
	for _, name := range []string{"TMPDIR", "TMP"} {
		t.Setenv(name, os.Getenv(name))
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "multipart-17"), []byte("of somebody"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ownTemp(dir, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	files := func() []string {
		list, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if left := files(); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("files", "a.bin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(part, neverEnding{}, 3<<20); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		t.Fatal(err)
	}
	if len(files()) != 1 {
		t.Errorf("waits elsewhere; here are %v", files())
	}
	if err := r.MultipartForm.RemoveAll(); err != nil {
		t.Fatal(err)
	}
}

type neverEnding struct{}

func (neverEnding) Read(p []byte) (int, error) { return len(p), nil }
