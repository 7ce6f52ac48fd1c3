// Package pgcluster starts a PostgreSQL cluster of its own in a temporary
// folder, for tests and figures. The cluster ends when its starter does, even
// when that is killed: a small shell watches a pipe and stops the server when
// the pipe closes.
package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ErrMissing says that Debian's PostgreSQL server is not installed.
var ErrMissing = errors.New("PostgreSQL server not found (apt-get install postgresql)")

// Options of a cluster.
type Options struct {
	Durable  bool     // fsync on, as in real use: for figures
	Settings []string // further name=value settings
}

// Cluster is a running server.
type Cluster struct {
	URL   string // of its database "postgres"
	watch io.Closer
	done  chan error
	once  sync.Once
}

// binaries finds the newest installed server.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	best, version := "", -1
	for _, f := range found {
		dir := filepath.Dir(f)
		if v, err := strconv.Atoi(filepath.Base(filepath.Dir(dir))); err == nil && v > version {
			best, version = dir, v
		}
	}
	if best != "" {
		return best, nil
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", ErrMissing
}

// Start makes a cluster and waits until it answers. As root the server runs as
// the user postgres, because PostgreSQL refuses root.
func Start(o Options) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "okno-pg-")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	as := func(args ...string) []string { return args }
	if os.Geteuid() == 0 {
		as = func(args ...string) []string {
			return append([]string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"}, args...)
		}
		if out, err := exec.Command("chown", "postgres:postgres", dir).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("chown %s: %w: %s", dir, err, out)
		}
	}
	data := filepath.Join(dir, "data")
	initdb := as(filepath.Join(bin, "initdb"), "-D", data, "-U", "okno", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	cmd := exec.Command(initdb[0], initdb[1:]...)
	cmd.Dir = "/"
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(dir))
	}

	settings := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(port), "unix_socket_directories=" + dir,
		"max_connections=400", "shared_buffers=128MB", "max_wal_size=2GB", "logging_collector=off",
	}
	if !o.Durable {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
	}
	settings = append(settings, o.Settings...)
	server := as(filepath.Join(bin, "postgres"), "-D", data)
	for _, s := range settings {
		server = append(server, "-c", s)
	}
	// cat ends when our end of the pipe closes; SIGQUIT stops the server at once.
	script := `"$@" >"$LOG" 2>&1 </dev/null & pid=$!; cat >/dev/null; kill -QUIT $pid; wait $pid; rm -rf "$DIR"`
	watch := exec.Command("/bin/sh", append([]string{"-c", script, "pgcluster"}, server...)...)
	watch.Env = append(os.Environ(), "DIR="+dir, "LOG="+filepath.Join(dir, "log"))
	watch.Dir = "/"
	own(watch) // a Ctrl-C at the terminal must not kill the watcher first
	pipe, err := watch.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := watch.Start(); err != nil {
		return nil, err
	}
	c := &Cluster{
		URL:   fmt.Sprintf("postgres://okno@127.0.0.1:%d/postgres?sslmode=disable", port),
		watch: pipe, done: make(chan error, 1),
	}
	go func() { c.done <- watch.Wait() }()
	if err := c.wait(port, filepath.Join(dir, "log")); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// Stop ends the server and removes its folder.
func (c *Cluster) Stop() error {
	var err error
	c.once.Do(func() {
		err = c.watch.Close()
		select {
		case <-c.done: // the shell's status is that of rm
		case <-time.After(20 * time.Second):
			err = errors.Join(err, errors.New("cluster did not stop in 20 s"))
		}
	})
	return err
}

func (c *Cluster) wait(port int, log string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		if text, err := os.ReadFile(log); err == nil && strings.Contains(string(text), "ready to accept connections") {
			conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
			if err == nil {
				return conn.Close()
			}
		}
		select {
		case <-ctx.Done():
			text, err := os.ReadFile(log)
			return errors.Join(fmt.Errorf("PostgreSQL did not start: %s", text), err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}
