package identity

import (
	"context"

	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

// Me is whom an API token stands for.
type Me struct {
	ID           string   `json:"id"`
	Name         string   `json:"name" doc:"How the person is addressed"`
	Lang         string   `json:"lang" enum:"ru,en"`
	Zone         string   `json:"zone" doc:"IANA time zone"`
	Organisation string   `json:"organisation,omitempty" doc:"Id of the organisation that the token acts for"`
	Roles        []string `json:"roles" doc:"Roles in which the token acts"`
	ReadOnly     bool     `json:"read_only,omitempty"`
}

// API registers this module's operations. Passwords, sessions and tokens are
// managed at a screen alone.
func (s *Service) API(a *api.API) {
	api.Register(a, api.Operation{ID: "who-am-i", Method: "GET", Path: "/me", Tag: "Account", Summary: "Whom the token stands for"}, policy.IdentityRead,
		func(_ context.Context, c api.Call, _ *struct{}) (*struct{ Body Me }, error) {
			if _, err := policy.Check(c.Actor, policy.IdentityRead, policy.Object{Owner: c.Actor.Person}); err != nil {
				return nil, err
			}
			m := Me{ID: c.Actor.Person.String(), Name: c.Actor.DisplayName, Lang: c.Actor.Lang, Zone: c.Actor.Zone, ReadOnly: c.Actor.ReadOnly}
			if len(c.Actor.Subtree) > 0 {
				m.Organisation = c.Actor.Organisation.String()
			}
			for _, r := range c.Actor.Roles {
				m.Roles = append(m.Roles, string(r))
			}
			return &struct{ Body Me }{m}, nil
		})
}
