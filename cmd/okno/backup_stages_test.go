package main

import (
	"strings"
	"testing"

	"okno/internal/platform/backup"
)

func TestABackupTellsItsStagesNotItsTables(t *testing.T) {
	var out strings.Builder
	say := stages(&out, false)
	for i := range int64(44) {
		say(backup.Progress{Stage: "table", Name: "journal_fact", Done: i + 1, Total: 44})
	}
	say(backup.Progress{Stage: "file", Done: 1, Total: 1})
	if want := "tables: 44\nattachments: 1\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	out.Reset()
	say = stages(&out, true)
	say(backup.Progress{Stage: "check", Name: "db_once", Done: 1, Total: 2})
	say(backup.Progress{Stage: "check", Done: 2, Total: 2})
	if got := out.String(); strings.Count(got, "\n") != 1 || !strings.HasSuffix(got, "checking: 2 of 2\n") {
		t.Errorf("%q", got)
	}
}
