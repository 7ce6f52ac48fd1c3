//go:build nodemo

package main

import (
	"context"

	"okno/internal/app"
)

// benchGround is nil: what is measured must have its organisations already.
var benchGround func(ctx context.Context, a *app.App) error
