package casework

import (
	"context"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// splitUp closes a case that holds several matters and opens a case of its
// own for each, with its own number, organisation and entry. The term runs
// from the first registration. Whoever waited for the case waits for each part.
func splitUp(ch *change) error {
	ch.say(EntryRemark, ForOffice, ch.in.Comment)
	for i, part := range ch.in.Parts {
		child, err := ch.part(part, i)
		if err != nil {
			return err
		}
		ch.children = append(ch.children, child)
	}
	if in := ch.in; in.print != nil {
		by, of := ch.actor.Person, ch.c.ID
		ch.also = append(ch.also, func(tx *db.Tx) { tx.Once(by, splitOnce, in.Key, in.print, of) })
	}
	ch.enter(ch.row.To)
	return nil
}

// maxParts is into how many parts a case may be split.
const maxParts = 10

// splitOnce is the operation of idempotency keys.
const splitOnce = "casework.split"

// Split is [Service.Act] with [SplitUp] for callers that may repeat it: the same
// Input.Key again makes nothing and answers the case with its parts as it did.
func (s *Service) Split(ctx context.Context, actor policy.Actor, number string, in Input) (*Case, []Short, error) {
	c, err := s.byNumber(ctx, number)
	if err != nil {
		return nil, nil, err
	}
	row, ok := s.Procedure(&c).Action(SplitUp)
	if !ok {
		return nil, nil, notFound()
	}
	if err := s.may(actor, row, &c); err != nil {
		return nil, nil, err
	}
	in.print = fingerprint(struct {
		Case    id.ID
		Parts   []Part
		Comment string
	}{c.ID, in.Parts, in.Comment})
	made := func() (*Case, []Short, error) {
		of, found, err := db.Made(ctx, s.db, actor.Person, splitOnce, in.Key, in.print)
		if err != nil || !found {
			return nil, nil, err
		}
		v := &View{}
		if v.Case, err = s.load(ctx, of); err != nil {
			return nil, nil, err
		}
		err = s.relatives(ctx, v)
		return &v.Case, v.Children, err
	}
	if c, parts, err := made(); c != nil || err != nil {
		return c, parts, err
	}
	_, err = s.act(ctx, actor, c, SplitUp, in, time.Time{})
	done, parts, again := made() // two calls at once: one of them did it
	switch {
	case again != nil:
		return nil, nil, again
	case done == nil:
		return nil, nil, err
	}
	return done, parts, nil
}

// Offer is who would answer a part of a case.
type Offer struct {
	Office  Office // zero where the part's fact isn't known
	Unknown bool   // nobody is known to be competent: it stays where it is
}

// OfferParts tells who is competent for each part of a case, for the form that
// splits it.
func (s *Service) OfferParts(ctx context.Context, actor policy.Actor, number string, parts []Part) ([]Offer, error) {
	c, err := s.byNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	row, ok := s.Procedure(&c).Action(SplitUp)
	if !ok {
		return nil, notFound()
	}
	if err := s.may(actor, row, &c); err != nil {
		return nil, err
	}
	present, _ := s.offices.Office(c.Organisation)
	out := make([]Offer, len(parts))
	for i, p := range parts {
		info, ok := s.facts.Fact(p.Fact)
		if !ok {
			continue
		}
		place, err := s.env().placeOf(&c, p, info)
		if err != nil {
			continue // said when the part is sent
		}
		if out[i].Office, out[i].Unknown, err = s.env().competent(present, info, place); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// placeOf is where a part of a case is, with the owner of what its own fact is about.
func (e env) placeOf(c *Case, p Part, info FactInfo) (Place, error) {
	if p.Place != (PlaceInput{}) {
		return e.places.Resolve(p.Place, info.AssetKinds)
	}
	place := c.Place
	if place.Address == id.Nil && place.Lat == 0 && place.Lon == 0 {
		return place, nil
	}
	owned, err := e.places.Resolve(PlaceInput{Address: place.Address, Lat: place.Lat, Lon: place.Lon}, info.AssetKinds)
	if errs.Is(err, errs.Invalid) { // the register no longer holds it: it is where it was
		return place, nil
	}
	place.Asset, place.Owner, place.Operator = owned.Asset, owned.Owner, owned.Operator
	return place, err
}

// competent is who answers for a fact at a place: the present organisation
// where nobody is known to.
func (e env) competent(present Office, info FactInfo, place Place) (office Office, unknown bool, err error) {
	routed, err := e.router.Route(info.Code, place)
	if errs.Is(err, errs.NotFound) {
		return present, true, nil
	}
	if err != nil {
		return Office{}, false, err
	}
	office, ok := e.offices.Office(routed.Organisation)
	if routed.Unknown || !ok || !office.Active {
		return present, true, nil
	}
	return office, false, nil
}

// part is the case of the nth part, from 0.
func (ch *change) part(p Part, n int) (*change, error) {
	info, _ := ch.env.facts.Fact(p.Fact)
	place, err := ch.env.placeOf(&ch.c, p, info)
	if errs.Is(err, errs.Invalid) {
		return nil, errs.InvalidFields(errs.Field{Name: "parts", Rule: "place", Key: "case.part_place", Args: map[string]any{"N": n + 1}})
	}
	if err != nil {
		return nil, err
	}
	office, ok := ch.env.offices.Office(p.Organisation)
	switch {
	case p.Organisation == id.Nil:
		if office, _, err = ch.env.competent(ch.office, info, place); err != nil {
			return nil, err
		}
	case !ok || !office.Active:
		return nil, errs.InvalidFields(errs.Field{Name: "parts", Rule: "office", Key: "case.part_office", Args: map[string]any{"N": n + 1}})
	}
	child := &change{env: ch.env, proc: ch.proc, row: ActionRow{Code: Filed}, actor: ch.actor, role: ch.role, now: ch.now, office: office, reason: "split"}
	if p.ID == id.Nil {
		p.ID, p.Number = id.New(), ch.env.number()
	}
	child.c = Case{ID: p.ID, Number: p.Number, Place: place, Lang: ch.c.Lang, Title: titleOf(p.Text), State: State{
		Procedure: ch.proc.Code, ProcedureVersion: ch.proc.Version, Channel: ch.c.Channel, Applicant: ch.c.Applicant,
		Organisation: office.ID, Fact: info.Code, Territory: place.Territory, Asset: place.Asset, FastTrack: info.FastTrack, Hidden: ch.c.Hidden,
		RegisteredAt: ch.c.RegisteredAt, Reopened: ch.c.Reopened, Owed: ch.c.Owed, Extended: ch.c.Extended, Parent: ch.c.ID}}
	child.termByFact(ch.c.State, info.Term)
	child.c.Alarms = 0 // nobody there was reminded yet
	child.say(EntryText, ForApplicant, p.Text)
	ch.follow(child, n)
	child.enter(StageCoordination)
	child.finish()
	return child, nil
}

// joinParent makes the people of a merged case participants of the one that
// stays: they keep their numbers, which open it from now on, and get its notices.
func (ch *change) joinParent() {
	stays := &change{env: ch.env, proc: ch.in.intoProc, row: ActionRow{Code: MergedIn}, actor: ch.actor, role: ch.role, now: ch.now,
		office: ch.office, old: *ch.in.into, c: *ch.in.into, reason: ch.reason}
	stays.c.People += ch.c.People - ch.in.inBoth
	stays.c.Owed = stays.c.Owed || ch.c.Owed
	stays.takeTerm(&ch.c)
	stays.finish()
	p := Participant{Person: ch.c.Applicant, Number: ch.c.Number, Kind: "merged", JoinedAt: ch.now}
	from := ch.c.ID
	stays.also = append(stays.also, func(tx *db.Tx) {
		if p.Person != stays.c.Applicant {
			addParticipant(tx, &stays.c, p, true)
		}
		moveParticipants(tx, from, &stays.c)
	})
	ch.children = append(ch.children, stays)
}

// takeTerm takes over the review term of a case that is merged into this one
// where it ends earlier: a term that was told never gets later. A pause moves
// it as it moves any. A term that is over already is not taken over, and none
// is where a date of the work is promised: the notice of the merge says by what
// date the answer comes then.
func (ch *change) takeTerm(of *Case) {
	if ch.c.ExecutionAt > 0 || of.ExecutionAt > 0 || of.ReviewAt >= ch.c.ReviewAt || of.ReviewAt <= clock.Milli(ch.now) {
		return
	}
	ch.c.ReviewDate, ch.c.ReviewAt, ch.c.Zone, ch.c.Provisional, ch.c.Shifted = of.ReviewDate, of.ReviewAt, of.Zone, of.Provisional, of.Shifted
	ch.c.Alarms &^= alarmReviewSoon | alarmReviewLate
}
