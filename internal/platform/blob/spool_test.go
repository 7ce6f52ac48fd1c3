package blob

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// spoolIn tells a process of this test which folder to spool into, until it is killed.
const spoolIn = "OKNO_TEST_SPOOL_IN"

// told tells on standard output when it is read again: then what came before lies in the spool.
type told struct{ first io.Reader }

func (r *told) Read(p []byte) (int, error) {
	n, err := r.first.Read(p)
	if err != io.EOF {
		return n, err
	}
	os.Stdout.WriteString("spooled\n")
	select {} // the sender is slow
}

// TestAKilledProcessLeavesNoUpload kills a process in the midst of an upload:
// nothing of the file remains on disk.
func TestAKilledProcessLeavesNoUpload(t *testing.T) {
	if dir := os.Getenv(spoolIn); dir != "" {
		_, err := (&Service{cfg: Config{Temp: dir}}).spool(&told{first: bytes.NewReader(make([]byte, 1<<20))}, 30<<20)
		t.Fatalf("the upload ended: %v", err)
	}
	if runtime.GOOS == "windows" {
		t.Skip("a file keeps its name while it is open; what is left is swept at start")
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAKilledProcessLeavesNoUpload$")
	cmd.Env = append(os.Environ(), spoolIn+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, len("spooled\n"))
	if _, err := io.ReadFull(out, line); err != nil || string(line) != "spooled\n" {
		t.Fatalf("%q %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the process ended by itself")
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// What has a name is swept; what others put there stays.
func TestTheSpoolIsSwept(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"okno-upload-1", "multipart-2", "mine.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n, err := SweepSpool(dir)
	if err != nil || n != 2 {
		t.Errorf("%d removed, %v", n, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 1 || !strings.HasSuffix(left[0], "mine.txt") {
		t.Errorf("%v %v", left, err)
	}
}
