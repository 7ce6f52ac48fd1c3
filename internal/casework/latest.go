package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/journal"
	"okno/internal/policy"
)

// outdates names, of actions that decide nothing about the rest of a case, the
// step that makes them stale: what was answered is another question, what was
// rated another answer. Empty: nothing does. Whatever else happened meanwhile,
// an officer's note say, they are done to the case as it stands now. All other
// actions decide about what was read: every step outdates them, but quiet ones.
var outdates = map[Action]Action{Add: "", Note: "", Withdraw: "", Reopen: "", Reply: Ask, Rate: Approve}

// quiet are the steps that change nothing an officer reads before deciding: of
// a report that whole streets join none of their answers would ever be in time.
// What more people need of an answer its rules demand.
var quiet = []Action{Joined, Unjoined, Alarm}

// outdated tells whether a step that happened makes an action stale that a
// person decided before.
func outdated(act, happened Action) bool {
	if by, listed := outdates[act]; listed {
		return happened == by
	}
	return undisturbed(act, happened)
}

// undisturbed is [outdated] for programs, which name the version that they saw
// for each action: any step but a quiet one makes it stale.
func undisturbed(_, happened Action) bool { return !slices.Contains(quiet, happened) }

// patience is how often something is tried anew where the case changes in that
// very moment: so many people may join a report at once.
const patience = 50

// patient runs fn, which reads a case and changes it, again where somebody else
// changed it in between.
func patient[T any](fn func() (T, error)) (T, error) {
	for try := 1; ; try++ {
		v, err := fn()
		if !errs.Is(err, errs.Stale) || try == patience {
			return v, err
		}
	}
}

// ActLatest is [Service.Act] for people who write while others work: an action
// goes to the case as it stands, though in.Version is an older one, where
// nothing happened since that makes it stale.
func (s *Service) ActLatest(ctx context.Context, actor policy.Actor, number string, act Action, in Input) (*Case, error) {
	return s.actSeen(ctx, actor, number, act, in, outdated)
}

// actSeen does an action that was decided on the version in.Version, where no
// step since then is one that stale tells.
func (s *Service) actSeen(ctx context.Context, actor policy.Actor, number string, act Action, in Input, stale func(act, happened Action) bool) (*Case, error) {
	if in.Version < 1 {
		return s.Act(ctx, actor, number, act, in)
	}
	seen := in.Version
	for try := 1; ; try++ {
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
			kinds, err := journal.KindsSince(ctx, s.db, c.ID, seen)
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(kinds, func(k string) bool { return stale(act, Action(strings.TrimPrefix(k, "casework."))) }) {
				in.Version = c.Version
			}
		}
		done, err := s.act(ctx, actor, c, act, in, time.Time{})
		if !errs.Is(err, errs.Stale) || in.Version != c.Version || try == patience {
			return done, err
		}
	}
}
