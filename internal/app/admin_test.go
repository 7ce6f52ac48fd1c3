package app

import (
	"strings"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/jobs"
)

// Letting outbound work go says what was done, and says so where there was
// nothing to let go.
func TestResumeSaysWhatItDid(t *testing.T) {
	a := emptyInstallation(t, dbtest.SQLiteURL(t, Migrations()...))
	says := func(sure bool, want string) {
		t.Helper()
		var out strings.Builder
		if err := a.ResumeOutbound(t.Context(), &out, sure); err != nil || out.String() != want {
			t.Errorf("sure %v: %q %v, want %q", sure, out.String(), err, want)
		}
	}
	const nothing = "nothing is paused: outbound work runs\n"
	says(false, nothing)
	if err := db.Do(t.Context(), a.DB, db.People, func(tx *db.Tx) error { jobs.Pause(tx, "restore", a.Clock.Now()); return nil }); err != nil {
		t.Fatal(err)
	}
	says(false, "outbound work is paused; waiting: 0; run again with --yes to let it go\n")
	says(true, "outbound work runs again; waiting: 0\n")
	says(true, nothing)
	says(false, nothing)
}
