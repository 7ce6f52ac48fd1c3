package casework

import (
	"slices"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// After a merge its author and those who joined it are told once, and the
// number each of them has opens the report that stays: with its term, its
// answer and a rating of their own. The author's words stay readable.
func TestNumbersOfAMergedReportOpenTheOneThatStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.who["petr"] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		w.who["zoya"] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		stays := w.file("nina", "roads.surface.pothole")
		w.act("office", stays, Accept, Input{})
		ends := w.file("petr", "roads.surface.pothole")
		w.act("office", ends, Accept, Input{})
		joined, err := w.Join(t.Context(), w.who["oleg"], ends)
		if err != nil {
			t.Fatal(err)
		}
		w.act("office", ends, Merge, Input{Into: stays})
		told := w.toldLast(ends)
		if len(told) != 2 || told[w.who["petr"].Person] != "merged" || told[w.who["oleg"].Person] != "merged" {
			t.Errorf("of the merge %v are told", told)
		}
		w.act("office", stays, Take, Input{})
		w.act("office", stays, Submit, Input{Comment: "Заделали.", Shared: "Заделали.", Files: []id.ID{id.New()}})
		w.act("olga", stays, Approve, Input{})
		into := w.mustLoad(stays)
		for who, number := range map[string]string{"petr": ends, "oleg": joined.Number} {
			v, err := w.Read(t.Context(), w.who[who], number, "")
			if err != nil || v.ID != into.ID || v.As != "joined" || v.Me.Number != number || v.Title != "" {
				t.Fatalf("%s opens %+v, %v", who, v, err)
			}
			if !slices.ContainsFunc(v.Entries, func(e Entry) bool { return e.Kind == EntryAnswer }) {
				t.Errorf("%s has no answer", who)
			}
			if err := w.RateJoined(t.Context(), w.who[who], number, Input{Mark: 5, Solved: "yes"}); err != nil {
				t.Errorf("%s rates: %v", who, err)
			}
			mine, _, err := w.Mine(t.Context(), w.who[who], id.Nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			of := map[string]int{}
			for _, m := range mine {
				of[m.Kind]++
			}
			if want := map[string]int{"merged": 1, "author": len(mine) - 1}; of["merged"] != 1 || of["author"] != want["author"] || of["joined"] != 0 {
				t.Errorf("%s has %v in their list", who, of)
			}
		}
		v, err := w.Read(t.Context(), w.who["petr"], stays, "")
		if err != nil || len(v.Formers) != 1 || v.Formers[0].Number != ends || !v.Formers[0].Wrote {
			t.Errorf("the way to one's own words: %v, %v", v.Formers, err)
		}
		if v, err = w.Read(t.Context(), w.who["oleg"], joined.Number, ""); err != nil || len(v.Formers) != 1 || v.Formers[0].Number != joined.Number || v.Formers[0].Wrote {
			t.Errorf("who joined wrote %v, %v", v.Formers, err)
		}
		if v, err = w.ReadFiled(t.Context(), w.who["petr"], ends, ""); err != nil || v.As != "author" || v.Title == "" {
			t.Errorf("one's own words: %+v, %v", v, err)
		}
		if v, err = w.Read(t.Context(), w.who["office"], ends, ""); err != nil || v.Outcome != Merged {
			t.Errorf("the office opens %+v, %v", v, err)
		}
		if _, err := w.Read(t.Context(), w.who["zoya"], ends, ""); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a stranger reads: %v", err)
		}
	}, Migrations)
}

