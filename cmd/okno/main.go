// Command okno is the platform: people and authorities deal with each other
// through it. This package only wires; what happens is in internal/app.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"okno/internal/platform/config"
)

// cli is every command. The flags of config come with each that opens an installation.
type cli struct {
	Serve serveCmd `cmd:"" help:"Serve an installation."`
	demoCommands
	Worker  workerCmd  `cmd:"" help:"Run jobs and timers and serve no pages; several may stand beside serve. PostgreSQL only."`
	Migrate migrateCmd `cmd:"" help:"Bring the tables up to date and stop."`
	Admin   adminCmd   `cmd:"" help:"What an operator does at the command line."`
	Import  importCmd  `cmd:"" help:"Import reports, registers and calendars."`
	Backup  backupCmd  `cmd:"" help:"Backups."`
	Restore restoreCmd `cmd:"" help:"Restore a backup into an empty target."`
	Bench   benchCmd   `cmd:"" help:"Measure the product, in an installation of its own."`
	Config  configCmd  `cmd:"" help:"Print the configuration without secrets."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	p := parser(&c, kong.BindTo(ctx, (*context.Context)(nil)))
	k, err := p.Parse(os.Args[1:])
	p.FatalIfErrorf(err)
	if err := k.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "okno:", words(err))
		os.Exit(1)
	}
}

// parser reads the command line; help of a command lists what it uses alone.
func parser(c *cli, options ...kong.Option) *kong.Kong {
	p := kong.Must(c, append(options, kong.Name("okno"), kong.Description("Okno, the single window between people and public authorities."), kong.ShortUsageOnError())...)
	for _, command := range p.Model.Leaves(false) {
		for _, f := range command.Flags {
			if by, some := usedBy[f.Name]; some && !slices.ContainsFunc(by, func(path string) bool {
				return command.Path() == path || strings.HasPrefix(command.Path(), path+" ")
			}) {
				f.Hidden = true // taken still: the environment may set it for every command
			}
		}
	}
	return p
}

// serving are the commands that visitors reach, or that tell of those.
var serving = []string{"serve", "demo", "bench", "config"}

// usedBy names, for each flag of the configuration that not every command uses,
// those that do.
var usedBy = map[string][]string{
	"listen": serving, "proxies": serving, "no-limits": serving, "max-upload": serving,
	"url":            append([]string{"admin create", "worker"}, serving...),
	"zone":           append([]string{"import reports"}, serving...),
	"clamd":          append([]string{"worker"}, serving...),
	"metrics-listen": append([]string{"worker"}, serving...),
	"otlp":           append([]string{"worker"}, serving...),
	"trace-share":    append([]string{"worker"}, serving...),
}

// version is the release, the commit and its moment, as far as the toolchain
// stamped them: "v1.2.0, commit 70bbcd6a1b2c of 2026-11-23T07:08:10Z".
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return versionOf(info)
}

// unstamped is the version of a program that doesn't know its commit.
const unstamped = "no release, commit unknown"

func versionOf(info *debug.BuildInfo) string {
	stamp := map[string]string{}
	for _, s := range info.Settings {
		stamp[s.Key] = s.Value
	}
	commit := stamp["vcs.revision"]
	out := info.Main.Version
	if out == "" || out == "(devel)" || strings.HasPrefix(out, "v0.0.0-") { // no release: the commit says more
		out = "no release"
	}
	switch {
	case commit == "" && out == "no release":
		return unstamped
	case commit == "":
		return out
	}
	out += ", commit " + commit[:min(12, len(commit))]
	if at := stamp["vcs.time"]; at != "" {
		out += " of " + at
	}
	if stamp["vcs.modified"] == "true" {
		out += ", with changes since"
	}
	return out
}

type versionCmd struct{}

// Run prints the version and what it was built with.
func (versionCmd) Run() error {
	fmt.Println("okno", version())
	if version() == unstamped {
		fmt.Println("go run and a copy without .git leave the commit out; go build ./cmd/okno in a clone stamps it")
	}
	fmt.Println(runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
	return nil
}

type configCmd struct{ config.Config }

// Run prints the configuration as it is in force.
func (c *configCmd) Run() error {
	if err := c.Complete(); err != nil {
		return err
	}
	return c.Print(os.Stdout)
}
