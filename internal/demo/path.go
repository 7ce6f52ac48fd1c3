package demo

import (
	"time"

	"okno/internal/calendar"
	"okno/internal/casework"
	"okno/internal/demo/texts"
	"okno/internal/taxonomy"
)

// course are the decisions of one report's way.
type course struct {
	reject    string   // reason; "": it is accepted
	chosen    []string // organisations that it goes through before the competent one; the first was chosen by the applicant
	returned  bool
	asked     int // 1: and replied, 2: no reply came
	noted     bool
	added     bool
	told      bool // an interim answer without a date
	extended  bool
	deferred  int // 1: done in time, 2: done late, 3: not done by now
	rework    bool
	late      bool
	withdrawn casework.Stage // the applicant takes it back there
	stuck     casework.Stage // nothing happens from there on
	outcome   texts.Outcome
	mark      int // 0: nobody rates
	solved    bool
	reopened  bool
	joins     int
	handler   int // index + 1 of an officer; 0: drawn
	planIn    int // days from now to the promised date; 0: drawn
}

// urgent tells whether the fact's work bears no delay.
func urgent(f *taxonomy.Fact) bool {
	return f.Danger || f.Term.Unit != calendar.CalendarDays || f.Term.N <= 7
}

// courseOf draws the way of an ordinary report.
func courseOf(m *matter, k kind) course {
	rng := m.rng
	if !troubles(m.fact) {
		c := course{}
		if percent(rng, 50) {
			c.mark, c.solved = 5, true
		}
		return c
	}
	c := course{noted: percent(rng, 13), added: percent(rng, 6), late: percent(rng, 9), rework: percent(rng, 7), returned: percent(rng, 2.5)}
	m.hidden = percent(rng, 9)
	switch {
	case k == refused:
		c.reject = refusalOf(m)
		return c
	case k == withdrawn:
		c.withdrawn = pick(rng, []casework.Stage{casework.StageModeration, casework.StageCoordination, casework.StageExecution, casework.StageExecution})
		return c
	case m.t.o.ago < 75 && percent(rng, 7): // lies about, whoever is to blame
		c.stuck = pick(rng, []casework.Stage{casework.StageExecution, casework.StageExecution, casework.StageExecution, casework.StageCoordination, casework.StageApproval})
	}
	if percent(rng, 5.5) {
		c.chosen = misled(m)
	}
	switch x := rng.Float64() * 100; {
	case x < 7:
		c.asked = 1
	case x < 9:
		c.asked = 2
	}
	switch x := rng.Float64() * 100; {
	case x < 4:
		c.extended = true
	case x < 9:
		c.deferred = 1
	case x < 10.5:
		c.deferred = 2
	case x < 11.7 && m.t.o.ago < 130:
		c.deferred = 3
	}
	if urgent(m.fact) { // such work is done at once or not at all
		c.deferred, c.extended = 0, false
	}
	if frosty(m) && c.deferred != 2 {
		c.deferred = 1
	}
	c.told = c.deferred == 0 && !urgent(m.fact) && percent(rng, 9)
	if explains(m.fact) && c.deferred == 0 && percent(rng, 14) {
		c.outcome = texts.Explained
	}
	if !m.hidden && percent(rng, 12) {
		c.joins = 1 + draw(rng, []float64{50, 25, 12, 8, 5})
	}
	c.rates(m, 58)
	return c
}

// rates draws the applicant's opinion of the answer.
func (c *course) rates(m *matter, share float64) {
	if !percent(m.rng, share) {
		return
	}
	c.solved = c.outcome == texts.Done && percent(m.rng, map[bool]float64{false: 80, true: 62}[c.late])
	weights := []float64{42, 36, 22, 0, 0} // what is left undone
	switch {
	case c.solved && c.late:
		weights = []float64{0, 12, 38, 32, 18} // the wait
	case c.solved:
		weights = []float64{0, 4, 13, 32, 51}
	}
	c.mark = 1 + draw(m.rng, weights)
	c.reopened = !c.solved && c.outcome == texts.Done && percent(m.rng, 50)
}

// misled are organisations to which an applicant addressed the report, who are
// not competent: it is redirected once or twice.
func misled(m *matter) []string {
	t := m.spot.territory
	options := []string{t + ".admin", t + ".green", t + ".roads", centre}
	var out []string
	for _, code := range options {
		if _, ok := m.t.w.orgCode(code); ok && code != m.org.Code {
			out = append(out, code)
		}
	}
	m.rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	n := 1
	if percent(m.rng, 22) {
		n = 2
	}
	return out[:min(n, len(out))]
}

