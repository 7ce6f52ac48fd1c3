package taxonomy

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/policy"
)

// Replaced is what a replacement of the table of competence did, and what is
// still wrong with the table: facts that nobody answers and rows that decide nothing.
type Replaced struct {
	Added, Ended, Same int
	Findings           Findings
}

// ReplaceRules makes the table of competence from an ISO date on be exactly
// these rows: rows in force that are not among them end the day before, new
// ones begin on that day. "" is "from the beginning" and stands for the first
// import alone. The same rows again change nothing. Rows that name what doesn't
// exist, or contradict one another, refuse the whole.
func (s *Service) ReplaceRules(ctx context.Context, a policy.Actor, rules []Rule, from string) (Replaced, error) {
	var done Replaced
	if err := policy.Allow(a, policy.TaxonomyPublish); err != nil {
		return done, err
	}
	day, err := time.Parse(time.DateOnly, from)
	if from != "" && err != nil {
		return done, errs.InvalidFields(errs.Field{Name: "from", Rule: "date", Key: "taxonomy.from_date"})
	}
	st, err := readState(ctx, s.db)
	if err != nil {
		return done, err
	}
	stored, err := readRules(ctx, s.db)
	if err != nil {
		return done, err
	}
	if from == "" && st.competence > 0 && !sameRules(stored, rules) {
		return done, errs.InvalidFields(errs.Field{Name: "from", Rule: "required", Key: "taxonomy.from_date"})
	}
	if done.Findings, err = s.judge(ctx, rules, cmp.Or(from, s.clock.Now().Format(time.DateOnly))); err != nil {
		return done, err
	}
	change := replace(stored, rules, from, day)
	done.Added, done.Ended, done.Same = len(change.add), len(change.end)+len(change.drop), change.same
	if done.Added+done.Ended == 0 {
		return done, nil
	}
	body := CompetenceReplaced{Before: st.competence, After: st.competence + 1, From: from,
		Added: done.Added, Ended: done.Ended, Same: done.Same, Digest: digest(rules)}
	fact := journalFact(a, FactCompetenceReplaced, competenceID, body.After, body)
	fact.At = s.clock.Now()
	err = db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error {
		tx.QueueOne(`UPDATE taxonomy_state SET competence = $1 WHERE id = 1 AND competence = $2`, body.After, body.Before)
		for _, r := range change.drop {
			deleteRule(tx, r)
		}
		for _, r := range change.end {
			endRule(tx, r, change.last)
		}
		insertRules(tx, change.add)
		tx.Fact(fact)
		return nil
	})
	s.forget()
	return done, err
}

// judge refuses rows that name what doesn't exist or contradict one another.
func (s *Service) judge(ctx context.Context, rules []Rule, on string) (Findings, error) {
	index, err := s.Current(ctx)
	if err != nil {
		return Findings{}, err
	}
	areas, err := s.world.Areas(ctx)
	if err != nil {
		return Findings{}, err
	}
	parties, err := s.world.Parties(ctx)
	if err != nil {
		return Findings{}, err
	}
	found := NewCompetence(rules, areas).Check(on, index.Rubricator, parties)
	var fields []errs.Field
	for _, problem := range found.Unknown {
		fields = append(fields, errs.Field{Name: "rules", Rule: "unknown", Key: "taxonomy.rule_unknown", Args: map[string]any{"Row": problem}})
	}
	for _, pair := range found.Conflicts {
		fields = append(fields, errs.Field{Name: "rules", Rule: "conflict", Key: "taxonomy.rule_conflict", Args: map[string]any{"Rows": pair}})
	}
	return found, errs.InvalidFields(fields[:min(len(fields), 20)]...)
}

// replacement is how a stored table becomes another one.
type replacement struct {
	add, end, drop []Rule
	last           string // the last day of those that end
	same           int
}

func replace(stored, rules []Rule, from string, day time.Time) replacement {
	r := replacement{last: day.AddDate(0, 0, -1).Format(time.DateOnly)}
	kept := map[string]bool{}
	wanted := map[string]bool{}
	for _, rule := range rules {
		wanted[rule.content()] = true
	}
	for _, old := range stored {
		switch {
		case old.To != "" && old.To < from: // over already: history
		case wanted[old.content()] && !kept[old.content()]:
			kept[old.content()] = true
			r.same++
		case from == "" || old.From >= from: // never in force, or the first import again
			r.drop = append(r.drop, old)
		default:
			r.end = append(r.end, old)
		}
	}
	for _, rule := range rules {
		if kept[rule.content()] {
			continue
		}
		rule.From = max(rule.From, from) // what was before stays as it was
		r.add = append(r.add, rule)
	}
	return r
}

// content is what a row says, without since when.
func (r *Rule) content() string {
	var t calendar.Term
	if r.Term != nil {
		t = *r.Term
	}
	return Rule{Fact: r.Fact, Territory: r.Territory, Owner: r.Owner, Organisation: r.Organisation}.String() + termText(t) + "|" + r.Note + "|" + r.To
}

func sameRules(stored, rules []Rule) bool {
	if len(stored) != len(rules) {
		return false
	}
	return digest(stored) == digest(rules)
}

// digest is a SHA-256 over the rows, whatever their order.
func digest(rules []Rule) string {
	lines := make([]string, len(rules))
	for i := range rules {
		lines[i] = rules[i].content()
	}
	slices.Sort(lines)
	sum := sha256.New()
	for _, l := range lines {
		io.WriteString(sum, l+"\n") // a hash never fails to write
	}
	return hex.EncodeToString(sum.Sum(nil))
}
