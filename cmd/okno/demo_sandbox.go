//go:build !nodemo

package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"okno/internal/demo"
	"okno/internal/platform/config"
	"okno/internal/platform/obs"
	"okno/internal/sandbox"
)

// sandboxCmd is the child of demo. It has no use beside a demonstration.
type sandboxCmd struct {
	Data      string `required:"" placeholder:"DIR" help:"Data folder of the demonstration."`
	LogLevel  string `default:"info" help:"Least level that is logged."`
	LogFormat string `default:"text" help:"Form of the log."`
}

// Run serves the sandbox until standard input ends. An interrupt of the
// keyboard reaches parent and child at once; the child waits for the parent,
// which then needs it no more.
func (c *sandboxCmd) Run(ctx context.Context) error {
	own, err := demo.Claimed(c.Data)
	if err != nil {
		return err
	}
	if !own {
		return fmt.Errorf("%s is no demonstration's folder: a sandbox stands beside nothing else", c.Data)
	}
	log, err := obs.Logger(os.Stderr, c.LogLevel, c.LogFormat)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM)
	defer stop()
	return sandbox.UntilEOF(ctx, os.Stdin, func(ctx context.Context) error {
		return sandbox.Run(ctx, sandbox.Config{Data: filepath.Join(c.Data, "sandbox")}, log.With("part", "sandbox"), sandbox.Tell(os.Stdout))
	})
}

// outside is the sandbox beside a demonstration. Without it the demonstration
// goes on: what it sends then arrives nowhere.
type outside struct {
	log     *slog.Logger
	child   *sandbox.Child // nil: didn't start
	leaving chan struct{}
	watch   sync.WaitGroup
}

// start runs this program again as the sandbox.
func (o *outside) start(ctx context.Context, cfg *config.Config, log *slog.Logger) {
	o.log, o.leaving = log, make(chan struct{})
	self, err := os.Executable()
	if err == nil {
		o.child, err = sandbox.Start(ctx, os.Stderr, self, "sandbox", "--data", cfg.Data, "--log-level", cfg.LogLevel, "--log-format", cfg.LogFormat)
	}
	if err != nil {
		log.Error("the sandbox didn't start; letters and short messages can't be sent", "error", err)
		return
	}
	o.watch.Go(func() {
		select {
		case <-o.child.Done():
			log.Error("the sandbox has ended; letters and short messages can't be sent until the demonstration starts again", "error", o.child.Err())
		case <-o.leaving:
		}
	})
}

// addresses are where the sandbox is reached; none where it isn't.
func (o *outside) addresses() sandbox.Addresses {
	if o.child == nil {
		return sandbox.Addresses{}
	}
	return o.child.Addresses
}

// stop ends the sandbox and waits for it.
func (o *outside) stop() {
	if o.child == nil {
		return
	}
	close(o.leaving)
	o.watch.Wait()
	select {
	case <-o.child.Done(): // told when it happened
		return
	default:
	}
	if err := o.child.Stop(); err != nil {
		o.log.Warn("the sandbox didn't end well", "error", err)
	}
}
