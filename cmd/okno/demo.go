//go:build !nodemo

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/sync/errgroup"

	"okno/internal/app"
	"okno/internal/demo"
	"okno/internal/platform/config"
	"okno/internal/sandbox"
)

type demoCmd struct {
	config.Config
	Reports int    `default:"3000" help:"How many reports a new folder gets."`
	Seed    uint64 `default:"2026" help:"Names, words and numbers of a new folder come from it."`
}

// Run fills a folder with the demonstration region and serves it, with the
// sandbox beside it.
func (c *demoCmd) Run(ctx context.Context) error {
	var out outside
	defer out.stop()
	before := func(cfg *config.Config, log *slog.Logger) error {
		if err := demo.Claim(cfg.Data); err != nil {
			return err
		}
		out.start(ctx, cfg, log)
		sendThrough(cfg, out.addresses().Senders)
		return nil
	}
	return withPrepared(ctx, c.Config, app.Options{}, true, before, func(a *app.App) error {
		ln, err := net.Listen("tcp", a.Config.Listen) // a taken port is told before the work, not after
		if err != nil {
			return err
		}
		defer ln.Close()
		began := time.Now()
		p := &progress{out: os.Stderr}
		f, err := demo.Begin(ctx, a, demo.Options{Reports: c.Reports, Seed: c.Seed, Step: p.step, Progress: p.reports})
		if err != nil {
			return err
		}
		p.pause()
		s := f.State()
		if err := welcome(os.Stderr, a.Config.URL, out.addresses(), s, f.Made(), time.Since(began)); err != nil {
			return err
		}
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return a.Run(ctx, ln) })
		g.Go(func() error {
			err := f.Rest(ctx)
			p.end()
			if err != nil && ctx.Err() == nil { // what is there can be used; the next start goes on
				a.Log.Error("the demonstration region stays incomplete", "error", err)
			}
			return nil
		})
		if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	})
}

// sendThrough lets e-mail and SMS go to the sandbox, where the configuration
// names no servers of its own.
func sendThrough(cfg *config.Config, s sandbox.Senders) {
	if cfg.SMTP == "" && s.SMTP != "" {
		cfg.SMTP, cfg.MailFrom = config.DSN("smtp://"+s.SMTP+"?security=none"), cmp.Or(cfg.MailFrom, "portal@okno.example")
	}
	if cfg.SMPP == "" && s.SMPP.Address != "" {
		u := url.URL{Scheme: "smpp", Host: s.SMPP.Address, User: url.UserPassword(s.SMPP.SystemID, s.SMPP.Password)}
		cfg.SMPP, cfg.SMSFrom = config.DSN(u.String()), cmp.Or(cfg.SMSFrom, "Okno")
	}
}

// welcome says where the demonstration is, where what it sends can be read, and
// who can sign in.
func welcome(out io.Writer, address string, beside sandbox.Addresses, s demo.State, made int, took time.Duration) error {
	fmt.Fprintf(out, "\nOkno is at %s\n\n", address)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if beside.Letters != "" {
		fmt.Fprintf(t, "  Letters (Письма)\t%s\n  Text messages (СМС)\t%s\n\n", beside.Letters, beside.Messages)
	}
	fmt.Fprintln(t, "  Sign in as\tName\tWho")
	for _, a := range demo.Accounts(s.Seed) {
		fmt.Fprintf(t, "  %s\t%s\t%s\n", a.Login, a.Name, a.Does)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n  The password of all of them is %s\n\n", demo.Password)
	if !s.Complete {
		fmt.Fprintf(out, "The first %d of %d reports are there after %s; the others follow while you look.\n", made, s.Reports, took.Round(100*time.Millisecond))
	}
	return nil
}

// progress shows on a terminal a bar, elsewhere a line now and then.
type progress struct {
	out *os.File

	mu     sync.Mutex
	bar    *progressbar.ProgressBar
	told   int
	silent bool
}

func (p *progress) step(what string) { fmt.Fprintf(p.out, "Making the region: %s\n", what) }

func (p *progress) reports(done, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !terminal(p.out) {
		if done*10/of > p.told {
			p.told = done * 10 / of
			fmt.Fprintf(p.out, "Making the region: %d of %d reports\n", done, of)
		}
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(of, progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription("Reports"), progressbar.OptionShowCount(),
			progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
	}
	_ = p.bar.Set(done) // a bar that can't be drawn is no reason to stop
}

// pause takes the bar away for a text.
func (p *progress) pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear() // as above
	}
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Finish() // as above
	}
}
