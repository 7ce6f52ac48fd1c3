package identity

import (
	"testing"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web/api/apitest"
	"okno/internal/policy"
)

func TestAPITellsWhoCalls(t *testing.T) {
	each(t, func(b bench) {
		b.register("nina")
		owner := b.actor(b.signIn("nina"))
		_, text, err := b.MakeToken(ctx, owner, NewToken{Name: "программа", ReadOnly: true})
		b.must(err)
		actor, err := b.ResolveToken(ctx, text)
		b.must(err)
		r := apitest.New(b.T, b.clock)
		r.Who["officer"] = policy.Actor{Person: id.New(), Organisation: id.New(), Roles: []policy.Role{policy.Citizen, policy.Handler}}
		r.Who["nina"] = actor
		API(r.API, b.Service)
		r.Run(
			apitest.Call{Do: "GET /me", Want: 401},
			apitest.Call{Who: "~nina", Do: "GET /me", Want: 200, Has: "id={nina} read_only=true lang=ru zone=Europe/Samara organisation_id= roles.0=citizen", No: text},
			apitest.Call{Who: "officer", Do: "GET /me", Want: 200, Has: "read_only=false roles.1=handler"},
		)
		if _, _, err := b.MakeToken(ctx, actor, NewToken{Name: "ещё одна"}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a token makes a token: %v", err)
		}
	})
}
