package policy

import (
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// MaxOrganisations is how many organisations a list may span: a larger
// subtree gets counts and opens one organisation at a time.
const MaxOrganisations = 200

// Scope is the part of a list that an actor may see: everything, or the union
// of its fields. The zero value is nothing.
type Scope struct {
	All           bool
	Owner         id.ID    // things of this person
	Participant   id.ID    // things in which this person takes part
	Organisations []id.ID  // things held by these, at most MaxOrganisations
	Territories   []string // things in these territories
	Public        bool     // things open to everybody
	MetadataOnly  bool     // no words, files or names in the answer
}

// None tells whether the scope holds nothing at all.
func (s Scope) None() bool {
	return !s.All && s.Owner == id.Nil && s.Participant == id.Nil &&
		len(s.Organisations) == 0 && len(s.Territories) == 0 && !s.Public
}

// ScopeOf tells what a list shows to the actor. The rows that allow in full
// count together; where there is none, those that allow metadata (a row that
// needs a reason counts among these: the reason is given when one thing is
// opened). An empty scope is an error: unauthenticated or forbidden.
func ScopeOf(a Actor, action Action) (Scope, error) {
	t, ok := traitsOf[action]
	if !ok {
		return Scope{}, errs.New(errs.Internal, "policy.unknown_action")
	}
	if tokenBars(a, t) {
		return Scope{}, errs.New(errs.Forbidden, "policy.token_bars")
	}
	var full, meta Scope
	for _, r := range rows[action] {
		switch {
		case !a.Has(r.role):
		case r.level == Allowed:
			full.widen(a, r.relation)
		default:
			meta.widen(a, r.relation)
		}
	}
	meta.MetadataOnly = true
	switch {
	case !full.None():
		return full, nil
	case !meta.None():
		return meta, nil
	}
	return Scope{}, refusal(a)
}

// Gate is the coarse check that a route makes before its use case: whether
// any row could let this actor take the action on something.
func Gate(a Actor, action Action) error {
	t, ok := traitsOf[action]
	if !ok {
		return errs.New(errs.Internal, "policy.unknown_action")
	}
	if tokenBars(a, t) {
		return errs.New(errs.Forbidden, "policy.token_bars")
	}
	for _, r := range rows[action] {
		if a.Has(r.role) {
			return nil
		}
	}
	return refusal(a)
}

func refusal(a Actor) error {
	if !a.SignedIn() && !a.Has(System) {
		return errs.New(errs.Unauthenticated, "")
	}
	return errs.New(errs.Forbidden, "")
}

func (s *Scope) widen(a Actor, r Relation) {
	switch r {
	case Own:
		s.Owner = a.Person
	case Joined:
		s.Participant = a.Person
	case MyOrganisation:
		s.add(a.Organisation)
	case Subtree:
		s.add(a.Organisation)
		s.add(a.Subtree...)
	case Supervised:
		for _, o := range a.Subtree {
			if o != a.Organisation {
				s.add(o)
			}
		}
	case Territory:
		if a.Organisation != id.Nil {
			s.Territories = a.Territories
		}
	case Public:
		s.Public = true
	case Any:
		s.All = true
	}
}

func (s *Scope) add(orgs ...id.ID) {
	for _, o := range orgs {
		if o != id.Nil && len(s.Organisations) < MaxOrganisations && !has(s.Organisations, o) {
			s.Organisations = append(s.Organisations, o)
		}
	}
}

func has(ids []id.ID, o id.ID) bool {
	for _, x := range ids {
		if x == o {
			return true
		}
	}
	return false
}

// Within tells whether one organisation lies in the scope: an inbox that
// shows a single organisation asks this and then filters by it alone.
func (s Scope) Within(org id.ID) bool { return s.All || has(s.Organisations, org) }
