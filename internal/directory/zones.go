package directory

import (
	"fmt"
	"slices"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/i18n"
	"okno/internal/ui"
)

// zones are Russia's time zones, from west to east.
var zones = []struct{ zone, key string }{
	{"Europe/Kaliningrad", "directory.zone_kaliningrad"},
	{"Europe/Moscow", "directory.zone_moscow"},
	{"Europe/Samara", "directory.zone_samara"},
	{"Asia/Yekaterinburg", "directory.zone_yekaterinburg"},
	{"Asia/Omsk", "directory.zone_omsk"},
	{"Asia/Novosibirsk", "directory.zone_novosibirsk"},
	{"Asia/Krasnoyarsk", "directory.zone_krasnoyarsk"},
	{"Asia/Irkutsk", "directory.zone_irkutsk"},
	{"Asia/Yakutsk", "directory.zone_yakutsk"},
	{"Asia/Vladivostok", "directory.zone_vladivostok"},
	{"Asia/Magadan", "directory.zone_magadan"},
	{"Asia/Kamchatka", "directory.zone_kamchatka"},
}

// zoneOptions are the zones to choose from in words: «Москва, UTC+3». A zone
// that is in force and isn't among them stands first under its own name.
func zoneOptions(lang, chosen string) []ui.Option {
	var out []ui.Option
	if chosen != "" && !slices.ContainsFunc(zones, func(z struct{ zone, key string }) bool { return z.zone == chosen }) {
		out = append(out, ui.Option{Value: chosen, Text: chosen})
	}
	for _, z := range zones {
		text := i18n.T(lang, z.key)
		if loc, err := clock.Zone(z.zone); err == nil {
			_, seconds := time.Now().In(loc).Zone()
			text += fmt.Sprintf(", UTC%+d", seconds/3600)
		}
		out = append(out, ui.Option{Value: z.zone, Text: text})
	}
	return out
}
