package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"okno/internal/platform/errs"
)

// fakeS3 starts an S3 server in this process.
func fakeS3(t testing.TB) *S3 {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("okno"); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(srv.Close)
	s, err := OpenS3(context.Background(), S3Config{Endpoint: strings.TrimPrefix(srv.URL, "http://"), Bucket: "okno",
		Prefix: "attachments", Access: "a", Secret: "s", Insecure: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func eachStorage(t *testing.T, run func(t *testing.T, s Storage)) {
	t.Run("folder", func(t *testing.T) {
		f, err := OpenFolder(filepath.Join(t.TempDir(), "blobs"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		run(t, f)
	})
	t.Run("s3", func(t *testing.T) { run(t, fakeS3(t)) })
}

func nameOf(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

func read(t testing.TB, s Storage, name string, from, n int64) string {
	t.Helper()
	r, err := s.Range(context.Background(), name, from, n)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestStorage(t *testing.T) {
	eachStorage(t, func(t *testing.T, s Storage) {
		ctx := context.Background()
		name, text := nameOf("one"), "0123456789"
		if _, err := s.Stat(ctx, name); !errs.Is(err, errs.NotFound) {
			t.Errorf("stat of nothing: %v", err)
		}
		if _, err := s.Range(ctx, name, 0, -1); !errs.Is(err, errs.NotFound) {
			t.Errorf("range of nothing: %v", err)
		}
		if err := s.Delete(ctx, name); err != nil {
			t.Errorf("delete of nothing: %v", err)
		}
		if err := s.Put(ctx, name, 10, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		if i, err := s.Stat(ctx, name); err != nil || i.Size != 10 || i.Name != name || time.Since(i.Modified) > time.Hour {
			t.Errorf("stat: %+v %v", i, err)
		}
		for _, x := range []struct {
			from, n int64
			want    string
		}{{0, -1, text}, {3, 4, "3456"}, {8, 100, "89"}, {9, 1, "9"}, {10, 5, ""}, {4, 0, ""}, {7, -1, "789"}} {
			if got := read(t, s, name, x.from, x.n); got != x.want {
				t.Errorf("range %d+%d: %q, want %q", x.from, x.n, got, x.want)
			}
		}
		for what, body := range map[string]string{"shorter": "012", "longer": "0123456789ABC"} {
			if err := s.Put(ctx, nameOf(what), 10, strings.NewReader(body)); err == nil {
				t.Errorf("content %s than said is taken", what)
			}
			if _, err := s.Stat(ctx, nameOf(what)); !errs.Is(err, errs.NotFound) {
				t.Errorf("content %s than said is half there: %v", what, err)
			}
		}
		if err := s.Put(ctx, name, 3, strings.NewReader("new")); err != nil || read(t, s, name, 0, -1) != "new" {
			t.Errorf("replace: %v", err)
		}
		if err := s.Put(ctx, nameOf("empty"), 0, strings.NewReader("")); err == nil {
			t.Error("empty content is taken")
		}
		for _, bad := range []string{"", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("/", 64), name + "0"} {
			if err := s.Put(ctx, bad, 1, strings.NewReader("x")); err == nil {
				t.Errorf("the name %q is taken", bad)
			}
			if _, err := s.Range(ctx, bad, 0, -1); err == nil {
				t.Errorf("the name %q is read", bad)
			}
			if err := s.Delete(ctx, bad); err == nil {
				t.Errorf("the name %q is deleted", bad)
			}
		}
		if err := s.Delete(ctx, name); err != nil {
			t.Error(err)
		}
		if _, err := s.Stat(ctx, name); !errs.Is(err, errs.NotFound) {
			t.Errorf("after delete: %v", err)
		}
	})
}

func TestStorageLists(t *testing.T) {
	eachStorage(t, func(t *testing.T, s Storage) {
		ctx := context.Background()
		for i := range 40 {
			if err := s.Put(ctx, nameOf(fmt.Sprint(i)), 1, strings.NewReader("x")); err != nil {
				t.Fatal(err)
			}
		}
		var all []string
		for info, err := range s.List(ctx, "") {
			if err != nil {
				t.Fatal(err)
			}
			if len(all) > 0 && info.Name <= all[len(all)-1] {
				t.Fatalf("out of order: %s", info.Name)
			}
			all = append(all, info.Name)
		}
		if len(all) != 40 {
			t.Fatalf("%d of 40 listed", len(all))
		}
		var rest []string
		for info, err := range s.List(ctx, all[24]) {
			if err != nil {
				t.Fatal(err)
			}
			rest = append(rest, info.Name)
			if len(rest) == 10 {
				break
			}
		}
		if fmt.Sprint(rest) != fmt.Sprint(all[25:35]) {
			t.Errorf("after the 25th: %v", rest)
		}
	})
}

func TestStorageTogether(t *testing.T) {
	eachStorage(t, func(t *testing.T, s Storage) {
		ctx := context.Background()
		bodies := [][]byte{bytes.Repeat([]byte("a"), 200_000), bytes.Repeat([]byte("b"), 100_000)}
		name := nameOf("shared")
		if err := s.Put(ctx, name, 200_000, bytes.NewReader(bodies[0])); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for j := range 5 {
					if i%2 == 0 {
						b := bodies[(i/2+j)%2]
						if err := s.Put(ctx, name, int64(len(b)), bytes.NewReader(b)); err != nil {
							t.Error(err)
						}
						continue
					}
					r, err := s.Range(ctx, name, 0, 1000)
					if err != nil {
						t.Error(err)
						continue
					}
					b, err := io.ReadAll(r)
					r.Close()
					if err != nil || len(b) != 1000 || bytes.Count(b, b[:1]) != 1000 {
						t.Errorf("mixed content: %v", err)
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestFolderForgetsInterruptedWrites(t *testing.T) {
	dir := t.TempDir()
	f, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := f.Put(ctx, nameOf("x"), 4, strings.NewReader("text")); !errs.Is(err, errs.Unavailable) {
		t.Errorf("put after the end of its context: %v", err)
	}
	left := filepath.Join(dir, spoolDir, "left")
	if err := os.WriteFile(left, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(dir, spoolDir, "fresh")
	if err := os.WriteFile(fresh, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(left, time.Time{}, time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if f, err = OpenFolder(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Errorf("another process's write was removed: %v", err)
	}
	defer f.Close()
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("an interrupted write is still there: %v", err)
	}
	if err := os.Symlink("/etc", filepath.Join(dir, "ab")); err != nil {
		t.Skip("no symlinks here")
	}
	if _, err := f.Range(context.Background(), "ab"+strings.Repeat("0", 62), 0, -1); err == nil {
		t.Error("left the folder")
	}
}

// A storage says whether it can take something, and leaves nothing of the try.
func TestAStorageSaysWhetherItIsReady(t *testing.T) {
	eachStorage(t, func(t *testing.T, s Storage) {
		if err := s.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		for info, err := range s.List(t.Context(), "") {
			t.Errorf("left behind: %v %v", info, err)
		}
	})
	t.Run("folder that is gone", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "blobs")
		f, err := OpenFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := f.Ready(t.Context()); !errs.Is(err, errs.Unavailable) {
			t.Errorf("%v", err)
		}
	})
	t.Run("bucket that is gone", func(t *testing.T) {
		s := fakeS3(t)
		s.bucket = "another"
		if err := s.Ready(t.Context()); !errs.Is(err, errs.Unavailable) {
			t.Errorf("%v", err)
		}
	})
}
