package policy

import (
	"slices"

	"okno/internal/platform/id"
)

// Role is a part that a person plays. Officers' roles are held in one organisation.
type Role string

// The closed list of roles.
const (
	Anonymous   Role = "anonymous"    // nobody signed in
	Citizen     Role = "citizen"      // any signed-in person, for their own things
	Moderator   Role = "moderator"    // pre-screens what comes in
	Coordinator Role = "coordinator"  // sets the fact, chooses the organisation and the handler
	Handler     Role = "handler"      // works the case (исполнитель)
	Approver    Role = "approver"     // approves answers
	Supervisor  Role = "supervisor"   // reads and controls (куратор)
	OrgAdmin    Role = "org_admin"    // officers, hours of one organisation
	RegionAdmin Role = "region_admin" // organisations, rubricator, settings
	System      Role = "system"       // timers, jobs, imports, the command line
)

// Assurance is how well it is known who holds an account.
type Assurance string

// Levels of accounts, from the least.
const (
	Simplified Assurance = "simplified" // a telephone or e-mail was shown to be theirs, or a plain login
	Standard   Assurance = "standard"   // the person's data agree with registers
	Verified   Assurance = "verified"   // the person was proofed
)

// Actor is who acts: explicit in every use case, never fetched from context.
type Actor struct {
	Person       id.ID  // who; Nil for anonymous and system
	Organisation id.ID  // on whose behalf; Nil for a citizen
	Roles        []Role // roles in Organisation; a signed-in person also has Citizen
	Session      id.ID
	Level        Assurance // of a person's account when the session began; empty for tokens, machines and nobody
	Name         string    // of System: "timer", "import", "operator:LOGIN"; empty for persons
	DisplayName  string    // of a person, for the page's own frame; never stored with what the person does
	Lang         string    // of sentences made for this actor: "ru" or "en"
	Zone         string    // IANA zone of the reader

	Subtree     []id.ID  // Organisation and those below it, at most 200; resolved at the start of a request
	Territories []string // territory codes that Organisation oversees, with those below; empty for most

	Token    id.ID // the API token in use; Nil for a session
	ReadOnly bool  // the token reads only
}

// Nobody is the actor of a signed-out request.
func Nobody(lang string) Actor { return Actor{Roles: []Role{Anonymous}, Lang: lang} }

// Machine is the actor of timers, jobs and the command line.
func Machine(name string) Actor { return Actor{Roles: []Role{System}, Name: name, Lang: "ru"} }

// Has tells whether the actor holds any of the roles.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(a.Roles, r) })
}

// SignedIn tells whether a person acts.
func (a Actor) SignedIn() bool { return a.Person != id.Nil }
