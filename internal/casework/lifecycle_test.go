package casework

import (
	"encoding/json"
	"testing"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

const answerText = "Яму заделали 5 февраля литой смесью, 7 м². Гарантия два года."

func TestReportFromFilingToRating(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		c := w.mustLoad(n)
		if c.Stage != StageModeration || c.ReviewDate != "2026-02-16" {
			t.Fatalf("after filing: stage %s, until %s", c.Stage, c.ReviewDate)
		}
		w.refused(errs.NotFound, "oleg", n, Withdraw, Input{})
		w.refused(errs.NotFound, "lamps", n, Accept, Input{})
		w.act("office", n, Accept, Input{Comment: "Яма у остановки во всю полосу."})
		w.act("office", n, Assign, Input{Handler: w.who["timur"].Person})
		w.act("timur", n, Ask, Input{Comment: "У какой из двух остановок?"})
		w.clock.Advance(48 * time.Hour)
		w.act("nina", n, Reply, Input{Comment: "У той, что к центру."})
		if c = w.mustLoad(n); c.ReviewDate != "2026-02-18" {
			t.Errorf("after two days of waiting the term ends %s, want 2026-02-18", c.ReviewDate)
		}
		w.refused(errs.Invalid, "timur", n, Submit, Input{Comment: answerText})                                  // no photo
		w.refused(errs.Invalid, "timur", n, Submit, Input{Comment: "Сделаем [дата].", Files: []id.ID{id.New()}}) // a blank
		w.act("timur", n, Submit, Input{Comment: answerText, Files: []id.ID{id.New()}})
		w.refused(errs.Forbidden, "timur", n, Approve, Input{})
		w.act("olga", n, Rework, Input{Comment: "Напишите, когда сделали."})
		w.act("timur", n, Submit, Input{Comment: answerText, Files: []id.ID{id.New()}})

		v, err := w.Read(t.Context(), w.who["nina"], n, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range v.Entries {
			if e.Kind == EntryDraft || e.Kind == EntryRemark {
				t.Errorf("the author reads %s", e.Kind)
			}
		}
		w.act("olga", n, Approve, Input{})
		if v, err = w.Read(t.Context(), w.who["nina"], n, ""); err != nil {
			t.Fatal(err)
		}
		if last := v.Entries[len(v.Entries)-1]; last.Kind != EntryAnswer || last.Body != answerText {
			t.Errorf("the author reads %+v instead of the answer", last)
		}
		if len(v.Attachments) != 1 {
			t.Errorf("the author sees %d files of the answer, want 1", len(v.Attachments))
		}
		w.refused(errs.Invalid, "nina", n, Rate, Input{Mark: 1})
		c = *w.act("nina", n, Rate, Input{Mark: 2, Solved: "yes"})
		if c.Stage != StageClosed || c.Outcome != Rated || c.Reopened != 0 {
			t.Errorf("a low mark gives %s %s, reopened %d", c.Stage, c.Outcome, c.Reopened)
		}
		w.replays(n)
	}, Migrations)
}

func TestNotSolvedReopensOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "yard.bench.broken")
		answer := func() {
			w.act("office", n, Take, Input{})
			w.act("office", n, Submit, Input{Comment: answerText})
			w.act("olga", n, Approve, Input{})
		}
		w.act("office", n, Accept, Input{})
		answer()
		w.refused(errs.Invalid, "nina", n, Rate, Input{Mark: 3, Solved: "no", Reopen: true}) // no reason
		w.refused(errs.Invalid, "nina", n, Rate, Input{Mark: 3, Solved: "yes", Reopen: true, Comment: "Снова сломана."})
		c := *w.act("nina", n, Rate, Input{Mark: 3, Solved: "no", Reopen: true, Comment: "Снова сломана."})
		if c.Stage != StageCoordination || c.Reopened != 1 || c.ReviewDate != "2026-02-09" {
			t.Errorf("reopened: stage %s, %d times, until %s", c.Stage, c.Reopened, c.ReviewDate)
		}
		w.refused(errs.Invalid, "office", n, Reject, Input{Reason: "spam", Comment: "Надоели."}) // who came back gets an answer
		answer()
		w.refused(errs.Invalid, "nina", n, Rate, Input{Mark: 1, Solved: "no", Reopen: true, Comment: "И снова."})
		w.act("nina", n, Rate, Input{Mark: 1, Solved: "no", Comment: "И снова."})
		w.replays(n)
	}, Migrations)
}

