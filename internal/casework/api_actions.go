package casework

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

func (o *operations) registerActions(a *api.API) {
	api.Register(a, api.Operation{ID: "perform-action", Method: http.MethodPost, Path: "/reports/{number}/actions/{action}", Tag: tagReports, IfMatch: true, Keyed: true,
		Summary:     "Do something to a report",
		Description: actionsText(), MaxBody: 256 << 10},
		policy.CaseworkRead, o.act)
	api.Register(a, api.Operation{ID: "split-report", Method: http.MethodPost, Path: "/reports/{number}/actions/split", Tag: tagReports, Create: true, IfMatch: true,
		Summary: "Split a report that holds several matters", Errors: []errs.Code{errs.IdempotencyMismatch},
		Description: "The action `split` of a report: it is closed, and each of its parts becomes a report of its own with its own number. A part goes to the organisation that the table of competence names for its fact and place; where nobody is known it stays with the present one. The same Idempotency-Key again answers the same parts.", MaxBody: 256 << 10},
		policy.CaseworkSplit, o.split)
	api.Register(a, api.Operation{ID: "perform-bulk-action", Method: http.MethodPost, Path: "/workspace/bulk/{action}", Tag: tagWork, Repeatable: true, Keyed: true,
		Summary:     "Do the same to several reports of the organisation",
		Description: "Each report in a transaction of its own: what can be done is done, and the answer tells for each what became of it. Each names the version that the caller saw, so a repeat changes nothing; with an Idempotency-Key a repeat also answers what was done before as done.", MaxBody: 256 << 10},
		policy.CaseworkList, o.bulk_)
}

// takes says which inputs an action takes; what it demands follows from the
// rules of its row.
var takes = map[Action][]string{
	Accept: {"comment", "released"}, Release: {"comment", "released"}, Reject: {"comment", "reason"}, Classify: {"fact"},
	Assign: {"handler_id", "fact", "comment"}, Take: {}, Redirect: {"organisation_id", "comment"}, Return: {"comment"}, Ask: {"comment", "files"},
	Reply: {"comment", "files"}, Resume: {}, SplitUp: {"parts"}, Merge: {"into"}, Extend: {"comment"}, Submit: {"comment", "shared", "files", "again"},
	Defer: {"comment", "shared", "plan_date", "files", "again"}, Interim: {"comment", "shared", "files", "again"}, Rework: {"comment"}, Approve: {}, Note: {"comment", "files"}, Add: {"comment", "files"},
	Withdraw: {"comment"}, Rate: {"mark", "solved", "reopen", "comment"}, Reopen: {"comment"},
}

// demands says which input a rule demands; "" where it depends on the report.
var demands = map[string]string{
	"comment_required": "comment", "answer_filled": "comment", "reason_listed": "reason", "fact_known": "fact",
	"handler_of_the_organisation": "handler_id", "another_organisation": "organisation_id", "parts_given": "parts", "mergeable": "into",
	"plan_date": "plan_date", "mark_given": "mark", "solved_said": "solved",
	"comment_or_files": "", "open_to_strangers": "", "not_taken": "", "another_approves": "", "nobody_else_waits": "", "not_reopened": "", "extension_left": "", "deferral_left": "", "shared_answer": "", "shared_written": "", "proof_of_work": "", "reopening": "", "reopening_left": "",
}

