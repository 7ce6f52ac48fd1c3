package casework

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/recent"
	"okno/internal/policy"
)

// Config is what a [Service] is made of.
type Config struct {
	DB      *db.DB
	Clock   clock.Clock
	Offices Offices
	Facts   Rubricator
	Places  Places
	Router  Router
	Files   Files
	People  People
	Numbers func() string // draws public numbers; nil: [id.NewNumber]
	Public  func()        // called when strangers see something of a case no more, or something else; nil: nobody asks
}

// Service holds the use cases of casework. It is safe for concurrent use.
type Service struct {
	db       *db.DB
	clock    clock.Clock
	offices  Offices
	facts    Rubricator
	places   Places
	router   Router
	files    Files
	people   People
	calendar atomic.Pointer[calendar.Calendar]
	procs    atomic.Pointer[map[string][]Procedure] // by code, newest first
	held     atomic.Bool
	number   func() string
	public   func()
	crowded  sync.Map // folderOf → until when it is known to hold more than CountLimit
	cells    *recent.Cache[string, []CellCount]
}

// New makes the service; [Service.Load] reads procedures before first use.
func New(c Config) *Service {
	s := &Service{db: c.DB, clock: c.Clock, offices: c.Offices, facts: c.Facts, places: c.Places, router: c.Router, files: c.Files, people: c.People, number: c.Numbers, public: c.Public,
		cells: recent.New[string, []CellCount](publicMoment, 512)}
	if s.number == nil {
		s.number = id.NewNumber
	}
	s.calendar.Store(&calendar.Calendar{})
	return s
}

// Calendar is the production calendar in force.
func (s *Service) Calendar() *calendar.Calendar { return s.calendar.Load() }

func (s *Service) env() env {
	return env{offices: s.offices, facts: s.facts, places: s.places, router: s.router, calendar: s.calendar.Load(), number: s.number}
}

// drawn runs fn, which draws public numbers, again where one of them was taken
// already: of a hundred thousand draws beside a million numbers one is.
func drawn[T any](fn func() (T, error)) (T, error) {
	for try := 1; ; try++ {
		v, err := fn()
		if table, taken := db.Unique(err); !taken || table != "casework_number" || try == 5 {
			return v, err
		}
	}
}

// Load publishes the built-in procedures where they are missing and reads all
// that are in force.
func (s *Service) Load(ctx context.Context) error {
	defaults, err := DefaultProcedures()
	if err != nil {
		return err
	}
	now := clock.Milli(s.clock.Now())
	err = db.Do(ctx, s.db, db.People, func(tx *db.Tx) error {
		for _, p := range defaults {
			body, err := json.Marshal(p)
			if err != nil {
				return err
			}
			tx.Queue(`INSERT INTO casework_procedure (code, version, effective_from, body) VALUES ($1,$2,$3,$4)
				ON CONFLICT DO NOTHING`, p.Code, p.Version, now, string(body))
		}
		return nil
	})
	if err != nil {
		return err
	}
	rows, err := db.All(ctx, s.db, func(r db.Scanner) (Procedure, error) {
		var body string
		if err := r.Scan(&body); err != nil {
			return Procedure{}, err
		}
		var p Procedure
		return p, json.Unmarshal([]byte(body), &p)
	}, `SELECT body FROM casework_procedure ORDER BY code, version DESC`)
	if err != nil {
		return err
	}
	m := map[string][]Procedure{}
	for _, p := range rows {
		if err := p.Check(); err != nil {
			return err
		}
		m[p.Code] = append(m[p.Code], p)
	}
	s.procs.Store(&m)
	return s.LoadCalendar(ctx)
}

// procedure finds a version; 0 is the newest.
func (s *Service) procedure(code string, version int64) *Procedure {
	all := (*s.procs.Load())[code]
	for i := range all {
		if version == 0 || all[i].Version == version {
			return &all[i]
		}
	}
	return &Procedure{Code: code}
}

// Procedure is the version under which a case was filed.
func (s *Service) Procedure(c *Case) *Procedure { return s.procedure(c.Procedure, c.ProcedureVersion) }

// objectOf is what the policy needs to know of a case.
func objectOf(c *Case) policy.Object {
	return policy.Object{Owner: c.Applicant, Organisation: c.Organisation, Territory: c.State.Territory, Public: c.public()}
}

// public tells whether strangers may see that the case exists.
func (c *Case) public() bool {
	return !c.Hidden && c.Stage != StageModeration && c.Outcome != Rejected && c.Outcome != Withdrawn && c.Outcome != Archived
}

// Act does one action to the case with the public number. Errors: NotFound for
// another's case, Forbidden, Invalid with fields, Stale where the case changed
// since in.Version, Conflict where its stage does not allow the action.
func (s *Service) Act(ctx context.Context, actor policy.Actor, number string, act Action, in Input) (*Case, error) {
	return s.ActAt(ctx, actor, number, act, in, time.Time{})
}

