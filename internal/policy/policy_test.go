package policy

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

var update = flag.Bool("update", false, "write testdata/policy.golden anew")

var (
	me       = parse("01900000-0000-7000-8000-000000000001")
	stranger = parse("01900000-0000-7000-8000-000000000002")
	myOrg    = parse("01900000-0000-7000-8000-00000000000a")
	below    = parse("01900000-0000-7000-8000-00000000000b")
	foreign  = parse("01900000-0000-7000-8000-00000000000c")
)

var roles = []Role{Anonymous, Citizen, Moderator, Coordinator, Handler, Approver, Supervisor, OrgAdmin, RegionAdmin, System}

// actorIn is a person who holds one role, officers in myOrg.
func actorIn(r Role) Actor {
	switch r {
	case Anonymous:
		return Nobody("ru")
	case System:
		return Machine("test")
	case Citizen:
		return Actor{Person: me, Roles: []Role{Citizen}}
	}
	return Actor{Person: me, Organisation: myOrg, Roles: []Role{Citizen, r},
		Subtree: []id.ID{myOrg, below}, Territories: []string{"t1"}}
}

// standing is a thing to which actorIn stands in the relation and in no nearer one.
func standing(r Relation) Object {
	o := Object{Owner: stranger, Organisation: foreign, Territory: "t9"}
	switch r {
	case Own:
		o.Owner = me
	case Joined:
		o.Participants = []id.ID{stranger, me}
	case MyOrganisation:
		o.Organisation = myOrg
	case Supervised, Subtree:
		o.Organisation = below
	case Territory:
		o.Territory = "t1"
	case Public:
		o.Public = true
	}
	return o
}

// outcome is a decision in one word.
func outcome(g Grant, err error) string {
	if err != nil {
		return string(errs.CodeOf(err))
	}
	return g.Level.String()
}

// TestGolden walks action × role × relation. Relation "any" is the foreign
// row that stands beside each: a thing of a stranger, in a foreign
// organisation and territory, closed to the public.
func TestGolden(t *testing.T) {
	var b strings.Builder
	for _, a := range Actions() {
		fmt.Fprintf(&b, "%s\n", a)
		for _, role := range roles {
			fmt.Fprintf(&b, "  %-12s", role)
			for _, rel := range Relations() {
				g, err := Check(actorIn(role), a, standing(rel))
				fmt.Fprintf(&b, " %s=%s", rel, strings.ReplaceAll(outcome(g, err), " ", "_"))
			}
			b.WriteString("\n")
		}
	}
	const name = "testdata/policy.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	got, old := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i := range got {
		if i >= len(old) || got[i] != old[i] {
			t.Fatalf("decisions differ from %s, line %d:\n got %s\nRead the change; then run with -update.", name, i+1, got[i])
		}
	}
	if len(got) != len(old) {
		t.Fatalf("%s holds %d lines, there are %d", name, len(old), len(got))
	}
}

// TestForeignStaysHidden: nobody but administrators and the system learns
// that a stranger's closed case exists.
func TestForeignStaysHidden(t *testing.T) {
	for _, a := range Actions() {
		if !strings.HasPrefix(string(a), "casework.") && a != AttachmentRead && a != NotifyRead {
			continue
		}
		switch a {
		case CaseworkFile, CaseworkMine, CaseworkList, CaseworkControl, CaseworkImport:
			continue // concern no single case
		}
		for _, role := range []Role{Anonymous, Citizen, Moderator, Coordinator, Handler, Approver, Supervisor, OrgAdmin} {
			_, err := Check(actorIn(role), a, standing(Any))
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("%s as %s on a foreign case: %v, want not_found", a, role, err)
			}
			var e *errs.Error
			if err != nil {
				e = err.(*errs.Error)
				if e.Key != "" || e.Args != nil || e.Fields != nil || e.Err != nil {
					t.Errorf("%s: not_found carries something that tells it from a missing thing: %+v", a, e)
				}
			}
		}
	}
}

// TestScopeAgreesWithCheck: a list shows exactly what one by one would be
// granted at the scope's level.
func TestScopeAgreesWithCheck(t *testing.T) {
	for _, a := range []Action{CaseworkList, CaseworkMine, CaseworkRead, CaseworkPublicRead, DirectoryOfficers, NotifyRead} {
		for _, role := range roles {
			actor := actorIn(role)
			s, err := ScopeOf(actor, a)
			for _, rel := range Relations() {
				o := standing(rel)
				in := err == nil && contains(s, o)
				g := best(actor, a, o)
				want := g.Level != Refused
				if !s.MetadataOnly {
					want = g.Level == Allowed
				}
				if in != want {
					t.Errorf("%s as %s, %s: in scope %v, granted %v (%+v)", a, role, rel, in, want, s)
				}
			}
		}
	}
}

// contains says of an object what the SQL says of a row.
func contains(s Scope, o Object) bool {
	in := s.All || s.Owner != id.Nil && s.Owner == o.Owner || has(o.Participants, s.Participant) ||
		has(s.Organisations, o.Organisation) || s.Public && o.Public
	for _, x := range s.Territories {
		in = in || x == o.Territory
	}
	return in
}

func TestTokens(t *testing.T) {
	a := actorIn(Citizen)
	a.Token, a.ReadOnly = stranger, true
	own := standing(Own)
	if _, err := Check(a, CaseworkRead, own); err != nil {
		t.Errorf("a read-only token reads: %v", err)
	}
	if _, err := Check(a, CaseworkAdd, own); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a read-only token writes: %v", err)
	}
	a.ReadOnly = false
	if _, err := Check(a, CaseworkAdd, own); err != nil {
		t.Errorf("a token writes: %v", err)
	}
	if _, err := Check(a, IdentityToken, own); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a token makes tokens: %v", err)
	}
	if err := Gate(a, IdentitySessions); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a token reaches sessions: %v", err)
	}
}

func TestReason(t *testing.T) {
	g, err := Check(actorIn(RegionAdmin), CaseworkRead, standing(Any))
	if err != nil || g.Level != NeedsReason {
		t.Fatalf("region administrator: %+v %v", g, err)
	}
	if !errs.Is(g.Reason(""), errs.Forbidden) || g.Reason("complaint 12") != nil {
		t.Error("a reason is demanded once and then taken")
	}
}

// TestRowsNameKnownThings keeps rows, actions and relations closed.
func TestRowsNameKnownThings(t *testing.T) {
	for a, rs := range rows {
		if !Known(a) {
			t.Errorf("row for the unknown action %q", a)
		}
		for _, r := range rs {
			if r.level == Refused || !has2(roles, r.role) || !has2(Relations(), r.relation) {
				t.Errorf("row %+v", r)
			}
		}
	}
	if _, err := Check(actorIn(System), "casework.nothing", Object{}); !errs.Is(err, errs.Internal) {
		t.Errorf("an unknown action: %v", err)
	}
	for a, tr := range traitsOf {
		if tr.sees != "" && !Known(tr.sees) {
			t.Errorf("%s is seen by the unknown %s", a, tr.sees)
		}
	}
}

func has2[T comparable](xs []T, x T) bool {
	for _, y := range xs {
		if x == y {
			return true
		}
	}
	return false
}

func parse(s string) id.ID {
	v, err := id.Parse(s)
	if err != nil {
		panic(err)
	}
	return v
}
