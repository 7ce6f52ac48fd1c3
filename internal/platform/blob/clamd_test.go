package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/internal/platform/errs"
	"okno/tools/clamd"
)

func TestClamd(t *testing.T) {
	real := clamd.Start(t, 2<<20)
	ctx := context.Background()
	for _, address := range []string{real.Unix, real.TCP} {
		c, err := NewClamd(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Ping(ctx); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if v, err := c.Scan(ctx, bytes.NewReader(clamd.EICAR())); err != nil || !v.Infected || !strings.HasPrefix(v.Name, clamd.Signature) {
					t.Errorf("EICAR: %+v %v", v, err)
				}
				if v, err := c.Scan(ctx, strings.NewReader("an honest text")); err != nil || v != (Verdict{}) {
					t.Errorf("an honest text: %+v %v", v, err)
				}
			})
		}
		wg.Wait()
		if v, err := c.Scan(ctx, bytes.NewReader(docx(t, entry{"word/media/x.txt", string(clamd.EICAR())}))); err != nil || !v.Infected {
			t.Errorf("EICAR inside a document: %+v %v", v, err)
		}
		if v, err := c.Scan(ctx, bytes.NewReader(make([]byte, 5<<20))); err != nil || !v.Unscannable {
			t.Errorf("longer than clamd takes: %+v %v", v, err)
		}
		if _, err := c.Scan(ctx, io.MultiReader(strings.NewReader("x"), errorReader{})); !errors.Is(err, errRead) {
			t.Errorf("a failing disk: %v", err)
		}
	}
}

var errRead = errors.New("disk fails")

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, errRead }

func TestClamdThatDoesNotAnswer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { // reads everything, answers nonsense
				buf := make([]byte, 1<<16)
				conn.Read(buf)
				conn.Write([]byte("hello\x00"))
				conn.Close()
			}()
		}
	}()
	c, err := NewClamd("tcp:" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if v, err := c.Scan(context.Background(), strings.NewReader("x")); !errs.Is(err, errs.Unavailable) {
		t.Errorf("nonsense is taken for %+v, %v", v, err)
	}
	if err := c.Ping(context.Background()); !errs.Is(err, errs.Unavailable) {
		t.Errorf("ping: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	gone, err := NewClamd("unix:/nonexistent/clamd.sock")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := gone.Scan(ctx, strings.NewReader("x")); !errs.Is(err, errs.Unavailable) {
		t.Errorf("nobody there is taken for %+v, %v", v, err)
	}
	for _, bad := range []string{"", "unix:", "http://x", "/run/clamd"} {
		if _, err := NewClamd(bad); err == nil {
			t.Errorf("the address %q is taken", bad)
		}
	}
}
