package casework

import (
	"context"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// sharedWritten is the rule that an approved answer has words for those who joined.
const sharedWritten = "shared_written"

// draftShared are the words for those who joined that a case's draft has; needed
// tells whether it can't go without. "" where there are none.
func (s *Service) draftShared(ctx context.Context, c *Case) (words string, needed bool, err error) {
	if c.Draft == 0 || c.People < 2 {
		return "", false, nil
	}
	words, err = db.One(ctx, s.db, db.Text, `SELECT body FROM casework_entry WHERE case_id=$1 AND n=$2 AND kind=$3`, c.ID, c.Draft+1, EntryShared)
	if errs.Is(err, errs.NotFound) {
		return "", true, nil
	}
	return words, true, err
}

// waiting is somebody whose name words for those who joined may not hold.
type waiting struct {
	name  string
	wrote bool // the report, or one that was merged into it: officers write to them by a part of their name
}

// waitFor are who filed a case, those whose reports were merged into it, though
// they left, and those who joined: of thousands of people the first.
func (s *Service) waitFor(ctx context.Context, c *Case) ([]waiting, error) {
	list := []Participant{{Person: c.Applicant, Kind: "merged"}}
	if c.People > 1 {
		joined, err := db.All(ctx, s.db, scanParticipant, `SELECT person_id, number, kind, joined_at, mark, solved, rated_at
			FROM casework_participant WHERE case_id=$1 ORDER BY kind DESC LIMIT 500`, c.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, joined...)
	}
	merged, err := s.mergedWithin(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	for _, m := range merged {
		list = append(list, Participant{Person: m.Applicant, Kind: "merged"})
	}
	people := make([]id.ID, len(list))
	for i, p := range list {
		people[i] = p.Person
	}
	names, err := s.people.Names(ctx, people)
	out := make([]waiting, len(list))
	for i, p := range list {
		out[i] = waiting{names[p.Person], p.Kind == "merged"}
	}
	return out, err
}

// namesWithin refuses words for those who joined that name somebody who waits.
func (ch *change) namesWithin(shared, key string) *errs.Field {
	for _, who := range ch.in.waiting {
		if name := who.nameWithin(shared); name != "" {
			return &errs.Field{Name: "shared", Rule: "names", Key: key, Args: map[string]any{"Name": name}}
		}
	}
	return nil
}
