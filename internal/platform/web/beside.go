package web

import (
	"fmt"
	"runtime/debug"

	"okno/internal/platform/errs"
)

// Beside runs fn on a goroutine of its own; wait returns its error. A panic of
// fn is an error too. Call wait on every way out: fn may use what the request holds.
func Beside(fn func() error) (wait func() error) {
	done := make(chan error, 1)
	go func() {
		var err error
		defer func() {
			if p := recover(); p != nil {
				err = errs.Wrap(errs.Internal, fmt.Errorf("panic beside a request: %v\n%s", p, debug.Stack()))
			}
			done <- err
		}()
		err = fn()
	}()
	return func() error { return <-done }
}
