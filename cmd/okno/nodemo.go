//go:build nodemo

package main

import "errors"

type demoCmd struct{}

// Run says that this build has no demonstration.
func (demoCmd) Run() error { return errors.New("this build has no demonstration") }
