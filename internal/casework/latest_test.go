package casework

import (
	"sync"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

func (w *world) latest(who, number string, a Action, in Input) error {
	_, err := w.ActLatest(w.t.Context(), w.who[who], number, a, in)
	return err
}

// What a person adds goes into the case though an officer wrote a note while
// they were writing; what decides about the case does not.
func TestAnAdditionSurvivesANote(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		w.act("office", n, Assign, Input{Handler: w.who["timur"].Person})
		note := func() int64 {
			seen := w.mustLoad(n).Version
			w.act("office", n, Note, Input{Comment: "Позвонили в управу."})
			return seen
		}
		pass := func(who string, a Action, in Input) {
			t.Helper()
			if err := w.latest(who, n, a, in); err != nil {
				t.Fatalf("%s %s: %v", who, a, err)
			}
		}
		pass("nina", Add, Input{Version: note(), Comment: "Яма стала больше."})
		pass("timur", Note, Input{Version: note(), Comment: "Выехали."})
		if err := w.latest("office", n, Extend, Input{Version: note(), Comment: "Ждём."}); !errs.Is(err, errs.Stale) {
			t.Errorf("a decision about what has changed: %v", err)
		}
		if err := w.latest("nina", n, Add, Input{Version: 999, Comment: "Ещё."}); !errs.Is(err, errs.Stale) {
			t.Errorf("a version that nobody can have seen: %v", err)
		}
		if err := w.latest("oleg", n, Add, Input{Version: 1, Comment: "Чужое."}); !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Forbidden) {
			t.Errorf("a stranger adds: %v", err)
		}

		w.act("timur", n, Ask, Input{Comment: "У какой остановки?"})
		pass("nina", Reply, Input{Version: note(), Comment: "У той, что к центру."})
		w.act("timur", n, Ask, Input{Comment: "С какой стороны?"})
		first := w.mustLoad(n).Version
		w.act("timur", n, Resume, Input{})
		w.act("timur", n, Ask, Input{Comment: "Есть ли фото?"})
		if err := w.latest("nina", n, Reply, Input{Version: first, Comment: "С северной."}); !errs.Is(err, errs.Stale) {
			t.Errorf("a reply to a former question: %v", err)
		}
		w.act("timur", n, Resume, Input{})

		w.act("timur", n, Submit, Input{Comment: answerText, Files: []id.ID{id.New()}})
		w.act("olga", n, Approve, Input{})
		pass("nina", Rate, Input{Version: note(), Mark: 4, Solved: "no", Reopen: true, Comment: "Осталась половина."})
		pass("nina", Withdraw, Input{Version: note(), Comment: "Доделали."})
		w.replays(n)
	}, Migrations)
}

func TestANewerAnswerIsReadBeforeItIsRated(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "yard.bench.broken")
		w.act("office", n, Accept, Input{})
		w.act("office", n, Take, Input{})
		seen := w.mustLoad(n).Version
		w.act("office", n, Submit, Input{Comment: answerText})
		w.act("olga", n, Approve, Input{})
		if err := w.latest("nina", n, Rate, Input{Version: seen, Mark: 5, Solved: "yes"}); !errs.Is(err, errs.Stale) {
			t.Errorf("an answer that was not read is rated: %v", err)
		}
	}, Migrations)
}

// Two who add in the same moment both come through.
func TestTwoAddAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for range 5 {
			n := w.file("nina", "yard.bench.broken")
			seen := w.mustLoad(n).Version
			var g sync.WaitGroup
			for who, a := range map[string]Action{"nina": Add, "office": Note} {
				g.Go(func() {
					if err := w.latest(who, n, a, Input{Version: seen, Comment: "Слова в ту же минуту."}); err != nil {
						t.Errorf("%s: %v", who, err)
					}
				})
			}
			g.Wait()
			if got := w.mustLoad(n); got.Version != seen+2 || got.Entries != 3 {
				t.Errorf("version %d, %d entries", got.Version, got.Entries)
			}
			w.replays(n)
		}
	}, Migrations)
}

// However many people join while an officer writes, the answer goes to approval,
// by the words that it needs then; whoever joins at once with others has a number.
func TestManyJoinAtOnceAndKeepNobodyFromAnswering(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		w.act("office", n, Take, Input{})
		seen := w.mustLoad(n).Version
		const people = 12
		var all sync.WaitGroup
		fails := make(chan error, 2*people)
		for range people {
			who := policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
			for range 2 { // a double click
				all.Go(func() {
					if _, err := w.Join(t.Context(), who, n); err != nil {
						fails <- err
					}
				})
			}
		}
		all.Wait()
		close(fails)
		for err := range fails {
			t.Errorf("joining: %v", err)
		}
		if c := w.mustLoad(n); c.People != people+1 {
			t.Fatalf("%d people wait", c.People)
		}
		answer := Input{Version: seen, Comment: answerText, Files: []id.ID{id.New()}}
		if err := w.latest("office", n, Submit, answer); !errs.Is(err, errs.Invalid) {
			t.Errorf("an answer without words for those who joined: %v", err)
		}
		answer.Shared = answerText
		if err := w.latest("office", n, Submit, answer); err != nil {
			t.Errorf("the answer: %v", err)
		}
		w.replays(n)
	}, Migrations)
}
