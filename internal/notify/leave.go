package notify

import (
	"context"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Kept is a notice as it is exported.
type Kept struct {
	At     time.Time         `json:"at"`
	Kind   string            `json:"kind"`
	Number string            `json:"number"`
	Args   map[string]string `json:"args,omitempty"`
}

// Export gives the actor's notices to each, the newest first.
func (s *Service) Export(ctx context.Context, actor policy.Actor, each func(Kept) error) error {
	if _, err := policy.Check(actor, policy.PrivacyExport, policy.Object{Owner: actor.Person}); err != nil {
		return err
	}
	for after := id.Nil; ; {
		list, more, err := s.List(ctx, actor, after, 200)
		if err != nil {
			return err
		}
		for _, n := range list {
			if err := each(Kept{n.At.UTC(), n.Kind, n.Number, n.Args}); err != nil {
				return err
			}
			after = n.Fact
		}
		if !more {
			return nil
		}
	}
}

// Erase removes a person's notices and what was sent to them, in the caller's transaction.
func Erase(tx *db.Tx, person id.ID) {
	tx.Queue(`DELETE FROM notify_notice WHERE person_id=$1`, person)
	tx.Queue(`DELETE FROM notify_reader WHERE person_id=$1`, person)
	tx.Queue(`DELETE FROM notify_message WHERE subject=$1`, person)
}
