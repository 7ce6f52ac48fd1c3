package app

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"okno/internal/platform/config"
	"okno/internal/platform/db"
	"okno/internal/platform/jobs"
	"okno/internal/platform/web"
)

// Part is what of an installation's work a process does.
type Part int

// The parts. Where the work is divided, several processes may do the same part.
const (
	Whole  Part = iota // pages, jobs and timers
	Pages              // pages alone; workers do the jobs
	Worker             // jobs and timers alone
)

var errAlone = errors.New("with SQLite one process works on a folder, and that is `okno serve`; workers beside it need PostgreSQL (--database postgres://…)")

// beside refuses to divide the work where only one process can do it.
func (p Part) beside(cfg config.Config) error {
	if p != Whole && strings.HasPrefix(string(cfg.Database), "sqlite:") {
		return errAlone
	}
	return nil
}

// Run serves on ln and works through jobs until ctx ends, then stops
// gracefully: no new requests, running ones finish, jobs end or go back. A
// [Worker] serves nothing and needs no ln. On SQLite the caller holds the lock
// of the data folder.
func (a *App) Run(ctx context.Context, ln net.Listener) error {
	for _, c := range a.Config.Concerns() {
		a.Log.Warn(c.String())
	}
	var watch net.Listener
	if a.Config.MetricsListen != "" {
		own, err := net.Listen("tcp", a.Config.MetricsListen)
		if err != nil {
			return err
		}
		a.Log.Info("metrics", "listen", own.Addr().String())
		watch = own
	}
	if err := a.prepare(ctx); err != nil {
		if watch != nil {
			err = errors.Join(err, watch.Close())
		}
		return err
	}
	settleHeap()
	g, ctx := errgroup.WithContext(ctx)
	if a.part != Worker {
		g.Go(func() error { return a.Web.Run(ctx, ln) })
	}
	if watch != nil {
		g.Go(func() error { return web.Watch(ctx, watch, a.Metrics, a.checks, a.Log) })
	}
	if a.part != Pages {
		g.Go(func() error { return a.Jobs.Run(ctx) })
		if a.phones != nil {
			g.Go(func() error { return a.phones.Run(ctx) })
		}
	}
	g.Go(func() error { a.Places.Watch(ctx, 2*time.Second); return nil })
	return g.Wait()
}

// prepare does what stands before the first request and the first job.
func (a *App) prepare(ctx context.Context) error {
	if a.DB.Engine() == db.SQLite { // whoever held a lease on this folder is dead: its lock is ours
		freed, err := jobs.FreeLeases(ctx, a.DB)
		if err != nil {
			return err
		}
		if freed > 0 {
			a.Log.Info("jobs of a process that ended before it finished them run again", "jobs", freed)
		}
	}
	if paused, err := jobs.Paused(ctx, a.DB); err != nil {
		return err
	} else if paused {
		a.Log.Warn("nothing is sent to the outside, as after a restored backup: okno admin resume --yes")
	}
	if err := a.Journal.Start(ctx); err != nil {
		return err
	}
	if err := a.Blobs.ScheduleSweep(ctx, time.Hour); err != nil {
		return err
	}
	if err := a.scheduleClean(ctx); err != nil {
		return err
	}
	if x, err := a.Taxonomy.Current(ctx); err == nil {
		go x.Rubricator.Warm() // the first search need not wait for its index
	}
	return nil
}

// settleHeap gives back what opening took and lets the heap grow to four times
// of what lives before it is collected: requests make short-lived garbage, and
// what lives is some tens of megabytes. GOGC in the environment wins.
func settleHeap() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
	debug.FreeOSMemory()
}
