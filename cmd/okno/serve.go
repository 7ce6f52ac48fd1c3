package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"okno/internal/app"
	"okno/internal/platform/blob"
	"okno/internal/platform/config"
	"okno/internal/platform/db"
	"okno/internal/platform/obs"
	"okno/internal/policy"
)

type serveCmd struct {
	config.Config
	NoJobs bool `help:"Serve pages alone and leave jobs and timers to workers (okno worker). PostgreSQL only."`
}

// Run serves until a signal ends it.
func (c *serveCmd) Run(ctx context.Context) error {
	part := app.Whole
	if c.NoJobs {
		part = app.Pages
	}
	return withOptions(ctx, c.Config, app.Options{Part: part}, true, func(a *app.App) error {
		ln, err := net.Listen("tcp", a.Config.Listen)
		if err != nil {
			return err
		}
		a.Log.Info("serving", "url", a.Config.URL, "listen", ln.Addr().String(), "version", version())
		return a.Run(ctx, ln)
	})
}

type workerCmd struct{ config.Config }

// Run works through jobs until a signal ends it. It doesn't take the folder's
// lock: a worker may share the folder of a serve.
func (c *workerCmd) Run(ctx context.Context) error {
	return withOptions(ctx, c.Config, app.Options{Part: app.Worker}, false, func(a *app.App) error {
		a.Log.Info("working", "version", version())
		return a.Run(ctx, nil)
	})
}

type migrateCmd struct{ config.Config }

// Run brings the tables up to date.
func (c *migrateCmd) Run(ctx context.Context) error {
	return withApp(ctx, c.Config, false, func(*app.App) error { return nil })
}

// withApp opens an installation for one command. serving takes the folder's
// lock: a second program that serves from it is refused.
func withApp(ctx context.Context, cfg config.Config, serving bool, fn func(*app.App) error) error {
	return withOptions(ctx, cfg, app.Options{}, serving, fn)
}

// withExisting is withApp of what there is already: a mistyped folder doesn't
// become a new installation.
func withExisting(ctx context.Context, cfg config.Config, fn func(*app.App) error) error {
	if err := cfg.Complete(); err != nil {
		return err
	}
	if _, err := os.Stat(cfg.KeyFile); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("nothing was set up with the data folder %q: it has no key file %q; name the folder with --data", cfg.Data, cfg.KeyFile)
	}
	return withApp(ctx, cfg, false, fn)
}

func withOptions(ctx context.Context, cfg config.Config, opt app.Options, serving bool, fn func(*app.App) error) error {
	return withPrepared(ctx, cfg, opt, serving, func(*config.Config, *slog.Logger) error { return nil }, fn)
}

// withPrepared is withOptions with something to do before the installation is
// opened, while the folder's lock is held; it may change the configuration.
func withPrepared(ctx context.Context, cfg config.Config, opt app.Options, serving bool, before func(*config.Config, *slog.Logger) error, fn func(*app.App) error) (err error) {
	if err := cfg.Complete(); err != nil {
		return err
	}
	log, err := obs.Logger(os.Stderr, cfg.LogLevel, cfg.LogFormat)
	if err != nil {
		return err
	}
	slog.SetDefault(log)
	stop, err := obs.Tracing(ctx, cfg.OTLP, version(), cfg.TraceShare)
	if err != nil {
		return err
	}
	defer func() {
		if e := stop(context.WithoutCancel(ctx)); err == nil {
			err = e
		}
	}()
	if serving {
		if err := cfg.MakeData(); err != nil {
			return err
		}
		lock, err := db.LockFolder(cfg.Data)
		if err != nil {
			return err
		}
		defer lock.Unlock()
		if err := ownTemp(cfg.Temp(), log); err != nil {
			return err
		}
	}
	if err := before(&cfg, log); err != nil {
		return err
	}
	opt.Log = log
	a, err := app.Open(ctx, cfg, opt)
	if err != nil {
		return err
	}
	defer func() {
		if e := a.Close(); err == nil {
			err = e
		}
	}()
	return fn(a)
}

