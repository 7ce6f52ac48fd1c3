package casework

import (
	"context"

	"okno/internal/policy"
)

// SetVisibility closes a report to strangers or opens it, at any stage: it is
// the author's to decide, whatever officers do meanwhile. Opened, it shows no
// more than one that was filed open, and nothing before moderation. Those who
// joined keep their number and their page. The same again changes nothing.
func (s *Service) SetVisibility(ctx context.Context, actor policy.Actor, number string, hidden bool) (*Case, error) {
	return patient(func() (*Case, error) {
		c, err := s.byNumber(ctx, number)
		if err != nil {
			return nil, err
		}
		if _, err := policy.Check(actor, policy.CaseworkVisibility, objectOf(&c)); err != nil {
			return nil, err
		}
		if c.Hidden == hidden {
			return &c, nil
		}
		office, _ := s.offices.Office(c.Organisation)
		ch := &change{env: s.env(), proc: s.Procedure(&c), row: ActionRow{Code: Visibility}, actor: actor,
			role: string(policy.Citizen), now: s.clock.Now(), old: c, c: c, office: office}
		ch.c.Hidden = hidden
		ch.finish()
		return &ch.c, s.write(ctx, ch)
	})
}
