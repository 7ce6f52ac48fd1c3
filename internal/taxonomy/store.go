package taxonomy

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

// state is the row that says what is current.
type state struct{ rubricator, competence int64 }

func readState(ctx context.Context, q db.Querier) (state, error) {
	return db.One(ctx, q, func(sc db.Scanner) (s state, err error) { return s, sc.Scan(&s.rubricator, &s.competence) },
		`SELECT rubricator, competence FROM taxonomy_state WHERE id = 1`)
}

// Version is a published version of the rubricator.
type Version struct {
	Number      int64
	Digest      string
	Source      string
	Facts       int64
	PublishedAt time.Time
	PublishedBy id.ID // Nil: the program
}

func readVersions(ctx context.Context, q db.Querier) ([]Version, error) {
	return db.All(ctx, q, func(sc db.Scanner) (v Version, err error) {
		var at int64
		err = sc.Scan(&v.Number, &v.Digest, &v.Source, &v.Facts, &at, db.ScanID(&v.PublishedBy))
		v.PublishedAt = clock.FromMilli(at)
		return v, err
	}, `SELECT version, digest, source, facts, published_at, published_by FROM taxonomy_version ORDER BY version DESC`)
}

// topicRow is a topic as it is stored.
type topicRow struct {
	version int64
	code    string
	level   int64
	body    string
}

func scanTopic(sc db.Scanner) (t topicRow, err error) {
	return t, sc.Scan(&t.version, &t.code, &t.level, &t.body)
}

// topicRows cuts a rubricator into rows, in its order.
func topicRows(r *Rubricator) ([]topicRow, error) {
	var rows []topicRow
	add := func(code string, level int64, v any) error {
		body, err := json.Marshal(v)
		rows = append(rows, topicRow{code: code, level: level, body: string(body)})
		return err
	}
	for _, c := range r.Categories {
		head := c
		head.Subcategories = nil
		if err := add(c.Code, 1, head); err != nil {
			return nil, err
		}
		for _, s := range c.Subcategories {
			head := s
			head.Facts = nil
			if err := add(s.Code, 2, head); err != nil {
				return nil, err
			}
			for _, f := range s.Facts {
				if err := add(f.Code, 3, f); err != nil {
					return nil, err
				}
			}
		}
	}
	return rows, nil
}

// readRubricator builds a published version; facts and topics of older versions
// that it lacks are kept as retired.
func readRubricator(ctx context.Context, q db.Querier, version int64) (*Rubricator, error) {
	rows, err := db.All(ctx, q, scanTopic, `SELECT version, code, level, body FROM taxonomy_topic WHERE version = $1 ORDER BY place`, version)
	if err != nil {
		return nil, err
	}
	var categories []Category
	for _, row := range rows {
		if err := place(&categories, row); err != nil {
			return nil, fmt.Errorf("rubricator %d, %s: %w", version, row.code, err)
		}
	}
	r, err := Build(categories)
	if err != nil {
		return nil, err
	}
	r.Version = version
	for _, f := range r.facts {
		f.Version = version
	}
	old, err := db.All(ctx, q, scanTopic, `SELECT t.version, t.code, t.level, t.body FROM taxonomy_topic t
		WHERE t.version < $1 AND NOT EXISTS (SELECT 1 FROM taxonomy_topic c WHERE c.version = $2 AND c.code = t.code)
		ORDER BY t.version DESC, t.place`, version, version)
	if err != nil {
		return nil, err
	}
	for _, row := range old {
		if err := r.retire(row); err != nil {
			return nil, fmt.Errorf("rubricator %d, %s: %w", row.version, row.code, err)
		}
	}
	return r, nil
}

func place(categories *[]Category, row topicRow) error {
	switch row.level {
	case 1:
		var c Category
		if err := json.Unmarshal([]byte(row.body), &c); err != nil {
			return err
		}
		*categories = append(*categories, c)
		return nil
	case 2:
		var s Subcategory
		if err := json.Unmarshal([]byte(row.body), &s); err != nil {
			return err
		}
		c := &(*categories)[len(*categories)-1]
		c.Subcategories = append(c.Subcategories, s)
		return nil
	default:
		var f Fact
		if err := json.Unmarshal([]byte(row.body), &f); err != nil {
			return err
		}
		c := &(*categories)[len(*categories)-1]
		s := &c.Subcategories[len(c.Subcategories)-1]
		s.Facts = append(s.Facts, f)
		return nil
	}
}

// retire adds a topic of an older version under its code; rows come newest first.
func (r *Rubricator) retire(row topicRow) error {
	if _, ok := r.topics[row.code]; ok {
		return nil
	}
	f := &Fact{Retired: true, Version: row.version}
	if row.level < 3 {
		if err := json.Unmarshal([]byte(row.body), &f.Topic); err != nil {
			return err
		}
		r.topics[row.code] = &f.Topic
		return nil
	}
	if err := json.Unmarshal([]byte(row.body), f); err != nil {
		return err
	}
	r.topics[row.code], r.byCode[row.code] = &f.Topic, f
	return nil
}

func insertVersion(tx *db.Tx, v Version, rows []topicRow) {
	tx.Queue(`INSERT INTO taxonomy_version (version, digest, source, facts, published_at, published_by) VALUES ($1, $2, $3, $4, $5, $6)`,
		v.Number, v.Digest, v.Source, v.Facts, clock.Milli(v.PublishedAt), db.NullID(v.PublishedBy))
	values := make([][]any, len(rows))
	for i, row := range rows {
		values[i] = []any{v.Number, row.code, row.level, int64(i), row.body}
	}
	db.MultiInsert(tx, "taxonomy_topic", []string{"version", "code", "level", "place", "body"}, values)
}

var ruleColumns = []string{"fact", "territory", "owner", "from_date", "to_date", "organisation", "term_n", "term_unit", "note"}

func readRules(ctx context.Context, q db.Querier) ([]Rule, error) {
	return db.All(ctx, q, func(sc db.Scanner) (r Rule, err error) {
		var t calendar.Term
		err = sc.Scan(&r.Fact, &r.Territory, &r.Owner, &r.From, &r.To, &r.Organisation, &t.N, &t.Unit, &r.Note)
		if t.N > 0 {
			r.Term = &t
		}
		return r, err
	}, `SELECT fact, territory, owner, from_date, to_date, organisation, term_n, term_unit, note FROM taxonomy_rule
		ORDER BY fact, territory, owner, from_date`)
}

func insertRules(tx *db.Tx, rules []Rule) {
	values := make([][]any, len(rules))
	for i, r := range rules {
		var t calendar.Term
		if r.Term != nil {
			t = *r.Term
		}
		values[i] = []any{r.Fact, r.Territory, r.Owner, r.From, r.To, r.Organisation, int64(t.N), string(t.Unit), r.Note}
	}
	db.MultiInsert(tx, "taxonomy_rule", ruleColumns, values)
}

func deleteRule(tx *db.Tx, r Rule) {
	tx.QueueOne(`DELETE FROM taxonomy_rule WHERE fact = $1 AND territory = $2 AND owner = $3 AND from_date = $4`, r.Fact, r.Territory, r.Owner, r.From)
}

func endRule(tx *db.Tx, r Rule, last string) {
	tx.QueueOne(`UPDATE taxonomy_rule SET to_date = $5 WHERE fact = $1 AND territory = $2 AND owner = $3 AND from_date = $4`,
		r.Fact, r.Territory, r.Owner, r.From, last)
}
