package app

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/png"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"okno/internal/platform/blob"
	"okno/internal/platform/config"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
)

// scanner is a clamd that finds nothing, or one that never answers.
type scanner struct {
	address string
	asked   atomic.Int64
	begun   chan struct{} // gets a value when a scan begins, as long as there is room
}

func newScanner(t *testing.T, answers bool) *scanner {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	s := &scanner{address: ln.Addr().String(), begun: make(chan struct{}, 100)}
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go s.scan(conn, answers)
		}
	}()
	return s
}

func (s *scanner) scan(conn net.Conn, answers bool) {
	defer conn.Close()
	if _, err := io.ReadFull(conn, make([]byte, len("zINSTREAM\x00"))); err != nil {
		return
	}
	s.asked.Add(1)
	select {
	case s.begun <- struct{}{}:
	default:
	}
	for {
		var n [4]byte
		if _, err := io.ReadFull(conn, n[:]); err != nil {
			return
		}
		size := binary.BigEndian.Uint32(n[:])
		if size == 0 {
			break
		}
		if _, err := io.CopyN(io.Discard, conn, int64(size)); err != nil {
			return
		}
	}
	if !answers {
		io.Copy(io.Discard, conn) //nolint:errcheck // until the other side goes
		return
	}
	io.WriteString(conn, "stream: OK\x00") //nolint:errcheck // the test sees that the file stays unscanned
}

var silent = slog.New(slog.DiscardHandler)

func smallPicture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func send(t *testing.T, a *App, owner id.ID) {
	t.Helper()
	if _, err := a.Blobs.Upload(t.Context(), blob.Upload{Owner: owner, Uploader: owner, Name: "яма.png", Body: bytes.NewReader(smallPicture(t))}); err != nil {
		t.Fatal(err)
	}
}

// waitClean waits until n files are clean.
func waitClean(t *testing.T, a *App, n int64, within time.Duration) {
	t.Helper()
	var clean int64
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var err error
		if clean, err = db.One(t.Context(), a.DB, db.Int, `SELECT COUNT(*) FROM blob_object WHERE state='clean'`); err != nil {
			t.Fatal(err)
		}
		if clean == n {
			return
		}
	}
	t.Fatalf("%d of %d files are clean after %v", clean, n, within)
}

// TestJobsOfAKilledProcessRunAtOnce kills a program that has a job in hand. Its
// lease would last for a minute; on SQLite the next start knows that nobody
// holds it any more.
func TestJobsOfAKilledProcessRunAtOnce(t *testing.T) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	deaf := newScanner(t, false)
	cfg := config.Config{Data: filepath.Join(t.TempDir(), "data"), Listen: "127.0.0.1:0", Zone: "Europe/Moscow", Clamd: deaf.address}
	a, err := Open(t.Context(), cfg, Options{Log: silent})
	must(err)
	send(t, a, id.New())
	must(a.Close())

	cmd := exec.Command(buildOkno(t), "serve", "--data", cfg.Data, "--listen", "127.0.0.1:0", "--url", "https://okno.example", "--clamd", deaf.address, "--log-level", "error")
	cmd.Stderr = os.Stderr
	must(cmd.Start())
	select {
	case <-deaf.begun:
	case <-time.After(30 * time.Second):
		t.Error("the job didn't begin")
	}
	must(cmd.Process.Kill())
	if err := cmd.Wait(); err == nil {
		t.Error("the program ended by itself")
	}

	cfg.Clamd = newScanner(t, true).address
	a, err = Open(t.Context(), cfg, Options{Log: silent})
	must(err)
	defer func() { must(a.Close()) }()
	held, err := db.One(t.Context(), a.DB, db.Int, `SELECT COUNT(*) FROM jobs_job WHERE lease IS NOT NULL AND kind='blob.process'`)
	if err != nil || held != 1 {
		t.Fatalf("%d jobs in hand: %v", held, err)
	}
	runApp(t, a)
	waitClean(t, a, 1, 20*time.Second)
}

// runApp runs until the test ends.
func runApp(t *testing.T, a *App) {
	t.Helper()
	var ln net.Listener
	if a.part != Worker {
		var err error
		if ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestWorkersBesidePages divides the work: one process serves pages, two do
// what they leave to be done, each job once.
func TestWorkersBesidePages(t *testing.T) {
	url := config.DSN(dbtest.PostgresURL(t, Migrations()...))
	data := t.TempDir()
	open := func(part Part, s *scanner) *App {
		a, err := Open(t.Context(), config.Config{Data: data, Listen: "127.0.0.1:0", URL: "https://okno.example", Zone: "Europe/Moscow", Database: url, Clamd: s.address},
			Options{Log: silent, Part: part})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		})
		return a
	}
	scanners := []*scanner{newScanner(t, true), newScanner(t, true), newScanner(t, true)}
	pages := open(Pages, scanners[0])
	runApp(t, pages)
	const files = 12
	owner := id.New()
	for range files / 2 {
		send(t, pages, owner)
	}
	runApp(t, open(Worker, scanners[1]))
	runApp(t, open(Worker, scanners[2]))
	for range files / 2 {
		send(t, pages, owner)
	}
	waitClean(t, pages, files, 30*time.Second)
	if n := scanners[0].asked.Load(); n != 0 {
		t.Errorf("the process for pages did %d jobs", n)
	}
	if n := scanners[1].asked.Load() + scanners[2].asked.Load(); n != files {
		t.Errorf("the workers scanned %d times, want %d", n, files)
	}
}

func TestSQLiteIsWorkedByOneProcess(t *testing.T) {
	for _, part := range []Part{Pages, Worker} {
		data := filepath.Join(t.TempDir(), "data")
		_, err := Open(t.Context(), config.Config{Data: data}, Options{Log: silent, Part: part})
		if err == nil || !strings.Contains(err.Error(), "PostgreSQL") {
			t.Errorf("part %d: %v", part, err)
		}
		if _, err := os.Stat(data); !os.IsNotExist(err) {
			t.Errorf("a refused start left a folder: %v", err)
		}
	}
}

// TestMetricsAreNotForVisitors looks at the visitors' address and at the own one.
func TestMetricsAreNotForVisitors(t *testing.T) {
	for name, want := range map[string]string{"": "okno_attachments_scanned 0", "127.0.0.1:1": "okno_attachments_scanned 1"} {
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		own := free.Addr().String()
		if err := free.Close(); err != nil {
			t.Fatal(err)
		}
		a, err := Open(t.Context(), config.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", URL: "https://okno.example", Zone: "Europe/Moscow",
			Database: config.DSN(dbtest.SQLiteURL(t, Migrations()...)), Clamd: name, MetricsListen: own}, Options{Log: silent})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		})
		out := httptest.NewRecorder()
		if a.Web.ServeHTTP(out, httptest.NewRequest("GET", "/metrics", nil)); out.Code != 404 {
			t.Errorf("visitors get metrics: %d", out.Code)
		}
		runApp(t, a)
		waitReady(t, "http://"+own, &bytes.Buffer{})
		resp, err := http.Get("http://" + own + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{want, "okno_db_writes_total ", "okno_db_waiting ", `okno_jobs_waiting{kind="blob.process"} 0`, `okno_jobs_paused{what="outbound"} 0`, `okno_gauge_failures_total{gauge="okno_jobs_dead"} 0`} {
			if !strings.Contains(string(body), part) {
				t.Errorf("with the scanner %q: no %q", name, part)
			}
		}
	}
}
