package casework

import (
	"context"
	"fmt"
	"strings"

	"okno/internal/platform/db"
	"okno/internal/platform/web"
	"okno/internal/policy"
)

// subject is what a report is about, for a list that has only its number.
type subject struct{ number, fact, place string }

// subjects finds the person's own reports, and those they joined, by their numbers.
func (s *Service) subjects(ctx context.Context, actor policy.Actor, numbers []string) ([]subject, error) {
	if !actor.SignedIn() || len(numbers) == 0 {
		return nil, nil
	}
	args, marks := []any{actor.Person}, make([]string, len(numbers))
	for i, n := range numbers {
		args, marks[i] = append(args, n), fmt.Sprintf("$%d", i+2)
	}
	return db.All(ctx, s.db, func(r db.Scanner) (o subject, err error) { return o, r.Scan(&o.number, &o.fact, &o.place) },
		`SELECT m.number, c.fact, c.place_text FROM casework_mine m JOIN casework_case c ON c.id=m.case_id
		WHERE m.person_id=$1 AND m.number IN (`+strings.Join(marks, ", ")+`)`, args...)
}

// Subjects tells what the reader's reports with these numbers are about: topic
// and place, by number. Of others' reports it tells nothing.
func (w *Web) Subjects(ctx context.Context, r *web.Request, numbers []string) (map[string]string, error) {
	list, err := w.Cases.subjects(ctx, citizenOf(r.Actor), numbers)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(list))
	for _, o := range list {
		t, _ := w.Topics.Topic(r.Lang, o.fact)
		out[o.number] = sentences(t.Name, oneLine(o.place))
	}
	return out, nil
}
