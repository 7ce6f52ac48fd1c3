package policy

// Action names what is asked for: module.verb. The list is closed.
type Action string

// Actions of casework.
const (
	CaseworkFile          Action = "casework.file"        // a new report
	CaseworkRead          Action = "casework.read"        // one case as its participants and officers see it
	CaseworkMine          Action = "casework.mine"        // the list of one's own and joined cases
	CaseworkPublicRead    Action = "casework.public_read" // what a stranger sees of a case: page, map, similar ones nearby
	CaseworkJoin          Action = "casework.join"        // join an open public case instead of filing again
	CaseworkUnjoin        Action = "casework.unjoin"      // take back that one joined
	CaseworkAdd           Action = "casework.add"         // the author adds facts or files
	CaseworkReply         Action = "casework.reply"       // the author answers a question
	CaseworkWithdraw      Action = "casework.withdraw"    // the author takes the report back
	CaseworkRate          Action = "casework.rate"        // quality, and whether the problem is solved
	CaseworkReopen        Action = "casework.reopen"      // "not solved", once within the window
	CaseworkVisibility    Action = "casework.visibility"  // the author closes the case to strangers or opens it
	CaseworkList          Action = "casework.list"        // the list of an organisation or a territory, with its filters
	CaseworkHistory       Action = "casework.history"     // everything that was done in a case, by whom
	CaseworkModerate      Action = "casework.moderate"    // accept or reject with a reason
	CaseworkPublish       Action = "casework.publish"     // release or hide the excerpt and photos for strangers
	CaseworkCoordinate    Action = "casework.coordinate"  // correct the fact, pass on to execution
	CaseworkRedirect      Action = "casework.redirect"    // hand over to the competent organisation
	CaseworkReturn        Action = "casework.return"      // give back: to the coordinator, or to whoever sent it
	CaseworkAssign        Action = "casework.assign"      // choose the officer
	CaseworkTake          Action = "casework.take"        // an officer takes a free case
	CaseworkMerge         Action = "casework.merge"       // join duplicates
	CaseworkSplit         Action = "casework.split"       // several matters into several cases
	CaseworkExecute       Action = "casework.execute"     // draft the answer and submit it for approval
	CaseworkAsk           Action = "casework.ask"         // a question to the applicant
	CaseworkInterim       Action = "casework.interim"     // interim answer: how things stand, the term stays
	CaseworkDefer         Action = "casework.defer"       // interim answer with a promised date of the work
	CaseworkExtend        Action = "casework.extend"      // a later term, with a reason
	CaseworkApprove       Action = "casework.approve"     // approve the answer or return it
	CaseworkNote          Action = "casework.note"        // an officers' note in the history
	CaseworkImport        Action = "casework.import"      // reports from a file
	CaseworkControl       Action = "casework.control"     // how many cases of a territory are late or due today
	AttachmentUpload      Action = "attachment.upload"    // put a file aside for one's own form
	AttachmentRead        Action = "attachment.read"      // a file of a case, by the case's rights
	NotifyRead            Action = "notify.read"          // one's own notices
	NotifyManage          Action = "notify.manage"        // mark as read, choose what one is told
	IdentityRegister      Action = "identity.register"    // make an account
	IdentitySignIn        Action = "identity.sign_in"     // open a session
	IdentityRead          Action = "identity.read"        // one's own account, as a program may see it
	IdentityManageOwn     Action = "identity.manage_own"  // name, language, zone, look, password, contacts
	IdentitySessions      Action = "identity.sessions"    // list and end one's sessions
	IdentityToken         Action = "identity.token"       // make and revoke one's API tokens
	IdentityFind          Action = "identity.find"        // find an account by its exact login, to make it an officer
	AdminCreate           Action = "admin.create"         // an administrator by the command line
	DirectoryRead         Action = "directory.read"       // organisations: public knowledge
	DirectoryOfficers     Action = "directory.officers"   // the officers of an organisation
	DirectoryManage       Action = "directory.manage_officers"
	DirectoryHours        Action = "directory.hours" // working hours and zone of an organisation
	DirectoryOrganisation Action = "directory.manage_organisations"
	DirectorySettings     Action = "directory.settings" // settings of the installation
	TaxonomyRead          Action = "taxonomy.read"
	TaxonomyPublish       Action = "taxonomy.publish" // a new edition of the rubricator or of competence
	PlacesRead            Action = "places.read"
	PlacesImport          Action = "places.import"
	CalendarImport        Action = "calendar.import"
	PrivacyOwn            Action = "privacy.own"    // who read my data
	PrivacyExport         Action = "privacy.export" // all of one's own data as an archive
	PrivacyErase          Action = "privacy.erase"  // one's own account, for good
	PrivacyAudit          Action = "privacy.audit"  // who read what in an organisation
	JobsManage            Action = "jobs.manage"    // dead jobs: look, run again, drop
)

