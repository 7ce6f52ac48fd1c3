package notify

import (
	"testing"
	"time"

	"okno/internal/platform/i18n"
)

func TestPageOfNoticesByTime(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	list := []Notice{{Kind: "b", At: at}, {Kind: "c", At: at.Add(-time.Hour)}, {Kind: "a", At: at.Add(time.Hour)}}
	byTime(list)
	if got := list[0].Kind + list[1].Kind + list[2].Kind; got != "abc" {
		t.Errorf("%s, want the newest first", got)
	}
}

// A notice names the report by what it is about, not by its number alone.
func TestNoticeSaysWhatItIsAbout(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	v := &view{Lang: i18n.Russian, Zone: time.UTC, Now: at, About: map[string]string{"111122223333": "Яма на проезжей части. Школьная улица, 9"}}
	if got := (Notice{Kind: "answered", Number: "111122223333", At: at}).props(v).Meta; got != "Яма на проезжей части. Школьная улица, 9. 2\u00a0марта, 09:00" {
		t.Errorf("%q", got)
	}
	if got := (Notice{Kind: "answered", Number: "999922223333", At: at}).props(v).Meta; got != "2\u00a0марта, 09:00" {
		t.Errorf("unknown: %q", got)
	}
}
