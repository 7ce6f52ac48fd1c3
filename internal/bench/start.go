package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"time"
)

// Start starts a server of the product on existing data, measures how soon its
// first page answers and what it holds in memory at rest, and stops it.
func Start(ctx context.Context, l *Load, executable string, args []string, rest time.Duration) (Result, error) {
	cmd := exec.Command(executable, args...)
	var log bytes.Buffer
	cmd.Stderr = &log
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return Result{}, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	c := &client{addr: l.Dial}
	defer c.close()
	answered := time.Duration(0)
	for answered == 0 {
		a, err := c.do(get(l.Addr, "/", "", true), false)
		switch {
		case err == nil && a.status == 200:
			answered = time.Since(began)
		case time.Since(began) > 60*time.Second || ctx.Err() != nil:
			return Result{}, errors.Join(fmt.Errorf("no answer: %v %d %s", err, a.status, log.String()), cmd.Process.Kill())
		default:
			select {
			case err := <-ended:
				return Result{}, fmt.Errorf("the server ended: %v %s", err, log.String())
			case <-time.After(2 * time.Millisecond):
			}
		}
	}
	r := Result{What: "start", Clients: 1, Done: 1, Seconds: answered.Seconds(), First: milli(answered)}
	time.Sleep(rest)
	mb, err := RSS(cmd.Process.Pid)
	if err != nil {
		return r, errors.Join(err, cmd.Process.Kill())
	}
	r.with("rss_mb", mb)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return r, err
	}
	select {
	case err = <-ended:
	case <-time.After(30 * time.Second):
		err = errors.Join(errors.New("the server did not stop"), cmd.Process.Kill())
	}
	return l.tell(r), err
}