// traits are what [Check] needs to know of an action beside its rows.
type traits struct {
	writes  bool   // refused to a read-only token
	session bool   // refused to every token: a person at a screen
	sees    Action // holding it on the object makes "forbidden" honest; "": the thing is public knowledge
}

// actions is the closed list, in the order of the golden table.
var actions = []struct {
	Action
	traits
}{
	{CaseworkFile, traits{writes: true}},
	{CaseworkRead, traits{sees: CaseworkPublicRead}},
	{CaseworkMine, traits{}},
	{CaseworkPublicRead, traits{sees: CaseworkRead}},
	{CaseworkJoin, traits{writes: true, sees: CaseworkRead}},
	{CaseworkUnjoin, traits{writes: true, sees: CaseworkRead}},
	{CaseworkAdd, traits{writes: true, sees: CaseworkRead}},
	{CaseworkReply, traits{writes: true, sees: CaseworkRead}},
	{CaseworkWithdraw, traits{writes: true, sees: CaseworkRead}},
	{CaseworkRate, traits{writes: true, sees: CaseworkRead}},
	{CaseworkReopen, traits{writes: true, sees: CaseworkRead}},
	{CaseworkVisibility, traits{writes: true, sees: CaseworkRead}},
	{CaseworkList, traits{}},
	{CaseworkHistory, traits{sees: CaseworkRead}},
	{CaseworkModerate, traits{writes: true, sees: CaseworkRead}},
	{CaseworkPublish, traits{writes: true, sees: CaseworkRead}},
	{CaseworkCoordinate, traits{writes: true, sees: CaseworkRead}},
	{CaseworkRedirect, traits{writes: true, sees: CaseworkRead}},
	{CaseworkReturn, traits{writes: true, sees: CaseworkRead}},
	{CaseworkAssign, traits{writes: true, sees: CaseworkRead}},
	{CaseworkTake, traits{writes: true, sees: CaseworkRead}},
	{CaseworkMerge, traits{writes: true, sees: CaseworkRead}},
	{CaseworkSplit, traits{writes: true, sees: CaseworkRead}},
	{CaseworkExecute, traits{writes: true, sees: CaseworkRead}},
	{CaseworkAsk, traits{writes: true, sees: CaseworkRead}},
	{CaseworkInterim, traits{writes: true, sees: CaseworkRead}},
	{CaseworkDefer, traits{writes: true, sees: CaseworkRead}},
	{CaseworkExtend, traits{writes: true, sees: CaseworkRead}},
	{CaseworkApprove, traits{writes: true, sees: CaseworkRead}},
	{CaseworkNote, traits{writes: true, sees: CaseworkRead}},
	{CaseworkImport, traits{writes: true}},
	{CaseworkControl, traits{}},
	{AttachmentUpload, traits{writes: true}},
	{AttachmentRead, traits{sees: AttachmentRead}},
	{NotifyRead, traits{sees: NotifyRead}},
	{NotifyManage, traits{writes: true, sees: NotifyRead}},
	{IdentityRegister, traits{writes: true}},
	{IdentitySignIn, traits{writes: true}},
	{IdentityRead, traits{sees: IdentityRead}},
	{IdentityManageOwn, traits{writes: true, session: true, sees: IdentityManageOwn}},
	{IdentitySessions, traits{writes: true, session: true, sees: IdentitySessions}},
	{IdentityToken, traits{writes: true, session: true, sees: IdentityToken}},
	{IdentityFind, traits{}},
	{AdminCreate, traits{writes: true, session: true}},
	{DirectoryRead, traits{}},
	{DirectoryOfficers, traits{}},
	{DirectoryManage, traits{writes: true}},
	{DirectoryHours, traits{writes: true}},
	{DirectoryOrganisation, traits{writes: true}},
	{DirectorySettings, traits{writes: true}},
	{TaxonomyRead, traits{}},
	{TaxonomyPublish, traits{writes: true}},
	{PlacesRead, traits{}},
	{PlacesImport, traits{writes: true}},
	{CalendarImport, traits{writes: true}},
	{PrivacyOwn, traits{sees: PrivacyOwn}},
	{PrivacyExport, traits{sees: PrivacyExport}},
	{PrivacyErase, traits{writes: true, session: true, sees: PrivacyErase}},
	{PrivacyAudit, traits{}},
	{JobsManage, traits{writes: true}},
}

var traitsOf = func() map[Action]traits {
	m := make(map[Action]traits, len(actions))
	for _, a := range actions {
		m[a.Action] = a.traits
	}
	return m
}()

// Actions lists every action in a fixed order.
func Actions() []Action {
	out := make([]Action, len(actions))
	for i, a := range actions {
		out[i] = a.Action
	}
	return out
}

// Known tells whether a is an action of this program; routes are checked with it at start.
func Known(a Action) bool { _, ok := traitsOf[a]; return ok }

// Writes tells whether a changes something, so that a read-only token is refused.
func (a Action) Writes() bool { return traitsOf[a].writes }
