package directory

import (
	"errors"
	"sync"
	"testing"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

func keyOf(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

// What administrators may do and read, another one decides; and an organisation
// that has one keeps one.
func TestNobodyGivesRolesToThemselves(t *testing.T) {
	each(t, func(b bench) {
		root := b.add("reg", id.Nil)
		roads := b.add("roads", root.ID)
		b.office(roads.ID, "anna", policy.OrgAdmin, policy.Handler)
		anna := b.acting("anna", "roads")
		change := func(a policy.Actor, login string, want string, roles ...policy.Role) {
			b.Helper()
			o, err := b.Officer(ctx, a, roads.ID, b.people[login])
			b.must(err)
			if err := b.ChangeOfficer(ctx, a, roads.ID, o.Person, o.Version, Office{Roles: roles, Title: "инженер"}); keyOf(err) != want || (want == "") != (err == nil) {
				t.Errorf("%v of %s: %v, want %q", roles, login, err, want)
			}
		}
		change(anna, "anna", "directory.own_roles", policy.OrgAdmin, policy.Handler, policy.Supervisor)
		change(anna, "anna", "directory.own_roles", policy.Supervisor)
		change(anna, "anna", "directory.last_org_admin", policy.Handler)
		change(anna, "anna", "", policy.OrgAdmin)
		below := b.add("below", roads.ID)
		if err := b.AddOfficer(ctx, b.acting("anna", "roads"), below.ID, anna.Person, Office{Roles: []policy.Role{policy.Supervisor}, Title: "инженер"}); keyOf(err) != "directory.own_roles" {
			t.Errorf("to themselves in another organisation: %v", err)
		}

		b.office(roads.ID, "boris", policy.OrgAdmin, policy.Handler)
		boris := b.acting("boris", "roads")
		change(boris, "anna", "", policy.OrgAdmin, policy.Supervisor)
		change(anna, "anna", "", policy.Supervisor)
		change(boris, "boris", "directory.last_org_admin", policy.Handler)

		b.office(root.ID, "vera", policy.RegionAdmin)
		vera := b.acting("vera", "reg")
		o, err := b.Officer(ctx, vera, roads.ID, boris.Person)
		b.must(err)
		if err := b.RemoveOfficer(ctx, vera, roads.ID, boris.Person, o.Version); keyOf(err) != "directory.last_org_admin" {
			t.Errorf("the last administrator is removed: %v", err)
		}
		if err := b.ChangeOfficer(ctx, vera, root.ID, vera.Person, 1, Office{Roles: []policy.Role{policy.Handler}, Title: "т"}); keyOf(err) != "directory.own_roles" {
			t.Errorf("a region administrator's own roles: %v", err)
		}
		b.office(root.ID, "boris", policy.Handler)
		o, err = b.Officer(ctx, vera, root.ID, boris.Person)
		b.must(err)
		b.must(b.ChangeOfficer(ctx, vera, root.ID, boris.Person, o.Version, Office{Roles: []policy.Role{policy.RegionAdmin}, Title: "т"}))
		second := b.acting("boris", "reg")
		b.must(b.RemoveOfficer(ctx, second, root.ID, vera.Person, 1))
		o, err = b.Officer(ctx, second, root.ID, boris.Person)
		b.must(err)
		if err := b.ChangeOfficer(ctx, operator, root.ID, boris.Person, o.Version, Office{Roles: []policy.Role{policy.Handler}, Title: "т"}); err != nil {
			t.Errorf("the operator of the installation: %v", err)
		}
	})
}

// Two who take the role from each other at once don't leave the organisation
// without an administrator.
func TestTwoAdministratorsRemoveEachOther(t *testing.T) {
	each(t, func(b bench) {
		roads := b.add("roads", id.Nil)
		for _, login := range []string{"anna", "boris"} {
			b.office(roads.ID, login, policy.OrgAdmin)
		}
		acting := map[string]policy.Actor{"boris": b.acting("anna", "roads"), "anna": b.acting("boris", "roads")}
		var both sync.WaitGroup
		var failed [2]error
		for i, login := range []string{"anna", "boris"} {
			both.Go(func() { failed[i] = b.RemoveOfficer(ctx, acting[login], roads.ID, b.people[login], 1) })
		}
		both.Wait()
		left, err := b.OfficersWith(ctx, roads.ID, policy.OrgAdmin)
		b.must(err)
		if len(left) != 1 || (failed[0] == nil) == (failed[1] == nil) {
			t.Errorf("%d are left; %v, %v", len(left), failed[0], failed[1])
		}
	})
}
