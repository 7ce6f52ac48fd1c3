package casework

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Limits of texts, in characters.
const (
	MaxText    = 4000 // a report, an answer, a comment
	MinText    = 10   // a report that says what happened
	MaxExcerpt = 500
)

// rules are the functions that a procedure names. One returns the field that
// breaks it, or nil.
var rules = map[string]func(*change) *errs.Field{
	// FB-60: a refusal or a hand-over always says why.
	"comment_required": func(ch *change) *errs.Field { return text(ch.in.Comment, true) },
	"comment_or_files": func(ch *change) *errs.Field {
		return text(ch.in.Comment, len(ch.in.Files) == 0)
	},
	"reason_listed": func(ch *change) *errs.Field {
		if ch.in.Reason == "" {
			return &errs.Field{Name: "reason", Rule: "required"}
		}
		if !slices.Contains(ch.row.Reasons, ch.in.Reason) {
			return &errs.Field{Name: "reason", Rule: "unknown"}
		}
		return nil
	},
	"fact_known": func(ch *change) *errs.Field { return ch.knownFact(ch.in.Fact) },
	// What was filed closed is shown to nobody.
	"open_to_strangers": func(ch *change) *errs.Field {
		if ch.c.Hidden && (ch.in.Comment != ch.in.excerpt && ch.in.Comment != "" || len(without(ch.in.Released, ch.in.shown)) > 0) {
			return &errs.Field{Name: "comment", Rule: "hidden", Key: "case.filed_closed"}
		}
		if utf8.RuneCountInString(ch.in.Comment) > MaxExcerpt {
			return &errs.Field{Name: "comment", Rule: "too_long", Args: map[string]any{"Max": MaxExcerpt}}
		}
		if takesBack := ch.in.NoExcerpt && ch.c.Excerpt > 0 || len(ch.in.shown) > 0; ch.row.Code == Release && ch.in.Comment == "" && len(ch.in.Released) == 0 && !takesBack {
			return &errs.Field{Name: "comment", Rule: "required"}
		}
		return nil
	},
	"handler_of_the_organisation": func(ch *change) *errs.Field {
		if ch.in.Handler == id.Nil {
			return &errs.Field{Name: "handler", Rule: "required"}
		}
		if !ch.in.handlerFits {
			return &errs.Field{Name: "handler", Rule: "unknown"}
		}
		if ch.in.Fact == "" || ch.in.Fact == ch.c.Fact {
			return nil
		}
		if row, ok := ch.proc.Action(Classify); !ok || !slices.Contains(row.From, ch.c.Stage) { // the answer is written, or promised
			return &errs.Field{Name: "fact", Rule: "stage", Key: "case.fact_stays"}
		}
		return ch.knownFact(ch.in.Fact)
	},
	// Two officers reach for one case: the first has it.
	"not_taken": func(ch *change) *errs.Field {
		if ch.c.Handler != id.Nil {
			return &errs.Field{Name: "handler", Rule: "taken", Key: "case.taken"}
		}
		return nil
	},
	anotherApproves: func(ch *change) *errs.Field { return ch.in.eyes.differ() },
	// Those who joined wait for the answer too: nobody ends their report for them.
	"nobody_else_waits": func(ch *change) *errs.Field {
		if ch.c.People > 1 {
			return &errs.Field{Name: "comment", Rule: "joined", Key: "case.others_wait"}
		}
		return nil
	},
	// Who came back because nothing was mended gets an answer: a report that was
	// accepted and answered once is no spam.
	"not_reopened": func(ch *change) *errs.Field {
		if ch.c.Owed {
			return &errs.Field{Name: "reason", Rule: "reopened", Key: "case.reopened_needs_answer"}
		}
		return nil
	},
	"another_organisation": func(ch *change) *errs.Field {
		o, ok := ch.env.offices.Office(ch.in.Organisation)
		if !ok || !o.Active {
			return &errs.Field{Name: "organisation", Rule: "unknown"}
		}
		if o.ID == ch.c.Organisation {
			return &errs.Field{Name: "organisation", Rule: "same", Key: "case.same_organisation"}
		}
		if ch.in.unattended {
			return &errs.Field{Name: "organisation", Rule: "unattended", Key: "case.unattended"}
		}
		return nil
	},
	"parts_given": func(ch *change) *errs.Field {
		if len(ch.in.Parts) < 2 || len(ch.in.Parts) > maxParts {
			return &errs.Field{Name: "parts", Rule: "count", Key: "case.parts_count"}
		}
		for _, p := range ch.in.Parts {
			if f := ch.knownFact(p.Fact); f != nil {
				return f
			}
			if f := text(p.Text, true); f != nil {
				return &errs.Field{Name: "parts", Rule: f.Rule, Args: f.Args}
			}
		}
		return nil
	},
	"mergeable": func(ch *change) *errs.Field {
		into := ch.in.into
		switch {
		case into == nil:
			return &errs.Field{Name: "into", Rule: "unknown"}
		case into.ID == ch.c.ID:
			return &errs.Field{Name: "into", Rule: "same", Key: "case.merge_self"}
		case into.Organisation != ch.c.Organisation:
			return &errs.Field{Name: "into", Rule: "unknown", Key: "case.merge_elsewhere"}
		case into.Stage == StageModeration: // it may yet be rejected, and this one with it
			return &errs.Field{Name: "into", Rule: "unread", Key: "case.merge_unread"}
		case !into.Open():
			return &errs.Field{Name: "into", Rule: "closed", Key: "case.merge_closed"}
		case into.ExecutionAt > 0 && ch.c.ExecutionAt == 0: // its people were told when they are answered
			return &errs.Field{Name: "into", Rule: "promised", Key: "case.merge_promised"}
		}
		return nil
	},
	"extension_left": func(ch *change) *errs.Field {
		if ch.c.Extended >= ch.proc.Extensions || ch.c.ExecutionAt > 0 {
			return &errs.Field{Name: "comment", Rule: "no_more", Key: "case.no_extension_left"}
		}
		return nil
	},
	// A promise may be moved as often as the procedure says, while a day is left.
	"deferral_left": func(ch *change) *errs.Field {
		if ch.c.Deferred >= ch.proc.Deferrals || !ch.lastPlan().After(ch.now.Add(24*time.Hour)) {
			return &errs.Field{Name: "plan_date", Rule: "no_more", Key: "case.no_deferral_left"}
		}
		return nil
	},
	"answer_filled": func(ch *change) *errs.Field {
		if f := text(ch.in.Comment, true); f != nil {
			return f
		}
		if blank.MatchString(ch.in.Comment) {
			return &errs.Field{Name: "comment", Rule: "blank_left", Key: "case.blank_left"}
		}
		return nil
	},
	// An answer is a letter to the applicant. Those who joined read what the
	// officer wrote for them, and nothing of the letter.
	"shared_answer": func(ch *change) *errs.Field {
		shared := ch.in.Shared
		switch {
		case unseen(shared) && (shared != "" || ch.c.People > 1):
			return &errs.Field{Name: "shared", Rule: "required", Key: "case.shared_needed", Args: map[string]any{"N": ch.c.People - 1}}
		case utf8.RuneCountInString(shared) > MaxText:
			return &errs.Field{Name: "shared", Rule: "too_long", Args: map[string]any{"Max": MaxText}}
		case blank.MatchString(shared):
			return &errs.Field{Name: "shared", Rule: "blank_left", Key: "case.blank_left"}
		}
		return ch.namesWithin(shared, "case.shared_names")
	},
	// Somebody may have joined since the draft was written.
	sharedWritten: func(ch *change) *errs.Field {
		if !ch.in.sharedNeeded {
			return nil
		}
		if ch.in.draftShared == "" {
			return &errs.Field{Name: "shared", Rule: "missing", Key: "case.shared_missing"}
		}
		return ch.namesWithin(ch.in.draftShared, "case.shared_names_draft")
	},
	// Work is done when it can be seen: a photo or an act comes with the
	// answer where the fact demands it, and always after a promise.
	"proof_of_work": func(ch *change) *errs.Field {
		info, _ := ch.env.facts.Fact(ch.c.Fact)
		if (info.Proof || ch.c.ExecutionAt > 0) && len(ch.in.kept)+len(ch.in.Again) == 0 {
			return &errs.Field{Name: "files", Rule: "required", Key: "case.proof_required"}
		}
		return nil
	},
	"plan_date": func(ch *change) *errs.Field {
		end, err := ch.env.endOf(ch.office, ch.in.PlanDate)
		if err != nil {
			return &errs.Field{Name: "plan_date", Rule: "wrong_date"}
		}
		if !end.After(ch.now.Add(24 * time.Hour)) {
			return &errs.Field{Name: "plan_date", Rule: "in_past"}
		}
		if end.After(ch.lastPlan()) {
			return &errs.Field{Name: "plan_date", Rule: "too_late", Key: "case.plan_too_late"}
		}
		return nil
	},
	"mark_given": func(ch *change) *errs.Field {
		if ch.in.Mark < 1 || ch.in.Mark > 5 {
			return &errs.Field{Name: "mark", Rule: "required", Key: "case.mark_required"}
		}
		return nil
	},
	"solved_said": func(ch *change) *errs.Field {
		if ch.in.Solved != "yes" && ch.in.Solved != "no" {
			return &errs.Field{Name: "solved", Rule: "required", Key: "case.solved_required"}
		}
		return nil
	},
	"reopening": func(ch *change) *errs.Field {
		if !ch.in.Reopen {
			return nil
		}
		switch {
		case ch.in.Solved != "no":
			return &errs.Field{Name: "solved", Rule: "mismatch", Key: "case.reopen_solved"}
		case ch.c.Reopened >= ch.proc.Reopens:
			return &errs.Field{Name: "reopen", Rule: "no_more", Key: "case.no_reopening_left"}
		}
		return text(ch.in.Comment, true)
	},
	// Who rated without reopening may think again, as long as there was time to rate.
	"reopening_left": func(ch *change) *errs.Field {
		switch {
		case ch.c.Outcome != Rated || ch.c.Solved != "no":
			return &errs.Field{Name: "comment", Rule: "mismatch", Key: "case.reopen_solved"}
		case ch.c.Reopened >= ch.proc.Reopens:
			return &errs.Field{Name: "comment", Rule: "no_more", Key: "case.no_reopening_left"}
		case clock.Milli(ch.now) >= ch.c.RateUntil:
			return &errs.Field{Name: "comment", Rule: "late", Key: "case.reopen_late"}
		}
		return nil
	},
}

