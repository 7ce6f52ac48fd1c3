package notify

import (
	"testing"
	"time"
)

func TestPageOfNoticesByTime(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	list := []Notice{{Kind: "b", At: at}, {Kind: "c", At: at.Add(-time.Hour)}, {Kind: "a", At: at.Add(time.Hour)}}
	byTime(list)
	if got := list[0].Kind + list[1].Kind + list[2].Kind; got != "abc" {
		t.Errorf("%s, want the newest first", got)
	}
}