func actionsText() string {
	return `The possible actions of a report stand in its ` + "`actions`" + ` with what each takes and needs and under which rules. The author's actions (add, reply, withdraw, rate, reopen) are done by the person, all others for the organisation of the token. An input that the action doesn't take is refused.

| action | who | what it does |
|---|---|---|
| accept | moderator | to coordination; with comment and released also as release |
| release | moderator | says what strangers read and see: the excerpt (comment, at most 500 characters; empty takes it back) and the photos (released, the whole list; what isn't in it is taken back); what is absent stays as it is |
| reject | moderator | closes with a reason: spam, abuse, not_a_problem, no_place, emergency, outside_region |
| classify | coordinator | corrects the fact; the term never gets later by it |
| assign | coordinator | gives it to a handler of the organisation |
| take | handler | takes a free one |
| redirect | moderator, coordinator | hands it over to the competent organisation |
| return | coordinator, handler | back to coordination |
| ask | coordinator, handler | a question to the applicant from coordination or execution; the clock stands |
| reply | author | answers the question; the report goes back to where it was asked |
| resume | coordinator, handler | goes on without a reply, where the question was asked |
| split | coordinator | 2 to 10 parts, each a report of its own: by the operation split-report, which takes an Idempotency-Key; only what a moderator accepted |
| merge | coordinator | into an open report of the same organisation; only accepted reports |
| extend | coordinator, handler, approver | a later term, with a comment that the applicant reads |
| submit | handler | the final answer, to approval |
| defer | handler | an interim answer with a plan date, to approval; the execution clock starts when it is approved |
| interim | handler | an interim answer without a date, to approval; when it is approved the report goes back to where it was, and its term stays |
| rework | approver | back with a remark |
| approve | approver | sends the answer to the applicant |
| note | any officer | an internal note |
| add | author | more facts or files |
| withdraw | author | takes it back, while nobody has joined |
| rate | author | mark 1 to 5 and, apart from it, solved yes or no; solved no with reopen and a comment reopens, once |
| reopen | author | reopens, once, what they rated with solved no and without reopen, while there is time to rate; with a comment |

Rules: comment_required, answer_filled (no template blanks), shared_answer (where others joined, what they read of the answer, without the name of the author), comment_or_files, reason_listed, fact_known, open_to_strangers (not filed closed), handler_of_the_organisation, not_taken, shared_written (others joined since: return it for words to them), another_approves (not who wrote the draft, while the organisation has another approver at work), nobody_else_waits (those who joined wait too), not_reopened (it was accepted and answered once), another_organisation, parts_given, mergeable, extension_left, deferral_left (the first date and as many later ones as the procedure says), proof_of_work (a photo or an act where the fact demands it, always after a promised date), plan_date (tomorrow at the earliest, within the procedure's limit from the first promise), mark_given, solved_said, reopening, reopening_left (rated with solved no, never reopened, and the time to rate is not over).`
}

// possibleAction is an action that the caller may do now.
type possibleAction struct {
	Action  Action   `json:"action" doc:"Name for perform-action" example:"redirect"`
	Takes   []string `json:"takes" doc:"Inputs that it takes" example:"[\"comment\",\"organisation_id\"]"`
	Needs   []string `json:"needs" doc:"Inputs that it demands" example:"[\"comment\",\"organisation_id\"]"`
	Rules   []string `json:"rules" doc:"Names of the rules that it must keep" example:"[\"another_organisation\",\"comment_required\"]"`
	Reasons []string `json:"reasons,omitempty" doc:"Codes of reasons to choose from"`
	Stage   Stage    `json:"stage,omitempty" doc:"The stage it leads to, where it is one" example:"coordination"`
}

func (c *Case) possible(row ActionRow) possibleAction {
	p := possibleAction{Action: row.Code, Takes: takes[row.Code], Needs: []string{}, Rules: slices.Clone(row.Rules), Reasons: row.Reasons, Stage: c.leadsTo(row)}
	if p.Rules == nil {
		p.Rules = []string{}
	}
	for _, r := range row.Rules {
		if name := demands[r]; name != "" {
			p.Needs = append(p.Needs, name)
		}
	}
	return p
}

// actionBody is the union of what actions take.
type actionBody struct {
	Comment        *string  `json:"comment,omitempty" maxLength:"4000" doc:"Text of the entry: question, answer, reason, remark, excerpt; release, accept: absent, the excerpt stays, empty, it is taken back" example:"Яму заделали 5 февраля литой смесью, 7 м²."`
	Shared         string   `json:"shared,omitempty" maxLength:"4000" doc:"submit, defer, interim: the answer in words for those who joined; demanded where people is over 1" example:"Яму заделали 5 февраля литой смесью, 7 м²."`
	Reason         string   `json:"reason,omitempty" maxLength:"60" doc:"reject: code of a reason" example:"no_place"`
	Fact           string   `json:"fact,omitempty" maxLength:"200" doc:"classify, assign: code of a fact" example:"roads.surface.pothole"`
	OrganisationID string   `json:"organisation_id,omitempty" maxLength:"36" doc:"redirect: id of the competent organisation"`
	HandlerID      string   `json:"handler_id,omitempty" maxLength:"36" doc:"assign: id of an officer who is a handler of the organisation"`
	PlanDate       string   `json:"plan_date,omitempty" maxLength:"10" doc:"defer: ISO date in the organisation's zone" example:"2027-04-30"`
	Files          []string `json:"files,omitempty" maxItems:"10" doc:"Ids of files that the caller uploaded"`
	Mark           int64    `json:"mark,omitempty" minimum:"1" maximum:"5" doc:"rate: how good the answer is"`
	Solved         string   `json:"solved,omitempty" enum:"yes,no" doc:"rate: whether the problem is solved"`
	Reopen         bool     `json:"reopen,omitempty" doc:"rate: reopen; with solved no and a comment that says why"`
	Into           string   `json:"into,omitempty" maxLength:"40" doc:"merge: public number of the report that stays"`
	Again          []int64  `json:"again,omitempty" maxItems:"10" doc:"submit, defer, interim: numbers of files of the returned draft that go with this one"`
	Released       []int64  `json:"released,omitempty" maxItems:"20" doc:"release, accept: numbers of all photos that strangers see from now on: one that isn't among them is taken back; absent: they stay as they are, empty: none"`
}

