// Command okno-sandbox plays the parties that a test or a demonstration can't
// reach: a mail server and an operator's short message centre. This package
// only wires; what happens is in internal/sandbox.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"okno/internal/platform/obs"
	"okno/internal/sandbox"
)

// cli is the whole command line.
type cli struct {
	sandbox.Config
	UntilEOF  bool   `name:"until-eof" help:"End when standard input ends: for a program that starts this one."`
	LogLevel  string `default:"warn" enum:"debug,info,warn,error" help:"Least level that is logged: debug, info, warn, error."`
	LogFormat string `default:"text" enum:"text,json" help:"Form of the log: text, json."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c, kong.Name("okno-sandbox"), kong.Description("The outside world of Okno for tests and demonstrations: takes every letter (SMTP) and every short message (SMPP) and shows them. Its addresses are told in one line of JSON on standard output."),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "okno-sandbox:", err)
		os.Exit(1)
	}
}

// Run serves until a signal, or the end of standard input where that is asked for.
func (c *cli) Run(ctx context.Context) error {
	log, err := obs.Logger(os.Stderr, c.LogLevel, c.LogFormat)
	if err != nil {
		return err
	}
	serve := func(ctx context.Context) error {
		return sandbox.Run(ctx, c.Config, log, sandbox.Tell(os.Stdout))
	}
	if c.UntilEOF {
		return sandbox.UntilEOF(ctx, os.Stdin, serve)
	}
	return serve(ctx)
}
