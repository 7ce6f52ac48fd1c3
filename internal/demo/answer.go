package demo

import (
	"slices"
	"time"

	"okno/internal/calendar"
	"okno/internal/casework"
	"okno/internal/demo/texts"
)

// answer writes the answer and has it approved.
func (m *matter) answer(c course) {
	m.input.Outcome = c.outcome
	switch {
	case c.deferred > 0:
	case m.hurry:
		m.until(0.08)
	case c.late:
		m.at = maxTime(m.at, m.due.At)
		m.worked(m.minutes(60, 5*8*60))
	default:
		m.until(0.12 + 0.68*m.rng.Float64())
	}
	m.input.Done = m.workday(m.at.AddDate(0, 0, -m.rng.IntN(2)))
	m.input.Took, m.input.Late = int(m.at.Sub(m.filed).Hours()/24), c.deferred == 0 && m.at.After(m.due.At)
	m.input.Missed = c.deferred > 0 && m.at.After(m.input.Plan.AddDate(0, 0, 1))
	first := func(s *texts.Story) string { return s.Answer }
	if c.deferred > 0 {
		first = func(s *texts.Story) string { return s.Proof }
	}
	if c.rework { // the first version is poor, and the remark says why
		m.submit(c, func(s *texts.Story) string { return s.Draft })
		m.worked(m.minutes(20, 240))
		m.act(m.officer(approvers), casework.Rework, casework.Input{}, func(s *texts.Story) string { return s.Rework })
		m.worked(m.minutes(30, 300))
	}
	m.submit(c, first)
	if c.stuck == casework.StageApproval {
		return
	}
	m.worked(m.minutes(10, 200))
	if m.act(m.officer(approvers), casework.Approve, casework.Input{}, nil) {
		m.answered = m.at
	}
}

// submit sends the draft to the approver, with the proof that the fact demands.
func (m *matter) submit(c course, say func(*texts.Story) string) {
	files := m.proof(c)
	m.input.Proof = texts.NoProof
	if len(files) > 0 {
		m.input.Proof = texts.Act
	}
	if len(files) > 0 && files[0].lines == nil {
		m.input.Proof = texts.Photo
	}
	m.shown = 0 // the picture of a draft that came back is nobody's
	if m.act(m.handlerActor(), casework.Submit, casework.Input{}, say, files...) && m.input.Proof == texts.Photo {
		m.shown = m.files
	}
}

// opinion is what the applicant thinks of the answer, and what follows.
func (m *matter) opinion(c course) {
	w := m.t.w
	if c.stuck == casework.StageAnswered || c.stuck == casework.StageApproval || m.answered.IsZero() {
		return
	}
	if m.pictured && !m.hidden && c.outcome == texts.Done && percent(m.rng, 55) && m.shown > 0 { // the work is shown to all
		m.worked(m.minutes(30, 600))
		m.act(m.officer(moderators), casework.Release, casework.Input{Released: append(slices.Clone(m.let), m.shown)}, nil)
	}
	if c.mark == 0 {
		m.at = w.cal.Due(m.answered, w.proc.RateWindow, m.org.Hours).At.Add(9 * time.Second)
		m.act(clockwork, casework.Lapse, casework.Input{}, nil)
		m.done = m.at
		return
	}
	m.lived(m.rng.ExpFloat64()*3 + 0.05)
	if last := w.cal.Due(m.answered, w.proc.RateWindow, m.org.Hours).At; !m.at.Before(last) {
		m.at = last.Add(-m.minutes(30, 900))
	}
	in := casework.Input{Mark: int64(c.mark), Solved: map[bool]string{true: "yes", false: "no"}[c.solved]}
	if !c.reopened {
		m.rate(in)
		return
	}
	in.Reopen = true
	m.input.Passed, m.input.Mark = int(m.at.Sub(m.answered).Hours()/24), c.mark
	in.Reason = texts.Make(chance(w.seed, "story", m.t.o.n, m.j*16+m.variant()), m.input).ReopenReason
	m.act(m.author(), casework.Rate, in, func(s *texts.Story) string { return s.Reopen })
	m.turn()
	m.input.Reopened, m.shown = in.Reason, 0
	m.due = w.cal.Due(m.at, w.proc.ReopenTerm, m.org.Hours)
	m.worked(m.minutes(10, 150))
	m.assign(course{})
	m.until(0.2 + 0.5*m.rng.Float64())
	m.input.Done, m.input.Late, m.input.Missed, m.input.Took = m.at, false, false, int(m.at.Sub(m.filed).Hours()/24)
	m.submit(course{outcome: texts.Done}, func(s *texts.Story) string { return s.SecondAnswer })
	m.worked(m.minutes(10, 200))
	m.answered = time.Time{}
	if m.act(m.officer(approvers), casework.Approve, casework.Input{}, nil) {
		m.answered = m.at
	}
	again := course{outcome: texts.Done}
	if percent(m.rng, 75) {
		again.mark, again.solved = 2+draw(m.rng, []float64{10, 20, 35, 35}), true
	}
	m.opinion(again)
}

