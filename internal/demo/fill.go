package demo

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"okno/internal/app"
	"okno/internal/demo/region"
)

// Defaults of a filling.
const (
	Reports = 3000
	First   = 300 // how many reports are there before serving begins
)

// Options of a filling. Zero values work.
type Options struct {
	Reports  int
	Seed     uint64
	First    int
	Step     func(what string)  // a part of the base begins
	Progress func(done, of int) // so many reports are there
}

// Filling is a demonstration that is being filled.
type Filling struct {
	app     *app.App
	opt     Options
	state   State
	world   *world
	todo    []outline
	made    atomic.Int64
	foreign atomic.Int64 // bundles that a visitor acted on meanwhile
	release func()
	dir     string
}

// Begin makes the base and the first reports, or finds that they are there.
// The folder's own seed, number of reports and first start stand before those
// of opt. Jobs may run meanwhile or afterwards, but the clocks of cases are
// held until [Filling.Rest] has ended.
func Begin(ctx context.Context, a *app.App, opt Options) (*Filling, error) {
	if opt.Reports <= 0 {
		opt.Reports = Reports
	}
	if opt.Seed == 0 {
		opt.Seed = region.DefaultSeed
	}
	if opt.First <= 0 {
		opt.First = First
	}
	if opt.Step == nil {
		opt.Step = func(string) {}
	}
	if opt.Progress == nil {
		opt.Progress = func(int, int) {}
	}
	f := &Filling{app: a, opt: opt, dir: a.Config.Data, release: func() {}}
	var found bool
	var err error
	if f.state, found, err = ReadState(f.dir); err != nil {
		return nil, err
	}
	switch {
	case found && f.state.Complete:
		return f, nil
	case !found:
		tree, err := a.Directory.Tree(ctx)
		if err != nil {
			return nil, err
		}
		if tree.Len() > 0 {
			return nil, fmt.Errorf("%s holds an installation that is no demonstration: choose another folder with --data", f.dir)
		}
		f.state = State{Seed: opt.Seed, Reports: opt.Reports, Started: a.Clock.Now()}
		if err := f.state.write(f.dir); err != nil {
			return nil, err
		}
	}
	if f.state.Reports != opt.Reports || f.state.Seed != opt.Seed {
		a.Log.Warn("the folder was begun with another seed or number of reports, which stay", "seed", f.state.Seed, "reports", f.state.Reports)
	}
	f.release = a.Cases.Hold()
	// The consumers of facts are there before the first fact, so that none is brought twice.
	if err := a.Journal.Start(ctx); err != nil {
		return nil, err
	}
	if err := f.base(ctx); err != nil {
		return nil, err
	}
	f.world.fresh = !found
	f.todo = outlines(f.state.Seed, f.state.Reports)
	return f, f.part(ctx, f.opt.First, 8)
}

// base makes what is missing of everything but reports.
func (f *Filling) base(ctx context.Context) error {
	if !f.state.Base {
		if err := base(ctx, f.app, f.opt.Step); err != nil {
			return err
		}
	}
	codes, weights := population(f.app.Places.Index().Territories())
	people := gather(f.state.Seed, codes, weights)
	if !f.state.Base {
		f.opt.Step("people and offices")
		if err := people.register(ctx, f.app); err != nil {
			return err
		}
		f.state.Base = true
		if err := f.state.write(f.dir); err != nil {
			return err
		}
	}
	var err error
	f.world, err = newWorld(ctx, f.app, f.state, people)
	return err
}

// part does bundles until so many reports are there.
func (f *Filling) part(ctx context.Context, upto, workers int) error {
	g, working := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	planned := int(f.made.Load())
	for len(f.todo) > 0 && planned < upto && working.Err() == nil {
		o := f.todo[0]
		f.todo = f.todo[1:]
		planned += o.cases
		g.Go(func() error {
			t, err := f.world.tale(working, o)
			if err != nil {
				return err
			}
			switch err := f.world.run(working, t); {
			case err != nil && meddled(err):
				f.foreign.Add(1)
				f.app.Log.Warn("demonstration: somebody acted on a report before its story was told", "error", err)
			case err != nil:
				return err
			}
			f.opt.Progress(int(f.made.Add(int64(o.cases))), f.state.Reports)
			return nil
		})
	}
	return errors.Join(g.Wait(), ctx.Err())
}

// Rest makes the other reports beside whatever else the process does, and lets
// the clocks go.
func (f *Filling) Rest(ctx context.Context) error {
	if f.state.Complete {
		return nil
	}
	began := time.Now()
	if err := f.part(ctx, f.state.Reports+1, 3); err != nil {
		return err
	}
	f.state.Complete = true
	if err := f.state.write(f.dir); err != nil {
		return err
	}
	f.release()
	f.app.Log.Info("the demonstration region is complete", "reports", f.made.Load(), "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// State is that of the folder.
func (f *Filling) State() State { return f.state }

// Made is how many reports were told by this process.
func (f *Filling) Made() int { return int(f.made.Load()) }

// Fill is Begin and Rest in one.
func Fill(ctx context.Context, a *app.App, opt Options) (*Filling, error) {
	f, err := Begin(ctx, a, opt)
	if err != nil {
		return nil, err
	}
	return f, f.Rest(ctx)
}
