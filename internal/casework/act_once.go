package casework

import (
	"context"
	"encoding/json"
	"slices"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/platform/web"
	"okno/internal/policy"
)

// onceOf is what a repeat of an action on one case of several is known by:
// one key serves the whole form, so the case's number stands in it.
func onceOf(number string, act Action, in Input) (operation, key string, print []byte, err error) {
	said := in
	said.Version, said.Key = 0, ""
	b, err := json.Marshal(said)
	return "casework.several." + string(act), in.Key + ":" + number, fingerprintBytes(b), err
}

// doneOnce is the case to which [Service.ActOnce] did this already; nil where it
// didn't, or nothing can be known without a key. IdempotencyMismatch where the
// key came with other input.
func (s *Service) doneOnce(ctx context.Context, actor policy.Actor, number string, act Action, in Input) (*Case, error) {
	if !web.ValidKey(in.Key) {
		return nil, nil
	}
	operation, key, print, err := onceOf(number, act, in)
	if err != nil {
		return nil, err
	}
	return s.doneUnder(ctx, actor, operation, key, print)
}

// doneUnder is the case that a call with a key was done to, as it stands now;
// nil where there was none.
func (s *Service) doneUnder(ctx context.Context, actor policy.Actor, operation, key string, print []byte) (*Case, error) {
	made, found, err := db.Made(ctx, s.db, actor.Person, operation, key, print)
	if err != nil || !found {
		return nil, err
	}
	c, err := s.load(ctx, made)
	return &c, err
}

// ActOnce is [Service.Act] for a call that may be repeated, and for a form that
// may be sent twice: what the same Input.Key did to this case already isn't done
// again and is no error, whoever has the case by now, and also where both come
// at the same time.
func (s *Service) ActOnce(ctx context.Context, actor policy.Actor, number string, act Action, in Input) (*Case, error) {
	if !web.ValidKey(in.Key) {
		return s.actSeen(ctx, actor, number, act, in, undisturbed)
	}
	if done, err := s.doneOnce(ctx, actor, number, act, in); done != nil || err != nil {
		return done, err
	}
	operation, key, print, err := onceOf(number, act, in)
	if err != nil {
		return nil, err
	}
	in.once = func(tx *db.Tx, made id.ID) { tx.Once(actor.Person, operation, key, print, made) }
	c, err := s.actSeen(ctx, actor, number, act, in, undisturbed)
	if err == nil {
		return c, nil
	}
	if _, taken := db.Unique(err); !taken {
		switch errs.CodeOf(err) {
		case errs.Internal, errs.Unavailable, errs.OutcomeUnknown:
			return nil, err
		}
	}
	if done, again := s.doneOnce(ctx, actor, number, act, in); done != nil || again != nil { // two at once: one of them did it
		return done, again
	}
	return nil, err
}

// after is a case as it stood after the actor's own last action of a kind.
func (s *Service) after(ctx context.Context, actor policy.Actor, c *Case, act Action) (*Case, error) {
	own, err := journal.Latest(ctx, s.db, c.ID, journal.Place{}, historyPage, journal.Only("casework."+string(act)))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(own, func(f journal.Entry) bool { return f.Person == actor.Person })
	if i < 0 {
		return nil, notFound()
	}
	var told []Told
	for at := (journal.Place{}); ; {
		facts, err := journal.Of(ctx, s.db, c.ID, at, historyPage)
		if err != nil {
			return nil, err
		}
		for _, f := range facts {
			at = f.Place()
			if f.Version == 0 || f.Version > own[i].Version { // no step, or a later one
				continue
			}
			body := Changed{}
			if err := f.Decode(&body); err != nil {
				return nil, err
			}
			told = append(told, Told{f.Version, body})
		}
		if len(facts) < historyPage {
			break
		}
	}
	then := *c
	then.State, then.Version, err = Replay(told)
	return &then, err
}

// formKey is what a repeat of a form with one action is known by: its key and
// what it says. Sent again with other words it is another form.
func formKey(number string, act Action, in Input) (operation, key string, print []byte, err error) {
	_, key, print, err = onceOf(number, act, in)
	return "casework.form." + string(act), key + ":" + hexOf(print), print, err
}

// DoneByForm is the case to which the same form did the action already; nil
// where it didn't, or has no key.
func (s *Service) DoneByForm(ctx context.Context, actor policy.Actor, number string, act Action, in Input) (*Case, error) {
	if !web.ValidKey(in.Key) {
		return nil, nil
	}
	operation, key, print, err := formKey(number, act, in)
	if err != nil {
		return nil, err
	}
	return s.doneUnder(ctx, actor, operation, key, print)
}

// ActForm is [Service.ActLatest] for a form that may be sent twice, one after
// the other or both at once: what the same Input.Key did already isn't done
// again, and both answers are the same.
func (s *Service) ActForm(ctx context.Context, actor policy.Actor, number string, act Action, in Input) (*Case, error) {
	if !web.ValidKey(in.Key) {
		return s.ActLatest(ctx, actor, number, act, in)
	}
	if c, err := s.DoneByForm(ctx, actor, number, act, in); c != nil || err != nil {
		return c, err
	}
	operation, key, print, err := formKey(number, act, in)
	if err != nil {
		return nil, err
	}
	in.once = func(tx *db.Tx, made id.ID) { tx.Once(actor.Person, operation, key, print, made) }
	c, err := s.ActLatest(ctx, actor, number, act, in)
	if err == nil {
		return c, nil
	}
	_, taken := db.Unique(err)
	switch errs.CodeOf(err) {
	case errs.Internal, errs.Unavailable, errs.OutcomeUnknown:
		if !taken {
			return nil, err
		}
	}
	if done, again := s.DoneByForm(ctx, actor, number, act, in); done != nil || again != nil { // two at once: one of them did it
		return done, again
	}
	return nil, err
}