type partInput struct {
	Fact           string      `json:"fact" minLength:"1" maxLength:"200" doc:"Code of a fact" example:"lighting.lamps.out"`
	OrganisationID string      `json:"organisation_id,omitempty" maxLength:"36" doc:"Who answers; absent: found by the table of competence"`
	Place          *placeInput `json:"place,omitempty" doc:"Where it is; absent: where the whole report is"`
	Text           string      `json:"text" minLength:"1" maxLength:"4000" doc:"What this part is about"`
}

// input turns a body into what an action takes; inputs that it doesn't take are refused.
func (b actionBody) input(act Action) (Input, error) {
	var x ids
	given := map[string]bool{"comment": b.Comment != nil && *b.Comment != "", "shared": b.Shared != "", "reason": b.Reason != "", "fact": b.Fact != "", "organisation_id": b.OrganisationID != "",
		"handler_id": b.HandlerID != "", "plan_date": b.PlanDate != "", "files": len(b.Files) > 0, "mark": b.Mark != 0, "solved": b.Solved != "",
		"reopen": b.Reopen, "into": b.Into != "", "released": b.Released != nil, "again": len(b.Again) > 0}
	for name, is := range given {
		if is && !slices.Contains(takes[act], name) {
			x.fields = append(x.fields, errs.Field{Name: name, Rule: "unexpected"})
		}
	}
	slices.SortFunc(x.fields, func(a, b errs.Field) int { return strings.Compare(a.Name, b.Name) })
	in := Input{NoExcerpt: b.Comment != nil && *b.Comment == "", Shared: b.Shared, Reason: b.Reason, Fact: b.Fact, Organisation: x.one("organisation_id", b.OrganisationID),
		Handler: x.one("handler_id", b.HandlerID), PlanDate: b.PlanDate, Files: x.all("files", b.Files), Mark: b.Mark, Solved: b.Solved,
		Reopen: b.Reopen, Into: b.Into, Released: b.Released, Again: b.Again}
	if b.Comment != nil {
		in.Comment = *b.Comment
	}
	return in, errs.InvalidFields(x.fields...)
}

type ActionPath struct {
	Action string `path:"action" enum:"accept,release,reject,classify,assign,take,redirect,return,ask,reply,resume,merge,extend,submit,defer,interim,rework,approve,note,add,withdraw,rate,reopen" doc:"Name of the action" example:"redirect"`
}

type stateAnswer struct {
	ETag string `header:"ETag" doc:"Version of the report after the action"`
	Body ActionResult
}

// ActionResult is how a report stands after an action.
type ActionResult struct {
	ReportState
	Organisation *officeRef `json:"organisation,omitempty" doc:"Who answers now"`
}

func (o *operations) act(ctx context.Context, c api.Call, in *struct {
	NumberPath
	ActionPath
	Body actionBody
}) (*stateAnswer, error) {
	number, err := in.parse()
	if err != nil {
		return nil, err
	}
	done, err := o.perform(ctx, c, number, Action(in.Action), c.Version, in.Body)
	if err != nil {
		return nil, err
	}
	return &stateAnswer{web.ETag(done.Version), done}, nil
}

// splitBody is what a report is split into.
type splitBody struct {
	Parts []partInput `json:"parts" minItems:"2" maxItems:"10" doc:"The matters, each a report of its own"`
}

type splitAnswer struct {
	ETag string `header:"ETag" doc:"Version of the report that was split"`
	Body splitResult
}

// splitResult is the report that was split, and what became of its parts.
type splitResult struct {
	ActionResult
	Children []string `json:"children" doc:"Public numbers of the parts, in their order"`
}

func (o *operations) split(ctx context.Context, c api.Call, in *struct {
	NumberPath
	Body splitBody
}) (*splitAnswer, error) {
	number, err := in.parse()
	if err != nil {
		return nil, err
	}
	var x ids
	input := Input{Key: c.Key, Version: c.Version}
	if c.Version < 1 {
		input.Version = -1
	}
	for _, p := range in.Body.Parts {
		part := Part{Fact: p.Fact, Organisation: x.one("parts", p.OrganisationID), Text: p.Text}
		if p.Place != nil {
			part.Place = p.Place.read(&x)
		}
		input.Parts = append(input.Parts, part)
	}
	if err := errs.InvalidFields(x.fields...); err != nil {
		return nil, err
	}
	done, parts, err := o.Cases.Split(ctx, c.Actor, number, input)
	if err != nil {
		return nil, inWords(c.Request.Lang, err)
	}
	out := &splitAnswer{web.ETag(done.Version), splitResult{ActionResult: o.result(c, c.Actor, done), Children: make([]string, len(parts))}}
	for i, p := range parts {
		out.Body.Children[i] = p.Number
	}
	return out, nil
}

