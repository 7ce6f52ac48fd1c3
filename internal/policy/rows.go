package policy

// Relation is how the actor stands to a thing. The set is closed.
type Relation string

// Relations, from the nearest to the widest.
const (
	Own            Relation = "own"             // the thing is the actor's
	Joined         Relation = "joined"          // the actor is a participant beside the owner
	MyOrganisation Relation = "my_organisation" // the organisation that holds it is the acting one
	Supervised     Relation = "supervised"      // held by an organisation below the acting one
	Subtree        Relation = "subtree"         // held by the acting organisation or one below it
	Territory      Relation = "territory"       // lies in a territory that the acting organisation oversees
	Public         Relation = "public"          // open to everybody
	Any            Relation = "any"             // no relation is asked for
)

// Relations lists the closed set in a fixed order.
func Relations() []Relation {
	return []Relation{Own, Joined, MyOrganisation, Supervised, Subtree, Territory, Public, Any}
}

// Level says how far a grant goes.
type Level int

// Levels, each wider than the one before.
const (
	Refused      Level = iota
	MetadataOnly       // numbers, states, terms, categories; no words, files or names
	NeedsReason        // in full, after a reason that is recorded
	Allowed            // in full
)

func (l Level) String() string {
	return [...]string{"refused", "metadata only", "needs a reason", "allowed"}[l]
}

// row is one grant.
type row struct {
	action   Action
	role     Role
	relation Relation
	level    Level
}

// officers are the roles that work cases of their organisation.
var officers = []Role{Moderator, Coordinator, Handler, Approver, Supervisor}

// everyone is each role that a request may come with, System aside.
var everyone = []Role{Anonymous, Citizen}

// rows is the whole policy. System is added by init for every action: the
// command line, timers and jobs act through the same use cases.
var rows = build(
	// A citizen and the public.
	grant(Allowed, Any, []Role{Citizen}, CaseworkFile, AttachmentUpload),
	grant(Allowed, Own, []Role{Citizen}, CaseworkRead, CaseworkAdd, CaseworkReply, CaseworkWithdraw,
		CaseworkRate, CaseworkReopen, CaseworkVisibility, CaseworkHistory, AttachmentRead,
		NotifyRead, NotifyManage, IdentityRead, IdentityManageOwn, IdentitySessions, IdentityToken, PrivacyOwn, PrivacyExport, PrivacyErase, CaseworkMine),
	// Who joined rates for themselves and sees the term, nothing of the author's correspondence.
	grant(MetadataOnly, Joined, []Role{Citizen}, CaseworkRead),
	grant(Allowed, Joined, []Role{Citizen}, CaseworkRate, CaseworkUnjoin, CaseworkMine),
	// Of a file, Public means that this very file was released, not that its case is open.
	grant(Allowed, Public, everyone, CaseworkPublicRead, AttachmentRead),
	grant(Allowed, Public, []Role{Citizen}, CaseworkJoin),
	grant(Allowed, Any, everyone, IdentityRegister, IdentitySignIn, DirectoryRead, TaxonomyRead, PlacesRead),

	// Officers: each in the stage's role, in the organisation that holds the case now.
	grant(Allowed, MyOrganisation, officers, CaseworkRead, CaseworkList, CaseworkHistory, CaseworkNote, AttachmentRead),
	grant(Allowed, MyOrganisation, []Role{Moderator}, CaseworkModerate, CaseworkPublish, CaseworkRedirect),
	grant(Allowed, MyOrganisation, []Role{Coordinator}, CaseworkCoordinate, CaseworkRedirect, CaseworkReturn,
		CaseworkAssign, CaseworkMerge, CaseworkSplit, CaseworkExtend, CaseworkAsk),
	grant(Allowed, MyOrganisation, []Role{Handler}, CaseworkTake, CaseworkExecute, CaseworkAsk, CaseworkInterim,
		CaseworkDefer, CaseworkReturn, CaseworkExtend),
	grant(Allowed, MyOrganisation, []Role{Approver}, CaseworkApprove, CaseworkExtend),

	// Those above read what is below; they don't work it.
	grant(Allowed, Subtree, []Role{Supervisor}, CaseworkRead, CaseworkList, CaseworkHistory, AttachmentRead),
	grant(MetadataOnly, Subtree, []Role{Approver}, CaseworkRead, CaseworkList),

	// The regional centre and other bodies that oversee a territory.
	grant(Allowed, Territory, []Role{Coordinator, Supervisor}, CaseworkRead, CaseworkList, CaseworkHistory, AttachmentRead),
	grant(Allowed, Territory, []Role{Supervisor}, CaseworkControl),
	grant(Allowed, Territory, []Role{Coordinator}, CaseworkRedirect),

	// Administrators see that cases exist and run on time; words only with a reason.
	grant(MetadataOnly, MyOrganisation, []Role{OrgAdmin}, CaseworkList),
	grant(NeedsReason, MyOrganisation, []Role{OrgAdmin}, CaseworkRead, AttachmentRead, CaseworkHistory),
	grant(MetadataOnly, Any, []Role{RegionAdmin}, CaseworkList),
	grant(NeedsReason, Any, []Role{RegionAdmin}, CaseworkRead, AttachmentRead, CaseworkHistory),

	// The directory and what administrators keep.
	grant(Allowed, MyOrganisation, append([]Role{OrgAdmin}, officers...), DirectoryOfficers),
	grant(Allowed, Subtree, []Role{OrgAdmin, Supervisor}, DirectoryOfficers),
	grant(Allowed, Subtree, []Role{OrgAdmin}, DirectoryManage, DirectoryHours),
	grant(Allowed, MyOrganisation, []Role{OrgAdmin}, PrivacyAudit),
	grant(Allowed, Any, []Role{RegionAdmin}, DirectoryOfficers, DirectoryManage, DirectoryHours, DirectoryOrganisation,
		DirectorySettings, TaxonomyPublish, PlacesImport, CalendarImport, CaseworkImport, PrivacyAudit, JobsManage, IdentityFind),
	grant(Allowed, Any, []Role{OrgAdmin}, IdentityFind),
)

func grant(level Level, relation Relation, roles []Role, actions ...Action) []row {
	out := make([]row, 0, len(roles)*len(actions))
	for _, a := range actions {
		for _, r := range roles {
			out = append(out, row{a, r, relation, level})
		}
	}
	return out
}

// build joins the grants and gives System every action on anything.
func build(grants ...[]row) map[Action][]row {
	m := map[Action][]row{}
	for _, g := range grants {
		for _, r := range g {
			m[r.action] = append(m[r.action], r)
		}
	}
	for _, a := range Actions() {
		m[a] = append(m[a], row{a, System, Any, Allowed})
	}
	return m
}
