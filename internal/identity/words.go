package identity

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"strconv"
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

// contactHint says of a contact in the account whether it was confirmed.
func contactHint(ctx context.Context, confirmed bool) string {
	if confirmed {
		return i18n.Tc(ctx, "identity.contact_confirmed")
	}
	return i18n.Tc(ctx, "identity.contact_hint")
}

// phoneHint is [contactHint] under the field of the e-mail, which has said it already.
func phoneHint(ctx context.Context, confirmed bool) string {
	if confirmed {
		return contactHint(ctx, true)
	}
	return ""
}

// missing says beside the form which way to register is not there.
func (w Ways) missing(ctx context.Context) string {
	switch {
	case !w.Any():
		return i18n.Tc(ctx, "identity.ways_none")
	case !w.Email:
		return i18n.Tc(ctx, "identity.ways_no_email")
	case !w.SMS:
		return i18n.Tc(ctx, "identity.ways_no_sms")
	}
	return ""
}

// contactLabel is what the one field of registration takes.
func (w Ways) contactLabel(ctx context.Context) string {
	switch {
	case !w.Email:
		return i18n.Tc(ctx, "identity.contact_sms")
	case !w.SMS:
		return i18n.Tc(ctx, "identity.contact_email")
	}
	return i18n.Tc(ctx, "identity.contact")
}

// left is a span as a clock shows it: 4:05.
func left(d time.Duration) string {
	s := int(math.Ceil(max(0, d).Seconds()))
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// seconds is a span in whole seconds, for scripts.
func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }

// key is the sentence of the way by which the registration goes.
func (f *sentForm) key(name string) string {
	words := map[string]string{"none": "identity.sent_none", "none_text": "identity.sent_none_text", "left": "identity.sent_left",
		"over": "identity.sent_over", "again": "identity.sent_again"}
	if f.Signup.Way == BySMS {
		words = map[string]string{"none": "identity.code_none", "none_text": "identity.code_none_text", "left": "identity.code_left",
			"over": "identity.code_over", "again": "identity.code_again"}
	}
	return words[name]
}
