package casework

import (
	"slices"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Input is what comes with an action. Which of it an action takes and demands
// is said by the rules of its row.
type Input struct {
	Version      int64   // of the case that the person saw; 0: not said (system)
	Key          string  // idempotency key of a creating call
	Comment      string  // text of the entry: question, answer, reason, remark
	Shared       string  // submit, defer, interim: the answer in words for those who joined
	Reason       string  // code of a reason
	Fact         string  // classify, assign
	Organisation id.ID   // redirect
	Handler      id.ID   // assign
	PlanDate     string  // defer: ISO date
	Files        []id.ID // stored files that come along
	Mark         int64   // rate: 1–5
	Solved       string  // rate: yes, no
	Reopen       bool    // rate: with Solved "no"
	Into         string  // merge: public number of the case that stays
	Parts        []Part  // split
	Released     []int64 // release, accept: all attachments that strangers see after it; nil: as they are
	Again        []int64 // submit, defer, interim: attachments of the returned draft that go with this one
	NoExcerpt    bool    // release, accept: without a Comment, the excerpt is taken back

	// Found out by the service before the step.
	into         *Case // of merge
	intoProc     *Procedure
	inBoth       int64   // people of both cases of a merge
	carried      carried // of split
	kept         []FileInfo
	shown        []int64                     // attachments that strangers see now; of an input with Released
	excerpt      string                      // what they read now; of an input with Released or NoExcerpt or a Comment that releases
	eyes         fourEyes                    // of approve
	unattended   bool                        // redirect: nobody in Organisation would look into it
	handlerFits  bool                        // Handler is one in the case's organisation
	sharedNeeded bool                        // approve: others joined, so the draft can't go without draftShared
	draftShared  string                      // approve: its words for those who joined
	waiting      []waiting                   // whose names Shared may not hold
	print        []byte                      // of a call with a key: what it says
	once         func(tx *db.Tx, made id.ID) // of [Service.ActOnce]
}

// Part is one of the matters that a case is split into.
type Part struct {
	Fact         string
	Organisation id.ID // Nil: routed; one whose owner nobody knows stays
	Text         string
	Place        PlaceInput // where it is; zero: where the whole is
	topic        string     // as it was typed into the form
	office       string     // the same
	offered      string     // fact for which the form offers its organisation
	unknown      bool       // nobody is known to be competent
	// Of the demonstration alone.
	ID     id.ID
	Number string
}

// env is what a step may look at: all of it in memory.
type env struct {
	offices  Offices
	facts    Rubricator
	places   Places
	router   Router
	calendar *calendar.Calendar
	number   func() string // draws a public number
}

func (e env) due(o Office, from time.Time, t calendar.Term) calendar.Deadline {
	return e.calendar.Due(from, t, o.Hours)
}

// endOf is the end of a day given as ISO text, in the office's zone.
func (e env) endOf(o Office, date string) (time.Time, error) {
	d, err := calendar.ParseDay(date)
	if err != nil {
		return time.Time{}, err
	}
	return calendar.On(d, o.Hours).At, nil
}

// remindAt tells when to remind of a term that ends at due: on the morning of
// the working day that lies so many working days before its last day.
func (e env) remindAt(o Office, due int64, before calendar.Term) int64 {
	if due == 0 || before.N == 0 {
		return 0
	}
	day := calendar.DayIn(clock.FromMilli(due-1), o.Hours.Location())
	for range before.N {
		day = e.calendar.PreviousWorking(day.Add(-1))
	}
	return clock.Milli(day.Start(o.Hours.Location()).Add(9 * time.Hour))
}

// change is one step of a case in the making: pure until it is written.
type change struct {
	env    env
	proc   *Procedure
	row    ActionRow
	actor  policy.Actor
	role   string
	now    time.Time
	in     Input
	old, c Case
	office Office // the organisation that owes the act; follows a redirect

	entries  []Entry
	files    []Attachment
	released []int64           // attachments that strangers see from now on
	withheld []int64           // and those that they see no more
	children []*change         // cases that this one is split into; the one that it is merged into
	fact     db.Fact           // the change's own, made before the transaction
	facts    []db.Fact         // besides it
	also     []func(tx *db.Tx) // rows beside the case's own
	reason   string
}

// step applies one action to a case and returns what is to be written. It
// decides everything and touches nothing.
func step(e env, proc *Procedure, actor policy.Actor, c Case, act Action, in Input, now time.Time) (*change, error) {
	row, ok := proc.Action(act)
	if !ok {
		return nil, errs.New(errs.NotFound, "case.no_such_action")
	}
	if in.Version != 0 && in.Version != c.Version {
		return nil, errs.New(errs.Stale, "case.changed_meanwhile")
	}
	if !slices.Contains(row.From, c.Stage) {
		return nil, errs.With(errs.Conflict, "case.wrong_stage", map[string]any{"Stage": string(c.Stage), "Action": string(act)})
	}
	office, ok := e.offices.Office(c.Organisation)
	if !ok {
		return nil, errs.New(errs.Internal, "case.organisation_missing")
	}
	ch := &change{env: e, proc: proc, row: row, actor: actor, role: roleOf(actor, proc, c), now: now, in: in, old: c, c: c, office: office}
	var fields []errs.Field
	for _, name := range row.Rules {
		if f := rules[name](ch); f != nil {
			fields = append(fields, *f)
		}
	}
	if f := text(in.Comment, false); f != nil && !slices.ContainsFunc(fields, func(e errs.Field) bool { return e.Name == f.Name }) {
		fields = append(fields, *f) // whatever else the action demands
	}
	if err := errs.InvalidFields(fields...); err != nil {
		return nil, err
	}
	ch.reason = in.Reason
	if err := actions[act](ch); err != nil {
		return nil, err
	}
	ch.finish()
	return ch, nil
}

// finish sets what every change sets.
func (ch *change) finish() {
	ch.c.Version++
	if ch.c.Stage == StageClosed && ch.c.Outcome == "" {
		ch.c.Outcome = ch.row.Outcome
	}
	for _, f := range ch.in.kept {
		ch.c.Files++
		reader := ForApplicant
		n := ch.c.Entries
		if len(ch.entries) > 0 {
			reader, n = ch.entries[0].Reader, ch.entries[0].N
		}
		ch.files = append(ch.files, Attachment{N: ch.c.Files, Entry: n, Blob: f.Blob, Reader: reader,
			Name: f.Name, Kind: f.Kind, Size: f.Size, Uploader: f.Uploader})
	}
}

// say adds an entry and tells its number.
func (ch *change) say(kind EntryKind, reader Reader, body string) int64 {
	if body == "" && len(ch.in.kept) == 0 {
		return 0
	}
	ch.c.Entries++
	ch.entries = append(ch.entries, Entry{N: ch.c.Entries, Kind: kind, Reader: reader, Author: ch.actor.Person,
		Role: ch.role, Organisation: ch.actor.Organisation, At: ch.now, Action: ch.row.Code, Reason: ch.in.Reason, Body: body})
	return ch.c.Entries
}

// roleOf names the role in which the actor acts on the case: the stage's own
// where they hold it.
func roleOf(a policy.Actor, p *Procedure, c Case) string {
	if a.Has(policy.System) {
		return string(policy.System)
	}
	if a.Organisation == id.Nil {
		return string(policy.Citizen)
	}
	if s, ok := p.Stage(c.Stage); ok && a.Has(s.Role) {
		return string(s.Role)
	}
	for _, r := range []policy.Role{policy.Approver, policy.Coordinator, policy.Handler, policy.Moderator, policy.Supervisor} {
		if a.Has(r) {
			return string(r)
		}
	}
	return string(policy.Citizen)
}
