package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Tree is one state of all organisations, in memory. It never changes; its
// organisations are shared and not to be written to.
type Tree struct {
	version  int64
	byID     map[id.ID]*Organisation
	byCode   map[string]*Organisation
	children map[id.ID][]*Organisation // by name; roots under Nil
}

func grow(version int64, all []Organisation) *Tree {
	t := &Tree{version: version, byID: make(map[id.ID]*Organisation, len(all)),
		byCode: make(map[string]*Organisation, len(all)), children: map[id.ID][]*Organisation{}}
	for i := range all {
		o := &all[i]
		t.byID[o.ID], t.byCode[o.Code] = o, o
		t.children[o.Parent] = append(t.children[o.Parent], o)
	}
	for _, c := range t.children {
		slices.SortFunc(c, func(a, b *Organisation) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Code, b.Code)) })
	}
	return t
}

// Get finds an organisation by id.
func (t *Tree) Get(org id.ID) (Organisation, bool) { return deref(t.byID[org]) }

// ByCode finds an organisation by its code.
func (t *Tree) ByCode(code string) (Organisation, bool) { return deref(t.byCode[code]) }

func deref(o *Organisation) (Organisation, bool) {
	if o == nil {
		return Organisation{}, false
	}
	return *o, true
}

// Len is the number of organisations.
func (t *Tree) Len() int { return len(t.byID) }

// Children lists what stands directly below org, by name; Nil: the roots.
func (t *Tree) Children(org id.ID) []Organisation {
	out := make([]Organisation, 0, len(t.children[org]))
	for _, o := range t.children[org] {
		out = append(out, *o)
	}
	return out
}

// Walk visits org (Nil: everything) and what is below it, parents first, with
// the depth below the start; visit returns false to stop.
func (t *Tree) Walk(org id.ID, visit func(o Organisation, depth int) bool) {
	var down func(o *Organisation, depth int) bool
	down = func(o *Organisation, depth int) bool {
		if !visit(*o, depth) {
			return false
		}
		for _, c := range t.children[o.ID] {
			if !down(c, depth+1) {
				return false
			}
		}
		return true
	}
	if o := t.byID[org]; o != nil {
		down(o, 0)
		return
	}
	if org != id.Nil {
		return
	}
	for _, o := range t.children[id.Nil] {
		if !down(o, 0) {
			return
		}
	}
}

// Subtree lists org and everything below it; it stops after max+1, so that a
// caller sees that there is more.
func (t *Tree) Subtree(org id.ID, max int) []id.ID {
	var out []id.ID
	t.Walk(org, func(o Organisation, _ int) bool {
		out = append(out, o.ID)
		return len(out) <= max
	})
	return out
}

// Above lists the ancestors of org, the nearest first.
func (t *Tree) Above(org id.ID) []Organisation {
	var out []Organisation
	for o := t.byID[org]; o != nil && o.Parent != id.Nil; {
		if o = t.byID[o.Parent]; o != nil {
			out = append(out, *o)
		}
	}
	return out
}

// Within tells whether org is top or below it.
func (t *Tree) Within(org, top id.ID) bool { return t.within(nil, org, top) }

// within is Within where some organisations have moved to other parents.
func (t *Tree) within(moved map[id.ID]id.ID, org, top id.ID) bool {
	for o := t.byID[org]; o != nil; {
		if o.ID == top {
			return true
		}
		parent, ok := moved[o.ID]
		if !ok {
			parent = o.Parent
		}
		o = t.byID[parent]
	}
	return false
}

// Find lists at most n active organisations whose names or code hold every word
// of the query, those whose short name begins with it first.
func (t *Tree) Find(query string, n int) []Organisation { return t.find(query, n, false) }

// find is Find, with closed ones where they are asked for.
func (t *Tree) find(query string, n int, closed bool) []Organisation {
	q := fold(query)
	words := strings.Fields(q)
	if len(words) == 0 || n <= 0 {
		return nil
	}
	var first, rest []Organisation
	t.Walk(id.Nil, func(o Organisation, _ int) bool {
		text := fold(o.Name + " " + o.ShortName + " " + o.NameEN + " " + o.ShortNameEN + " " + o.Code)
		for _, w := range words {
			if !strings.Contains(text, w) {
				return true
			}
		}
		switch {
		case !o.Active && !closed:
		case strings.HasPrefix(fold(o.ShortName), q), strings.HasPrefix(fold(o.Name), q):
			first = append(first, o)
		default:
			rest = append(rest, o)
		}
		return len(first) < n
	})
	out := append(first, rest...)
	return out[:min(n, len(out))]
}

