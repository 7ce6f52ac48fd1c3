package casework

import (
	"cmp"
	"strconv"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/i18n"
	"okno/internal/ui"
)

// How a case looks: states and terms in words, icons and tones.

var stageIcons = map[Stage]ui.Icon{
	StageModeration: ui.IconInbox, StageCoordination: ui.IconInbox, StageExecution: ui.IconWrench, StageWaiting: ui.IconCircleHelp,
	StageApproval: ui.IconUserCheck, StageDeferred: ui.IconCalendarClock, StageAnswered: ui.IconMessageSquareCheck, StageClosed: ui.IconCircleCheck,
}

var stageTones = map[Stage]ui.Tone{
	StageWaiting: ui.Warn, StageApproval: ui.Act, StageAnswered: ui.OK, StageClosed: ui.Plain,
}

// officeState is the stage as officers call it.
func officeState(lang string, c *Case) ui.StateProps {
	key := "case.stage." + string(c.Stage)
	if c.Stage == StageClosed {
		key = "case.outcome." + string(c.Outcome)
	}
	return ui.StateProps{Text: i18n.T(lang, key), Icon: stageIcons[c.Stage], Tone: stageTones[c.Stage]}
}

// faceIcons are the icons of what citizens are told: one for a word.
var faceIcons = map[string]ui.Icon{
	"received": ui.IconInbox, "reopened": ui.IconInbox, "in_work": ui.IconWrench, "clarifying": ui.IconCircleHelp, "asked": ui.IconCircleHelp,
	"deferred": ui.IconCalendarClock, "answered": ui.IconMessageSquareCheck, "closed": ui.IconCircleCheck,
}

var faceTones = map[string]ui.Tone{"asked": ui.Warn, "answered": ui.OK, "in_work": ui.Act, "clarifying": ui.Act}

func faceState(lang, face string) ui.StateProps {
	return ui.StateProps{Text: i18n.T(lang, "case.face."+face), Icon: faceIcons[face], Tone: faceTones[face]}
}

// closedState is how a case ended; solved is what was said with the rating, and
// key heads its words.
func closedState(lang, key string, outcome Outcome, solved string) ui.StateProps {
	tone, icon := ui.OK, ui.IconCircleCheck
	switch outcome {
	case Rejected:
		tone, icon = ui.Bad, ui.IconBan
	case Withdrawn, Unrated, Merged, Split, Archived:
		tone, icon = ui.Plain, ui.IconArchive
	case Rated:
		if solved == "no" {
			tone, icon = ui.Warn, ui.IconCircleX
		}
	}
	if outcome == Rated && solved != "" {
		return ui.StateProps{Text: i18n.T(lang, key+solved), Icon: icon, Tone: tone}
	}
	return ui.StateProps{Text: i18n.T(lang, "case.outcome."+string(outcome)), Icon: icon, Tone: tone}
}

// citizenState is the state in the citizen's words: fewer states than stages.
func citizenState(lang string, p *Procedure, c *Case) ui.StateProps {
	if c.Stage == StageClosed {
		return closedState(lang, "case.solved.", c.Outcome, c.Solved)
	}
	face := "in_work"
	if row, ok := p.Stage(c.Stage); ok {
		face = row.Face
	}
	switch {
	case face == "received" && c.Reopened > 0:
		face = "reopened"
	case c.clarifying():
		face = "clarifying"
	}
	return faceState(lang, face)
}

