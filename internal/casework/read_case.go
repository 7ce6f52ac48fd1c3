package casework

import (
	"context"
	"slices"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// View is a case as one reader may see it: entries and files that are not
// theirs to read are gone from it.
type View struct {
	Case
	Grant       policy.Grant
	As          string // author, joined, office, stranger
	Procedure   *Procedure
	Office      Office
	Entries     []Entry
	Attachments []Attachment
	Me          Participant // of one who joined
	Voices      Voices      // for the office
	Formers     []Former    // of the reader, that were merged into it
	Left        bool        // it was merged into one in which its author takes part no longer
	Possible    []ActionRow // what this reader may do now
	NoShared    bool        // the reader could approve the draft, had it words for those who joined
	OwnDraft    bool        // the reader could approve the draft, had they not written it
	Children    []Short     // cases that it was split into
	ParentCase  *Short      // merged into, or split from
}

// Short is a case in one line.
type Short struct {
	ID     id.ID
	Number string
	Title  string
	Stage  Stage
	Fact   string
}

// Read shows a case to its author, to one who joined, or to an officer. The
// caller records the reading where it is another's. reason is demanded of
// roles that need one. Citizens whose case was merged are shown the one that
// answers them, as they take part in it.
func (s *Service) Read(ctx context.Context, actor policy.Actor, number, reason string) (*View, error) {
	c, err := s.byNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	c, filed, err := s.followed(ctx, actor, c)
	if err != nil {
		return nil, err
	}
	v, err := s.view(ctx, actor, c, reason)
	if err != nil {
		return nil, err
	}
	if filed == "" {
		filed = v.Me.Number
	}
	if filed != "" {
		if v.Formers, err = s.formers(ctx, actor, &c, filed); err != nil {
			return nil, err
		}
	}
	if v.As != "office" && c.People > 1 {
		v.Formers, err = s.formersBeside(ctx, actor, &c, v.Formers)
	}
	return v, err
}

// ReadFiled is [Service.Read] of the very case that has the number, merged or
// not: to its author with their words, to who joined it with the answers that it had.
func (s *Service) ReadFiled(ctx context.Context, actor policy.Actor, number, reason string) (*View, error) {
	c, err := s.byNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	return s.view(ctx, actor, c, reason)
}

func (s *Service) view(ctx context.Context, actor policy.Actor, c Case, reason string) (_ *View, err error) {
	o := objectOf(&c)
	v := &View{Case: c, Procedure: s.Procedure(&c)}
	if actor.SignedIn() && c.Applicant != actor.Person && actor.Organisation == id.Nil {
		p, joined, err := s.participant(ctx, c.ID, actor.Person)
		if err != nil {
			return nil, err
		}
		if joined {
			v.Me, o.Participants = p, []id.ID{actor.Person}
		}
	}
	if v.Grant, err = policy.Check(actor, policy.CaseworkRead, o); err != nil {
		return nil, err
	}
	if err := v.Grant.Reason(reason); err != nil {
		return nil, err
	}
	v.Office, _ = s.offices.Office(c.Organisation)
	switch v.Grant.Relation {
	case policy.Own:
		v.As = "author"
	case policy.Joined:
		v.As = "joined"
	default:
		v.As = "office"
	}
	if v.Entries, err = s.entries(ctx, c.ID); err != nil {
		return nil, err
	}
	if c.Files > 0 {
		if v.Attachments, err = s.attachments(ctx, c.ID); err != nil {
			return nil, err
		}
	}
	if err := s.relatives(ctx, v); err != nil {
		return nil, err
	}
	if v.As == "author" && c.Outcome == Merged {
		into, err := s.load(ctx, c.Parent)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		theirs := false
		if err == nil {
			if theirs, err = s.takesPart(ctx, actor, &into); err != nil {
				return nil, err
			}
		}
		if v.Left = !theirs; v.Left && !into.public() { // to them as to a stranger
			v.ParentCase = nil
		}
	}
	v.hide()
	if v.As == "office" && c.People > 1 {
		if v.Voices, err = s.voices(ctx, &c); err != nil {
			return nil, err
		}
	}
	if v.As == "joined" {
		v.own(v.Me, s.clock.Now())
		v.Place.Lat, v.Place.Lon = s.shown(&c)
	}
	if v.ParentCase != nil && v.As != "office" && v.Outcome == Merged {
		v.ParentCase.Title = "" // another person's words
	}
	for _, row := range v.Procedure.Possible(c.Stage) {
		if !s.standing(&c, v.Procedure, row) {
			continue
		}
		if row.Policy != "" && s.may(actor, row, &c) == nil {
			if slices.Contains(row.Rules, sharedWritten) {
				words, needed, err := s.draftShared(ctx, &c)
				if err != nil {
					return nil, err
				}
				if v.NoShared = needed && words == ""; v.NoShared {
					continue
				}
			}
			if slices.Contains(row.Rules, anotherApproves) {
				eyes, err := s.eyesOn(ctx, actor, &c)
				if err != nil {
					return nil, err
				}
				if v.OwnDraft = eyes.differ() != nil; v.OwnDraft {
					continue
				}
			}
			v.Possible = append(v.Possible, row)
		}
	}
	return v, nil
}

// standing tells whether the rules of an action that look at the case alone
// hold: what they forbid is not offered.
func (s *Service) standing(c *Case, proc *Procedure, row ActionRow) bool {
	office, _ := s.offices.Office(c.Organisation)
	ch := &change{env: s.env(), proc: proc, row: row, now: s.clock.Now(), office: office, c: *c}
	for _, name := range []string{"extension_left", "deferral_left", "not_taken", "nobody_else_waits", "not_reopened", "reopening_left"} {
		if slices.Contains(row.Rules, name) && rules[name](ch) != nil {
			return false
		}
	}
	return true
}

// hide takes out what the reader may not see.
func (v *View) hide() {
	readers := map[string][]Reader{
		"author": {ForApplicant, ForAnyone}, "office": {ForOffice, ForApplicant, ForJoined, ForAnyone}, "joined": {ForJoined, ForAnyone}, "stranger": {ForAnyone},
	}[v.As]
	if v.As == "office" && !v.Grant.Full() {
		readers = nil
	}
	if v.As == "joined" {
		if !v.public() { // what strangers no longer see; the answer stays theirs
			readers = []Reader{ForJoined}
		}
		v.answersForJoined()
	}
	seen := map[int64]bool{}
	v.Entries = slices.DeleteFunc(v.Entries, func(e Entry) bool {
		keep := slices.Contains(readers, e.Reader) && (e.Kind != EntryExcerpt || e.N == v.Excerpt || v.As != "joined")
		seen[e.N] = keep
		return !keep
	})
	v.Attachments = slices.DeleteFunc(v.Attachments, func(a Attachment) bool {
		return !slices.Contains(readers, a.Reader) && !(v.As == "joined" && seen[a.Entry] && a.shows()) // a letter names whom it is for
	})
	if v.As == "joined" {
		for i := range v.Attachments {
			v.Attachments[i].Name, v.Attachments[i].Size = "", 0 // a file may be called by a name
		}
	}
	if v.As == "joined" || v.As == "stranger" || v.As == "office" && !v.Grant.Full() {
		v.Title, v.Details, v.Place.Note = "", "", ""
		for i := range v.Children {
			v.Children[i].Title = ""
		}
		if v.ParentCase != nil {
			v.ParentCase.Title = ""
		}
	}
}

// answersForJoined puts in the place of each answer the words that the officer
// wrote for those who joined; of one without such words it stays that it was given.
func (v *View) answersForJoined() {
	for i := range v.Entries {
		e := &v.Entries[i]
		if e.Kind == EntryReason && e.Action == Reject { // the reason of the list; the words are to the author
			e.Body, e.Reader = "", ForJoined
		}
		if e.Kind != EntryAnswer && e.Kind != EntryInterim {
			continue
		}
		e.Body, e.Reader = "", ForJoined
		if i+1 < len(v.Entries) && v.Entries[i+1].Kind == EntryShared && v.Entries[i+1].Reader == ForJoined {
			e.Body = v.Entries[i+1].Body
		}
	}
	v.Entries = slices.DeleteFunc(v.Entries, func(e Entry) bool { return e.Kind == EntryShared })
}

func (s *Service) relatives(ctx context.Context, v *View) error {
	if v.Parent != id.Nil {
		p, err := db.One(ctx, s.db, scanShort, `SELECT id, number, title, stage, fact FROM casework_case WHERE id=$1`, v.Parent)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err == nil {
			v.ParentCase = &p
		}
	}
	if v.Outcome != Split {
		return nil
	}
	var err error
	whose := v.Applicant
	if v.As == "joined" { // who has a number of their own in each part
		whose = v.Me.Person
	}
	v.Children, err = db.All(ctx, s.db, scanShort, `SELECT c.id, m.number, c.title, c.stage, c.fact FROM casework_mine m
		JOIN casework_case c ON c.id=m.case_id WHERE m.person_id=$1 AND m.case_id>$2 AND c.parent_id=$2 AND c.outcome<>'merged'
		ORDER BY c.id LIMIT 20`, whose, v.ID)
	return err
}

func scanShort(s db.Scanner) (Short, error) {
	var c Short
	err := s.Scan(db.ScanID(&c.ID), &c.Number, &c.Title, &c.Stage, &c.Fact)
	return c, err
}

// Public is what a stranger sees of a report: category, place to the house,
// month, state, number of people, and what the moderator released.
type Public struct {
	ID          id.ID // its place in lists, never shown
	Number      string
	Fact        string
	PlaceText   string
	Territory   string
	Lat, Lon    int64
	Month       string // "2026-11"
	Stage       Stage
	Outcome     Outcome
	Solved      string // as the author said when they rated: yes, no
	Face        string
	People      int64
	Excerpt     string
	Attachments []Attachment
	Into        string   // public number of the report that it was merged into, where strangers see that
	Parts       []string // public numbers of those that it was split into, where strangers see them
}

// ReadPublic shows a report to anybody.
func (s *Service) ReadPublic(ctx context.Context, actor policy.Actor, number string) (*Public, error) {
	c, err := s.byNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	if _, err := policy.Check(actor, policy.CaseworkPublicRead, objectOf(&c)); err != nil {
		return nil, err
	}
	if !c.public() {
		return nil, notFound()
	}
	p := s.publicOf(&c)
	if err := s.publicRelatives(ctx, &c, p); err != nil {
		return nil, err
	}
	if c.Excerpt > 0 {
		e, err := db.One(ctx, s.db, db.Text, `SELECT body FROM casework_entry WHERE case_id=$1 AND n=$2`, c.ID, c.Excerpt)
		if err != nil {
			return nil, err
		}
		p.Excerpt = e
	}
	if c.Files > 0 {
		all, err := s.attachments(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		p.Attachments = slices.DeleteFunc(all, func(a Attachment) bool { return a.Reader != ForAnyone })
		for i := range p.Attachments {
			p.Attachments[i].Name = "" // what the author called it is the author's
			p.Attachments[i].Work = p.Attachments[i].Uploader != c.Applicant
		}
	}
	return p, nil
}

func (s *Service) publicOf(c *Case) *Public {
	face, stage := "", c.Stage
	if stage == StageWaiting { // whom the office asks is the author's
		stage = StageExecution
	}
	solved := ""
	if c.Outcome == Rated { // of an answer that was followed by another nothing is said
		solved = c.Solved
	}
	if row, ok := s.Procedure(c).Stage(stage); ok {
		face = row.Face
	}
	lat, lon := s.shown(c)
	return &Public{ID: c.ID, Number: c.Number, Fact: c.Fact, PlaceText: c.Place.Text, Territory: c.State.Territory, Lat: lat, Lon: lon,
		Month: monthOf(c.RegisteredAt, c.Zone), Stage: stage, Outcome: c.Outcome, Solved: solved, Face: face, People: c.People}
}

// shown is the point that strangers see: the house, never the pin that the
// author set; where there is no house, a point of a grid of some 50 metres.
func (s *Service) shown(c *Case) (lat, lon int64) {
	if c.Place.Address != id.Nil {
		if lat, lon, ok := s.places.House(c.Place.Address); ok {
			return lat, lon
		}
	}
	const grid = 500
	return c.Place.Lat / grid * grid, c.Place.Lon / grid * grid
}

// FileOf finds the attachment by which the actor may open a blob, with the
// case it belongs to; NotFound where none does. The grant may need a reason.
// Only its author and the office read what it is called: of others' it has no Name.
func (s *Service) FileOf(ctx context.Context, actor policy.Actor, number string, n int64) (Attachment, *Case, policy.Grant, error) {
	c, err := s.byNumber(ctx, number)
	if err != nil {
		return Attachment{}, nil, policy.Grant{}, err
	}
	a, err := db.One(ctx, s.db, scanAttachment, `SELECT n, entry, blob_id, reader, name, kind, size, uploader_id
		FROM casework_attachment WHERE case_id=$1 AND n=$2`, c.ID, n)
	if err != nil {
		return Attachment{}, nil, policy.Grant{}, err
	}
	if a.Reader == ForAnyone && c.public() {
		if own, err := policy.Check(actor, policy.CaseworkRead, objectOf(&c)); err != nil || own.Level != policy.Allowed {
			a.Name = ""
		}
		return a, &c, policy.Grant{Level: policy.Allowed, Relation: policy.Public}, nil
	}
	v, err := s.view(ctx, actor, c, "file") // the caller demands the reader's own reason of the grant
	if errs.Is(err, errs.Forbidden) || errs.Is(err, errs.Unauthenticated) {
		err = notFound() // the case is public, this file of it isn't: as if there were none
	}
	if err != nil {
		return Attachment{}, nil, policy.Grant{}, err
	}
	if !slices.ContainsFunc(v.Attachments, func(x Attachment) bool { return x.N == n }) {
		return Attachment{}, nil, policy.Grant{}, notFound()
	}
	if v.As == "joined" {
		a.Name = ""
	}
	return a, &c, v.Grant, nil
}

// viewer is who opens the file: nobody in particular where its name is not theirs to read.
func (a Attachment) viewer(actor policy.Actor) policy.Actor {
	if a.Name == "" {
		return policy.Actor{}
	}
	return actor
}