// A term that was told never gets later by a merge: the report that stays
// takes the earlier of both. What it can't take over is told with its date.
func TestMergeKeepsTheEarlierTerm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		pair := func() (stays, ends string) {
			t.Helper()
			stays, ends = w.file("nina", "light.lamp.dark"), w.file("oleg", "light.lamp.dark")
			for _, n := range []string{stays, ends} {
				w.act("lamps", n, Accept, Input{})
			}
			return stays, ends
		}
		told := func(ends string) (kind, review string) {
			t.Helper()
			for _, a := range w.lastTo(ends) {
				if a.Person == w.who["oleg"].Person {
					return a.Kind, a.Args["review"]
				}
			}
			return "", ""
		}
		stays, ends := pair()
		w.act("lamps", stays, Extend, Input{Comment: "Ждём лампу."})
		late, early := w.mustLoad(stays), w.mustLoad(ends)
		if late.ReviewAt <= early.ReviewAt {
			t.Fatal("nothing to keep")
		}
		w.act("lamps", ends, Merge, Input{Into: stays})
		c := w.mustLoad(stays)
		if c.ReviewAt != early.ReviewAt || c.ReviewDate != early.ReviewDate || c.People != 2 {
			t.Errorf("the term of the one that stays: %s, want %s", c.ReviewDate, early.ReviewDate)
		}
		if kind, review := told(ends); kind != "merged" || review != early.ReviewDate {
			t.Errorf("told %s %s", kind, review)
		}
		body, err := db.One(t.Context(), d, db.Text, `SELECT body FROM journal_fact WHERE subject=$1 AND kind='casework.merged_in'`, c.ID)
		if err != nil || !strings.Contains(body, late.ReviewDate) || !strings.Contains(body, early.ReviewDate) {
			t.Errorf("the fact %s, %v", body, err)
		}
		w.replays(stays)
		due, err := db.One(t.Context(), d, db.Int, `SELECT due_at FROM casework_inbox WHERE case_id=$1`, c.ID)
		if err != nil || due != c.ReviewAt {
			t.Errorf("in the list it is due at %d, %v", due, err)
		}

		stays, ends = pair() // the earlier stays where it is
		w.act("lamps", ends, Extend, Input{Comment: "Ждём лампу."})
		before := w.mustLoad(stays)
		w.act("lamps", ends, Merge, Input{Into: stays})
		if c := w.mustLoad(stays); c.ReviewAt != before.ReviewAt {
			t.Errorf("the term became %s", c.ReviewDate)
		}
		if kind, review := told(ends); kind != "merged" || review != before.ReviewDate {
			t.Errorf("told %s %s", kind, review)
		}

		stays, ends = pair() // the office waits for an answer of the author's
		w.act("lamps", stays, Ask, Input{Comment: "Который столб?"})
		w.act("lamps", ends, Merge, Input{Into: stays})
		if kind, _ := told(ends); kind != "merged_open" {
			t.Errorf("while the term stands: %s", kind)
		}

		stays, ends = pair() // a date of the work is promised
		w.act("lamps", stays, Take, Input{})
		w.act("lamps", stays, Defer, Input{Comment: "Сделаем весной.", PlanDate: "2026-04-15"})
		w.act("lamps", stays, Approve, Input{})
		w.refused(errs.Invalid, "lamps", ends, Merge, Input{Into: stays}) // nobody told its author of a year's wait

		stays, ends = pair() // what was told is over already
		w.act("lamps", stays, Extend, Input{Comment: "Ждём лампу."})
		w.clock.Advance(31 * 24 * time.Hour)
		before = w.mustLoad(stays)
		w.act("lamps", ends, Merge, Input{Into: stays})
		if c := w.mustLoad(stays); c.ReviewAt != before.ReviewAt {
			t.Errorf("a term that is over was taken: %s", c.ReviewDate)
		}
		if kind, review := told(ends); kind != "merged_moved" || review != before.ReviewDate {
			t.Errorf("told %s %s, want the new date %s", kind, review, before.ReviewDate)
		}
	}, Migrations)
}

// A stranger who has the number of a report that was merged or split is led to
// where the answer will be, and to nothing that strangers don't see.
func TestAStrangerIsLedToWhatBecameOfAReport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		open := func(number string) *Public {
			t.Helper()
			p, err := w.ReadPublic(t.Context(), policy.Nobody("ru"), number)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		first, second, last := w.file("nina", "roads.surface.pothole"), w.file("oleg", "roads.surface.pothole"), w.file("nina", "roads.surface.pothole")
		for _, n := range []string{first, second, last} {
			w.act("office", n, Accept, Input{})
		}
		w.act("office", first, Merge, Input{Into: second})
		w.act("office", second, Merge, Input{Into: last})
		if p := open(first); p.Into != last {
			t.Errorf("merged twice, leads to %q, not %q", p.Into, last)
		}
		w.act("office", last, SplitUp, Input{Parts: twoMatters})
		if p := open(last); len(p.Parts) != 2 || p.Into != "" {
			t.Errorf("split, leads to %v and %q", p.Parts, p.Into)
		} else if part := open(p.Parts[0]); part.Into != "" || len(part.Parts) != 0 {
			t.Errorf("a part leads to %q and %v", part.Into, part.Parts)
		}
		if _, err := w.SetVisibility(t.Context(), w.who["nina"], open(last).Parts[0], true); err != nil {
			t.Fatal(err)
		}
		if p := open(last); len(p.Parts) != 1 {
			t.Errorf("with a closed part leads to %v", p.Parts)
		}
		if _, err := w.SetVisibility(t.Context(), w.who["nina"], last, true); err != nil {
			t.Fatal(err)
		}
		if p := open(first); p.Into != "" {
			t.Errorf("leads to the closed %q", p.Into)
		}
	}, Migrations)
}
