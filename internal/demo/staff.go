package demo

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"okno/internal/app"
	"okno/internal/demo/people"
	"okno/internal/demo/region"
	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Password is that of everybody who can sign in to the demonstration.
const Password = "Berega-Ozera-7"

// shown is the organisation in which those who can sign in work.
const shown = "mun.01.roads"

// Account is somebody who can sign in.
type Account struct {
	Login, Name string
	Does        string // what the role does, in English
	Org         string // code; "" a citizen
	Roles       []policy.Role
}

// citizensShown and the officers below are the accounts that the start prints.
var citizensShown = []Account{
	{Login: "citizen", Does: "citizen: has reports of every kind"},
	{Login: "neighbour", Does: "second citizen: joined reports of others"},
}

var officersShown = []Account{
	{Login: "moderator", Does: "moderator: looks through what came in", Org: shown, Roles: []policy.Role{policy.Moderator}},
	{Login: "coordinator", Does: "coordinator: chooses who works on it", Org: shown, Roles: []policy.Role{policy.Coordinator}},
	{Login: "handler", Does: "handler: does the work, writes the answer", Org: shown, Roles: []policy.Role{policy.Handler}},
	{Login: "approver", Does: "approver: approves answers", Org: shown, Roles: []policy.Role{policy.Approver}},
	{Login: "supervisor", Does: "supervisor: here and in the regional centre", Org: shown, Roles: []policy.Role{policy.Supervisor}},
	{Login: "orgadmin", Does: "administrator of the organisation", Org: shown, Roles: []policy.Role{policy.OrgAdmin}},
	{Login: "regionadmin", Does: "administrator of the region", Org: centre, Roles: []policy.Role{policy.RegionAdmin}},
}

// citizenCount is how many people of the region have an account.
const citizenCount = 640

// person is somebody with an account.
type person struct {
	people.Person
	id   id.ID
	home string // municipality
}

// seat is an office that a person holds.
type seat struct {
	person int // of crowd.officers
	org    string
	title  string
	en     string
	roles  []policy.Role
}

// desk is who does what in an organisation: indexes into crowd.officers.
type desk struct {
	org                      string
	moderators, coordinators []int
	handlers, approvers      []int
}

// crowd is everybody in the region.
type crowd struct {
	citizens, officers []person
	byHome             map[string][]int
	seats              []seat
	desks              map[string]*desk
}

var titles = map[policy.Role][2]string{
	policy.Moderator: {"модератор", "moderator"}, policy.Coordinator: {"координатор", "coordinator"}, policy.Handler: {"специалист", "specialist"},
	policy.Approver: {"заместитель руководителя", "deputy head"}, policy.Supervisor: {"куратор", "supervisor"},
	policy.OrgAdmin: {"администратор", "administrator"}, policy.RegionAdmin: {"администратор области", "administrator of the region"},
}

// large organisations have a person for each role, small ones let one person play several.
func large(o region.Organisation) bool {
	return o.Code == shown || o.Code == centre || o.Code == "mun.01.green" || o.Code == "mun.01.admin" || o.Code == "mun.01.housing" ||
		o.Kind == region.KindGovernment || o.Code == "reg.roads.service" || o.Code == "utility.waste"
}

