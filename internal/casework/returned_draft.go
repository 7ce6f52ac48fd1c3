package casework

import (
	"context"
	"slices"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
)

// ofDraft refuses attachments that did not come with the draft that was
// returned to its handler.
func (s *Service) ofDraft(ctx context.Context, c *Case, again []int64) error {
	if len(again) == 0 {
		return nil
	}
	files, err := s.attachments(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, n := range again {
		if !slices.ContainsFunc(files, func(a Attachment) bool { return a.N == n && a.Entry == c.Draft && c.Draft != 0 }) {
			return errs.InvalidFields(errs.Field{Name: "again", Rule: "unknown"})
		}
	}
	return nil
}

// takeAgain moves attachments of the returned draft to the one that follows it.
func (ch *change) takeAgain() {
	subject, draft := ch.c.ID, ch.c.Draft
	for _, n := range without(ch.in.Again, nil) {
		ch.also = append(ch.also, func(tx *db.Tx) {
			tx.QueueOne(`UPDATE casework_attachment SET entry=$3 WHERE case_id=$1 AND n=$2`, subject, n, draft)
		})
	}
}

// returned is the draft that an approver gave back, for the form of the action
// that it was sent by: nobody writes an answer twice.
func (v *workView) returned(f actionForm) (Entry, bool) {
	e, ok := v.draft()
	return e, ok && v.Case.Stage != StageApproval && e.Action == f.Action
}

// again are the files of the returned draft, which may go with the new one.
func (v *workView) again(f actionForm) (out []Attachment) {
	e, ok := v.returned(f)
	for _, a := range v.Case.Attachments {
		if ok && a.Entry == e.N {
			out = append(out, a)
		}
	}
	return out
}

// tickedAgain are those that are ticked: all, until the form was sent and came back.
func (v *workView) tickedAgain(f actionForm) (out []string) {
	for _, a := range v.again(f) {
		if v.Doing != f.Action || v.Form.Version == 0 || slices.Contains(v.Form.Again, a.N) {
			out = append(out, i64(a.N))
		}
	}
	return out
}
