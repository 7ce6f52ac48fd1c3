package casework

import (
	"context"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/policy"
)

// outdates names, of actions that decide nothing about the rest of a case, the
// step that makes them stale: what was answered is another question, what was
// rated another answer. Empty: nothing does. Whatever else happened meanwhile,
// an officer's note say, they are done to the case as it stands now. All other
// actions decide about what was read and need its version.
var outdates = map[Action]Action{Add: "", Note: "", Withdraw: "", Reopen: "", Reply: Ask, Rate: Approve}

// ActLatest is [Service.Act] for people who write while others work: an action
// that outdates lists goes to the case as it stands, though in.Version is an
// older one, and is tried once more where the case changes in that moment.
func (s *Service) ActLatest(ctx context.Context, actor policy.Actor, number string, act Action, in Input) (*Case, error) {
	since, known := outdates[act]
	if !known || in.Version < 1 {
		return s.Act(ctx, actor, number, act, in)
	}
	seen := in.Version
	for again := false; ; again = true {
		c, err := s.byNumber(ctx, number)
		if err != nil {
			return nil, err
		}
		if c.Version > seen { // a version that nobody can have seen stays stale
			row, ok := s.Procedure(&c).Action(act)
			if !ok {
				return nil, notFound()
			}
			if err := s.may(actor, row, &c); err != nil {
				return nil, err
			}
			stale, err := s.happened(ctx, c.ID, since, seen)
			if err != nil {
				return nil, err
			}
			if !stale {
				in.Version = c.Version
			}
		}
		done, err := s.act(ctx, actor, c, act, in, time.Time{})
		if again || !errs.Is(err, errs.Stale) || in.Version != c.Version {
			return done, err
		}
	}
}

// happened tells whether a step was done to a case after a version of it.
func (s *Service) happened(ctx context.Context, subject id.ID, step Action, since int64) (bool, error) {
	if step == "" {
		return false, nil
	}
	const page = 200
	var after journal.Place
	for {
		facts, err := journal.Of(ctx, s.db, subject, after, page)
		if err != nil {
			return false, err
		}
		for _, f := range facts {
			if f.Version > since && f.Kind == "casework."+string(step) {
				return true, nil
			}
			after = f.Place()
		}
		if len(facts) < page {
			return false, nil
		}
	}
}
