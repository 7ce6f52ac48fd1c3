package taxonomy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Publish puts a rubricator in force as the next version and returns its
// number. What is in force already is not published again: the number is the
// current one. Facts that the new version lacks are retired and keep resolving.
// source names the act that it rests on.
func (s *Service) Publish(ctx context.Context, a policy.Actor, r *Rubricator, source string) (int64, error) {
	if err := policy.Allow(a, policy.TaxonomyPublish); err != nil {
		return 0, err
	}
	if source == "" || len(source) > 2000 {
		return 0, errs.InvalidFields(errs.Field{Name: "source", Rule: "required", Key: "taxonomy.source_required"})
	}
	rows, err := topicRows(r)
	if err != nil {
		return 0, err
	}
	sum := sha256.New()
	for _, row := range rows {
		sum.Write([]byte(row.body + "\n"))
	}
	version := Version{Digest: hex.EncodeToString(sum.Sum(nil)), Source: source, Facts: int64(len(r.facts)), PublishedAt: s.clock.Now(), PublishedBy: a.Person}
	st, err := readState(ctx, s.db)
	if err != nil {
		return 0, err
	}
	published := RubricatorPublished{Before: st.rubricator, After: st.rubricator + 1, Digest: version.Digest}
	if st.rubricator > 0 {
		before, err := db.All(ctx, s.db, scanTopic, `SELECT version, code, level, body FROM taxonomy_topic WHERE version = $1 ORDER BY place`, st.rubricator)
		if err != nil {
			return 0, err
		}
		if published.compare(before, rows) {
			return st.rubricator, nil
		}
	}
	version.Number = published.After
	fact := journalFact(a, FactRubricatorPublished, rubricatorID, published.After, published)
	fact.At = version.PublishedAt
	err = db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error {
		tx.QueueOne(`UPDATE taxonomy_state SET rubricator = $1 WHERE id = 1 AND rubricator = $2`, published.After, published.Before)
		insertVersion(tx, version, rows)
		tx.Fact(fact)
		return nil
	})
	s.forget()
	return version.Number, err
}

// compare notes what differs between stored rows and new ones; true where nothing does.
func (p *RubricatorPublished) compare(before, after []topicRow) (same bool) {
	old := map[string]string{}
	for _, row := range before {
		old[row.code] = row.body
	}
	same = len(before) == len(after)
	for i, row := range after {
		body, ok := old[row.code]
		delete(old, row.code)
		same = same && ok && body == row.body && before[i].code == row.code
		switch {
		case row.level < 3:
		case !ok:
			p.Added = append(p.Added, row.code)
		case body != row.body:
			p.Changed = append(p.Changed, row.code)
		}
	}
	for _, row := range before {
		if _, left := old[row.code]; left && row.level == 3 {
			p.Retired = append(p.Retired, row.code)
		}
	}
	return same
}

func journalFact(a policy.Actor, kind string, subject id.ID, version int64, body any) db.Fact {
	f := db.Fact{Kind: kind, Subject: subject, Version: version, Person: a.Person, Organisation: a.Organisation, Body: body}
	if len(a.Roles) > 0 {
		f.Role = string(a.Roles[len(a.Roles)-1])
	}
	if a.Name != "" {
		f.Role = a.Name
	}
	return f
}
