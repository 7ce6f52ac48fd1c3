package story_test

import (
	"slices"
	"testing"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
	"okno/internal/privacy"
	"okno/internal/story"
)

// TestPeopleAndOffices tells how the modules of people, offices and rights
// work together.
func TestPeopleAndOffices(t *testing.T) {
	story.Each(t, func(s *story.Story) {
		s.Territories["reg"] = []string{"mun.01", "mun.02"}
		s.Territories["mun.01"] = []string{"mun.01.a"}
		s.Office("reg", "", "reg")
		roads := s.Office("reg.roads", "reg", "reg")
		service := s.Office("reg.roads.service", "reg.roads", "mun.01")
		s.Overseer("reg.centre", "reg", "mun.01")

		anna := s.Citizen("anna")
		handler := s.Officer("boris", "reg.roads.service", policy.Handler)
		curator := s.Officer("vera", "reg.roads", policy.Supervisor)
		centre := s.Officer("galina", "reg.centre", policy.Coordinator)
		case1 := policy.Object{Owner: anna.Person, Organisation: service.ID, Territory: "mun.01.a"}
		foreign := policy.Object{Owner: id.New(), Organisation: id.New(), Territory: "mun.02"}
		for who, a := range map[string]policy.Actor{"author": anna, "handler": handler, "curator": curator, "centre": centre} {
			if _, err := policy.Check(a, policy.CaseworkRead, case1); err != nil {
				t.Errorf("%s reads the case: %v", who, err)
			}
			_, err := policy.Check(a, policy.CaseworkRead, foreign)
			s.Refused(err, errs.NotFound)
		}
		_, err := policy.Check(curator, policy.CaseworkExecute, case1)
		s.Refused(err, errs.Forbidden)
		_, err = policy.Check(s.Citizen("stranger"), policy.CaseworkRead, case1)
		s.Refused(err, errs.NotFound)
		scope, err := policy.ScopeOf(curator, policy.CaseworkList)
		s.Must(err)
		if !slices.Equal(scope.Organisations, []id.ID{roads.ID, service.ID}) {
			t.Errorf("the curator's list spans %v", scope.Organisations)
		}

		// An API token acts with the roles that its owner holds today.
		token := s.Bearer("boris", "reg.roads.service", true)
		r, err := s.Identity.ResolveBearer(s.Ctx, token)
		s.Must(err)
		if !r.Actor.Has(policy.Handler) || r.Actor.Organisation != service.ID {
			t.Errorf("the token acts as %+v", r.Actor)
		}
		_, err = policy.Check(r.Actor, policy.CaseworkExecute, case1)
		s.Refused(err, errs.Forbidden)
		o, err := s.Directory.Officer(s.Ctx, story.Operator, service.ID, handler.Person)
		s.Must(err)
		s.Must(s.Directory.RemoveOfficer(s.Ctx, story.Operator, service.ID, handler.Person, o.Version))
		_, err = s.Identity.ResolveBearer(s.Ctx, token)
		s.Refused(err, errs.Unauthenticated)

		// Reading is remembered, and the person sees it.
		g, err := policy.Check(curator, policy.CaseworkRead, case1)
		s.Must(err)
		s.Must(s.Privacy.Record(s.Ctx, curator, privacy.Read{What: policy.CaseworkRead, Subject: anna.Person, Thing: id.New(), Grant: g}))
		list, _, err := s.Privacy.WhoRead(s.Ctx, anna, privacy.Page{})
		s.Must(err)
		if len(list) != 1 || list[0].Organisation != roads.ID || list[0].Role != string(policy.Supervisor) {
			t.Errorf("who read: %+v", list)
		}
	})
}

// TestFirstAdministrator is how an installation begins: the command line makes
// a link, its holder a password, and the administrator the rest.
func TestFirstAdministrator(t *testing.T) {
	story.Each(t, func(s *story.Story) {
		root := s.Office("reg", "")
		person, token, err := s.Identity.Invite(s.Ctx, story.Operator, "chief", "Главный")
		s.Must(err)
		s.Must(s.Directory.AddOfficer(s.Ctx, story.Operator, root.ID, person, officeOf(policy.RegionAdmin)))
		o, err := s.Identity.SetPasswordByLink(s.Ctx, policy.Nobody("ru"), token, story.Password, signIn())
		s.Must(err)
		r, err := s.Identity.Resolve(s.Ctx, o.Token)
		s.Must(err)
		s.Refused(policy.Allow(r.Actor, policy.DirectoryOrganisation), errs.Forbidden) // as a citizen
		a, err := s.Directory.Acting(s.Ctx, r.Actor, "reg")
		s.Must(err)
		s.Must(policy.Allow(a, policy.DirectoryOrganisation))
	})
}
