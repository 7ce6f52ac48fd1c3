package casework

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Who joined may take that back: then nobody writes to them, and the author has
// the report alone again.
func TestWhoJoinedMayLeave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		joined, err := w.Join(t.Context(), w.who["oleg"], n)
		if err != nil {
			t.Fatal(err)
		}
		w.refused(errs.Invalid, "nina", n, Withdraw, Input{})
		if err := w.Unjoin(t.Context(), w.who["timur"], n); !errs.Is(err, errs.NotFound) {
			t.Errorf("who never joined leaves: %v", err)
		}
		if err := w.Unjoin(t.Context(), w.who["oleg"], joined.Number); err != nil {
			t.Fatal(err)
		}
		if err := w.Unjoin(t.Context(), w.who["oleg"], joined.Number); !errs.Is(err, errs.NotFound) {
			t.Errorf("leaving twice: %v", err)
		}
		if c := w.mustLoad(n); c.People != 1 {
			t.Errorf("%d people wait", c.People)
		}
		if _, err := w.Read(t.Context(), w.who["oleg"], joined.Number, ""); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the number still opens it: %v", err)
		}
		if rows, _, err := w.Mine(t.Context(), w.who["oleg"], id.Nil, 0); err != nil || len(rows) > 0 {
			t.Errorf("their list has %v, %v", rows, err)
		}
		w.replays(n)
		again, err := w.Join(t.Context(), w.who["oleg"], n)
		if err != nil || again.Number == joined.Number {
			t.Fatalf("joining again: %+v, %v", again, err)
		}
		w.act("office", n, Take, Input{})
		w.act("office", n, Submit, Input{Comment: answerText, Shared: answerText, Files: []id.ID{id.New()}})
		w.act("olga", n, Approve, Input{})
		if err := w.Unjoin(t.Context(), w.who["oleg"], n); !errs.Is(err, errs.Conflict) {
			t.Errorf("leaving what was answered: %v", err)
		}
		w.clock.Set(clock.FromMilli(w.mustLoad(n).RateUntil).Add(time.Hour))
		if err := w.RateJoined(t.Context(), w.who["oleg"], n, Input{Mark: 5, Solved: "yes"}); !errs.Is(err, errs.Conflict) {
			t.Errorf("rating after the time to rate: %v", err)
		}
	}, Migrations)
}

// Who erases their account leaves nobody waiting for them: not the office for a
// reply, not the author for the end of their joining.
func TestNobodyWaitsForWhoErasedTheirAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		asked, other := w.file("nina", "roads.surface.pothole"), w.file("oleg", "roads.surface.pothole")
		for _, n := range []string{asked, other} {
			w.act("office", n, Accept, Input{})
		}
		if _, err := w.Join(t.Context(), w.who["oleg"], asked); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Join(t.Context(), w.who["nina"], other); err != nil {
			t.Fatal(err)
		}
		w.act("office", asked, Ask, Input{Comment: "У какого дома?"})
		if err := w.Leave(t.Context(), w.who["nina"]); err != nil {
			t.Fatal(err)
		}
		if c := w.mustLoad(asked); c.Stage != StageCoordination || c.PausedAt != 0 {
			t.Errorf("it is %s, paused at %d", c.Stage, c.PausedAt)
		}
		if c := w.mustLoad(other); c.People != 1 {
			t.Errorf("%d people wait", c.People)
		}
		w.replays(asked)
	}, Migrations)
}

