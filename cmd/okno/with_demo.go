//go:build !nodemo

package main

// demoCommands are there in builds from source and left out of packages.
type demoCommands struct {
	Demo    demoCmd    `cmd:"" help:"Serve the demonstration region in a folder of its own."`
	Sandbox sandboxCmd `cmd:"" hidden:"" help:"What demo starts beside itself: takes letters and short messages."`
}
