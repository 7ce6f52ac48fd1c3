package taxonomy

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
)

// Findings is what [Competence.Check] found wrong with a table.
type Findings struct {
	Conflicts   []string // two rows for the same thing on the same day
	Unreachable []string // rows in force that decide nothing
	Unresolved  []string // fact × territory × owner that no row answers
	Unknown     []string // codes that nothing stands behind, impossible dates and terms
}

// Err is nil where nothing was found.
func (f Findings) Err() error {
	var parts []string
	for _, p := range []struct {
		what string
		list []string
	}{{"unknown", f.Unknown}, {"conflicting", f.Conflicts}, {"unresolved", f.Unresolved}, {"unreachable", f.Unreachable}} {
		if len(p.list) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s, the first: %s", len(p.list), p.what, p.list[0]))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return errors.New("competence: " + strings.Join(parts, "; "))
}

// String shows a row as its line of the file.
func (r Rule) String() string {
	dates := ""
	if r.From != "" || r.To != "" {
		dates = fmt.Sprintf(" [%s…%s]", r.From, r.To)
	}
	return fmt.Sprintf("%s × %s × %s → %s%s", cmp.Or(r.Fact, "*"), cmp.Or(r.Territory, "*"), cmp.Or(r.Owner, "*"), r.Organisation, dates)
}

// Check walks every fact, territory and owner (one of each kind, each one that
// a row names, and none) on an ISO date, and tells what is wrong with the table.
func (c *Competence) Check(on string, r *Rubricator, parties []Party) Findings {
	var found Findings
	known, owners := map[string]Party{}, map[string]Party{}
	for _, p := range parties {
		known[p.Code] = p
		owners[OwnerKind+p.Kind] = Party{Code: "?", Kind: p.Kind} // an owner of the kind that no row names
	}
	for i := range c.rules {
		row := &c.rules[i]
		for _, problem := range c.strange(row, r, known, owners) {
			found.Unknown = append(found.Unknown, row.String()+": "+problem.text)
		}
		if p, ok := known[row.Owner]; ok {
			owners[row.Owner] = p
		}
	}
	found.Conflicts = c.conflicts()
	parade := append([]Party{{}}, slices.Collect(maps.Values(owners))...)
	used := make([]bool, len(c.rules))
	for _, f := range r.Facts() {
		asked := parade
		if !f.Owned() {
			asked = parade[:1]
		}
		for area := range c.parent {
			for _, o := range asked {
				route, i := c.decide(on, f, area, o, Party{})
				if route.Organisation == "" {
					found.Unresolved = append(found.Unresolved, fmt.Sprintf("%s × %s × %s", f.Code, area, cmp.Or(o.Kind, "no owner")))
					continue
				}
				used[i] = true
			}
		}
	}
	slices.Sort(found.Unresolved)
	for i := range c.rules {
		if !used[i] && c.rules[i].Holds(on) {
			found.Unreachable = append(found.Unreachable, c.rules[i].String())
		}
	}
	return found
}

// flaw is what is wrong with one cell of a row; taxonomy.row_RULE of the
// catalogue says it in words.
type flaw struct{ column, rule, text string }

// strange lists what a row names that nothing stands behind.
func (c *Competence) strange(row *Rule, r *Rubricator, known, kinds map[string]Party) []flaw {
	flaws := row.malformed()
	if _, ok := r.Topic(row.Fact); row.Fact != "" && !ok {
		flaws = append(flaws, flaw{"fact", "topic", "no such topic"})
	}
	if _, ok := c.parent[row.Territory]; row.Territory != "" && !ok {
		flaws = append(flaws, flaw{"territory", "territory", "no such territory"})
	}
	_, named := known[row.Owner]
	_, kind := kinds[row.Owner]
	if row.Owner != "" && row.Owner != OwnerKnown && row.Owner != OwnerUnknown && !named && !kind {
		flaws = append(flaws, flaw{"owner", "owner", "no such owner"})
	}
	if _, ok := known[row.Organisation]; !ok && row.Organisation != "" && row.Organisation != ToOwner && row.Organisation != ToOperator {
		flaws = append(flaws, flaw{"organisation", "organisation", "no such organisation"})
	}
	return flaws
}

// malformed lists what is wrong with a row whatever the rubricator and the organisations are.
func (r *Rule) malformed() []flaw {
	var flaws []flaw
	for _, d := range []struct{ column, date string }{{"from", r.From}, {"to", r.To}} {
		if _, err := time.Parse(time.DateOnly, d.date); d.date != "" && err != nil {
			flaws = append(flaws, flaw{d.column, "date", "not an ISO date: " + d.date})
		}
	}
	if r.From != "" && r.To != "" && r.To < r.From {
		flaws = append(flaws, flaw{"to", "before_from", "ends before it begins"})
	}
	if r.Term != nil {
		if err := r.Term.Check(); err != nil || r.Term.N == 0 {
			flaws = append(flaws, flaw{"term", "term", "an impossible term"})
		}
	}
	if r.Organisation == "" {
		flaws = append(flaws, flaw{"organisation", "required", "no organisation"})
	}
	if (r.Owner == OwnerUnknown || r.Owner == "") && strings.HasPrefix(r.Organisation, "@") {
		flaws = append(flaws, flaw{"organisation", "owner_missing", "sends to an owner that may be missing"})
	}
	return flaws
}

// conflicts lists pairs of rows with the same key that hold on the same day.
func (c *Competence) conflicts() []string {
	var out []string
	for i, j := range c.clashes() {
		out = append(out, c.rules[i].String()+" and "+c.rules[j].String())
	}
	slices.Sort(out)
	return out
}

// clashes gives the numbers of the rows that contradict each other.
func (c *Competence) clashes() iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for _, rows := range c.byKey {
			for n, i := range rows {
				for _, j := range rows[n+1:] { // j began no later than i
					if (c.rules[j].To == "" || c.rules[i].From <= c.rules[j].To) && !yield(i, j) {
						return
					}
				}
			}
		}
	}
}