func TestRedirectReturnExtendRejectWithdraw(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		w.refused(errs.Invalid, "office", n, Redirect, Input{Organisation: tests.roads, Comment: "Не наше."})
		w.refused(errs.Invalid, "office", n, Redirect, Input{Organisation: tests.lamps})
		before := w.mustLoad(n).ReviewDate
		w.act("office", n, Redirect, Input{Organisation: tests.lamps, Comment: "Опора на балансе Горсвета."})
		w.refused(errs.Forbidden, "office", n, Note, Input{Comment: "Где оно?"})
		w.act("lamps", n, Take, Input{})
		w.act("lamps", n, Return, Input{Comment: "Не моя улица."})
		w.act("lamps", n, Extend, Input{Comment: "Ждём оборудование."})
		w.refused(errs.Invalid, "lamps", n, Extend, Input{Comment: "Ещё."})
		if c := w.mustLoad(n); c.ReviewDate <= before || c.Extended != 1 {
			t.Errorf("extended from %s to %s", before, c.ReviewDate)
		}
		w.act("nina", n, Withdraw, Input{Comment: "Уже сделали."})
		w.refused(errs.Conflict, "lamps", n, Take, Input{})
		w.replays(n)

		n = w.file("nina", "yard.bench.broken")
		w.refused(errs.Invalid, "office", n, Reject, Input{Reason: "because", Comment: "Нет."})
		c := *w.act("office", n, Reject, Input{Reason: "no_place", Comment: "Не указано, где скамейка."})
		if c.Outcome != Rejected {
			t.Errorf("rejected: %s", c.Outcome)
		}
		if _, err := w.ReadPublic(t.Context(), policy.Nobody("ru"), n); !errs.Is(err, errs.NotFound) {
			t.Errorf("a stranger reads a rejected report: %v", err)
		}
	}, Migrations)
}

func TestSplitAndMerge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.file("nina", "roads.surface.pothole"), w.file("oleg", "roads.surface.pothole")
		parts := Input{Parts: []Part{{Fact: "roads.surface.pothole", Text: "Яма у остановки."}, {Fact: "light.lamp.dark", Text: "Не горит фонарь."}}}
		unread := func(n string) {
			t.Helper()
			if _, err := w.ReadPublic(t.Context(), policy.Nobody("ru"), n); !errs.Is(err, errs.NotFound) {
				t.Errorf("a stranger reads what no moderator has read: %v", err)
			}
		}
		w.refused(errs.Conflict, "office", b, Merge, Input{Into: a})
		w.refused(errs.Conflict, "office", b, SplitUp, parts)
		w.act("office", b, Accept, Input{})
		w.refused(errs.Invalid, "office", b, Merge, Input{Into: a}) // it may yet be rejected as spam, and b with it
		w.refused(errs.Invalid, "office", b, Merge, Input{Into: b})
		unread(a)
		w.act("office", a, Accept, Input{})
		w.act("office", b, Merge, Input{Into: a})
		c := w.mustLoad(a)
		if c.People != 2 {
			t.Errorf("%d people after the merge", c.People)
		}
		w.replays(a)
		w.replays(b)
		mine, _, err := w.Mine(t.Context(), w.who["oleg"], id.Nil, 0)
		if err != nil || len(mine) != 2 {
			t.Fatalf("the author of the merged report has %d cases, %v", len(mine), err)
		}
		v, err := w.Read(t.Context(), w.who["oleg"], a, "")
		if err != nil || v.As != "joined" || len(v.Entries) != 0 || v.Title != "" {
			t.Errorf("the merged author reads %+v, %v", v, err)
		}

		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		w.act("office", n, SplitUp, parts)
		v, err = w.Read(t.Context(), w.who["nina"], n, "")
		if err != nil || len(v.Children) != 2 {
			t.Fatalf("split into %d, %v", len(v.Children), err)
		}
		child := w.mustLoad(v.Children[1].Number)
		if child.Organisation != tests.lamps || child.Stage != StageCoordination {
			t.Errorf("the second part is with %v at %s", child.Organisation, child.Stage)
		}
		w.replays(v.Children[1].Number)
	}, Migrations)
}

func TestInboxFiltersAndPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i := range 7 {
			fact := "roads.surface.pothole"
			if i%2 == 1 {
				fact = "yard.bench.broken"
			}
			w.file("nina", fact)
		}
		seen := map[string]bool{}
		var after Mark
		for pages := 0; ; pages++ {
			rows, more, err := w.Inbox(t.Context(), w.who["office"], tests.roads, InboxFilter{After: after, Size: 3})
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range rows {
				if seen[r.Number] {
					t.Errorf("%s twice", r.Number)
				}
				seen[r.Number] = true
				if i > 0 && rows[i-1].ReviewAt > r.ReviewAt {
					t.Error("not by deadline")
				}
			}
			if !more {
				break
			}
			last := rows[len(rows)-1]
			after = Mark{last.due(), last.ID}
		}
		if len(seen) != 7 {
			t.Errorf("%d cases in all pages", len(seen))
		}
		rows, _, err := w.Inbox(t.Context(), w.who["office"], tests.roads, InboxFilter{Category: "yard", Stage: StageModeration, Territory: "01", Free: true, Deadline: "week"})
		if err != nil || len(rows) != 3 {
			t.Errorf("%d rows of yards, %v", len(rows), err)
		}
		folders, err := w.Folders(t.Context(), w.who["office"], tests.roads)
		if err != nil || folders[0].Count != 7 {
			t.Errorf("folders %v, %v", folders, err)
		}
		if _, _, err := w.Inbox(t.Context(), w.who["lamps"], tests.roads, InboxFilter{}); err == nil {
			t.Error("another organisation reads the inbox")
		}
	}, Migrations)
}

func TestStrangersSeeLittle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		nobody := policy.Nobody("ru")
		if _, err := w.ReadPublic(t.Context(), nobody, n); !errs.Is(err, errs.NotFound) {
			t.Errorf("before moderation a stranger gets %v", err)
		}
		w.act("office", n, Accept, Input{Comment: "Яма у остановки."})
		p, err := w.ReadPublic(t.Context(), nobody, n)
		if err != nil || p.Excerpt != "Яма у остановки." || p.Month != "2026-02" || p.People != 1 {
			t.Errorf("a stranger sees %+v, %v", p, err)
		}
		r, err := w.Join(t.Context(), w.who["oleg"], n)
		if err != nil || r.Number == n {
			t.Fatalf("joined: %+v, %v", r, err)
		}
		again, err := w.Join(t.Context(), w.who["oleg"], n)
		if err != nil || again.Number != r.Number {
			t.Errorf("joined twice: %+v, %v", again, err)
		}
		v, err := w.Read(t.Context(), w.who["oleg"], r.Number, "")
		if err != nil || v.As != "joined" || v.People != 2 {
			t.Fatalf("joined reads %+v, %v", v, err)
		}
		for _, e := range v.Entries {
			if e.Reader != ForAnyone {
				t.Errorf("who joined reads %s", e.Kind)
			}
		}
		near, err := w.PublicIn(t.Context(), nobody, []CellRange{{0, 1 << 60}}, "roads", true, 10)
		if err != nil || len(near) != 1 {
			t.Errorf("nearby: %d, %v", len(near), err)
		}
	}, Migrations)
}

