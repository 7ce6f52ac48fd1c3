package casework

import (
	"slices"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// actions are the functions behind the rows of a procedure. The rules of the
// row have passed when one runs; it changes ch.c and says its entries.
var actions map[Action]func(*change) error

func init() {
	actions = map[Action]func(*change) error{
		Accept:    accept,
		Release:   release,
		Reject:    reject,
		Classify:  classify,
		Assign:    assign,
		Take:      take,
		Redirect:  redirect,
		Return:    giveBack,
		Ask:       ask,
		Reply:     reply,
		Resume:    resume,
		SplitUp:   splitUp,
		Merge:     merge,
		Extend:    extend,
		Submit:    submit,
		Defer:     deferWork,
		Interim:   interim,
		Rework:    rework,
		Approve:   approve,
		Note:      func(ch *change) error { ch.say(EntryNote, ForOffice, ch.in.Comment); return nil },
		Add:       func(ch *change) error { ch.say(EntryAdded, ForApplicant, ch.in.Comment); return nil },
		Withdraw:  withdraw,
		Rate:      rate,
		Reopen:    reopen,
		Lapse:     func(ch *change) error { ch.enter(ch.row.To); return nil },
		Recompute: recompute,
	}
}

func accept(ch *change) error {
	if ch.in.Comment != "" || ch.in.Released != nil || ch.in.NoExcerpt {
		if f := rules["open_to_strangers"](ch); f != nil { // accepted without an excerpt, it may be closed
			return errs.InvalidFields(*f)
		}
		if err := release(ch); err != nil {
			return err
		}
	}
	ch.enter(ch.row.To)
	return nil
}

// release says what strangers read and see from now on: the excerpt, and the
// photos that the moderator chose, all of them. What is not said stays.
func release(ch *change) error {
	if f := ch.namesWithin(ch.in.Comment, "case.excerpt_names"); f != nil {
		f.Name = "comment"
		return errs.InvalidFields(*f)
	}
	switch {
	case ch.in.Comment != "" && (ch.c.Excerpt == 0 || ch.in.Comment != ch.in.excerpt):
		ch.c.Excerpt = ch.say(EntryExcerpt, ForAnyone, ch.in.Comment)
	case ch.in.Comment == "" && ch.in.NoExcerpt:
		ch.c.Excerpt = 0
	}
	if ch.in.Released == nil {
		return nil
	}
	ch.released = without(ch.in.Released, ch.in.shown)
	ch.withheld = without(ch.in.shown, ch.in.Released)
	return nil
}

// without are the numbers of a list that another hasn't, in order, each once.
func without(list, other []int64) []int64 {
	list = slices.Sorted(slices.Values(list))
	return slices.DeleteFunc(slices.Compact(list), func(n int64) bool { return slices.Contains(other, n) })
}

func reject(ch *change) error {
	ch.say(EntryReason, ForApplicant, ch.in.Comment)
	ch.unpause()
	ch.enter(ch.row.To)
	return nil
}

// classify sets the fact. The term follows the fact, but never gets later
// than what the citizen was told.
func classify(ch *change) error {
	if ch.in.Fact == "" || ch.in.Fact == ch.c.Fact {
		return nil
	}
	info, _ := ch.env.facts.Fact(ch.in.Fact)
	ch.c.Fact, ch.c.FastTrack = info.Code, info.FastTrack
	ch.termByFact(ch.c.State, info.Term)
	return nil
}

// termByFact sets the review term that a fact has from the first registration:
// never later than was told, and just as told where a pause, an extension, a
// reopening or a promise set that, or where the fact's would be over already.
func (ch *change) termByFact(told State, term calendar.Term) {
	if !told.Shifted && told.Extended == 0 && told.Reopened == 0 && told.ExecutionAt == 0 {
		ch.setReview(clock.FromMilli(ch.c.RegisteredAt), term)
		if ch.c.ReviewAt <= told.ReviewAt && ch.c.ReviewAt > clock.Milli(ch.now) {
			return
		}
	}
	ch.c.ReviewDate, ch.c.ReviewAt, ch.c.Zone, ch.c.Provisional = told.ReviewDate, told.ReviewAt, told.Zone, told.Provisional
	ch.c.Shifted, ch.c.Alarms = told.Shifted, told.Alarms
}

func assign(ch *change) error {
	if err := classify(ch); err != nil {
		return err
	}
	ch.c.Handler = ch.in.Handler
	ch.say(EntryNote, ForOffice, ch.in.Comment)
	ch.enter(ch.c.leadsTo(ch.row))
	return nil
}

func take(ch *change) error {
	ch.c.Handler = ch.actor.Person
	ch.enter(ch.row.To)
	return nil
}

// redirect hands the case to the competent organisation. The term stays: it
// was told to the citizen.
func redirect(ch *change) error {
	office, _ := ch.env.offices.Office(ch.in.Organisation)
	ch.say(EntryReason, ForApplicant, ch.in.Comment)
	ch.c.Organisation, ch.c.Handler, ch.c.Draft = office.ID, id.Nil, 0
	ch.office = office
	to := ch.c.leadsTo(ch.row)
	if ch.c.Stage == to { // the same stage begins anew in another house
		ch.c.Stage = ""
	}
	ch.enter(to)
	return nil
}

func giveBack(ch *change) error {
	ch.say(EntryRemark, ForOffice, ch.in.Comment)
	ch.c.Handler = id.Nil
	ch.enter(ch.row.To)
	return nil
}

func ask(ch *change) error {
	ch.say(EntryQuestion, ForApplicant, ch.in.Comment)
	if ch.c.Handler == id.Nil && ch.c.Stage == StageExecution { // a coordinator asks for whoever will have it
		ch.c.Handler = ch.actor.Person
	}
	ch.pause()
	ch.c.WaitUntil = clock.Milli(ch.env.due(ch.office, ch.now, ch.proc.AnswerWait).At)
	ch.enter(ch.row.To)
	return nil
}

func reply(ch *change) error {
	ch.say(EntryReply, ForApplicant, ch.in.Comment)
	return resume(ch)
}

func resume(ch *change) error {
	ch.unpause()
	ch.c.WaitUntil = 0
	ch.enter(ch.c.leadsTo(ch.row))
	return nil
}

func merge(ch *change) error {
	ch.c.Parent = ch.in.into.ID
	ch.unpause()
	ch.enter(ch.row.To)
	ch.joinParent()
	return nil
}

func extend(ch *change) error {
	ch.say(EntryReason, ForApplicant, ch.in.Comment)
	ch.c.Extended++
	from := clock.FromMilli(ch.c.ReviewAt - 1) // the last moment of the last day
	ch.setReview(from, ch.proc.Extension)
	return nil
}

func submit(ch *change) error {
	ch.c.PlanDate, ch.c.Interim = "", false
	return toApproval(ch)
}

// deferWork proposes an interim answer with the date by which the work will be done.
func deferWork(ch *change) error {
	ch.c.PlanDate, ch.c.Interim = ch.in.PlanDate, false
	return toApproval(ch)
}

// interim proposes an answer that tells how things stand. It promises nothing:
// the term stays and its clock runs on.
func interim(ch *change) error {
	ch.c.PlanDate, ch.c.Interim = "", true
	return toApproval(ch)
}

func toApproval(ch *change) error {
	if ch.c.Handler == id.Nil {
		ch.c.Handler = ch.actor.Person
	}
	ch.c.Draft = ch.say(EntryDraft, ForOffice, ch.in.Comment)
	ch.takeAgain()
	if ch.in.Shared != "" {
		ch.say(EntryShared, ForOffice, ch.in.Shared)
	}
	ch.enter(ch.row.To)
	return nil
}

func rework(ch *change) error {
	ch.say(EntryRemark, ForOffice, ch.in.Comment)
	ch.enter(ch.c.leadsTo(ch.row))
	return nil
}

// approve sends the draft: as the final answer, or as an interim one, of which
// a promise starts the execution clock. Whose own draft it is, that is told.
func approve(ch *change) error {
	to := ch.c.leadsTo(ch.row)
	ch.c.Answer, ch.c.Draft = ch.c.Draft, 0
	if ch.in.eyes.own {
		ch.reason = noOtherApprover
	}
	if ch.c.Interim {
		ch.c.Interim = false
		ch.enter(to)
		return nil
	}
	if ch.c.PlanDate != "" {
		d, err := ch.env.endOf(ch.office, ch.c.PlanDate)
		if err != nil {
			return errs.Wrap(errs.Internal, err)
		}
		ch.c.ExecutionDate, ch.c.ExecutionAt, ch.c.PlanDate = ch.c.PlanDate, clock.Milli(d), ""
		ch.c.Deferred++
		ch.c.Alarms &^= alarmExecutionSoon | alarmExecutionLate
		if ch.c.AnsweredAt == 0 {
			ch.c.AnsweredAt = clock.Milli(ch.now)
		}
		ch.enter(to)
		return nil
	}
	ch.c.AnsweredAt = clock.Milli(ch.now)
	ch.c.RateUntil = clock.Milli(ch.env.due(ch.office, ch.now, ch.proc.RateWindow).At)
	ch.enter(to)
	return nil
}

func withdraw(ch *change) error {
	ch.say(EntryAdded, ForApplicant, ch.in.Comment)
	ch.unpause()
	ch.enter(ch.row.To)
	return nil
}

// rate takes the mark for the answer and, apart from it, whether the problem
// is solved. Only «not solved» with a reason reopens, and only while a
// reopening is left; a low mark alone never does (FB-11, FB-57).
func rate(ch *change) error {
	ch.c.Mark, ch.c.Solved = ch.in.Mark, ch.in.Solved
	if !ch.in.Reopen {
		ch.say(EntryRating, ForApplicant, ch.in.Comment)
		ch.enter(ch.row.To)
		return nil
	}
	return reopen(ch)
}

// reopen sends the matter back to be done anew: with the rating, or by who
// rated without it and thought again.
func reopen(ch *change) error {
	ch.say(EntryReopen, ForApplicant, ch.in.Comment)
	ch.c.Reopened++
	ch.c.Owed = true
	ch.c.Outcome, ch.c.ClosedAt = "", 0
	ch.c.Handler, ch.c.RateUntil, ch.c.AnsweredAt = id.Nil, 0, 0
	ch.c.ExecutionAt, ch.c.ExecutionDate, ch.c.Deferred = 0, "", 0
	ch.c.Alarms = 0
	ch.setReview(ch.now, ch.proc.ReopenTerm)
	ch.enter(StageCoordination)
	return nil
}

// recompute follows a newly published calendar: earlier where the calendar
// makes it so, never later than what was told. A term that a pause, an
// extension or a reopening has set stays as it was told.
func recompute(ch *change) error {
	if ch.c.Shifted || ch.c.Reopened > 0 || ch.c.Extended > 0 || !ch.c.reviewRuns() {
		return nil
	}
	d, moved := ch.env.calendar.Recompute(ch.c.review(), clock.FromMilli(ch.c.RegisteredAt), ch.reviewTerm(), ch.office.Hours, true)
	if moved {
		ch.c.ReviewDate, ch.c.ReviewAt, ch.c.Provisional = d.Date, clock.Milli(d.At), d.Provisional
	}
	return nil
}