// deadline is the term in words with the part that has gone by.
func deadline(lang string, cal *calendar.Calendar, c *Case, now time.Time) ui.DeadlineProps {
	loc, err := clock.Zone(c.Zone)
	if err != nil {
		loc = time.UTC
	}
	d := c.review()
	start := clock.FromMilli(c.RegisteredAt)
	if c.ExecutionAt > 0 {
		d = calendar.Deadline{Date: c.ExecutionDate, Zone: c.Zone, At: clock.FromMilli(c.ExecutionAt)}
		if c.Stage == StageDeferred { // answered by a promise: the term is that of the work
			start = clock.FromMilli(cmp.Or(c.AnsweredAt, c.RegisteredAt))
		}
	}
	until := i18n.UntilISO(lang, d.Date, now, loc)
	switch {
	case c.Stage == StageAnswered || c.Stage == StageClosed:
		if c.AnsweredAt == 0 {
			return ui.DeadlineProps{Kind: ui.Over, Main: i18n.T(lang, "case.closed_on", i18n.Args{"Date": i18n.DateNear(lang, clock.FromMilli(c.ClosedAt), now, loc)})}
		}
		end := clock.FromMilli(c.AnsweredAt)
		p := ui.DeadlineProps{Kind: ui.Done, Main: i18n.DateNear(lang, end, now, loc), Gone: int(100 * calendar.Share(start, end, d))}
		switch days := calendar.DayIn(end, loc) - calendar.DayIn(start, loc); {
		case days <= 0:
			p.Note = i18n.T(lang, "case.took_no_day")
		case c.Reopened > 0: // an earlier answer lies between
			p.Note = i18n.N(lang, "case.took_again", int(days))
		default:
			p.Note = i18n.N(lang, "case.took_days", int(days))
		}
		return p
	case c.PausedAt > 0:
		return ui.DeadlineProps{Kind: ui.Hold, Main: i18n.T(lang, "case.term_stands"), Gone: int(100 * calendar.Share(start, clock.FromMilli(c.PausedAt), d))}
	}
	left := cal.Remaining(now, d)
	p := ui.DeadlineProps{Main: until, Gone: int(100 * calendar.Share(start, now, d))}
	switch {
	case left.Passed:
		p.Kind, p.Note = ui.Late, i18n.N(lang, "case.late_days", left.Days)
		if left.Days == 0 {
			p.Note = i18n.T(lang, "case.late_today")
		}
	case left.Days == 0:
		p.Kind, p.Note = ui.Soon, i18n.T(lang, "case.due_today", i18n.Args{"Time": i18n.Clock(d.At.Add(-time.Minute), loc)})
	case left.Days == 1:
		p.Kind, p.Note = ui.Soon, i18n.T(lang, "case.due_tomorrow")
	default:
		p.Note = i18n.N(lang, "case.left_working_days", left.WorkingDays)
		if left.WorkingDays <= 2 {
			p.Kind = ui.Soon
		}
	}
	return p
}

// publicState is the state as strangers are told it.
func publicState(lang string, p *Public) ui.StateProps {
	if p.Stage == StageClosed {
		return closedState(lang, "case.author_solved.", p.Outcome, p.Solved)
	}
	return faceState(lang, p.Face)
}

// shortDeadline is the term in the few words that a list has room for.
func shortDeadline(lang string, cal *calendar.Calendar, c *Case, now time.Time) ui.DeadlineProps {
	p := deadline(lang, cal, c, now)
	if p.Kind == ui.Done || p.Kind == ui.Over || p.Kind == ui.Hold {
		return p
	}
	loc, err := clock.Zone(c.Zone)
	if err != nil {
		loc = time.UTC
	}
	end := clock.FromMilli(c.due())
	left := cal.Remaining(now, calendar.Deadline{Date: calendar.DayIn(end.Add(-time.Minute), loc).String(), Zone: c.Zone, At: end})
	last := end.Add(-time.Minute).In(loc)
	day := i18n.T(lang, "case.day."+strconv.Itoa(int(last.Month())), i18n.Args{"Day": last.Day()})
	switch {
	case left.Passed && left.Days == 0:
		p.Main, p.Note = i18n.T(lang, "work.term.late_today"), ""
	case left.Passed:
		p.Main, p.Note = i18n.T(lang, "work.term.late"), i18n.N(lang, "case.term.calendar_days", left.Days)
	case left.Days == 0:
		p.Main, p.Note = i18n.T(lang, "work.term.today"), i18n.T(lang, "work.term.until", i18n.Args{"Time": i18n.Clock(end.Add(-time.Minute), loc)})
	case left.Days == 1:
		p.Main, p.Note = i18n.T(lang, "work.term.tomorrow"), day
	default:
		p.Main, p.Note = i18n.N(lang, "case.term.calendar_days", left.Days), day
	}
	return p
}