// rate gives the mark; half of the people write a word.
func (m *matter) rate(in casework.Input) {
	var say func(*texts.Story) string
	m.input.Mark = int(in.Mark)
	if percent(m.rng, 55) && m.input.Outcome == texts.Done { // words about work that was not done would not fit
		say = func(s *texts.Story) string {
			switch {
			case in.Solved == "yes" && in.Mark >= 4:
				return s.Praise
			case in.Solved == "yes" && in.Mark == 3:
				return s.Middling
			case in.Solved == "yes":
				return s.Grudge
			case in.Mark == 3:
				return s.Lacking
			}
			return s.Blame
		}
	}
	m.act(m.author(), casework.Rate, in, say)
	m.done = m.at
}

// neighbours join while the report is open, and some rate the answer.
func (m *matter) neighbours(n int) {
	if m.public.IsZero() {
		return
	}
	end := m.t.w.start
	for _, over := range []time.Time{m.first, m.done} {
		if !over.IsZero() && over.Before(end) {
			end = over
		}
	}
	span := end.Sub(m.public) - time.Minute
	if span <= time.Minute {
		return
	}
	seen := map[int]bool{m.citizen: true}
	for range n {
		who := m.t.w.applicant(m.rng, m.spot.territory)
		at := m.public.Add(time.Minute + time.Duration(m.rng.Int64N(int64(span))))
		rates, mark, after := percent(m.rng, 45), 1+draw(m.rng, []float64{10, 9, 16, 30, 35}), m.rng.ExpFloat64()*4+0.1
		if seen[who] {
			continue
		}
		seen[who] = true
		m.join(who, at)
		if rates {
			m.rateJoined(who, mark, after)
		}
	}
}

func (m *matter) join(who int, at time.Time) {
	if !at.Before(m.t.w.start) {
		return
	}
	m.t.ops = append(m.t.ops, op{kind: opJoin, m: m, at: at, who: actor{who, -1, ""}})
}

func (m *matter) rateJoined(who, mark int, days float64) {
	if m.answered.IsZero() {
		return
	}
	at := m.answered.Add(time.Duration(days * 24 * float64(time.Hour)))
	if !at.Before(m.t.w.start) {
		return
	}
	solved := "no"
	switch {
	case m.input.Outcome != texts.Done: // explained why nothing is done
		mark = min(mark, 3)
	case mark >= 3:
		solved = "yes"
	}
	m.t.ops = append(m.t.ops, op{kind: opRateJoined, m: m, at: at, who: actor{who, -1, ""}, in: casework.Input{Mark: int64(mark), Solved: solved}})
}

// workday is the last moment until at when the organisation was at work, and
// not before a handler had the report: what is told as done was done then.
func (m *matter) workday(at time.Time) time.Time {
	for day := calendar.DayIn(at, m.org.Hours.Location()); ; day = day.Add(-1) {
		if len(m.t.w.cal.Intervals(day, m.org.Hours)) > 0 {
			break
		}
		at = at.AddDate(0, 0, -1)
	}
	return maxTime(m.begun, at)
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
