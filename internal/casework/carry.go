package casework

import (
	"context"
	"slices"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

// carried is what goes from a case that is split into each of its parts.
type carried struct {
	people  []Participant // beside the author
	files   []Attachment  // that the author sent, with the words or later
	numbers []string      // new ones: of each of the people in each part
}

// carry finds what goes from a case into so many parts, in three queries
// however many people there are.
func (s *Service) carry(ctx context.Context, c *Case, parts int) (out carried, err error) {
	if out.people, err = s.Participants(ctx, c.ID); err != nil {
		return out, err
	}
	if c.Files > 0 {
		all, err := s.attachments(ctx, c.ID)
		if err != nil {
			return out, err
		}
		out.files = slices.DeleteFunc(all, func(a Attachment) bool { return a.Uploader != c.Applicant || a.Reader == ForOffice })
		for i := range out.files {
			out.files[i].Reader = ForApplicant // strangers see of a part what is released in it, and loses it there
		}
	}
	out.numbers, err = s.draw(ctx, len(out.people)*parts)
	return out, err
}

// draw draws public numbers that nobody has. Of so many at once one is likely
// to be taken: it is found by one query, not by a transaction that fails.
func (s *Service) draw(ctx context.Context, n int) ([]string, error) {
	if n == 0 {
		return nil, nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = s.number()
	}
	taken, err := db.All(ctx, s.db, db.Text, `SELECT number FROM casework_number WHERE `+db.In(s.db.Engine(), "number", 1), db.Texts(s.db.Engine(), out))
	for i := range out {
		if slices.Contains(taken, out[i]) {
			out[i] = s.number()
		}
	}
	return out, err
}

// follow makes those who wait for a case participants of the nth of its parts
// (from 0), each under a new number, since when they waited for the whole, and
// links the author's files to the part's words. The files are kept already: a
// file that several parts link goes when its author is erased, from all of them.
func (ch *change) follow(child *change, n int) {
	of := ch.in.carried
	child.c.People = int64(len(of.people)) + 1
	for _, a := range of.files {
		child.c.Files++
		a.N, a.Entry = child.c.Files, child.c.Entries
		child.also = append(child.also, func(tx *db.Tx) { insertAttachment(tx, child.c.ID, a) })
	}
	if len(of.people) == 0 {
		return
	}
	numbers := of.numbers[n*len(of.people):]
	rows := make([][]any, len(of.people))
	for i, p := range of.people {
		rows[i] = []any{child.c.ID, p.Person, numbers[i], p.Kind, clock.Milli(p.JoinedAt), 0, "", 0}
	}
	child.also = append(child.also, func(tx *db.Tx) { insertParticipants(tx, child.c.ID, rows) })
}

// insertParticipants writes all the participants of a new case with its rows
// in their lists and their numbers: rows cross to the database once, a hundred
// a statement; with thousands of people a part takes a fraction of a second.
func insertParticipants(tx *db.Tx, c id.ID, rows [][]any) {
	db.MultiInsert(tx, "casework_participant", []string{"case_id", "person_id", "number", "kind", "joined_at", "mark", "solved", "rated_at"}, rows)
	tx.Queue(`INSERT INTO casework_mine (person_id, case_id, number, kind) SELECT person_id, case_id, number, kind FROM casework_participant WHERE case_id=$1`, c)
	tx.Queue(`INSERT INTO casework_number (number, case_id, person_id) SELECT number, case_id, person_id FROM casework_participant WHERE case_id=$1`, c)
}