// A part of a report whose term was set anew has that term, and what was
// reopened is rejected neither in parts nor within another report.
func TestWhatWasPromisedHoldsThroughSplitAndMerge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		reopened := func() string {
			n := w.file("nina", "roads.surface.pothole")
			w.act("office", n, Accept, Input{})
			w.act("office", n, Take, Input{})
			w.act("office", n, Submit, Input{Comment: answerText, Files: []id.ID{id.New()}})
			w.act("olga", n, Approve, Input{})
			w.act("nina", n, Rate, Input{Mark: 2, Solved: "no", Reopen: true, Comment: "Яма на месте."})
			return n
		}
		reject := Input{Reason: "spam", Comment: "Реклама."}
		whole := reopened()
		term := w.mustLoad(whole).ReviewAt
		w.act("office", whole, SplitUp, Input{Parts: twoMatters})
		v := w.read("nina", whole)
		for _, child := range v.Children {
			if c := w.mustLoad(child.Number); c.ReviewAt != term || c.Reopened != 1 {
				t.Errorf("a part is due %d, not %d, reopened %d", c.ReviewAt, term, c.Reopened)
			}
			w.replays(child.Number)
		}
		first := w.mustLoad(v.Children[0].Number)
		by := "office"
		if first.Organisation == w.who["lamps"].Organisation {
			by = "lamps"
		}
		w.refused(errs.Invalid, by, first.Number, Reject, reject)

		fresh := w.file("oleg", "roads.surface.pothole")
		w.act("office", fresh, Accept, Input{})
		w.act("office", reopened(), Merge, Input{Into: fresh})
		w.refused(errs.Invalid, "office", fresh, Reject, reject)

		late := w.file("nina", "roads.surface.pothole")
		w.act("office", late, Accept, Input{})
		w.act("office", late, Extend, Input{Comment: "Ждём смесь."})
		extended := w.mustLoad(late)
		w.clock.Set(clock.FromMilli(extended.ReviewAt).Add(-24 * time.Hour))
		w.act("office", late, SplitUp, Input{Parts: twoMatters})
		for _, child := range w.read("nina", late).Children {
			if c := w.mustLoad(child.Number); c.ReviewDate != extended.ReviewDate || c.Extended != 1 {
				t.Errorf("a part of an extended report is due %s, not %s", c.ReviewDate, extended.ReviewDate)
			}
		}
	}, Migrations)
}

// Who joined a report that was answered, reopened and then merged keeps the
// answer that they had and their mark of it; their photos have names in an export.
func TestWhoJoinedKeepsAnAnswerThroughAMerge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		joined, err := w.Join(t.Context(), w.who["oleg"], n)
		if err != nil {
			t.Fatal(err)
		}
		w.act("office", n, Take, Input{})
		w.act("office", n, Submit, Input{Comment: answerText, Shared: "Первый ответ.", Files: []id.ID{id.New()}})
		w.act("olga", n, Approve, Input{})
		w.clock.Advance(time.Minute)
		if err := w.RateJoined(t.Context(), w.who["oleg"], joined.Number, Input{Mark: 4, Solved: "no"}); err != nil {
			t.Fatal(err)
		}
		w.act("nina", n, Rate, Input{Mark: 2, Solved: "no", Reopen: true, Comment: "Яма на месте."})
		into := w.file("nina", "roads.surface.pothole")
		w.act("office", into, Accept, Input{})
		w.act("office", n, Merge, Input{Into: into})
		v, err := w.Read(t.Context(), w.who["oleg"], joined.Number, "")
		if err != nil || v.ID != w.mustLoad(into).ID || len(v.Formers) != 1 || v.Formers[0].Number != joined.Number || v.Formers[0].Wrote {
			t.Fatalf("opens %+v, %v", v, err)
		}
		v, err = w.ReadFiled(t.Context(), w.who["oleg"], v.Formers[0].Number, "")
		if err != nil || v.As != "joined" || len(entriesOf(v, EntryAnswer)) != 1 || entriesOf(v, EntryAnswer)[0].Body != "Первый ответ." || v.Mark != 4 || len(v.Attachments) != 1 {
			t.Fatalf("has %+v, %v", v, err)
		}
		box := paperBox{}
		err = w.Export(t.Context(), w.who["oleg"], box, func(_ context.Context, _ id.ID, nameless bool) (string, io.ReadCloser, error) {
			if !nameless {
				t.Error("the file is called as its sender called it")
			}
			return "photo.jpg", io.NopCloser(strings.NewReader("")), nil
		})
		if kept := box["reports/"+joined.Number+"-before-merge-1.json"]; err != nil || !strings.Contains(kept, "Первый ответ.") || !strings.Contains(kept, "-photo.jpg") {
			t.Errorf("exported %v: %s", err, kept)
		}
	}, Migrations)
}

