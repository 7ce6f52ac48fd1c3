package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"okno/internal/app"
	"okno/internal/bench"
	"okno/internal/platform/config"
)

// benchCmd measures the product; tools/bench.sh runs all of it. Use a data
// folder and a database of its own: seed refuses one that has reports.
type benchCmd struct {
	Seed    benchSeedCmd    `cmd:"" help:"Fill an installation with reports."`
	Load    benchLoadCmd    `cmd:"" help:"Ask a running server."`
	Bare    benchBareCmd    `cmd:"" help:"Filings without the product: what its figures are measured against."`
	Indexes benchIndexesCmd `cmd:"" help:"What each index of the list table costs a filing."`
	Start   benchStartCmd   `cmd:"" help:"Start a server, measure its first answer and its memory, stop it."`
	Settle  benchSettleCmd  `cmd:"" help:"Remove the jobs that filings left."`
	Machine benchMachineCmd `cmd:"" help:"Name the machine and measure its disk."`
	Table   benchTableCmd   `cmd:"" help:"Results as a Markdown table."`
}

// told prints a result as it comes and appends it to a file.
type benchOut struct {
	Out string `placeholder:"FILE" help:"Append results as JSON lines."`
	bad []error
}

func (o *benchOut) say(r bench.Result) {
	fmt.Fprintf(os.Stderr, "%-36s %8.0f/s  p50 %7.2f  p95 %7.2f  p99 %7.2f  first %7.1f ms  %d failed %s %v\n", r.What, r.Rate, r.P50, r.P95, r.P99, r.First, r.Failed, r.FirstBad, r.Extra)
	if err := errors.Join(bench.Append(o.Out, r), r.Err()); err != nil {
		o.bad = append(o.bad, err)
	}
}

func (o *benchOut) err() error { return errors.Join(o.bad...) }

// benchLoop is how long and by how many.
type benchLoop struct {
	Clients int           `default:"64" help:"Clients at the same time."`
	Warm    time.Duration `default:"2s" help:"Not counted."`
	For     time.Duration `default:"10s" help:"Counted."`
	Rate    float64       `help:"Arrivals a second that don't wait for answers; 0: as fast as answers come."`
}

func (l benchLoop) loop() bench.Loop {
	return bench.Loop{Clients: l.Clients, Warm: l.Warm, For: l.For, Rate: l.Rate}
}

type benchSeedCmd struct {
	config.Config
	Reports int64  `default:"10000" help:"How many reports."`
	Largest int64  `help:"How many of the largest authority; 0: a fifth."`
	Org     string `help:"Code of the largest authority; empty: the first government body."`
	Seed    uint64 `default:"1" help:"Of chance."`
}

// Run fills an installation.
func (c *benchSeedCmd) Run(ctx context.Context) error {
	return withBench(ctx, c.Config, nil, func(a *app.App) error {
		began := time.Now()
		say := func(s string) { fmt.Fprintf(os.Stderr, "%6.1f s  %s\n", time.Since(began).Seconds(), s) }
		p, err := bench.Seed(ctx, a, bench.Seeding{Reports: c.Reports, Largest: c.Largest, Org: c.Org, Seed: c.Seed, Say: say, Ground: benchGround})
		if err != nil {
			return err
		}
		say(fmt.Sprintf("done: %s has %d of %d reports", p.Org, p.OrgHolds, p.Reports))
		return nil
	})
}

