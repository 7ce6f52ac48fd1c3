package casework

import (
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
)

// Bits of State.Alarms: which alarms were raised for the present terms.
const (
	alarmStageLate int64 = 1 << iota
	alarmReviewSoon
	alarmReviewLate
	alarmExecutionSoon
	alarmExecutionLate
)

// alarmNames are the reasons of alarm facts, in the order of the bits.
var alarmNames = []string{"stage_late", "review_soon", "review_late", "execution_soon", "execution_late"}

// setReview sets the review term that runs from at.
func (ch *change) setReview(from time.Time, term calendar.Term) {
	if term.Roll == "" {
		term.Roll = ch.proc.LastDay
	}
	d := ch.env.due(ch.office, from, term)
	ch.c.ReviewDate, ch.c.ReviewAt, ch.c.Zone, ch.c.Provisional = d.Date, clock.Milli(d.At), d.Zone, d.Provisional
	ch.c.Shifted = false
	ch.c.Alarms &^= alarmReviewSoon | alarmReviewLate
}

// enter moves the case to a stage and starts the stage's own limit.
func (ch *change) enter(s Stage) {
	if s == "" || s == ch.c.Stage {
		return
	}
	from := ch.c.Stage
	if s != StageWaiting && s != StageApproval { // only from there the case returns
		from = ""
	}
	ch.c.CameFrom, ch.c.Stage, ch.c.StageAt, ch.c.StageDueAt = from, s, clock.Milli(ch.now), 0
	ch.c.Alarms &^= alarmStageLate
	if row, ok := ch.proc.Stage(s); ok && row.Limit.N > 0 {
		ch.c.StageDueAt = clock.Milli(ch.env.due(ch.office, ch.now, row.Limit).At)
	}
	if s == StageClosed {
		ch.c.ClosedAt = clock.Milli(ch.now)
	}
}

// pause stops the review clock while the applicant is asked.
func (ch *change) pause() {
	if ch.proc.PauseWhileAsked && ch.c.PausedAt == 0 {
		ch.c.PausedAt = clock.Milli(ch.now)
	}
}

// unpause moves the end of the review term by the time that the clock stood.
func (ch *change) unpause() {
	if ch.c.PausedAt == 0 {
		return
	}
	d := ch.env.calendar.Shift(ch.c.review(), ch.reviewTerm(), ch.office.Hours, clock.FromMilli(ch.c.PausedAt), ch.now)
	if at := clock.Milli(d.At); at > ch.c.ReviewAt {
		ch.c.ReviewDate, ch.c.ReviewAt, ch.c.Provisional, ch.c.Shifted = d.Date, at, d.Provisional, true
		ch.c.Alarms &^= alarmReviewSoon | alarmReviewLate
	}
	ch.c.PausedAt = 0
}

// review is the end of the review term.
func (c *Case) review() calendar.Deadline {
	return calendar.Deadline{Date: c.ReviewDate, Zone: c.Zone, At: clock.FromMilli(c.ReviewAt), Provisional: c.Provisional}
}

// reviewTerm is the term that the review clock counts now.
func (ch *change) reviewTerm() calendar.Term {
	t := ch.proc.ReopenTerm
	if ch.c.Reopened == 0 {
		info, _ := ch.env.facts.Fact(ch.c.Fact)
		t = info.Term
	}
	if t.Roll == "" {
		t.Roll = ch.proc.LastDay
	}
	return t
}

// nextAlarm tells when the case's timer must wake next, zero for never.
func (c *Case) nextAlarm(remind func(due int64) int64) time.Time {
	var next int64
	want := func(at int64, raised int64) {
		if at > 0 && c.Alarms&raised == 0 && (next == 0 || at < next) {
			next = at
		}
	}
	switch {
	case c.Stage == StageClosed:
	case c.Stage == StageAnswered:
		want(c.RateUntil, 0)
	default:
		want(c.StageDueAt, alarmStageLate)
		if c.Stage == StageWaiting {
			want(c.WaitUntil, 0)
		}
		if c.reviewRuns() {
			want(remind(c.ReviewAt), alarmReviewSoon)
			want(c.ReviewAt, alarmReviewLate)
		}
		if c.ExecutionAt > 0 {
			want(remind(c.ExecutionAt), alarmExecutionSoon)
			want(c.ExecutionAt, alarmExecutionLate)
		}
	}
	return clock.FromMilli(next)
}

// reviewRuns tells whether the review clock ticks: an interim answer ends it,
// a question stops it.
func (c *Case) reviewRuns() bool { return c.PausedAt == 0 && c.ExecutionAt == 0 && c.Open() }

// due is the deadline by which a case stands in lists: of the execution clock
// once it runs, else of the review clock.
//
// A term that stands is neither late nor near: such cases come after those
// whose terms run, in the order of their terms.
func (c *Case) due() int64 {
	switch {
	case c.ExecutionAt > 0:
		return c.ExecutionAt
	case c.PausedAt > 0 && c.Open():
		return c.ReviewAt + standing
	}
	return c.ReviewAt
}

// standing is added to a term that stands, in milliseconds: later than any date.
const standing = 1 << 50

// raise marks the alarms that are due at now and tells their names.
func (c *Case) raise(now time.Time, remind func(due int64) int64) []string {
	ms := clock.Milli(now)
	var names []string
	mark := func(at, bit int64, i int) {
		if at > 0 && at <= ms && c.Alarms&bit == 0 {
			c.Alarms |= bit
			names = append(names, alarmNames[i])
		}
	}
	mark(c.StageDueAt, alarmStageLate, 0)
	if c.reviewRuns() {
		mark(remind(c.ReviewAt), alarmReviewSoon, 1)
		mark(c.ReviewAt, alarmReviewLate, 2)
	}
	if c.ExecutionAt > 0 && c.Open() {
		mark(remind(c.ExecutionAt), alarmExecutionSoon, 3)
		mark(c.ExecutionAt, alarmExecutionLate, 4)
	}
	return names
}