// lastPlan is the end of the last day that may be promised: counted from the
// first promise that stands, from now where there is none.
func (ch *change) lastPlan() time.Time {
	from := ch.now
	if ch.c.ExecutionAt > 0 && ch.c.AnsweredAt > 0 {
		from = clock.FromMilli(ch.c.AnsweredAt)
	}
	return ch.env.due(ch.office, from, ch.proc.DeferAtMost).At
}

// blank finds a field of a template that nobody filled: [дата], {{date}}, ____.
var blank = regexp.MustCompile(`\[[^\]\n]{1,60}\]|\{\{?[^}\n]{1,60}\}?\}|_{3,}`)

func (ch *change) knownFact(code string) *errs.Field {
	if _, ok := ch.env.facts.Fact(code); !ok {
		return &errs.Field{Name: "fact", Rule: "unknown"}
	}
	return nil
}

// text checks a text that a person wrote.
func text(s string, required bool) *errs.Field {
	switch n := utf8.RuneCountInString(s); {
	case required && unseen(s):
		return &errs.Field{Name: "comment", Rule: "required"}
	case n > MaxText:
		return &errs.Field{Name: "comment", Rule: "too_long", Args: map[string]any{"Max": MaxText}}
	}
	return nil
}

// unseen tells that a text says nothing: no letter, no digit.
func unseen(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// reportText checks the words of a report. What comes from a file is taken as
// long or short as it is.
func reportText(s, channel string) *errs.Field {
	switch n := utf8.RuneCountInString(strings.TrimSpace(s)); {
	case unseen(s):
		return &errs.Field{Name: "text", Rule: "required", Key: "case.text_required"}
	case n < MinText && channel != "import":
		return &errs.Field{Name: "text", Rule: "too_short", Args: map[string]any{"Min": MinText}}
	case n > MaxText && channel != "import":
		return &errs.Field{Name: "text", Rule: "too_long", Args: map[string]any{"Max": MaxText}}
	}
	return nil
}
