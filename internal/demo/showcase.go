package demo

import (
	"context"
	"time"

	"okno/internal/calendar"
	"okno/internal/casework"
	"okno/internal/demo/texts"
	"okno/internal/taxonomy"
)

// wish is one report that those who can sign in are to find.
type wish struct {
	citizen int  // of citizensShown, from 1; 0: anybody
	joined  bool // the second citizen joins it
	due     int  // in how many days the review ends; ignored where byAge
	byAge   bool
	age     int  // days since it was filed
	any     bool // of any organisation of the city, not only of the one where the officers work
	hurry   bool // answered soon
	hidden  bool
	course  course
}

// mine is the handler who can sign in.
const mine = 3 // officersShown[2], from 1

// wishes make every folder of the officers and of the citizens alive.
var wishes = func() []wish {
	at := func(s casework.Stage) course { return course{stuck: s} }
	by := func(c course) course { c.handler = mine; return c }
	var out []wish
	add := func(list ...wish) { out = append(out, list...) }
	aged := func(age int, c course) wish { return wish{byAge: true, age: age, course: c} }
	due := func(days int, c course) wish { return wish{due: days, course: c} }
	of := func(citizen int, w wish) wish { w.citizen = citizen; return w }
	soon := func(w wish) wish { w.hurry = true; return w }
	anywhere := func(w wish) wish { w.any = true; return w }
	joined := func(w wish) wish { w.joined = true; return w }

	add(of(1, aged(0, at(casework.StageModeration))), aged(0, at(casework.StageModeration)), of(2, aged(0, at(casework.StageModeration))), due(-1, at(casework.StageModeration)),
		due(3, at(casework.StageModeration)), aged(2, at(casework.StageModeration)))
	add(due(4, at(casework.StageCoordination)), due(6, at(casework.StageCoordination)), due(0, at(casework.StageCoordination)), due(-2, at(casework.StageCoordination)),
		aged(3, at(casework.StageCoordination)))
	for _, d := range []int{-5, -1, 0, 0, 1, 2, 4, 6, 9, 14, 18} {
		w := due(d, by(at(casework.StageExecution)))
		w.joined = d == 4 || d == 9
		add(w)
	}
	add(of(1, due(3, by(at(casework.StageExecution)))), due(-3, at(casework.StageExecution)), due(0, at(casework.StageExecution)), due(2, at(casework.StageExecution)), due(7, at(casework.StageExecution)))
	for _, d := range []int{-1, 0, 1, 4, 8} {
		add(due(d, by(course{stuck: casework.StageApproval, noted: d == 4, rework: d == 1})))
	}
	ask := course{stuck: casework.StageWaiting, asked: 1}
	add(of(1, aged(5, by(ask))), aged(6, by(ask)), aged(8, ask))
	for _, d := range []int{-8, -2, 0, 2, 20, 55} {
		c := by(course{stuck: casework.StageDeferred, deferred: 1, planIn: d})
		if d == 0 {
			c.planIn = 1
		}
		w := aged(40, c)
		if d == 20 {
			w.citizen = 1
		}
		w.joined = d == 55
		add(w)
	}
	answered := by(at(casework.StageAnswered))
	add(soon(of(1, aged(13, answered))), soon(of(1, anywhere(aged(16, at(casework.StageAnswered))))), soon(of(2, aged(12, answered))), soon(joined(aged(15, answered))), soon(aged(9, answered)))
	add(of(1, anywhere(aged(120, course{mark: 5, solved: true}))), of(1, aged(90, by(course{mark: 2, reopened: true}))), of(1, soon(aged(14, course{mark: 1, reopened: true, handler: mine}))),
		of(1, anywhere(aged(200, course{extended: true, mark: 4, solved: true}))), of(1, anywhere(aged(70, course{outcome: texts.Explained, mark: 2}))), of(1, anywhere(aged(150, course{}))),
		of(1, anywhere(aged(60, course{reject: "no_place"}))), of(1, anywhere(aged(45, course{withdrawn: casework.StageExecution}))), of(1, anywhere(aged(100, course{deferred: 1, mark: 5, solved: true}))),
		of(2, aged(80, by(course{mark: 5, solved: true}))), of(2, anywhere(aged(30, course{mark: 3, solved: true}))), of(2, anywhere(wish{byAge: true, age: 50, hidden: true, course: course{mark: 4, solved: true}})),
		of(2, anywhere(aged(22, course{asked: 1, mark: 4, solved: true}))), joined(soon(aged(35, course{mark: 4, solved: true}))))
	return out
}()

// wanted tells the report of a wish.
func (t *tale) wanted(ctx context.Context) error {
	w, wish := t.w, t.o.wish
	a := ask{citizen: wish.citizen, territory: "mun.01", filed: func(f *taxonomy.Fact, h calendar.Hours) (time.Time, bool) {
		if wish.byAge {
			return w.dayAt(wish.age, t.o.minute), true
		}
		return w.filedFor(f, h, wish.due, t.o.minute)
	}}
	if !wish.any {
		a.operator = shown
	}
	a.fits = func(f *taxonomy.Fact) bool {
		late := wish.course.deferred > 0 || wish.course.extended
		return (wish.any && troubles(f) || f.CategoryCode() == "roads") && w.mild(f, t.o.ago) && !(late && urgent(f))
	}
	if wish.course.outcome == texts.Explained {
		a.fits = func(f *taxonomy.Fact) bool { return explains(f) && w.mild(f, t.o.ago) }
	}
	m, err := t.matter(ctx, 0, a)
	if err != nil {
		return err
	}
	m.hidden, m.hurry = wish.hidden, wish.hurry
	c := wish.course
	if c.reject == "no_place" {
		m.input.Place.Street, m.input.Place.House, m.input.Place.Landmark = "", "", ""
	}
	t.walk(m, c)
	if wish.joined && !m.public.IsZero() {
		end := w.start
		if !m.first.IsZero() {
			end = m.first
		}
		m.join(1, m.public.Add(end.Sub(m.public)/3))
		if !m.done.IsZero() && m.done.Before(w.start) {
			m.rateJoined(1, 4, 1.3)
		}
	}
	return nil
}

// filedFor is a moment whose review ends in so many days, or on the nearest day
// on which a term can end: none does in the first days of January.
func (w *world) filedFor(f *taxonomy.Fact, h calendar.Hours, days, minute int) (time.Time, bool) {
	term := f.Term
	if term.Roll == "" {
		term.Roll = w.proc.LastDay
	}
	today := calendar.DayIn(w.start, h.Location())
	near := []int{0, 1, 2, 3}
	for n := range 10 {
		if days < 0 { // overdue it stays
			near = append(near, -1-n)
		} else {
			near = append(near, 4+n)
		}
	}
	for _, off := range near {
		want := today.Add(days + off).String()
		for ago := range 70 {
			if at := w.dayAt(ago, minute); w.cal.Due(at, term, h).Date == want {
				return at, true
			}
		}
	}
	return time.Time{}, false
}