// walk takes a report from filing to where its course ends.
func (t *tale) walk(m *matter, c course) {
	goal := m.org
	if len(c.chosen) > 0 {
		m.org, _ = t.w.orgCode(c.chosen[0])
		m.due = t.w.cal.Due(m.filed, m.term, m.org.Hours)
	}
	m.file(len(c.chosen) > 0)
	if c.stuck == casework.StageModeration {
		return
	}
	if c.withdrawn == casework.StageModeration {
		m.at = m.at.Add(m.minutes(3, 40))
		m.act(m.author(), casework.Withdraw, casework.Input{}, func(s *texts.Story) string { return s.Mistaken })
		m.done = m.at
		return
	}
	m.worked(m.minutes(3, 110))
	if c.reject != "" {
		m.act(m.officer(moderators), casework.Reject, casework.Input{Reason: c.reject}, func(s *texts.Story) string { return s.Reject[c.reject] })
		m.done = m.at
		return
	}
	m.accept()
	for i := range c.chosen { // on to whom it belongs
		to := goal
		if i+1 < len(c.chosen) {
			to, _ = t.w.orgCode(c.chosen[i+1])
		}
		m.worked(m.minutes(15, 260))
		m.input.To = to.ShortIn("ru")
		m.act(m.officer(coordinators), casework.Redirect, casework.Input{Organisation: to.ID}, func(s *texts.Story) string { return s.Redirect })
		m.org = to
		m.turn()
		m.input.Org = to.ShortIn("ru")
	}
	t.work(m, c)
}

// work takes an accepted report from coordination to where its course ends;
// meanwhile neighbours join.
func (t *tale) work(m *matter, c course) {
	t.steps(m, c)
	if c.joins > 0 {
		m.neighbours(c.joins)
	}
}

func (t *tale) steps(m *matter, c course) {
	if c.stuck == casework.StageCoordination {
		return
	}
	m.worked(m.minutes(6, 170))
	if c.withdrawn == casework.StageCoordination {
		m.withdraw()
		return
	}
	m.assign(c)
	if c.added {
		at := m.at
		m.lived(0.1 + m.rng.Float64()*1.5)
		if m.at.Before(m.due.At) {
			m.act(m.author(), casework.Add, casework.Input{}, func(s *texts.Story) string { return s.Addition })
		} else {
			m.at = at
		}
	}
	if c.noted {
		m.worked(m.minutes(10, 200))
		m.act(m.handlerActor(), casework.Note, casework.Input{}, func(s *texts.Story) string { return s.Note })
	}
	if c.returned {
		m.worked(m.minutes(20, 300))
		m.act(m.handlerActor(), casework.Return, casework.Input{}, func(s *texts.Story) string { return s.Return })
		m.worked(m.minutes(10, 120))
		m.assign(course{})
	}
	if c.withdrawn == casework.StageExecution {
		m.lived(0.3 + m.rng.Float64()*4)
		m.withdraw()
		return
	}
	if c.asked > 0 && m.question(c) {
		return
	}
	if c.told {
		m.tell()
	}
	if c.stuck == casework.StageExecution {
		return
	}
	if c.extended {
		m.until(0.55 + 0.4*m.rng.Float64())
		m.act(m.handlerActor(), casework.Extend, casework.Input{}, func(s *texts.Story) string { return s.Extend })
		m.due = t.w.cal.Due(m.due.At.Add(-time.Millisecond), t.w.proc.Extension, m.org.Hours)
	}
	if c.stuck == casework.StageDeferred && c.deferred == 0 {
		c.deferred = 1
	}
	if c.deferred > 0 && !m.promise(c) {
		return
	}
	m.answer(c)
	m.first = m.answered
	m.opinion(c)
}

// file files the report. chosen: to the organisation that the applicant chose.
func (m *matter) file(chosen bool) {
	in := casework.FileInput{Fact: m.fact.Code, Place: m.spot.in, Hidden: m.hidden, Lang: "ru", ID: m.id, Number: m.number, At: m.filed, Channel: "portal"}
	in.Details = details(m)
	m.input.Details, m.input.Since = in.Details, m.since(in.Details)
	if chosen {
		in.Organisation = m.org.ID
	}
	files := m.photosBefore()
	m.before = int64(len(files))
	m.input.Pictured = len(files) > 0
	m.do(op{kind: opFile, who: m.author(), file: in, files: files})
}

// accept passes the report on and shows some of it to strangers.
func (m *matter) accept() {
	var in casework.Input
	var say func(*texts.Story) string
	if !m.hidden && !m.silent && percent(m.rng, 88) {
		say = func(s *texts.Story) string { return s.Excerpt }
		for n := range m.before {
			if percent(m.rng, 75) {
				in.Released = append(in.Released, n+1)
			}
		}
	}
	if m.act(m.officer(moderators), casework.Accept, in, say) && !m.hidden {
		m.let = in.Released
		m.public = m.at
	}
}