// perform does one action. A report begins with version 1: a version that
// nobody can have seen is stale, not unsaid.
func (o *operations) perform(ctx context.Context, c api.Call, number string, act Action, version int64, body actionBody) (ActionResult, error) {
	in, err := body.input(act)
	if err != nil {
		return ActionResult{}, err
	}
	if in.Version = version; version < 1 {
		in.Version = -1
	}
	actor := c.Actor
	for _, own := range citizenActions {
		if own.action == act {
			actor = citizenOf(actor)
		}
	}
	in.Key = c.Key
	before, err := o.Cases.doneOnce(ctx, actor, number, act, in)
	if err != nil {
		return ActionResult{}, err
	}
	if before != nil {
		if _, err := policy.Check(actor, policy.CaseworkRead, objectOf(before)); err != nil { // it was handed over, say: as the first answer told
			if before, err = o.Cases.after(ctx, actor, before, act); err != nil {
				return ActionResult{}, err
			}
		}
		return o.result(c, actor, before), nil
	}
	done, err := o.Cases.ActOnce(ctx, actor, number, act, in)
	if err != nil {
		return ActionResult{}, inWords(c.Request.Lang, err)
	}
	return o.result(c, actor, done), nil
}

// result is how a report stands, as the actor may know it.
func (o *operations) result(c api.Call, actor policy.Actor, done *Case) ActionResult {
	out := ActionResult{ReportState: o.state(done, c.Request.Lang, actor.Organisation != id.Nil, c.Request.Now)}
	if office, ok := o.Cases.offices.Office(done.Organisation); ok {
		ref := refOf(c.Request.Lang, office)
		out.Organisation = &ref
	}
	return out
}

// inWords gives fields the names that they have in the API, and puts words
// where an error's sentence has codes.
func inWords(lang string, err error) error {
	var e *errs.Error
	if !errors.As(err, &e) {
		return err
	}
	other := *e
	if e.Args != nil {
		other.Args = words(lang, e.Args)
	}
	other.Fields = slices.Clone(e.Fields)
	for i, f := range other.Fields {
		if f.Name == "organisation" || f.Name == "handler" {
			other.Fields[i].Name += "_id"
		}
	}
	return &other
}

// bulkBody is one action and the reports to which it is done.
type bulkBody struct {
	Reports []bulkItem `json:"reports" minItems:"1" maxItems:"200" doc:"The reports, each with the version seen"`
	Input   actionBody `json:"input,omitempty" doc:"What the action takes, the same for each"`
}

type bulkItem struct {
	Number  string `json:"number" minLength:"1" maxLength:"40" doc:"Public number" example:"120045057717"`
	Version int64  `json:"version" minimum:"1" doc:"Version that the caller saw" example:"3"`
}

type bulkResult struct {
	Number  string        `json:"number" doc:"As it was given"`
	Done    bool          `json:"done" doc:"Whether the action was done"`
	State   *ActionResult `json:"state,omitempty" doc:"How the report stands after it"`
	Problem *web.Problem  `json:"problem,omitempty" doc:"Why it wasn't done"`
}

type bulkAnswer struct {
	Done    int          `json:"done" doc:"How many were done"`
	Results []bulkResult `json:"results" doc:"In the order of the call"`
}

func (o *operations) bulk_(ctx context.Context, c api.Call, in *struct {
	Action string `path:"action" enum:"take,accept,assign,redirect,merge" doc:"Name of the action" example:"take"`
	Body   bulkBody
}) (*struct{ Body bulkAnswer }, error) {
	if err := forOrganisation(c.Actor); err != nil {
		return nil, err
	}
	out := &struct{ Body bulkAnswer }{bulkAnswer{Results: make([]bulkResult, 0, len(in.Body.Reports))}}
	for _, item := range in.Body.Reports {
		res := bulkResult{Number: item.Number}
		number, ok := id.ParseNumber(item.Number)
		err := notFound()
		if ok {
			var done ActionResult
			if done, err = o.perform(ctx, c, number, Action(in.Action), item.Version, in.Body.Input); err == nil {
				res.Done, res.State = true, &done
				out.Body.Done++
			}
		}
		if err != nil {
			switch errs.CodeOf(err) {
			case errs.Internal, errs.Unavailable, errs.OutcomeUnknown:
				return nil, err
			}
			p := web.NewProblemForPrograms(c.Request.Lang, err, "")
			res.Problem = &p
		}
		out.Body.Results = append(out.Body.Results, res)
	}
	return out, nil
}
