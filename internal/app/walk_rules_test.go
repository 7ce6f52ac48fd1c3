package app

import (
	"net/url"
	"slices"

	"okno/internal/casework"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// ask is one request of the walk and what it is about.
type ask struct {
	caller *caller
	k      *known // of {number}; nil where the route has none
	office string // of {org} and {code}
	action string // of {action}
	person string // of {person}: a login
	file   string // of {id}: whose file
	reason string
}

// rule says how a route is called and what the policy makes of it: 200 passed,
// else 401, 403, 404; 0 where the answer isn't a matter of who asks.
type rule struct {
	body    string // JSON of the API; {} are filled as in paths
	query   string
	form    url.Values
	reasons bool // also with a reason, for those who must give one
	last    bool // it changes who may do what: after all others
	want    func(w *street, x ask) int
}

// noAction are the routes that protect nothing: each shows the same to everybody,
// or concerns the asking browser alone.
var noAction = []string{
	"GET /errors/{code}", "GET /view", "POST /view", "POST /language", "GET /{$}", "GET /api", "GET /api/v1/openapi.json", "GET /api/v1/openapi.yaml",
	"GET /design", "GET /design/report", "GET /design/workspace", "GET /design/workspace/empty", "GET /help/report-or-appeal", "GET /help/terms",
}

// plain is the decision about an action that concerns nothing but the asker's own.
func plain(action policy.Action) func(*street, ask) int {
	return func(_ *street, x ask) int {
		return decide(x.caller.citizen, action, policy.Object{Owner: x.caller.person}, "")
	}
}

func any200(*street, ask) int   { return 200 }
func anything(*street, ask) int { return 0 }

// atWork is the decision in the workspace of the address: not_found for who
// holds no office there.
func atWork(action policy.Action) func(*street, ask) int {
	return func(w *street, x ask) int {
		if x.caller.office != x.office {
			return 404
		}
		return decide(x.caller.acting, action, policy.Object{Organisation: w.orgs[x.office].ID}, "")
	}
}

// ofCase is the decision about the case as a citizen.
func ofCase(action policy.Action) func(*street, ask) int {
	return func(_ *street, x ask) int {
		if x.k.object.Owner == id.Nil {
			return 404
		}
		return decide(x.caller.citizen, action, x.k.of(x.caller.person), "")
	}
}

// ofCaseAtWork is the decision about the case in the workspace of the address.
func ofCaseAtWork(action policy.Action) func(*street, ask) int {
	return func(_ *street, x ask) int {
		if x.caller.office != x.office || x.k.object.Owner == id.Nil {
			return 404
		}
		return decide(x.caller.acting, action, x.k.object, x.reason)
	}
}

// reading is the decision about the case in the nearest relation: for the
// office, then as a person.
func reading(x ask, action policy.Action) int {
	if x.k.object.Owner == id.Nil {
		return 404
	}
	o := x.k.object
	if x.caller.office == "" {
		o = x.k.of(x.caller.person)
	}
	if grant, err := policy.Check(x.caller.acting, action, o); err == nil {
		if grant.Reason(x.reason) != nil {
			return 403
		}
		return 200
	}
	return decide(x.caller.citizen, action, x.k.of(x.caller.person), "")
}

// policyOf names the policy action of a row of the procedure; "" of what the
// clock alone does, or nobody.
func policyOf(action string) policy.Action {
	all, err := casework.DefaultProcedures()
	if err != nil {
		panic(err)
	}
	for _, row := range all[0].Actions {
		if string(row.Code) == action {
			return row.Policy
		}
	}
	return ""
}

// byAuthor are the actions that the API does as the person.
var byAuthor = []string{"add", "reply", "withdraw", "rate"}

// officeless refuses a token of a person, then asks about an organisation.
func officeless(of string) func(*street, ask) int {
	return func(w *street, x ask) int {
		org := w.orgs[x.caller.office].ID
		switch {
		case x.caller.office == "":
			return 403
		case of == "":
			return decide(x.caller.acting, policy.CaseworkList, policy.Object{Organisation: org}, "")
		}
		if decide(x.caller.acting, policy.CaseworkList, policy.Object{Organisation: w.orgs[of].ID}, "") != 200 {
			return 404
		}
		return 200
	}
}

// office is the decision about an organisation by the token's actor.
func office(action policy.Action) func(*street, ask) int {
	return func(w *street, x ask) int {
		return decide(x.caller.acting, action, policy.Object{Organisation: w.orgs[x.office].ID}, "")
	}
}

// acting is the decision about what concerns no organisation by the token's actor.
func acting(action policy.Action) func(*street, ask) int {
	return func(_ *street, x ask) int { return decide(x.caller.acting, action, policy.Object{}, "") }
}

// overseeing asks whether the actor may take the action by its territories alone.
func overseeing(action policy.Action) func(*street, ask) int {
	return func(_ *street, x ask) int {
		scope, err := policy.ScopeOf(x.caller.acting, action)
		if x.caller.office == "" || err != nil || scope.MetadataOnly || len(scope.Territories) == 0 {
			return 403
		}
		return 200
	}
}

// officer is the same about one officer, where there is one.
func officer(action policy.Action, in func(policy.Action) func(*street, ask) int) func(*street, ask) int {
	return func(w *street, x ask) int {
		got := in(action)(w, x)
		if got == 200 && w.by[x.person].office != x.office {
			return 404
		}
		return got
	}
}

const newReport = `{"fact":"no.such","text":"Десять букв и ещё немного.","place":{}}`

// rules are the routes about which there is more to say than their action.
func rules() map[string]rule {
	stale := url.Values{"version": {"999"}, "comment": {"Слова."}}
	asOwner := func(_ *street, x ask) int {
		switch {
		case x.caller.person == id.Nil:
			return 401
		case x.file == "loose" && x.caller.name == "vera":
			return 200
		case x.caller.name == "nina":
			return 0 // hers, but part of a report by now
		}
		return 404
	}
	joined := func(_ *street, x ask) int {
		if x.caller.person != id.Nil && slices.Contains(x.k.joined, x.caller.person) {
			return 200
		}
		return 404
	}
	signedIn := func(_ *street, x ask) int { // pressed twice, or about nothing: there is nothing to leave
		if x.caller.person == id.Nil {
			return 401
		}
		return 200
	}
	takesPart := func(w *street, x ask) int { // by now: the routes before it let people join
		n, err := db.One(w.t.Context(), w.DB, db.Int, `SELECT COUNT(*) FROM casework_number n JOIN casework_participant p ON p.case_id=n.case_id
			WHERE n.number=$1 AND p.person_id=$2`, x.k.number, x.caller.person)
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			return 404
		}
		return 200
	}
	shown := func(_ *street, x ask) int {
		if got := ofCase(policy.CaseworkRead)(nil, x); got == 200 {
			return 200
		}
		if x.k.object.Public {
			return 200
		}
		return 404
	}
	r := map[string]rule{
		"GET /password/{token}":              {want: anything},
		"POST /password/{token}":             {want: anything},
		"POST /sign-in":                      {want: anything},
		"POST /register":                     {want: anything},
		"GET /register/sent/{signup}":        {want: anything},
		"POST /register/sent/{signup}":       {want: anything},
		"POST /register/sent/{signup}/again": {want: anything},
		"GET /register/link/{token}":         {want: anything},
		"POST /register/link/{token}":        {want: anything},
		"POST /account/sessions":             {want: anything},
		"POST /account/tokens/revoke":        {want: anything},
		"GET /w":                             {want: plain(policy.CaseworkMine)}, // empty for who works nowhere
		"GET /report/new":                    {want: plain(policy.CaseworkFile)},
		"GET /reports/{number}":              {want: shown},
		"GET /map/reports.json":              {want: any200, query: "?bbox=31,60,31.1,60.1"},
		"GET /api/v1/organisations":          {want: any200, query: "?q=roads"},
		"GET /reports/{number}/public":       {want: ofCase(policy.CaseworkPublicRead)},
		"GET /reports/{number}/filed":        {want: shown},
		"POST /reports/{number}/visibility":  {want: ofCase(policy.CaseworkVisibility), form: url.Values{"hidden": {"{hidden}"}}},
		"POST /reports/{number}/join":        {want: ofCase(policy.CaseworkJoin), last: true},
		"POST /reports/{number}/unjoin":      {want: signedIn, last: true},
		"GET /reports/{number}/files/{n}": {want: func(_ *street, x ask) int {
			if got := decide(x.caller.citizen, policy.AttachmentRead, policy.Object{Owner: x.k.object.Owner}, ""); got == 200 && x.k.object.Owner != id.Nil {
				return 200
			}
			return 404 // what wasn't released isn't there
		}},
		"GET /w/{org}/cases/{number}/files/{n}": {reasons: true, want: func(w *street, x ask) int {
			if x.caller.office != x.office || x.k.object.Owner == id.Nil {
				return 404
			}
			grant, err := policy.Check(x.caller.acting, policy.CaseworkRead, x.k.object)
			switch {
			case err != nil, grant.Level == policy.MetadataOnly:
				return 404 // what wasn't released isn't there
			case grant.Reason(x.reason) != nil:
				return 403
			}
			return 200
		}},
		"GET /files/{id}":             {want: asOwner},
		"DELETE /files/{id}":          {want: asOwner, last: true},
		"GET /w/{org}":                {want: atWork(policy.CaseworkList)},
		"GET /w/{org}/find":           {want: atWork(policy.CaseworkList), query: "?q={number}"},
		"POST /w/{org}/bulk":          {want: atWork(policy.CaseworkList), form: url.Values{"do": {"take"}, "case": {"{number}"}}},
		"GET /w/{org}/cases/{number}": {want: ofCaseAtWork(policy.CaseworkRead), reasons: true},
		"POST /w/{org}/cases/{number}/{action}": {form: stale, want: func(w *street, x ask) int {
			action := policyOf(x.action)
			if action == "" { // of the clock alone, or of nobody
				return 404
			}
			return ofCaseAtWork(action)(w, x)
		}},
		"GET /w/{org}/officers":                                       {want: atWork(policy.DirectoryOfficers)},
		"POST /w/{org}/officers":                                      {want: atWork(policy.DirectoryManage)},
		"GET /w/{org}/officers/{person}":                              {want: officer(policy.DirectoryManage, atWork)},
		"POST /w/{org}/officers/{person}":                             {want: officer(policy.DirectoryManage, atWork), form: stale},
		"POST /w/{org}/officers/{person}/remove":                      {want: officer(policy.DirectoryManage, atWork), form: stale},
		"GET /w/{org}/hours":                                          {want: atWork(policy.DirectoryHours)},
		"POST /w/{org}/hours":                                         {want: atWork(policy.DirectoryHours), form: stale},
		"GET /w/{org}/organisations":                                  {want: atWork(policy.DirectoryOrganisation)},
		"POST /w/{org}/organisations":                                 {want: atWork(policy.DirectoryOrganisation)},
		"GET /w/{org}/organisations/new":                              {want: atWork(policy.DirectoryOrganisation)},
		"GET /w/{org}/organisations/{code}":                           {want: atWork(policy.DirectoryOrganisation)},
		"POST /w/{org}/organisations/{code}":                          {want: atWork(policy.DirectoryOrganisation), form: stale},
		"GET /w/{org}/organisations/{code}/officers":                  {want: atWork(policy.DirectoryOrganisation)},
		"POST /w/{org}/organisations/{code}/officers":                 {want: atWork(policy.DirectoryOrganisation)},
		"GET /w/{org}/organisations/{code}/officers/{person}":         {want: officer(policy.DirectoryOrganisation, atWork)},
		"POST /w/{org}/organisations/{code}/officers/{person}":        {want: officer(policy.DirectoryOrganisation, atWork), form: stale},
		"POST /w/{org}/organisations/{code}/officers/{person}/remove": {want: officer(policy.DirectoryOrganisation, atWork), form: stale},
		"GET /w/{org}/settings":                                       {want: atWork(policy.DirectorySettings)},
		"POST /w/{org}/settings":                                      {want: atWork(policy.DirectorySettings), form: url.Values{"name": {"site.help"}, "since": {"2001-01-01"}}},
		"GET /w/{org}/reads":                                          {want: atWork(policy.PrivacyAudit)},
		"POST /w/{org}/status/jobs/{id}": {want: func(w *street, x ask) int { // no job is dead here
			if got := atWork(policy.JobsManage)(w, x); got != 200 {
				return got
			}
			return 404
		}},
		"GET /w/{org}/status": {want: atWork(policy.JobsManage)},

		"GET /api/v1/rubricator/facts/{code}":    {want: anything},
		"GET /api/v1/rubricator/search":          {want: any200, query: "?q=" + url.QueryEscape("яма")},
		"POST /api/v1/rubricator/suggestions":    {want: any200, body: `{"text":"Большая яма на дороге."}`},
		"GET /api/v1/places":                     {want: any200, query: "?q=" + url.QueryEscape("рыбацкая")},
		"GET /api/v1/places/at":                  {want: any200, query: "?lat=60.0502&lon=31.02"},
		"GET /api/v1/organisations/{code}":       {want: any200},
		"GET /api/v1/organisations/{code}/hours": {want: any200},
		"GET /api/v1/organisations/{code}/reads": {want: office(policy.PrivacyAudit)},
		"GET /api/v1/reads":                      {want: acting(policy.PrivacyAudit)},
		"POST /api/v1/organisations":             {want: acting(policy.DirectoryOrganisation), body: `{"code":"roads","kind":"utility","name_ru":"Дороги","zone":"Europe/Moscow","week":"1-5 09:00-18:00"}`},
		"PUT /api/v1/organisations/{code}":       {want: acting(policy.DirectoryOrganisation), body: `{"active":true,"kind":"utility","name_ru":"Дороги","zone":"Europe/Moscow","week":"1-5 09:00-18:00"}`},
		"GET /api/v1/settings":                   {want: acting(policy.DirectorySettings)},
		"GET /api/v1/settings/{name}":            {want: acting(policy.DirectorySettings)},
		"GET /api/v1/settings/{name}/values":     {want: acting(policy.DirectorySettings)},
		"POST /api/v1/settings/{name}/values":    {want: acting(policy.DirectorySettings), body: `{"value":"","since":"2001-01-01T00:00:00Z"}`},
		"GET /api/v1/installation":               {want: acting(policy.JobsManage)},
		"POST /api/v1/installation/dead-jobs/{id}/rerun": {want: func(w *street, x ask) int { // no job is dead here
			if got := acting(policy.JobsManage)(w, x); got != 200 {
				return got
			}
			return 404
		}},
		"GET /api/v1/organisations/{code}/officers":             {want: office(policy.DirectoryOfficers)},
		"PUT /api/v1/organisations/{code}/hours":                {want: office(policy.DirectoryHours), body: `{"zone":"Europe/Moscow","week":"1-5 09:00-18:00"}`},
		"GET /api/v1/organisations/{code}/officers/{person}":    {want: officer(policy.DirectoryOfficers, office)},
		"POST /api/v1/organisations/{code}/officers":            {want: office(policy.DirectoryManage), body: `{"login":"nobody-such","roles":["handler"],"title":"инженер"}`},
		"PUT /api/v1/organisations/{code}/officers/{person}":    {want: officer(policy.DirectoryManage, office), body: `{"roles":["handler"],"title":"инженер"}`},
		"DELETE /api/v1/organisations/{code}/officers/{person}": {want: officer(policy.DirectoryManage, office)},
		"POST /api/v1/reports/preview":                          {want: plain(policy.CaseworkFile), body: `{"fact":"no.such","place":{}}`},
		"POST /api/v1/reports":                                  {want: plain(policy.CaseworkFile), body: newReport},
		"GET /api/v1/reports/{number}": {reasons: true, want: func(_ *street, x ask) int {
			if x.k.object.Owner == id.Nil {
				return 404
			}
			got := reading(x, policy.CaseworkRead)
			if grant, err := policy.Check(x.caller.acting, policy.CaseworkRead, x.k.object); got == 403 && err == nil && grant.Level == policy.NeedsReason {
				return 403
			}
			if got != 200 && x.k.object.Public {
				return 200
			}
			return got
		}},
		"GET /api/v1/reports/{number}/history": {reasons: true, want: func(_ *street, x ask) int {
			if got := reading(x, policy.CaseworkRead); got != 200 {
				return got
			}
			if reading(x, policy.CaseworkHistory) != 200 {
				return 403 // may know of the report, not of its steps
			}
			return 200
		}},
		"POST /api/v1/reports/{number}/join":         {want: ofCase(policy.CaseworkJoin), last: true},
		"DELETE /api/v1/reports/{number}/join":       {want: takesPart, last: true},
		"PUT /api/v1/reports/{number}/joined-rating": {want: joined, body: `{"mark":3,"solved":"yes"}`},
		"PUT /api/v1/reports/{number}/visibility":    {want: ofCase(policy.CaseworkVisibility), body: `{"hidden":{hidden_is}}`},
		"GET /api/v1/public/reports/{number}": {want: func(_ *street, x ask) int {
			if x.k.object.Owner == id.Nil {
				return 404
			}
			o := x.k.of(x.caller.person)
			if x.caller.office != "" {
				o.Participants = nil
			}
			return decide(x.caller.acting, policy.CaseworkPublicRead, o, "")
		}},
		"POST /api/v1/reports/{number}/actions/{action}": {body: "{}", want: func(w *street, x ask) int {
			action := policyOf(x.action)
			switch {
			case action == "", x.action == "split": // an operation of its own
				return 0 // not in the description: refused before anything is looked up
			case slices.Contains(byAuthor, x.action):
				k := *x.k
				k.joined = nil // who joined rates by another call
				return ofCase(action)(w, ask{caller: x.caller, k: &k})
			case x.k.object.Owner == id.Nil:
				return 404
			}
			return decide(x.caller.acting, action, x.k.object, "")
		}},
		"POST /api/v1/reports/{number}/actions/split": {body: `{"parts":[{"fact":"roads.surface.pothole","text":"Яма."},{"fact":"light.lamp.dark","text":"Фонарь."}]}`, want: func(_ *street, x ask) int {
			if x.k.object.Owner == id.Nil {
				return 404
			}
			return decide(x.caller.acting, policy.CaseworkSplit, x.k.object, "")
		}},
		"POST /api/v1/workspace/bulk/{action}":    {want: officeless(""), body: `{"reports":[{"number":"{number}","version":999}]}`},
		"GET /api/v1/workspace/reports":           {want: officeless("")},
		"GET /api/v1/workspace/folders":           {want: officeless("")},
		"GET /api/v1/workspace/territory/reports": {want: overseeing(policy.CaseworkList)},
		"GET /api/v1/workspace/territory/folders": {want: overseeing(policy.CaseworkControl)},
		"GET /api/v1/workspace/reports roads":     {want: officeless("roads"), query: "?organisation_id={roads}"},
		"GET /api/v1/workspace/reports gas":       {want: officeless("gas"), query: "?organisation_id={gas}"},
		"GET /api/v1/workspace/folders gas":       {want: officeless("gas"), query: "?organisation_id={gas}"},
		"POST /api/v1/files":                      {want: plain(policy.AttachmentUpload), query: "?name=x.png", body: "no picture"},
		"GET /api/v1/files/{id}":                  {want: asOwner},
		"DELETE /api/v1/files/{id}":               {want: asOwner, last: true},
		"GET /api/v1/reports/{number}/files/{n}": {reasons: true, want: func(_ *street, x ask) int {
			if x.k.object.Owner == id.Nil {
				return 404
			}
			k := *x.k
			k.object.Public = false
			got := reading(ask{caller: x.caller, k: &k, reason: x.reason}, policy.AttachmentRead)
			if got == 200 || x.caller.person == id.Nil {
				return map[bool]int{true: 200, false: 404}[got == 200]
			}
			if grant, err := policy.Check(x.caller.acting, policy.CaseworkRead, k.object); err == nil && grant.Level == policy.NeedsReason {
				return 403
			}
			return 404 // a file that isn't theirs to see isn't there
		}},
		"POST /api/v1/notices/read": {want: plain(policy.NotifyManage), body: `{"up_to":"x"}`},
	}
	return r
}