// assign gives the report to a handler; now and then one takes it.
func (m *matter) assign(c course) {
	m.begun = m.at
	m.handler = pick(m.rng, m.desk().handlers)
	if c.handler > 0 {
		m.handler = c.handler - 1
	}
	if c.handler == 0 && percent(m.rng, 25) {
		m.act(m.handlerActor(), casework.Take, casework.Input{}, nil)
		return
	}
	m.act(m.officer(coordinators), casework.Assign, casework.Input{Handler: m.t.w.crowd.officers[m.handler].id}, nil)
}

func (m *matter) handlerActor() actor { return actor{-1, m.handler, m.org.Code} }

// withdraw takes the report back: what is mended quickly may have been mended
// meanwhile, a long work has not.
func (m *matter) withdraw() {
	quick := !thawed[m.fact.Code] && (m.fact.Term.Unit != calendar.CalendarDays || m.fact.Term.N <= 15)
	m.act(m.author(), casework.Withdraw, casework.Input{}, func(s *texts.Story) string {
		if quick {
			return s.Withdrawal
		}
		return s.Mistaken
	})
	m.done = m.at
}

// until moves on to a share of the working time that is left of the term.
func (m *matter) until(share float64) {
	left := m.t.w.cal.WorkingTime(m.at, m.due.At, m.org.Hours)
	m.worked(max(time.Duration(share*float64(left)), 7*time.Minute))
}

// question asks the applicant; true where the report waits to this day.
func (m *matter) question(c course) (waits bool) {
	w := m.t.w
	m.worked(m.minutes(20, 500))
	from := m.at
	m.act(m.handlerActor(), casework.Ask, casework.Input{}, func(s *texts.Story) string { return s.Question })
	if c.stuck == casework.StageWaiting {
		return true
	}
	if c.asked == 2 {
		m.at = w.cal.Due(m.at, w.proc.AnswerWait, m.org.Hours).At.Add(12 * time.Second)
		m.act(clockwork, casework.Resume, casework.Input{Reason: "no_reply"}, nil)
	} else {
		m.lived(0.15 + m.rng.Float64()*5)
		m.act(m.author(), casework.Reply, casework.Input{}, func(s *texts.Story) string { return s.Reply })
	}
	m.due = w.cal.Shift(m.due, m.term, m.org.Hours, from, m.at)
	return false
}

// tell sends an interim answer that promises no day: how things stand.
func (m *matter) tell() {
	m.until(0.1 + 0.3*m.rng.Float64())
	m.act(m.handlerActor(), casework.Interim, casework.Input{}, func(s *texts.Story) string { return s.Progress })
	m.worked(m.minutes(15, 300))
	m.act(m.officer(approvers), casework.Approve, casework.Input{}, nil)
}

// promise sends an interim answer with a date; true where the work was done since.
func (m *matter) promise(c course) bool {
	w := m.t.w
	m.until(0.2 + 0.6*m.rng.Float64())
	plan := calendar.DayIn(m.at, m.org.Hours.Location()).Add(21 + m.rng.IntN(100))
	if c.planIn != 0 {
		plan = calendar.DayIn(w.start, m.org.Hours.Location()).Add(c.planIn)
	}
	if c.deferred == 3 && c.planIn == 0 { // its date is over, and nothing was done
		plan = calendar.DayIn(m.at, m.org.Hours.Location()).Add(14 + m.rng.IntN(30))
	}
	if frosty(m) && c.planIn == 0 && c.deferred < 3 {
		plan, m.input.Frost = spring(m.rng, m.at), true
	}
	if day := w.cal.PreviousWorking(plan); (c.planIn == 0 || c.planIn > 7) && day.Start(m.org.Hours.Location()).After(m.at) { // nobody promises a day off
		plan = day
	}
	m.input.Plan = plan.Start(m.org.Hours.Location())
	wait := percent(m.rng, 50)
	m.act(m.handlerActor(), casework.Defer, casework.Input{PlanDate: plan.String()}, func(s *texts.Story) string {
		if wait {
			return s.Defer
		}
		return s.Interim
	})
	m.worked(m.minutes(15, 300))
	m.act(m.officer(approvers), casework.Approve, casework.Input{}, nil)
	if m.promised.IsZero() {
		m.promised = m.at
	}
	if c.deferred == 3 || c.stuck == casework.StageDeferred {
		return false
	}
	end := plan.Start(m.org.Hours.Location())
	days := -1 - m.rng.IntN(max(1, min(18, int(end.Sub(m.at).Hours()/24/2))))
	if c.deferred == 2 {
		days = 1 + m.rng.IntN(20)
	}
	if at := end.AddDate(0, 0, days); at.After(m.at) {
		m.at = at
	}
	m.worked(m.minutes(30, 400))
	return true
}