func fold(s string) string { return strings.ReplaceAll(strings.ToLower(s), "ё", "е") }

// fresh is how long a tree is used without asking whether it changed.
const fresh = time.Second

// Tree gives all organisations, at most a second late.
func (s *Service) Tree(ctx context.Context) (*Tree, error) {
	now := s.clock.Now()
	s.mu.Lock()
	t, checked := s.tree, s.checked
	s.mu.Unlock()
	if t != nil && now.Sub(checked) < fresh && !now.Before(checked) {
		return t, nil
	}
	st, err := readState(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return s.treeAt(ctx, st.tree)
}

// treeAt gives a tree at least as new as version.
func (s *Service) treeAt(ctx context.Context, version int64) (*Tree, error) {
	s.mu.Lock()
	t := s.tree
	if t != nil && t.version >= version {
		s.checked = s.clock.Now()
		s.mu.Unlock()
		return t, nil
	}
	s.mu.Unlock()
	for try := 0; try < 5; try++ {
		st, err := readState(ctx, s.db)
		if err != nil {
			return nil, err
		}
		all, err := allOrganisations(ctx, s.db)
		if err != nil {
			return nil, err
		}
		after, err := readState(ctx, s.db)
		if err != nil {
			return nil, err
		}
		if after.tree != st.tree {
			continue // changed between the two queries: read again
		}
		t = grow(st.tree, all)
		s.mu.Lock()
		if s.tree == nil || s.tree.version < t.version {
			s.tree = t
		}
		s.checked = s.clock.Now()
		t = s.tree
		s.mu.Unlock()
		return t, nil
	}
	return nil, errs.New(errs.Unavailable, "")
}

// Last is the tree as last read, without asking the database; nil before the
// first [Service.Tree]. For names and hours in places that can't wait.
func (s *Service) Last() *Tree {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tree
}

// forget makes this process see its own change at once.
func (s *Service) forget() {
	s.mu.Lock()
	s.checked = time.Time{}
	s.mu.Unlock()
}

// Organisation finds one organisation; not_found where there is none.
func (s *Service) Organisation(ctx context.Context, org id.ID) (Organisation, error) {
	t, err := s.Tree(ctx)
	if err != nil {
		return Organisation{}, err
	}
	o, ok := t.Get(org)
	if !ok {
		return Organisation{}, errs.New(errs.NotFound, "")
	}
	return o, nil
}

// Acting returns the actor acting for the organisation with the code: its
// roles there, the subtree (alone where more than 200 stand below) and, where
// the organisation oversees, its territories. not_found where the person holds
// no office there, or there is no such organisation, or it is closed.
func (s *Service) Acting(ctx context.Context, a policy.Actor, code string) (policy.Actor, error) {
	missing := errs.New(errs.NotFound, "")
	if !a.SignedIn() {
		return a, errs.New(errs.Unauthenticated, "")
	}
	o, version, err := officerByCode(ctx, s.db, code, a.Person)
	if errs.Is(err, errs.NotFound) {
		return a, missing
	}
	if err != nil {
		return a, err
	}
	t, err := s.treeAt(ctx, version)
	if err != nil {
		return a, err
	}
	org, ok := t.Get(o.Organisation)
	if !ok || !org.Active || a.Token != id.Nil && a.Organisation != org.ID {
		return a, missing // an API token acts for the organisation that it was made for, or for none
	}
	a.Organisation = org.ID
	a.Roles = append([]policy.Role{policy.Citizen}, o.Roles...)
	a.Subtree = t.Subtree(org.ID, policy.MaxOrganisations)
	if len(a.Subtree) > policy.MaxOrganisations {
		a.Subtree = []id.ID{org.ID}
	}
	a.Territories = nil
	if org.Oversees {
		a.Territories = s.reach(org.Territories)
	}
	return a, nil
}

// reach is territories and what lies below them.
func (s *Service) reach(codes []string) []string {
	out := slices.Clone(codes)
	if s.territories != nil {
		for _, c := range codes {
			out = append(out, s.territories.Below(c)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// state is the row that says what is current.
type state struct{ tree, settings int64 }

func readState(ctx context.Context, q db.Querier) (state, error) {
	return db.One(ctx, q, func(sc db.Scanner) (st state, err error) { return st, sc.Scan(&st.tree, &st.settings) },
		`SELECT tree, settings FROM directory_state WHERE id = 1`)
}
