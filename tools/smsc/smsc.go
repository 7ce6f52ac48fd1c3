// Package smsc starts a short message centre for tests: npm smpp in a child
// process. It is none of the project's code, so it checks that the client
// speaks the protocol and not just its own idea of it.
package smsc

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// Event is what the centre saw.
type Event struct {
	Port     int
	Event    string // bind, enquire_link, submit, throttled, confirmed, unbind, error
	ID       string // of the message, or the system_id of a bind
	OK       bool   // of a bind
	To, From string
	Text     string
	Coding   int
	Class    int
	Status   int
	UDH      string // in hexadecimal
	SAR      []int  // reference, segments, number
	Validity time.Time
}

// Centre is a running message centre.
type Centre struct {
	Address string // host:port

	t      *testing.T
	events chan Event
	in     io.WriteCloser
}

// Start runs a centre that lets in who knows the password, until the test
// ends. It skips the test, and says why, where node or its package is missing.
func Start(t *testing.T, password string) *Centre {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIPPED: node is not installed, so nothing was checked against npm smpp")
	}
	_, self, _, _ := runtime.Caller(0)
	dir := filepath.Dir(self)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "smpp")); err != nil {
		t.Skip("SKIPPED: npm smpp is not installed (tools/install.sh does it), so nothing was checked against it")
	}
	cmd := exec.Command(node, "smsc.mjs", password)
	cmd.Dir, cmd.Stderr = dir, t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &Centre{t: t, events: make(chan Event, 1000), in: in}
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer close(c.events)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			var e Event
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				t.Errorf("the centre says %q: %v", lines.Text(), err)
				continue
			}
			c.events <- e
		}
	}()
	t.Cleanup(func() {
		_ = in.Close() // that ends it
		<-read
		if err := cmd.Wait(); err != nil {
			t.Errorf("the centre ended: %v", err)
		}
	})
	c.Address = fmt.Sprintf("127.0.0.1:%d", c.next().Port)
	return c
}

// next is the next thing the centre saw.
func (c *Centre) next() Event {
	c.t.Helper()
	select {
	case e, ok := <-c.events:
		if !ok {
			c.t.Fatal("the centre has ended")
		}
		return e
	case <-time.After(30 * time.Second):
		c.t.Fatal("the centre saw nothing for 30 seconds")
	}
	return Event{}
}

// Want skips what the centre saw until an event of that name.
func (c *Centre) Want(name string) Event {
	c.t.Helper()
	for {
		if e := c.next(); e.Event == name {
			return e
		}
	}
}

// Drop breaks every connection.
func (c *Centre) Drop() {
	c.t.Helper()
	if _, err := io.WriteString(c.in, "drop\n"); err != nil {
		c.t.Fatal(err)
	}
}