// gather invents everybody: the same from the same seed.
func gather(seed uint64, homes []string, weights []float64) *crowd {
	c := &crowd{byHome: map[string][]int{}, desks: map[string]*desk{}}
	for i, p := range people.Citizens(seed, citizenCount) {
		home := homes[draw(chance(seed, "home", i, 0), weights)]
		if i < len(citizensShown) {
			p.Login, home = citizensShown[i].Login, "mun.01"
		}
		c.citizens = append(c.citizens, person{p, idOf(seed, "citizen", i, 0, 0), home})
		c.byHome[home] = append(c.byHome[home], i)
	}
	m, co, h, ap, su, ad := policy.Moderator, policy.Coordinator, policy.Handler, policy.Approver, policy.Supervisor, policy.OrgAdmin
	for _, a := range officersShown {
		c.sit(a.Org, a.Roles...)
	}
	for _, o := range region.Organisations() {
		switch {
		case o.Kind == region.KindRegion:
			continue
		case o.Code == shown: // beside those who can sign in
			c.sit(o.Code, h)
			c.sit(o.Code, h)
			c.sit(o.Code, co, m)
		case large(o):
			for _, roles := range [][]policy.Role{{m}, {co}, {h}, {h}, {h}, {ap}, {su}, {ad}} {
				c.sit(o.Code, roles...)
			}
		default:
			c.sit(o.Code, m, co, ad)
			c.sit(o.Code, h)
			c.sit(o.Code, h, ap, su)
		}
	}
	supervisor := 4 // of officersShown
	c.seats = append(c.seats, seat{supervisor, centre, titles[su][0], titles[su][1], []policy.Role{su, co}})
	for i, p := range people.Officers(seed, len(c.officers)) {
		if i < len(officersShown) {
			p.Login = officersShown[i].Login
		}
		c.officers[i] = person{Person: p, id: idOf(seed, "officer", i, 0, 0)}
	}
	return c
}

// sit gives a new person an office.
func (c *crowd) sit(org string, roles ...policy.Role) {
	n := len(c.officers)
	c.officers = append(c.officers, person{})
	t := titles[roles[0]]
	c.seats = append(c.seats, seat{n, org, t[0], t[1], roles})
	d := c.desks[org]
	if d == nil {
		d = &desk{org: org}
		c.desks[org] = d
	}
	for role, list := range map[policy.Role]*[]int{policy.Moderator: &d.moderators, policy.Coordinator: &d.coordinators, policy.Handler: &d.handlers, policy.Approver: &d.approvers} {
		if slices.Contains(roles, role) {
			*list = append(*list, n)
		}
	}
}

// register makes the accounts and offices that are missing.
func (c *crowd) register(ctx context.Context, a *app.App) error {
	have, err := a.Identity.Names(ctx, c.ids())
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(32)
	add := func(p person, login string, signsIn bool) {
		if _, ok := have[p.id]; ok {
			return
		}
		g.Go(func() error {
			in := identity.Registration{ID: p.id, Login: login, Name: p.Display(), Phone: p.Phone}
			if signsIn {
				in.Password = Password
			}
			if _, err := a.Identity.Register(ctx, operator, in); err != nil {
				return fmt.Errorf("account %s: %w", login, err)
			}
			return nil
		})
	}
	for i, p := range c.citizens {
		add(p, p.Login, i < len(citizensShown))
	}
	for i, p := range c.officers {
		add(p, p.Login, i < len(officersShown))
	}
	if err := g.Wait(); err != nil {
		return err
	}
	tree, err := a.Directory.Tree(ctx)
	if err != nil {
		return err
	}
	for _, s := range c.seats {
		g.Go(func() error {
			o, ok := tree.ByCode(s.org)
			if !ok {
				return fmt.Errorf("no organisation %s", s.org)
			}
			err := a.Directory.AddOfficer(ctx, operator, o.ID, c.officers[s.person].id, directory.Office{Roles: s.roles, Title: s.title, TitleEN: s.en})
			if err != nil && !errs.Is(err, errs.Conflict) { // a conflict: the office is held already
				return fmt.Errorf("office in %s: %w", s.org, err)
			}
			return nil
		})
	}
	return g.Wait()
}

func (c *crowd) ids() []id.ID {
	var all []id.ID
	for _, list := range [][]person{c.citizens, c.officers} {
		for _, p := range list {
			all = append(all, p.id)
		}
	}
	return all
}

// Accounts lists who can sign in, with names as the seed gives them.
func Accounts(seed uint64) []Account {
	var out []Account
	for i, p := range people.Citizens(seed, len(citizensShown)) {
		a := citizensShown[i]
		a.Name = p.Display()
		out = append(out, a)
	}
	for i, p := range people.Officers(seed, len(officersShown)) {
		a := officersShown[i]
		a.Name = p.Display()
		out = append(out, a)
	}
	return out
}
