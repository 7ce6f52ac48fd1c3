package casework

import (
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
)

func TestTwoOfficersAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "yard.bench.broken")
		w.act("office", n, Accept, Input{})
		seen := w.mustLoad(n).Version
		errsOf := make(chan error, 2)
		for _, who := range []string{"office", "timur"} {
			go func() {
				_, err := w.Act(t.Context(), w.who[who], n, Take, Input{Version: seen})
				errsOf <- err
			}()
		}
		var ok, refused int
		for range 2 {
			switch err := <-errsOf; {
			case err == nil:
				ok++
			case errs.Is(err, errs.Stale) || errs.Is(err, errs.Invalid):
				refused++
			default:
				t.Fatal(err)
			}
		}
		if ok != 1 || refused != 1 {
			t.Errorf("%d took it, %d were refused", ok, refused)
		}
		w.refused(errs.Stale, "office", n, Note, Input{Version: seen, Comment: "Я ещё здесь."})
		w.replays(n)
	}, Migrations)
}

func TestDoubleClickFilesOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := FileInput{Key: "form-1", Text: "Скамейка без спинки у подъезда.", Fact: "yard.bench.broken", Channel: "portal"}
		got := make(chan Receipt, 4)
		for range 4 {
			go func() {
				r, err := w.FileReport(t.Context(), w.who["nina"], in)
				if err != nil {
					t.Error(err)
				}
				got <- r
			}()
		}
		first := <-got
		for range 3 {
			if r := <-got; r.Number != first.Number {
				t.Errorf("numbers %s and %s from one form", first.Number, r.Number)
			}
		}
		in.Text = "Другая скамейка без спинки."
		if _, err := w.FileReport(t.Context(), w.who["nina"], in); !errs.Is(err, errs.IdempotencyMismatch) {
			t.Errorf("the same key with other words: %v", err)
		}
	}, Migrations)
}
