package casework

import (
	"context"
	"fmt"
	"strings"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Draft is a case that is carried through its steps in memory, by the same
// functions that decide a real one, and tells the rows that those steps leave.
// The bench writes millions of them; a test compares what it writes with what
// the use cases leave. Files, joining, merging and splitting are not part of it.
type Draft struct {
	s       *Service
	last    *change
	entries []Entry
	facts   []DraftFact
}

// DraftFact is one fact of a draft with those who were told of it.
type DraftFact struct {
	db.Fact
	To []Addressee
}

// DraftRow is one row that a draft leaves in a table of casework.
type DraftRow struct {
	Table   string
	Columns []string
	Values  []any
}

// Draft files a report in memory. in brings its id, number and moment.
func (s *Service) Draft(actor policy.Actor, in FileInput) (*Draft, error) {
	if in.ID == id.Nil || in.Number == "" || in.At.IsZero() || len(in.Files) > 0 || in.Key != "" || in.From.Source != "" {
		return nil, errs.Wrap(errs.Internal, fmt.Errorf("a draft needs id, number and moment, and takes no files or key"))
	}
	in.Text = strings.TrimSpace(in.Text)
	ch, _, fields := s.plan(actor, in, in.At)
	if err := errs.InvalidFields(fields...); err != nil {
		return nil, err
	}
	ch.file(in)
	d := &Draft{s: s}
	return d, d.keep(ch)
}

// Case is the draft as it stands.
func (d *Draft) Case() Case { return d.last.c }

// Act does one step at a moment. The caller vouches that in.Handler is one.
func (d *Draft) Act(actor policy.Actor, act Action, in Input, at time.Time) error {
	c := d.last.c
	proc := d.s.Procedure(&c)
	row, ok := proc.Action(act)
	if !ok {
		return errs.New(errs.NotFound, "case.no_such_action")
	}
	if err := d.s.may(actor, row, &c); err != nil {
		return err
	}
	in.handlerFits = in.Handler != id.Nil
	ch, err := step(d.s.env(), proc, actor, c, act, in, at)
	if err != nil {
		return err
	}
	return d.keep(ch)
}

// RingUntil does what the case's clock does up to a moment, that included.
func (d *Draft) RingUntil(end time.Time) error {
	actor := policy.Machine("clock")
	for {
		at := d.Timer().At
		if at.IsZero() || at.After(end) {
			return nil
		}
		if at.Before(d.last.now) { // due before the last step set it: rings at once
			at = d.last.now
		}
		c, ms := d.last.c, clock.Milli(at)
		var err error
		switch {
		case c.Stage == StageAnswered && c.RateUntil > 0 && c.RateUntil <= ms:
			err = d.Act(actor, Lapse, Input{}, at)
		case c.Stage == StageWaiting && c.WaitUntil > 0 && c.WaitUntil <= ms:
			err = d.Act(actor, Resume, Input{Reason: "no_reply"}, at)
		default:
			ch, due := d.s.raised(actor, c, at)
			if !due {
				return errs.Wrap(errs.Internal, fmt.Errorf("case %s: the clock rings at %s for nothing", c.ID, at))
			}
			err = d.keep(ch)
		}
		if err != nil {
			return err
		}
	}
}

func (d *Draft) keep(ch *change) error {
	if len(ch.files) > 0 || len(ch.children) > 0 || len(ch.facts) > 0 || len(ch.also) > 0 || len(ch.released) > 0 {
		return errs.Wrap(errs.Internal, fmt.Errorf("a draft can't %s", ch.row.Code))
	}
	d.entries = append(d.entries, ch.entries...)
	if kind, approved := ch.approved(); approved {
		for i := range d.entries {
			if e := &d.entries[i]; e.N == ch.c.Answer {
				e.Kind, e.Reader, e.At = kind, ForApplicant, ch.now
			} else if e.N == ch.c.Answer+1 && e.Kind == EntryShared {
				e.Reader, e.At = ForJoined, ch.now
			}
		}
	}
	f := DraftFact{Fact: factOf(ch, &ch.old, &ch.c, ch.row.Code, ch.now)}
	body, _ := f.Body.(Changed) // of a first fact the case itself says all
	step := Step{Case: ch.c.ID, Action: ch.row.Code, Reason: ch.reason, Body: body}
	staff, err := d.s.staffFor(context.Background(), []Step{step}, map[id.ID]*Case{ch.c.ID: &ch.c})
	if err != nil {
		return err
	}
	f.To = addressees(&ch.c, ch.actor.Person, ch.row.Code, ch.reason, body, nil, d.s.told(&ch.c, step, staff[ch.c.Organisation]))
	d.facts = append(d.facts, f)
	d.last = ch
	return nil
}

// Facts are the draft's facts in the order of its steps.
func (d *Draft) Facts() []DraftFact { return d.facts }

// Timer is when the case's clock rings next; its zero moment is never.
func (d *Draft) Timer() db.Timer { return d.s.timer(d.last) }

// Rows are what the draft leaves in casework's own tables.
func (d *Draft) Rows() []DraftRow {
	c := &d.last.c
	r := inboxOf(c)
	rows := []DraftRow{
		{"casework_case", draftColumns["casework_case"], caseValues(c)},
		{"casework_number", draftColumns["casework_number"], []any{c.Number, c.ID, nil}},
		{"casework_mine", draftColumns["casework_mine"], []any{c.Applicant, c.ID, c.Number, "author"}},
		{"casework_inbox", draftColumns["casework_inbox"], []any{c.Organisation, c.ID, r.bucket, r.due, r.stage, r.category, r.territory, db.NullID(r.handler)}},
	}
	for _, e := range d.entries {
		rows = append(rows, DraftRow{"casework_entry", draftColumns["casework_entry"], []any{c.ID, e.N, e.Kind, e.Reader,
			db.NullID(e.Author), e.Role, db.NullID(e.Organisation), clock.Milli(e.At), e.Action, e.Reason, e.Body}})
	}
	return rows
}

var draftColumns = map[string][]string{
	"casework_case":   columnList(caseColumns),
	"casework_number": columnList("number, case_id, person_id"),
	"casework_mine":   columnList("person_id, case_id, number, kind"),
	"casework_inbox":  columnList("organisation_id, case_id, bucket, due_at, stage, category, territory, handler_id"),
	"casework_entry":  columnList("case_id, n, kind, reader, author_id, role, organisation_id, at, action, reason, body"),
}

func columnList(text string) []string {
	names := strings.Split(text, ",")
	for i, n := range names {
		names[i] = strings.TrimSpace(n)
	}
	return names
}
