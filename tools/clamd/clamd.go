// Package clamd starts a real clamd for tests, with a signature file of its
// own that knows the EICAR test file and nothing else. Nothing is downloaded.
package clamd

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Signature is the name under which the EICAR test file is found; clamd adds ".UNOFFICIAL".
const Signature = "Okno.Test.Eicar"

// EICAR is the test file that every scanner is to take for malware. It is put
// together here, so that no file of the project contains it.
func EICAR() []byte {
	return []byte(strings.Join([]string{`X5O!P%@AP[4\PZ`, `X54(P^)7CC)7}`, `$EICAR-STAN`, `DARD-ANTIVIRUS-`, `TEST-FILE!$H+H*`}, ""))
}

// ErrMissing says that clamd is not installed.
var ErrMissing = errors.New("clamd is not installed (Debian: clamav-daemon)")

// Clamd is a running clamd.
type Clamd struct {
	Unix string // "unix:/path"
	TCP  string // "tcp:127.0.0.1:port"

	dir  string
	cmd  *exec.Cmd
	done chan struct{}
	out  output
}

// Run starts clamd and waits until it answers. maxStream is the longest file
// that it looks at, in bytes.
func Run(ctx context.Context, maxStream int) (*Clamd, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "okno-clamd-") // short: a socket's path has about 100 characters
	if err != nil {
		return nil, err
	}
	c := &Clamd{dir: dir, done: make(chan struct{})}
	if err := c.start(ctx, path, maxStream); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.await(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("clamd does not answer: %w\n%s", err, c.out.String()), c.Stop())
	}
	return c, nil
}

func find() (string, error) {
	for _, p := range []string{"clamd", "/usr/sbin/clamd", "/usr/local/sbin/clamd"} {
		if found, err := exec.LookPath(p); err == nil {
			return found, nil
		}
	}
	return "", ErrMissing
}

func (c *Clamd) start(ctx context.Context, path string, maxStream int) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	base := filepath.Join(c.dir, "base")
	if err := os.Mkdir(base, 0o755); err != nil {
		return err
	}
	// name : any kind of file : any offset : bytes
	signature := Signature + ":0:*:" + hex.EncodeToString(EICAR()) + "\n"
	if err := os.WriteFile(filepath.Join(base, "okno.ndb"), []byte(signature), 0o644); err != nil {
		return err
	}
	sock := filepath.Join(c.dir, "s")
	config := fmt.Sprintf("Foreground yes\nDatabaseDirectory %s\nLocalSocket %s\nTCPAddr 127.0.0.1\nTCPSocket %d\nStreamMaxLength %d\nTemporaryDirectory %s\nMaxThreads 4\nConcurrentDatabaseReload no\n",
		base, sock, port, maxStream, c.dir)
	file := filepath.Join(c.dir, "clamd.conf")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		return err
	}
	c.cmd = exec.CommandContext(ctx, path, "--config-file="+file)
	c.cmd.Stdout, c.cmd.Stderr = &c.out, &c.out
	if err := c.cmd.Start(); err != nil {
		return err
	}
	go func() { c.cmd.Wait(); close(c.done) }() // how it ended shows in its output
	c.Unix, c.TCP = "unix:"+sock, fmt.Sprintf("tcp:127.0.0.1:%d", port)
	return nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func (c *Clamd) await(ctx context.Context) error {
	end := time.Now().Add(30 * time.Second)
	for {
		err := ping("unix", strings.TrimPrefix(c.Unix, "unix:"))
		if err == nil {
			err = ping("tcp", strings.TrimPrefix(c.TCP, "tcp:"))
		}
		if err == nil || time.Now().After(end) {
			return err
		}
		select {
		case <-c.done:
			return errors.New("it ended")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func ping(network, address string) error {
	conn, err := net.DialTimeout(network, address, time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte("zPING\x00")); err != nil {
		return err
	}
	b := make([]byte, 5)
	if _, err := conn.Read(b); err != nil {
		return err
	}
	if !bytes.HasPrefix(b, []byte("PONG")) {
		return fmt.Errorf("answered %q", b)
	}
	return nil
}

// Stop ends clamd and removes its folder.
func (c *Clamd) Stop() error {
	var err error
	select {
	case <-c.done:
	default:
		err = c.cmd.Process.Kill()
		<-c.done
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}

// Start is [Run] for a test: it skips the test, saying so, where clamd is missing.
func Start(t testing.TB, maxStream int) *Clamd {
	t.Helper()
	c, err := Run(context.Background(), maxStream)
	if errors.Is(err, ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Errorf("stop clamd: %v", err)
		}
	})
	return c
}

type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) { o.mu.Lock(); defer o.mu.Unlock(); return o.b.Write(p) }
func (o *output) String() string              { o.mu.Lock(); defer o.mu.Unlock(); return o.b.String() }
