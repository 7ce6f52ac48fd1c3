package app

import (
	"strings"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/policy"
	"okno/internal/privacy"
)

// A request on paper erases as the person's own does, and the journal tells
// which operator did it and why.
func TestErasureOnPaper(t *testing.T) {
	l := newLeaver(t, dbtest.SQLiteURL(t, Migrations()...))
	ctx, operator := t.Context(), policy.Machine("operator:test")
	if _, err := l.EraseOnPaper(ctx, operator, "nina", "  ", nil); !errs.Is(err, errs.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := l.EraseOnPaper(ctx, l.jana, "nina", "paper 17", nil); !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.NotFound) {
		t.Errorf("by another person: %v", err)
	}
	if _, err := l.EraseOnPaper(ctx, operator, "nobody", "paper 17", nil); !errs.Is(err, errs.NotFound) {
		t.Errorf("of nobody: %v", err)
	}
	if done, err := l.EraseOnPaper(ctx, operator, "nina", "paper 17", func(name string) bool { return name != "Нина Сокольская" }); err != nil || done {
		t.Errorf("not confirmed: %v %v", done, err)
	}
	if got := l.ask("GET", "/account", nil, ""); got.Code != 200 {
		t.Fatalf("something was erased: %d", got.Code)
	}
	if done, err := l.EraseOnPaper(ctx, operator, "nina", "paper 17", func(name string) bool { return name == "Нина Сокольская" }); err != nil || !done {
		t.Fatal(done, err)
	}
	l.gone("after the erasure", l.App)
	row, err := db.One(ctx, l.DB, db.Text, `SELECT role || ' ' || body FROM journal_fact WHERE kind='privacy.erased'`)
	if err != nil || !strings.Contains(row, "operator:test") || !strings.Contains(row, "paper 17") {
		t.Errorf("the journal says %q: %v", row, err)
	}
	list, err := privacy.NewErasureList(l.cfg.Path("erased.list")).All()
	if err != nil || len(list) != 1 || list[0].Subject != l.nina.Person {
		t.Errorf("the list holds %v: %v", list, err)
	}
}
