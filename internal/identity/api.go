package identity

import (
	"context"
	"net/http"

	"okno/internal/platform/id"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

// API registers who the caller is. Tokens are made, listed and revoked by a
// person at a screen, never by a token ([policy.IdentityToken]): a stolen one
// can't make itself heirs. So there is no operation for them.
func API(a *api.API, s *Service) {
	api.Register(a, api.Operation{ID: "who-am-i", Method: http.MethodGet, Path: "/me", Tag: "Caller",
		Summary:     "Who calls, and on whose behalf",
		Description: "A token acts for its person alone, or for one organisation in which the person holds an office: with the roles held there now. To act for another organisation, make another token. Tokens are made and revoked in the account, on a page: no token may do it."},
		policy.IdentityRead, func(_ context.Context, c api.Call, _ *struct{}) (*struct{ Body caller }, error) {
			return &struct{ Body caller }{callerOf(c.Actor)}, nil
		})
}

type caller struct {
	ID             string        `json:"id" doc:"Id of the person"`
	Name           string        `json:"name" doc:"Name for display" example:"Нина Орлова"`
	Lang           string        `json:"lang" doc:"Language of answers where the call names none" example:"ru"`
	Zone           string        `json:"zone,omitempty" doc:"IANA zone of the person" example:"Europe/Moscow"`
	TokenID        string        `json:"token_id" doc:"Id of the token in use, as the account shows it"`
	ReadOnly       bool          `json:"read_only" doc:"The token reads only"`
	OrganisationID string        `json:"organisation_id,omitempty" doc:"Organisation that the token acts for; absent: the person alone"`
	Roles          []policy.Role `json:"roles" doc:"Roles of the caller, those of the organisation among them" example:"[\"citizen\",\"handler\"]"`
}

func callerOf(a policy.Actor) caller {
	c := caller{ID: a.Person.String(), Name: a.DisplayName, Lang: a.Lang, Zone: a.Zone, TokenID: a.Token.String(), ReadOnly: a.ReadOnly, Roles: a.Roles}
	if a.Organisation != id.Nil {
		c.OrganisationID = a.Organisation.String()
	}
	return c
}
