package app

import (
	"context"
	"strconv"
	"strings"

	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/notify"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
)

// messages is how identity reaches a person's contact.
type messages struct{ *App }

// Ways implements [identity.Messenger].
func (a messages) Ways() identity.Ways {
	return identity.Ways{Email: a.Outbox.Has(notify.Email), SMS: a.Outbox.Has(notify.SMS)}
}

// Send implements [identity.Messenger].
func (a messages) Send(tx *db.Tx, key *vault.Key, m identity.Message) error {
	return a.Outbox.Send(tx, key, notify.Message{Event: m.Event, Channel: notify.Channel(m.Way), Kind: m.Kind, Lang: m.Lang, Address: m.Address, Args: m.Args, Until: m.Until})
}

// Settings that bound what SMS may cost.
const (
	smsPrefixSetting    = "identity.sms_prefix"
	smsHourSetting      = "identity.sms_hour"
	smsCountriesSetting = "identity.sms_countries"
)

func smsSettings() []directory.Setting {
	d := identity.DefaultSMSLimits
	return []directory.Setting{
		{Name: smsPrefixSetting, Title: "identity.setting_sms_prefix", Type: directory.IntSetting, Min: 1, Max: 1_000_000, Default: strconv.Itoa(d.Prefix), Source: "practice"},
		{Name: smsHourSetting, Title: "identity.setting_sms_hour", Type: directory.IntSetting, Min: 1, Max: 10_000_000, Default: strconv.Itoa(d.Hour), Source: "practice"},
		{Name: smsCountriesSetting, Title: "identity.setting_sms_countries", Type: directory.TextSetting, Default: strings.Join(d.Countries, " "), Source: "practice"},
	}
}

// smsLimits reads the settings, at most a second late.
func (a *App) smsLimits(ctx context.Context) (out identity.SMSLimits, err error) {
	now := a.Clock.Now()
	number := func(name string) (n int) {
		var text string
		if err == nil {
			text, err = a.Directory.Text(ctx, name, id.Nil, now)
		}
		if err == nil {
			n, err = strconv.Atoi(text)
		}
		return n
	}
	out.Prefix, out.Hour = number(smsPrefixSetting), number(smsHourSetting)
	if err != nil {
		return out, err
	}
	text, err := a.Directory.Text(ctx, smsCountriesSetting, id.Nil, now)
	out.Countries = strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	return out, err
}