// withBench opens an installation and says nothing but warnings.
func withBench(ctx context.Context, cfg config.Config, rec *bench.Recorder, fn func(a *app.App) error) (err error) {
	if err := cfg.Complete(); err != nil {
		return err
	}
	opt := app.Options{Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if rec != nil {
		opt.Trace = rec.Trace
	}
	a, err := app.Open(ctx, cfg, opt)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return fn(a)
}

type benchLoadCmd struct {
	config.Config
	benchOut
	benchLoop
	What string `arg:"" enum:"filing,lists,signed-out,signed-in" help:"filing, lists, signed-out, signed-in."`
	Only string `help:"Of lists: those whose name holds this."`

	BesideData     string     `placeholder:"PATH" help:"Of lists: the data folder of another installation that is asked in turn."`
	BesideDatabase config.DSN `placeholder:"URL" help:"Its database."`
	BesideListen   string     `placeholder:"HOST:PORT" help:"Where its server listens."`
}

// load is the server that a configuration describes.
func loadOf(cfg *config.Config, say func(bench.Result)) (*bench.Load, error) {
	if err := cfg.Complete(); err != nil {
		return nil, err
	}
	plan, err := bench.ReadPlan(cfg.Data)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(cfg.Listen)
	if err != nil {
		return nil, err
	}
	_, addr, _ := strings.Cut(cfg.URL, "://")
	return &bench.Load{Addr: addr, Dial: net.JoinHostPort("127.0.0.1", port), Plan: plan, Engine: engineOf(cfg), Say: say}, nil
}

func engineOf(cfg *config.Config) string {
	if strings.HasPrefix(string(cfg.Database), "sqlite:") {
		return "sqlite"
	}
	return "postgres"
}

// Run asks the server.
func (c *benchLoadCmd) Run(ctx context.Context) error {
	l, err := loadOf(&c.Config, c.say)
	if err != nil {
		return err
	}
	switch c.What {
	case "filing":
		l.Filing(ctx, c.loop())
	case "lists":
		var other *bench.Load
		if c.BesideData != "" {
			beside := config.Config{Data: c.BesideData, Database: c.BesideDatabase, Listen: c.BesideListen}
			if other, err = loadOf(&beside, c.say); err != nil {
				return err
			}
		}
		l.Lists(ctx, c.loop(), c.Only, other)
	case "signed-out":
		l.SignedOut(ctx, c.loop())
	case "signed-in":
		l.SignedIn(ctx, c.loop())
	}
	return c.err()
}

type benchBareCmd struct {
	config.Config
	benchOut
	benchLoop
	Conns   int  `default:"16" help:"Connections to PostgreSQL: as many as the product writes on."`
	Loop    bool `help:"SQLite: also a loop with each size of a group."`
	Pgbench bool `help:"PostgreSQL: also pgbench with the same script."`
	Script  bool `help:"Print the script for pgbench and stop."`
}

const benchShapes = 32 // filings of different people, facts and places that are executed by turns

// Run executes filings without the product.
func (c *benchBareCmd) Run(ctx context.Context) error {
	shapes, err := shapesOf(ctx, &c.Config)
	if err != nil {
		return err
	}
	if c.Script {
		fmt.Print(bench.PgbenchScript(&shapes[0]))
		return nil
	}
	dsn, engine := string(c.Config.Database), engineOf(&c.Config)
	what := "bare"
	if c.Rate > 0 {
		what = "bare at a rate"
	}
	b, err := bench.OpenBare(ctx, dsn, shapes, c.Conns)
	if err != nil {
		return err
	}
	r := bench.RunBare(ctx, b, c.loop(), what, engine)
	r.Extra = map[string]float64{"rows_per_filing": float64(shapes[0].Rows()), "statements": float64(len(shapes[0].Statements))}
	c.say(r)
	if err := bench.CloseBare(ctx, b); err != nil {
		return err
	}
	if c.Loop && engine == "sqlite" {
		all, err := bench.RunLiteLoop(ctx, dsn, shapes, []int{1, 4, 16, 32, 64, 128, 256}, c.For/4)
		if err != nil {
			return err
		}
		best := all[0]
		for _, r := range all {
			c.say(r)
			if r.Rate > best.Rate {
				best = r
			}
		}
		best.Note, best.What = best.What, "best loop"
		c.say(best)
	}
	if c.Pgbench && engine == "postgres" {
		r, err := bench.RunPgbench(ctx, dsn, &shapes[0], c.Conns, c.For)
		if err != nil {
			return err
		}
		c.say(r)
	}
	return c.err()
}

// shapesOf files real reports and takes their statements.
func shapesOf(ctx context.Context, cfg *config.Config) (shapes []bench.Shape, err error) {
	if err := cfg.Complete(); err != nil {
		return nil, err
	}
	plan, err := bench.ReadPlan(cfg.Data)
	if err != nil {
		return nil, err
	}
	rec := &bench.Recorder{}
	err = withBench(ctx, *cfg, rec, func(a *app.App) error {
		shapes, err = bench.Shapes(ctx, a, rec, plan, benchShapes)
		return err
	})
	return shapes, err
}

type benchIndexesCmd struct {
	config.Config
	benchOut
	benchLoop
	Conns int `default:"16" help:"Connections to PostgreSQL."`
}

// Run drops one index after another.
func (c *benchIndexesCmd) Run(ctx context.Context) error {
	shapes, err := shapesOf(ctx, &c.Config)
	if err != nil {
		return err
	}
	_, err = bench.Indexes(ctx, string(c.Config.Database), shapes, c.loop(), c.Conns, engineOf(&c.Config), c.say)
	return errors.Join(err, c.err())
}

type benchStartCmd struct {
	config.Config
	benchOut
	Rest time.Duration `default:"10s" help:"How long the server rests before its memory is read."`
}

// Run starts and stops a server.
func (c *benchStartCmd) Run(ctx context.Context) error {
	l, err := loadOf(&c.Config, c.say)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	args := []string{"serve", "--data", c.Config.Data, "--listen", c.Config.Listen, "--url", c.Config.URL, "--database", string(c.Config.Database), "--log-level", "warn"}
	_, err = bench.Start(ctx, l, self, args, c.Rest)
	return errors.Join(err, c.err())
}

type benchSettleCmd struct {
	config.Config
	benchOut
}

// Run removes jobs.
func (c *benchSettleCmd) Run(ctx context.Context) error {
	return withBench(ctx, c.Config, nil, func(a *app.App) error {
		n, err := bench.Settle(ctx, a)
		if err != nil {
			return err
		}
		c.say(bench.Result{What: "jobs left by filing", Engine: engineOf(&a.Config), Extra: map[string]float64{"jobs": float64(n)}})
		return c.err()
	})
}

type benchMachineCmd struct {
	Data string        `default:"." help:"Folder on the disk that is meant."`
	For  time.Duration `default:"2s"`
}

// Run names the machine.
func (c *benchMachineCmd) Run() error {
	text, err := bench.Machine(c.Data, c.For)
	fmt.Println(text)
	return err
}

type benchTableCmd struct {
	File string `arg:"" type:"existingfile"`
}

// Run prints the table.
func (c *benchTableCmd) Run() error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	results, err := bench.ReadResults(f)
	if err != nil {
		return err
	}
	return bench.Table(os.Stdout, results)
}