// Words for those who joined are read once more when they are sent: somebody
// whose name stands there may wait by then.
func TestWordsForThoseWhoJoinedAreCheckedAtTheApproval(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.who["petr"] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		n, other := w.file("petr", "roads.surface.pothole"), w.file("nina", "roads.surface.pothole")
		for _, x := range []string{n, other} {
			w.act("office", x, Accept, Input{})
		}
		if _, err := w.Join(t.Context(), w.who["oleg"], n); err != nil {
			t.Fatal(err)
		}
		w.act("office", n, Take, Input{})
		w.act("office", n, Submit, Input{Comment: answerText, Shared: "По просьбе Нины Рощиной заделали.", Files: []id.ID{id.New()}})
		w.act("office", other, Merge, Input{Into: n})
		w.refused(errs.Invalid, "olga", n, Approve, Input{})
		w.act("olga", n, Rework, Input{Comment: "Без имён."})
		w.refused(errs.Invalid, "office", n, Submit, Input{Comment: answerText, Shared: "По просьбе Нины.", Again: []int64{1}})
	}, Migrations)
}

// Whoever leaves the report that theirs was merged into waits for nothing any
// more: no number of theirs opens what strangers don't see. What was reopened
// within it is owed an answer still, by it and by its parts; and the words for
// the others name nobody whose report is in it, gone or not.
func TestLeavingWhatTookAnotherIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.who["petr"] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		first, second, last := w.file("nina", "roads.surface.pothole"), w.file("oleg", "roads.surface.pothole"), w.file("oleg", "roads.surface.pothole")
		for _, n := range []string{first, second, last} {
			w.act("office", n, Accept, Input{})
		}
		joined, err := w.Join(t.Context(), w.who["petr"], first)
		if err != nil {
			t.Fatal(err)
		}
		w.act("office", first, Take, Input{})
		w.act("office", first, Submit, Input{Comment: answerText, Shared: answerText, Files: []id.ID{id.New()}})
		w.act("olga", first, Approve, Input{})
		w.act("nina", first, Rate, Input{Mark: 2, Solved: "no", Reopen: true, Comment: "Яма на месте."})
		w.act("office", first, Merge, Input{Into: second})
		w.act("office", second, Merge, Input{Into: last}) // of one author
		for _, who := range []string{"nina", "petr"} {
			if err := w.Unjoin(t.Context(), w.who[who], last); err != nil {
				t.Fatalf("%s: %v", who, err)
			}
		}
		if c := w.mustLoad(last); c.People != 1 {
			t.Errorf("%d people wait", c.People)
		}
		if _, err := w.Read(t.Context(), w.who["petr"], joined.Number, ""); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the number that petr had: %v", err)
		}
		if v, err := w.Read(t.Context(), w.who["nina"], first, ""); err != nil || v.As != "author" || v.ID != w.mustLoad(first).ID || !v.Left || v.ParentCase == nil {
			t.Errorf("nina's own: %+v, %v", v, err)
		}
		if _, err := w.SetVisibility(t.Context(), w.who["oleg"], second, true); err != nil {
			t.Fatal(err)
		}
		if v, err := w.Read(t.Context(), w.who["nina"], first, ""); err != nil || v.ParentCase != nil {
			t.Errorf("leads to a closed one: %+v, %v", v, err)
		}
		w.refused(errs.Invalid, "office", last, Reject, Input{Reason: "spam", Comment: "Реклама."})
		w.act("office", last, SplitUp, Input{Parts: []Part{{Fact: "roads.surface.pothole", Text: "Яма."}, {Fact: "roads.surface.pothole", Text: "Вторая яма."}}})
		part := w.read("oleg", last).Children[0].Number
		w.refused(errs.Invalid, "office", part, Reject, Input{Reason: "spam", Comment: "Реклама."})
		w.replays(part)
	}, Migrations)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first, last := w.file("nina", "roads.surface.pothole"), w.file("oleg", "roads.surface.pothole")
		for _, n := range []string{first, last} {
			w.act("office", n, Accept, Input{})
		}
		w.act("office", first, Merge, Input{Into: last})
		if err := w.Unjoin(t.Context(), w.who["nina"], first); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Join(t.Context(), w.who["timur"], last); err != nil {
			t.Fatal(err)
		}
		w.act("office", last, Take, Input{})
		w.refused(errs.Invalid, "office", last, Submit, Input{Comment: answerText, Shared: "Нина просила быстрее.", Files: []id.ID{id.New()}})
	}, Migrations)
}

