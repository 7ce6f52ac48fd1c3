package casework

import (
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

// splitUp closes a case that holds several matters and opens a case of its
// own for each, with its own number, organisation and entry. The term runs
// from the first registration.
func splitUp(ch *change) error {
	ch.say(EntryRemark, ForOffice, ch.in.Comment)
	for _, part := range ch.in.Parts {
		child, err := ch.part(part)
		if err != nil {
			return err
		}
		ch.children = append(ch.children, child)
	}
	ch.enter(ch.row.To)
	return nil
}

func (ch *change) part(p Part) (*change, error) {
	info, _ := ch.env.facts.Fact(p.Fact)
	org := p.Organisation
	if org == id.Nil {
		routed, err := ch.env.router.Route(info.Code, ch.c.Place)
		if err != nil {
			return nil, err
		}
		org = routed.Organisation
	}
	office, ok := ch.env.offices.Office(org)
	if !ok {
		office = ch.office
	}
	child := &change{env: ch.env, proc: ch.proc, row: ActionRow{Code: Filed}, actor: ch.actor, role: ch.role, now: ch.now, office: office, reason: "split"}
	if p.ID == id.Nil {
		p.ID, p.Number = id.New(), ch.env.number()
	}
	child.c = Case{ID: p.ID, Number: p.Number, Place: ch.c.Place, Lang: ch.c.Lang, Title: titleOf(p.Text), State: State{
		Procedure: ch.proc.Code, ProcedureVersion: ch.proc.Version, Channel: ch.c.Channel, Applicant: ch.c.Applicant,
		Organisation: office.ID, Fact: info.Code, Territory: ch.c.Territory, FastTrack: info.FastTrack, Hidden: ch.c.Hidden,
		RegisteredAt: ch.c.RegisteredAt, Parent: ch.c.ID, People: 1}}
	child.setReview(clock.FromMilli(ch.c.RegisteredAt), info.Term)
	if child.c.ReviewAt > ch.c.ReviewAt { // told to the citizen: never later
		child.c.ReviewAt, child.c.ReviewDate, child.c.Zone = ch.c.ReviewAt, ch.c.ReviewDate, ch.c.Zone
	}
	child.say(EntryText, ForApplicant, p.Text)
	child.enter(StageCoordination)
	child.finish()
	return child, nil
}

// joinParent makes the people of a merged case participants of the one that
// stays: they keep their numbers and get its notices.
func (ch *change) joinParent() {
	into := ch.in.into
	old := *into
	into.People += ch.c.People
	if ch.c.Applicant == into.Applicant { // one person, whose two reports they were
		into.People--
	}
	into.Version++
	p := Participant{Person: ch.c.Applicant, Number: ch.c.Number, Kind: "merged", JoinedAt: ch.now}
	from, fact := ch.c.ID, ready(factOf(ch, &old, into, "merged_in", ch.now))
	ch.also = append(ch.also, func(tx *db.Tx) {
		updateCase(tx, &old, into)
		addParticipant(tx, into, p, true)
		moveParticipants(tx, from, into.ID)
		tx.Fact(fact)
	})
}