func (w *world) mustLoad(number string) Case {
	w.t.Helper()
	c, err := w.byNumber(w.t.Context(), number)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// replays folds the facts of a case and compares with its row.
func (w *world) replays(number string) {
	w.t.Helper()
	c := w.mustLoad(number)
	facts, err := db.All(w.t.Context(), w.db, func(s db.Scanner) (f Told, err error) {
		var body string
		if err := s.Scan(&f.Version, &body); err != nil {
			return f, err
		}
		return f, json.Unmarshal([]byte(body), &f.Body)
	}, `SELECT version, body FROM journal_fact WHERE subject=$1 AND kind<>'casework.joined_rated'`, c.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	state, version, err := Replay(facts)
	if err != nil {
		w.t.Fatal(err)
	}
	if state != c.State || version != c.Version {
		w.t.Errorf("replayed v%d %+v\nstored v%d %+v", version, state, c.Version, c.State)
	}
}

func TestErasedWordsAreGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n, other := w.file("nina", "yard.bench.broken"), w.file("oleg", "yard.bench.broken")
		w.act("office", n, Accept, Input{})
		w.act("office", n, Take, Input{})
		w.act("office", n, Submit, Input{Comment: answerText})
		w.act("olga", n, Approve, Input{})
		err := db.Do(t.Context(), d, db.People, func(tx *db.Tx) error { Erase(tx, w.who["nina"].Person); return nil })
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.Read(t.Context(), w.who["office"], n, "")
		if err != nil || v.Title != "" {
			t.Fatalf("the title stays: %q, %v", v.Title, err)
		}
		for _, e := range v.Entries {
			if e.Author == w.who["nina"].Person && e.Body != "" || e.Kind == EntryAnswer && e.Body != answerText {
				t.Errorf("%s reads %q", e.Kind, e.Body)
			}
		}
		if w.mustLoad(other).Title == "" {
			t.Error("another person's words are gone too")
		}
	}, Migrations)
}

// FB-13, FB-54, FB-58: before sending, the citizen sees who answers, by what
// date and whether it goes fast; what was shown is what happens.
func TestPlanIsWhatHappens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, c := range []struct {
			fact   string
			chosen id.ID
			office id.ID
			date   string
			fast   bool
		}{
			{"roads.surface.pothole", id.Nil, tests.roads, "2026-02-16", true},
			{"light.lamp.dark", id.Nil, tests.lamps, "2026-03-04", false},
			{"light.lamp.dark", tests.roads, tests.roads, "2026-03-04", false},
		} {
			in := FileInput{Text: "Что-то не так у остановки.", Fact: c.fact, Organisation: c.chosen, Channel: "portal", Place: PlaceInput{Lat: 59000000, Lon: 31000000}}
			plan, err := w.Preview(t.Context(), w.who["nina"], in)
			if err != nil {
				t.Fatal(err)
			}
			if plan.Office.ID != c.office || plan.Date != c.date || plan.FastTrack != c.fast || plan.Chosen != (c.chosen != id.Nil) {
				t.Errorf("%s: %s by %s, fast %v, chosen %v", c.fact, plan.Office.Name, plan.Date, plan.FastTrack, plan.Chosen)
			}
			r, err := w.FileReport(t.Context(), w.who["nina"], in)
			if err != nil {
				t.Fatal(err)
			}
			if got := w.mustLoad(r.Number); got.Organisation != c.office || got.ReviewDate != plan.Date || got.FastTrack != c.fast {
				t.Errorf("%s: filed with %v by %s", c.fact, got.Organisation, got.ReviewDate)
			}
		}
		if _, err := w.Preview(t.Context(), w.who["nina"], FileInput{Fact: "roads.surface.pothole", Organisation: id.New()}); !errs.Is(err, errs.Invalid) {
			t.Errorf("an organisation that does not exist: %v", err)
		}
	}, Migrations)
}