// Who joined two reports that become one keeps both numbers, and the answer that
// one of them had.
func TestWhoJoinedBothKeepsBoth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first, last := w.file("nina", "roads.surface.pothole"), w.file("nina", "roads.surface.pothole")
		numbers := map[string]string{}
		for _, n := range []string{first, last} {
			w.act("office", n, Accept, Input{})
			r, err := w.Join(t.Context(), w.who["oleg"], n)
			if err != nil {
				t.Fatal(err)
			}
			numbers[n] = r.Number
		}
		w.act("office", first, Merge, Input{Into: last})
		rows, _, err := w.Mine(t.Context(), w.who["oleg"], id.Nil, 0)
		if err != nil || len(rows) != 2 {
			t.Fatalf("the list has %+v, %v", rows, err)
		}
		v, err := w.ReadFiled(t.Context(), w.who["oleg"], numbers[first], "")
		if err != nil || v.As != "joined" || v.Outcome != Merged {
			t.Errorf("the first: %+v, %v", v, err)
		}
		if v, err = w.Read(t.Context(), w.who["oleg"], numbers[first], ""); err != nil || v.ID != w.mustLoad(last).ID || len(v.Formers) != 1 || v.Formers[0].Number != first {
			t.Errorf("its number opens %+v, %v", v, err)
		}
	}, Migrations)
}

// An answer that came to a report after another was merged into it is kept by
// those of both when it is merged itself.
func TestAnswersAreKeptThroughAChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.who["petr"] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		first, second, last := w.file("petr", "roads.surface.pothole"), w.file("nina", "roads.surface.pothole"), w.file("nina", "roads.surface.pothole")
		for _, n := range []string{first, second, last} {
			w.act("office", n, Accept, Input{})
		}
		joined, err := w.Join(t.Context(), w.who["oleg"], first)
		if err != nil {
			t.Fatal(err)
		}
		w.act("office", first, Merge, Input{Into: second})
		w.act("office", second, Take, Input{})
		w.act("office", second, Submit, Input{Comment: answerText, Shared: "Второму.", Files: []id.ID{id.New()}})
		w.act("olga", second, Approve, Input{})
		w.clock.Advance(time.Minute)
		w.act("nina", second, Rate, Input{Mark: 2, Solved: "no", Reopen: true, Comment: "Яма на месте."})
		w.act("office", second, Merge, Input{Into: last})
		for who, number := range map[string]string{"oleg": joined.Number, "petr": first} {
			v, err := w.Read(t.Context(), w.who[who], number, "")
			if err != nil || v.ID != w.mustLoad(last).ID || len(v.Formers) != 2 || v.Formers[0].Number != number || v.Formers[0].Wrote != (who == "petr") || v.Formers[1].Number != second || v.Formers[1].Wrote {
				t.Fatalf("%s opens %+v, %v", who, v, err)
			}
			if v, err = w.ReadFiled(t.Context(), w.who[who], second, ""); err != nil || v.As != "joined" || len(entriesOf(v, EntryAnswer)) != 1 || entriesOf(v, EntryAnswer)[0].Body != "Второму." {
				t.Errorf("%s has %+v, %v", who, v, err)
			}
			box := paperBox{}
			err = w.Export(t.Context(), w.who[who], box, func(context.Context, id.ID, bool) (string, io.ReadCloser, error) {
				return "photo.jpg", io.NopCloser(strings.NewReader("")), nil
			})
			if err != nil || !strings.Contains(box["reports/"+number+"-before-merge-2.json"], "Второму.") {
				t.Errorf("%s exported %v: %v", who, err, box)
			}
		}
		if err := w.Unjoin(t.Context(), w.who["oleg"], joined.Number); err != nil {
			t.Fatal(err)
		}
		for _, n := range []string{joined.Number, second, last} {
			if _, err := w.ReadFiled(t.Context(), w.who["oleg"], n, ""); !errs.Is(err, errs.Forbidden) {
				t.Errorf("who left still opens %s: %v", n, err)
			}
		}
	}, Migrations)
}
