package casework

import (
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/policy"
)

func TestTheAuthorClosesAndOpens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		nobody := policy.Nobody("ru")
		n := w.file("nina", "roads.surface.pothole")
		set := func(who string, hidden bool) error {
			_, err := w.SetVisibility(t.Context(), w.who[who], n, hidden)
			return err
		}
		shown := func() bool {
			t.Helper()
			_, err := w.ReadPublic(t.Context(), nobody, n)
			if err != nil && !errs.Is(err, errs.NotFound) {
				t.Fatal(err)
			}
			listed, lerr := w.PublicIn(t.Context(), nobody, []CellRange{{0, 1 << 60}}, "", true, 10)
			if lerr != nil || (len(listed) == 1) != (err == nil) {
				t.Errorf("the page says %v, the map has %d, %v", err, len(listed), lerr)
			}
			return err == nil
		}
		if err := set("nina", false); err != nil || w.mustLoad(n).Version != 1 {
			t.Errorf("the same again: %v, version %d", err, w.mustLoad(n).Version)
		}
		w.act("office", n, Accept, Input{Comment: "Яма у остановки."})
		joined, err := w.Join(t.Context(), w.who["oleg"], n)
		if err != nil || !shown() {
			t.Fatalf("before: %v", err)
		}
		if err := set("nina", true); err != nil || shown() {
			t.Errorf("closed: %v", err)
		}
		for who, code := range map[string]errs.Code{"oleg": errs.NotFound, "lamps": errs.NotFound, "office": errs.Forbidden} {
			if err := set(who, false); !errs.Is(err, code) {
				t.Errorf("%s opens it: %v, want %s", who, err, code)
			}
		}
		if v, err := w.Read(t.Context(), w.who["oleg"], joined.Number, ""); err != nil || v.As != "joined" {
			t.Errorf("who joined lost it: %v", err)
		}
		w.refused(errs.Invalid, "office", n, Release, Input{Comment: "Выдержка."})
		w.replays(n)

		n = w.file("nina", "yard.bench.broken")
		w.act("nina", n, Withdraw, Input{})
		if shown() { // a withdrawn one is nobody's to see
			t.Error("withdrawn and shown")
		}

		n = w.file("nina", "roads.surface.pothole")
		w.act("office", n, Redirect, Input{Organisation: tests.lamps, Comment: "Не наше."})
		if c := w.mustLoad(n); c.Stage != StageModeration || shown() {
			t.Errorf("handed over before anybody accepted it: %s, shown %v", c.Stage, shown())
		}
		w.act("lamps", n, Accept, Input{})
		if !shown() {
			t.Error("accepted in the other house and not shown")
		}
		if err := set("nina", true); err != nil || shown() {
			t.Errorf("closed again: %v", err)
		}
		w.replays(n)

		n = w.file("nina", "yard.bench.broken")
		if err := set("nina", true); err != nil {
			t.Fatal(err)
		}
		w.act("office", n, Accept, Input{})
		if shown() {
			t.Error("closed before moderation and shown after it")
		}
		if err := set("nina", false); err != nil || !shown() {
			t.Errorf("opened: %v", err)
		}
		w.replays(n)
	}, Migrations)
}
