package ui

import (
	"context"

	"okno/internal/platform/i18n"
)

// WithLang sets the language of the components' own words.
func WithLang(ctx context.Context, lang string) context.Context { return i18n.WithLang(ctx, lang) }

// say is a sentence of the components' own catalogue (ui.*).
func say(ctx context.Context, key string, args ...i18n.Args) string {
	return i18n.Tc(ctx, key, args...)
}

// count is say for a sentence with plural forms.
func count(ctx context.Context, key string, n int) string { return i18n.Nc(ctx, key, n) }