// ActAt is [Service.Act] at a moment of the past, for imports and the
// demonstration; a person's actor may not name one.
func (s *Service) ActAt(ctx context.Context, actor policy.Actor, number string, act Action, in Input, at time.Time) (*Case, error) {
	c, err := s.byNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	return s.act(ctx, actor, c, act, in, at)
}

func (s *Service) act(ctx context.Context, actor policy.Actor, c Case, act Action, in Input, at time.Time) (*Case, error) {
	return drawn(func() (*Case, error) { return s.actOnce(ctx, actor, c, act, in, at) })
}

func (s *Service) actOnce(ctx context.Context, actor policy.Actor, c Case, act Action, in Input, at time.Time) (*Case, error) {
	proc := s.Procedure(&c)
	row, ok := proc.Action(act)
	var err error
	if !ok || row.Policy == "" && !actor.Has(policy.System) {
		return nil, notFound() // word for word what is said of a case that isn't there
	}
	if err := s.may(actor, row, &c); err != nil {
		return nil, err
	}
	if at.IsZero() {
		at = s.clock.Now()
	}
	if act == Merge && in.Into != "" {
		into, err := s.byNumber(ctx, in.Into)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		if err == nil && s.may(actor, row, &into) == nil {
			in.into, in.intoProc = &into, s.Procedure(&into)
			if in.inBoth, err = s.inBoth(ctx, &c, &into); err != nil {
				return nil, err
			}
		}
	}
	if act == Redirect && in.Organisation != id.Nil && !actor.Has(policy.System) {
		ok, err := s.attended(ctx, in.Organisation)
		if err != nil {
			return nil, err
		}
		in.unattended = !ok
	}
	if in.Handler != id.Nil {
		fits, err := s.offices.HasRole(ctx, c.Organisation, in.Handler, policy.Handler)
		if err != nil {
			return nil, err
		}
		in.handlerFits = fits
	}
	if n := len(in.Parts); act == SplitUp && n <= maxParts {
		orgs := make([]id.ID, n)
		for i, p := range in.Parts {
			if p.Organisation != c.Organisation {
				orgs[i] = p.Organisation
			}
		}
		if i, err := s.unattended(ctx, orgs); err != nil {
			return nil, err
		} else if i >= 0 {
			return nil, errs.InvalidFields(errs.Field{Name: "parts", Rule: "unattended", Key: "case.part_unattended", Args: map[string]any{"N": i + 1}})
		}
		if in.carried, err = s.carry(ctx, &c, n); err != nil {
			return nil, err
		}
	}
	if act == Approve {
		if in.eyes, err = s.eyesOn(ctx, actor, &c); err != nil {
			return nil, err
		}
		if in.draftShared, in.sharedNeeded, err = s.draftShared(ctx, &c); err != nil {
			return nil, err
		}
	}
	if (act == Accept || act == Release) && in.Comment != "" {
		names, err := s.people.Names(ctx, []id.ID{c.Applicant})
		if err != nil {
			return nil, err
		}
		in.waiting = []waiting{{name: names[c.Applicant]}}
	}
	if in.Shared != "" || in.draftShared != "" {
		if in.waiting, err = s.waitFor(ctx, &c); err != nil {
			return nil, err
		}
	}
	if len(in.Files) > 0 {
		kept, err := s.files.Claim(ctx, actor.Person, in.Files)
		if err != nil {
			return nil, err
		}
		in.kept = kept
	}
	if err := s.ofDraft(ctx, &c, in.Again); err != nil {
		return nil, err
	}
	if len(in.kept)+len(in.Again) > MaxFiles {
		return nil, errs.InvalidFields(errs.Field{Name: "files", Rule: "too_many", Key: "blob.too_many", Args: map[string]any{"Max": MaxFiles}})
	}
	if in.excerpt, err = s.excerptOf(ctx, &c, act); err != nil {
		return nil, err
	}
	if in.Released != nil && c.Files > 0 || len(in.Released) > 0 {
		files, err := s.attachments(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		for _, n := range in.Released {
			if !slices.ContainsFunc(files, func(a Attachment) bool { return a.N == n && a.releasable() }) {
				return nil, errs.InvalidFields(errs.Field{Name: "released", Rule: "unknown"})
			}
		}
		for _, a := range files {
			if a.Reader == ForAnyone {
				in.shown = append(in.shown, a.N)
			}
		}
	}
	ch, err := step(s.env(), proc, actor, c, act, in, at)
	if err != nil {
		return nil, err
	}
	if in.once != nil {
		ch.also = append(ch.also, func(tx *db.Tx) { in.once(tx, ch.c.ID) })
	}
	if err := s.write(ctx, ch); err != nil {
		return nil, err
	}
	return &ch.c, nil
}

// excerptOf is what strangers read of a case, for an action that may change it.
func (s *Service) excerptOf(ctx context.Context, c *Case, act Action) (string, error) {
	if c.Excerpt == 0 || act != Release && act != Accept {
		return "", nil
	}
	return db.One(ctx, s.db, db.Text, `SELECT body FROM casework_entry WHERE case_id=$1 AND n=$2`, c.ID, c.Excerpt)
}

// may asks the policy; an action without one belongs to the clock alone.
func (s *Service) may(actor policy.Actor, row ActionRow, c *Case) error {
	if row.Policy == "" && !actor.Has(policy.System) {
		return notFound()
	}
	if row.Policy == "" {
		return nil
	}
	_, err := policy.Check(actor, row.Policy, objectOf(c))
	return err
}

// write stores a change in one transaction: the case under its version, its
// lists, entries, files, one fact and its timer.
func (s *Service) write(ctx context.Context, ch *change) error {
	timer := s.timer(ch)
	ch.tell()
	for _, child := range ch.children {
		child.tell()
	}
	lane := db.People
	if ch.actor.Has(policy.System) || ch.now.Before(s.clock.Now().Add(-time.Minute)) { // nobody waits for a step of the past
		lane = db.Background
	}
	err := db.Do(ctx, s.db, lane, func(tx *db.Tx) error {
		if err := s.put(tx, ch); err != nil {
			return err
		}
		tx.Timer(timer)
		for _, child := range ch.children {
			if err := s.put(tx, child); err != nil {
				return err
			}
			tx.Timer(s.timer(child))
		}
		return nil
	})
	if s.public != nil && ch.seen() {
		s.public()
	}
	return err
}

// seen tells whether strangers notice the change: what they may read or see is another.
func (ch *change) seen() bool {
	return ch.old.Version > 0 && (ch.old.public() != ch.c.public() || ch.old.Excerpt != ch.c.Excerpt || len(ch.released)+len(ch.withheld) > 0)
}

func (s *Service) put(tx *db.Tx, ch *change) error {
	if ch.old.Version == 0 {
		insertCase(tx, &ch.c)
	} else {
		updateCase(tx, &ch.old, &ch.c)
	}
	for _, e := range ch.entries {
		insertEntry(tx, ch.c.ID, e)
	}
	if kind, approved := ch.approved(); approved {
		tx.QueueOne(`UPDATE casework_entry SET kind=$3, reader=$4, at=$5 WHERE case_id=$1 AND n=$2`,
			ch.c.ID, ch.c.Answer, kind, ForApplicant, clock.Milli(ch.now))
		tx.Queue(`UPDATE casework_entry SET reader=$4, at=$5 WHERE case_id=$1 AND n=$2 AND kind=$3`,
			ch.c.ID, ch.c.Answer+1, EntryShared, ForJoined, clock.Milli(ch.now))
		tx.Queue(`UPDATE casework_attachment SET reader=$3 WHERE case_id=$1 AND entry=$2`, ch.c.ID, ch.c.Answer, ForApplicant)
	}
	if len(ch.files) > 0 {
		blobs := make([]id.ID, len(ch.files))
		for i, f := range ch.files {
			insertAttachment(tx, ch.c.ID, f)
			blobs[i] = f.Blob
		}
		if err := s.files.Keep(tx, ch.actor.Person, blobs); err != nil {
			return err
		}
	}
	for _, n := range ch.released {
		tx.QueueOne(`UPDATE casework_attachment SET reader=$3 WHERE case_id=$1 AND n=$2`, ch.c.ID, n, ForAnyone)
	}
	for _, n := range ch.withheld {
		tx.QueueOne(`UPDATE casework_attachment SET reader=$3 WHERE case_id=$1 AND n=$2`, ch.c.ID, n, ForApplicant)
	}
	for _, f := range ch.also {
		f(tx)
	}
	tx.Fact(ch.fact)
	return nil
}

// releasable are pictures that the applicant sent or was sent: no document and
// nothing internal is ever shown to strangers.
func (a Attachment) releasable() bool { return a.picture() && a.Reader != ForOffice }

// tell makes the change's fact, before the transaction.
func (ch *change) tell() { ch.fact = ready(factOf(ch, &ch.old, &ch.c, ch.row.Code, ch.now)) }

// approved tells whether the change sends a draft, and what the draft becomes.
func (ch *change) approved() (EntryKind, bool) {
	if ch.old.Draft == 0 || ch.c.Draft != 0 || ch.c.Answer != ch.old.Draft {
		return "", false
	}
	if ch.old.Interim || ch.old.PlanDate != "" {
		return EntryInterim, true
	}
	return EntryAnswer, true
}

func (s *Service) timer(ch *change) db.Timer {
	remind := func(due int64) int64 { return ch.env.remindAt(ch.office, due, ch.proc.RemindBefore) }
	at := ch.c.nextAlarm(remind)
	if soonest := s.clock.Now().Add(heldFor); s.held.Load() && !at.IsZero() && at.Before(soonest) {
		at = soonest
	}
	return db.Timer{Kind: ClockJob, Subject: ch.c.ID, At: at}
}

func notFound() error { return errs.New(errs.NotFound, "") }

func itoa(n int) string { return strconv.Itoa(n) }

func fieldsOf(err error) []errs.Field {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}