// ownTemp lets parts of forms that wait on disk wait in dir, and removes what a
// process that was killed left there. The caller has the folder's lock.
func ownTemp(dir string, log *slog.Logger) error {
	n, err := blob.SweepSpool(dir)
	if err != nil {
		return err
	}
	if n > 0 {
		log.Info("uploads of a process that was killed are removed", "files", n)
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return err
	}
	for _, name := range []string{"TMPDIR", "TMP"} { // what Unix and Windows ask
		if err := os.Setenv(name, dir); err != nil {
			return fmt.Errorf("folder of temporary files: %w", err)
		}
	}
	return nil
}

type adminCmd struct {
	Create adminCreateCmd `cmd:"" help:"Make an administrator; prints a link that sets the password once."`
	Erase  adminEraseCmd  `cmd:"" help:"Erase a person who asked for it on paper, for good."`
	Resume adminResumeCmd `cmd:"" help:"Let outbound work run again after a restore."`
}

type adminCreateCmd struct {
	config.Config
	Login string `arg:"" help:"Login: an e-mail address or a short name."`
	Name  string `arg:"" help:"Name as others see it."`
}

// Run makes the administrator of the region.
func (c *adminCreateCmd) Run(ctx context.Context) error {
	return withApp(ctx, c.Config, false, func(a *app.App) error {
		token, err := a.CreateAdmin(ctx, operator(), c.Login, c.Name)
		if err != nil {
			return err
		}
		address, err := a.Config.Address()
		if err != nil {
			return err
		}
		tellLink(os.Stdout, os.Stderr, address.URL(app.PasswordLink+token), a.Config.URL, c.Login)
		return nil
	})
}

// tellLink prints a link alone on out, so that it can be piped, and beside it
// what it is good for.
func tellLink(out, beside io.Writer, link, url, login string) {
	fmt.Fprintln(out, link)
	fmt.Fprintf(beside, "The link sets the password of %s once. Links made for %s before don't work any more.\n", login, login)
	fmt.Fprintf(beside, "It leads to %s; if the pages are served at another address, run this again with the --url of serve.\n", url)
}

type adminEraseCmd struct {
	config.Config
	Login  string `arg:"" help:"Login of the person."`
	Reason string `required:"" help:"What was asked for and how; it stays in the journal, so without personal data."`
	Yes    bool   `help:"Don't ask."`
}

// Run erases the person as the button in their account does.
func (c *adminEraseCmd) Run(ctx context.Context) error {
	return withExisting(ctx, c.Config, func(a *app.App) error {
		sure := func(name string) bool { return confirmed(os.Stdin, os.Stderr, c.Login, name) }
		if c.Yes {
			sure = nil
		}
		done, err := a.EraseOnPaper(ctx, operator(), c.Login, c.Reason, sure)
		if err != nil {
			return err
		}
		if !done {
			return errors.New("nothing was erased")
		}
		fmt.Println("erased")
		return nil
	})
}

// confirmed asks for the login again: what follows can't be undone.
func confirmed(in io.Reader, out io.Writer, login, name string) bool {
	fmt.Fprintf(out, "%s, login %s, will be erased for good: name, contacts, words and files. Type the login to go on: ", name, login)
	lines := bufio.NewScanner(in)
	return lines.Scan() && strings.TrimSpace(lines.Text()) == login
}

type adminResumeCmd struct {
	config.Config
	Yes bool `help:"Resume; without it the command only shows what would be sent."`
}

// Run shows what waits and, told to, lets it go.
func (c *adminResumeCmd) Run(ctx context.Context) error {
	return withExisting(ctx, c.Config, func(a *app.App) error { return a.ResumeOutbound(ctx, os.Stdout, c.Yes) })
}

// operator is the actor of the command line: the system user's name.
func operator() policy.Actor {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return policy.Machine("operator:" + name)
}
