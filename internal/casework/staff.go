package casework

import (
	"context"
	"slices"

	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Duty is one office that a person holds in an organisation.
type Duty struct {
	Person id.ID
	Roles  []policy.Role
	Absent bool // now
}

// staffFor reads who works in the organisations whose officers may be told of
// the steps. It asks nothing where nobody of an office is: of a filing.
func (s *Service) staffFor(ctx context.Context, steps []Step, cases map[id.ID]*Case) (map[id.ID][]Duty, error) {
	var orgs []id.ID
	for _, st := range steps {
		c := cases[st.Case]
		if c == nil || slices.Contains(orgs, c.Organisation) {
			continue
		}
		if _, _, told := notices(st.Action, st.Reason, st.Body); told != "" {
			orgs = append(orgs, c.Organisation)
		}
	}
	if len(orgs) == 0 {
		return nil, nil
	}
	return s.offices.Staff(ctx, orgs)
}

// attended tells whether somebody in an organisation would look into what comes
// to it: one that only stands above others in the tree may have nobody.
func (s *Service) attended(ctx context.Context, org id.ID) (bool, error) {
	i, err := s.unattended(ctx, []id.ID{org})
	return i < 0, err
}

// unattended is the place of the first organisation in which nobody would look
// into what comes; -1 where somebody would in each. Nil is none.
func (s *Service) unattended(ctx context.Context, orgs []id.ID) (int, error) {
	if !slices.ContainsFunc(orgs, func(o id.ID) bool { return o != id.Nil }) {
		return -1, nil
	}
	staff, err := s.offices.Staff(ctx, orgs)
	return slices.IndexFunc(orgs, func(o id.ID) bool {
		return o != id.Nil && !slices.ContainsFunc(staff[o], func(d Duty) bool {
			return slices.Contains(d.Roles, policy.Moderator) || slices.Contains(d.Roles, policy.Coordinator)
		})
	}), err
}

// told are the officers whom a step of a case concerns: the one who has it,
// while they work there, else those whose role its stage is. staff is everybody
// of the case's organisation.
func (s *Service) told(c *Case, st Step, staff []Duty) []id.ID {
	_, _, kind := notices(st.Action, st.Reason, st.Body)
	arrives := kind == "redirected_office" || kind == "reopened_office" // nobody had it
	if c.Handler != id.Nil && slices.ContainsFunc(staff, func(d Duty) bool { return d.Person == c.Handler }) {
		if arrives { // somebody took it before this was told
			return nil
		}
		return []id.ID{c.Handler}
	}
	// What waits for nobody in particular tells nobody in particular; these can't wait.
	if !c.Open() || !arrives && !slices.Contains([]Action{Alarm, Reply, Rework}, st.Action) {
		return nil
	}
	stage, _ := s.Procedure(c).Stage(c.Stage)
	role := stage.Role
	if role == "" || role == policy.Handler { // coordinators find who will have it
		role = policy.Coordinator
	}
	return OnDuty(staff, role)
}

// OnDuty are those of an organisation's officers who are told what concerns a
// role: whoever holds it and is at work; where nobody is, administrators and
// supervisors; where none of them is, those who hold the role though absent,
// and at last whoever there is.
func OnDuty(staff []Duty, role policy.Role) []id.ID {
	with := func(absent bool, roles ...policy.Role) (out []id.ID) {
		for _, d := range staff {
			if d.Absent == absent && slices.ContainsFunc(roles, func(r policy.Role) bool { return slices.Contains(d.Roles, r) }) {
				out = append(out, d.Person)
			}
		}
		return out
	}
	anybody := []policy.Role{policy.Moderator, policy.Coordinator, policy.Handler, policy.Approver}
	for _, choice := range []struct {
		absent bool
		roles  []policy.Role
	}{
		{false, []policy.Role{role}}, {false, []policy.Role{policy.OrgAdmin, policy.Supervisor}},
		{true, []policy.Role{role}}, {true, []policy.Role{policy.OrgAdmin, policy.Supervisor}},
		{false, anybody}, {true, anybody},
	} {
		if out := with(choice.absent, choice.roles...); len(out) > 0 {
			return out
		}
	}
	return nil
}
