package taxonomy

import (
	"cmp"
	"slices"

	"okno/internal/calendar"
)

// Targets of a rule that are not an organisation's code.
const (
	ToOwner    = "@owner"    // the owner of the asset
	ToOperator = "@operator" // who serves the asset; its owner where nobody is named
)

// Owners of a rule that are not an organisation's code.
const (
	OwnerKnown   = "known"   // the fact is a matter of ownership, and the register names the owner
	OwnerUnknown = "unknown" // … and the register names nobody
	OwnerKind    = "kind:"   // begins "kind:managing": a known owner of that kind
)

// Rule is one row of the table of competence. Fact, Territory, Owner and From
// together name it.
type Rule struct {
	Fact         string         // code of a fact, subcategory or category; "" for all
	Territory    string         // code of a territory, with those below it; "" for all
	Owner        string         // an organisation's code, "kind:KIND", OwnerKnown, OwnerUnknown; "" for any known owner and for facts without one
	Organisation string         // code of the organisation that answers, ToOwner or ToOperator
	Term         *calendar.Term // this organisation's own term; nil: the fact's
	From, To     string         // ISO dates, the first and the last day; "" open
	Note         string         // the act that the row rests on
}

func (r *Rule) key() ruleKey { return ruleKey{r.Fact, r.Owner, r.Territory} }

// Holds tells whether the row is in force on an ISO date.
func (r *Rule) Holds(on string) bool {
	return (r.From == "" || r.From <= on) && (r.To == "" || on <= r.To)
}

// Party is an organisation as routing needs it; the zero value is "none known".
type Party struct{ Code, Kind string }

// Area is a territory as routing needs it.
type Area struct{ Code, Parent string }

// Why says by what a route was chosen.
type Why string

// The reasons of a route.
const (
	ByOperator     Why = "operator"      // serves the thing
	ByOwner        Why = "owner"         // owns the thing
	ByRule         Why = "rule"          // named by the table of competence
	ByUnknownOwner Why = "unknown_owner" // nobody knows the owner: the coordinator decides
	ByNothing      Why = "nothing"       // no row fits
)

// Key is the sentence for people; its placeholder is Organisation.
func (w Why) Key() string {
	switch w {
	case ByOperator:
		return "taxonomy.why_operator"
	case ByOwner:
		return "taxonomy.why_owner"
	case ByRule:
		return "taxonomy.why_rule"
	case ByUnknownOwner:
		return "taxonomy.why_unknown_owner"
	default:
		return "taxonomy.why_nothing"
	}
}

// Route is who answers a report.
type Route struct {
	Organisation string // code; "" where no row fits
	Rule         Rule   // the row that decided
	Why          Why
	Unknown      bool          // the owner is needed and not known: a coordinator decides
	Term         calendar.Term // of the answer: the row's, else the fact's
}

type ruleKey struct{ fact, owner, territory string }

// Competence is the table of competence, in memory and never changed.
type Competence struct {
	rules  []Rule
	byKey  map[ruleKey][]int // rows with the same key, the latest From first
	parent map[string]string
}

// NewCompetence makes a table of rows and the tree of territories. It doesn't
// judge the rows: see [Competence.Check].
func NewCompetence(rules []Rule, areas []Area) *Competence {
	c := &Competence{rules: slices.Clone(rules), byKey: map[ruleKey][]int{}, parent: map[string]string{}}
	for _, a := range areas {
		c.parent[a.Code] = a.Parent
	}
	for i := range c.rules {
		k := c.rules[i].key()
		c.byKey[k] = append(c.byKey[k], i)
	}
	for _, rows := range c.byKey {
		slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(c.rules[b].From, c.rules[a].From) })
	}
	return c
}

// Rules lists the rows. Not to be changed.
func (c *Competence) Rules() []Rule { return c.rules }

// Route finds who answers for a fact in a territory on an ISO date. owner and
// operator are those of the asset that stands at the place; they are left out
// for a fact that is not a matter of ownership.
//
// The more exact fact decides first, then the owner (an organisation before
// its kind before any known one before none said), then the smaller territory. Where the fact is a matter
// of ownership and the owner is not known, only rows for the unknown owner
// are asked: nobody guesses.
func (c *Competence) Route(on string, f *Fact, territory string, owner, operator Party) Route {
	route, _ := c.decide(on, f, territory, owner, operator)
	return route
}

// decide is Route, with the number of the row that decided, -1 for none.
func (c *Competence) decide(on string, f *Fact, territory string, owner, operator Party) (Route, int) {
	if !f.Owned() {
		owner, operator = Party{}, Party{}
	}
	if operator.Code == "" {
		operator = owner
	}
	if owner.Code == "" {
		owner = operator
	}
	owners := []string{""}
	unknown := f.Owned() && owner.Code == ""
	switch {
	case unknown:
		owners = []string{OwnerUnknown}
	case f.Owned():
		owners = []string{owner.Code, OwnerKind + owner.Kind, OwnerKnown, ""}
	}
	i := c.find(on, f.Code, territory, owners)
	if i < 0 {
		return Route{Why: ByNothing, Unknown: unknown, Term: f.Term}, -1
	}
	r := c.rules[i]
	route := Route{Organisation: r.Organisation, Rule: r, Why: ByRule, Unknown: unknown, Term: f.Term}
	if r.Term != nil {
		route.Term = *r.Term
	}
	switch {
	case r.Organisation == ToOwner:
		route.Organisation, route.Why = owner.Code, ByOwner
	case r.Organisation == ToOperator:
		route.Organisation, route.Why = operator.Code, ByOperator
		if operator == owner {
			route.Why = ByOwner
		}
	case unknown:
		route.Why = ByUnknownOwner
	}
	if route.Organisation == "" { // a row that names the owner stands for a fact that has none
		route.Why = ByNothing
	}
	return route, i
}

func (c *Competence) find(on, fact, territory string, owners []string) int {
	for level := fact; ; level = Parent(level) {
		for _, o := range owners {
			area := territory
			for steps := 0; steps < 16; steps++ { // a circle of territories must not hang a request
				for _, i := range c.byKey[ruleKey{level, o, area}] {
					if c.rules[i].Holds(on) {
						return i
					}
				}
				if area == "" {
					break
				}
				area = c.parent[area]
			}
		}
		if level == "" {
			return -1
		}
	}
}
