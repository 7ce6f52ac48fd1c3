package policy

import (
	"slices"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Object is what a decision needs to know of a thing; the store returns it
// before anything else is read. Fields that a thing lacks stay zero.
type Object struct {
	Owner        id.ID   // the person it belongs to
	Participants []id.ID // persons who joined; a store may give only the asking one
	Organisation id.ID   // that holds it now
	Territory    string  // code of the territory where it lies
	Public       bool    // strangers may see something of it
}

// Grant is a positive decision.
type Grant struct {
	Level    Level
	Role     Role     // by which role
	Relation Relation // by which relation
}

// Full tells whether words and files may be shown, a reason aside.
func (g Grant) Full() bool { return g.Level >= NeedsReason }

// Reason demands a reason where the grant needs one: forbidden with the
// sentence policy.reason_needed, from which the page asks for it.
func (g Grant) Reason(reason string) error {
	if g.Level == NeedsReason && reason == "" {
		return errs.New(errs.Forbidden, "policy.reason_needed")
	}
	return nil
}

// Check decides about one object. The error is not_found where the actor may
// not even know of it, unauthenticated where signing in could help, and
// forbidden where it is visible to the actor but not theirs to act on.
func Check(a Actor, action Action, o Object) (Grant, error) {
	t, ok := traitsOf[action]
	if !ok {
		return Grant{}, errs.New(errs.Internal, "policy.unknown_action")
	}
	g := best(a, action, o)
	if g.Level != Refused {
		if tokenBars(a, t) {
			return Grant{}, errs.New(errs.Forbidden, "policy.token_bars")
		}
		return g, nil
	}
	visible := t.sees == "" || o.Public || best(a, t.sees, o).Level != Refused
	switch {
	case !visible:
		return Grant{}, errs.New(errs.NotFound, "")
	case !a.SignedIn() && !a.Has(System):
		return Grant{}, errs.New(errs.Unauthenticated, "")
	}
	return Grant{}, errs.New(errs.Forbidden, "")
}

// Allow is [Check] for an action that concerns no particular thing.
func Allow(a Actor, action Action) error {
	_, err := Check(a, action, Object{})
	return err
}

// May tells whether a page should offer the action.
func May(a Actor, action Action, o Object) bool {
	_, err := Check(a, action, o)
	return err == nil
}

func tokenBars(a Actor, t traits) bool {
	return a.Token != id.Nil && (t.session || a.ReadOnly && t.writes)
}

// best finds the widest grant for the actor.
func best(a Actor, action Action, o Object) Grant {
	var g Grant
	for _, r := range rows[action] {
		if r.level > g.Level && a.Has(r.role) && holds(a, r.relation, o) {
			g = Grant{r.level, r.role, r.relation}
		}
	}
	return g
}

func holds(a Actor, r Relation, o Object) bool {
	switch r {
	case Own:
		return a.SignedIn() && o.Owner == a.Person
	case Joined:
		return a.SignedIn() && slices.Contains(o.Participants, a.Person)
	case MyOrganisation:
		return a.Organisation != id.Nil && o.Organisation == a.Organisation
	case Supervised:
		return inSubtree(a, o) && o.Organisation != a.Organisation
	case Subtree:
		return inSubtree(a, o)
	case Territory:
		return a.Organisation != id.Nil && o.Territory != "" && slices.Contains(a.Territories, o.Territory)
	case Public:
		return o.Public
	case Any:
		return true
	}
	return false
}

func inSubtree(a Actor, o Object) bool {
	return a.Organisation != id.Nil && o.Organisation != id.Nil &&
		(o.Organisation == a.Organisation || slices.Contains(a.Subtree, o.Organisation))
}
