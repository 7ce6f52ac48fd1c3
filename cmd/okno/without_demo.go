//go:build nodemo

package main

// demoCommands is empty in what packages ship.
type demoCommands struct{}
