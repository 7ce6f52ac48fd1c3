package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// UntilEOF runs fn with a context that ends when in does: of a child, when its
// parent is gone.
func UntilEOF(ctx context.Context, in io.Reader, fn func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, in) // whatever ends it, the parent is gone
		cancel()
	}()
	return fn(ctx)
}

// Tell writes addresses as one line of JSON.
func Tell(out io.Writer) func(Addresses) error {
	return func(a Addresses) error { return json.NewEncoder(out).Encode(a) }
}

// Times that a child may take.
const (
	startTime = 30 * time.Second
	stopTime  = 10 * time.Second
)

// Child is a sandbox in a process of its own.
type Child struct {
	Addresses Addresses

	cmd  *exec.Cmd
	pipe io.Closer     // its standard input
	done chan struct{} // closed when it has ended
	err  error         // of its end, set before done is closed
}

// Start runs a command that serves a sandbox as a child and waits for its
// addresses. What it says on standard error goes to stderr.
func Start(ctx context.Context, stderr *os.File, name string, args ...string) (*Child, error) {
	c := &Child{cmd: exec.Command(name, args...), done: make(chan struct{})} // not bound to ctx: Stop lets it end by itself
	c.cmd.Stderr = stderr
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	c.pipe = in
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	told := make(chan error, 1)
	go func() {
		line, err := bufio.NewReader(io.LimitReader(out, 1<<16)).ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, &c.Addresses)
		}
		told <- err
		_, _ = io.Copy(io.Discard, out) // until it ends
		c.err = c.cmd.Wait()
		close(c.done)
	}()
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	select {
	case err = <-told:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("sandbox: it told no addresses: %w", c.failed(err))
	}
	return c, nil
}

// failed ends a child that didn't start, and gives the better reason.
func (c *Child) failed(err error) error {
	if e := c.Stop(); e != nil {
		return errors.Join(err, e)
	}
	return err
}

// Done is closed when the child has ended.
func (c *Child) Done() <-chan struct{} { return c.done }

// Err is why it ended; nil where it was asked to. Only after Done.
func (c *Child) Err() error { return c.err }

// Stop lets the child end by closing its standard input, and kills it where it
// doesn't. It may be called twice.
func (c *Child) Stop() error {
	_ = c.pipe.Close() // closed already where the child has gone
	patience := time.NewTimer(stopTime)
	defer patience.Stop()
	select {
	case <-c.done:
		return c.err
	case <-patience.C:
	}
	if err := c.Kill(); err != nil {
		return err
	}
	<-c.done
	return c.err
}

// Kill ends the child at once.
func (c *Child) Kill() error {
	if err := c.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}
