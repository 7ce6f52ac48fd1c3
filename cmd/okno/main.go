// Command okno is the platform: people and authorities deal with each other
// through it. This package only wires; what happens is in internal/app.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
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
	k := kong.Parse(&c, kong.Name("okno"), kong.Description("Okno, the single window between people and public authorities."),
		kong.ShortUsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := k.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "okno:", err)
		os.Exit(1)
	}
}

// version is the module's version as the toolchain stamped it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return info.Main.Version
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	fmt.Println("okno", version())
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
