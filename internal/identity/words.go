package identity

import (
	"context"
	"net/url"
	"time"

	"okno/internal/platform/i18n"
)

func withBack(path, back string) string {
	if back == "" {
		return path
	}
	return path + "?back=" + url.QueryEscape(back)
}

func sessionTitle(ctx context.Context, s Session) string {
	if s.Device == "" {
		return i18n.Tc(ctx, "identity.session_unknown")
	}
	return s.Device
}

// tokenMeta says what a token may and until when it lives.
func tokenMeta(ctx context.Context, t Token, zone *time.Location) string {
	lang := i18n.Lang(ctx)
	may := i18n.T(lang, "identity.token_may_all")
	if t.ReadOnly {
		may = i18n.T(lang, "identity.token_may_read")
	}
	used := i18n.T(lang, "identity.token_unused")
	if !t.UsedAt.IsZero() {
		used = i18n.T(lang, "identity.token_used", i18n.Args{"Date": i18n.Date(lang, t.UsedAt, zone)})
	}
	whom := ""
	if t.Organisation != "" {
		whom = " " + i18n.T(lang, "identity.token_for", i18n.Args{"Code": t.Organisation})
	}
	return may + whom + " " + i18n.T(lang, "identity.token_until", i18n.Args{"Date": i18n.Date(lang, t.Ends, zone)}) + " " + used
}
