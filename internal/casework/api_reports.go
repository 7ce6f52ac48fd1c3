package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

func (o *operations) registerReports(a *api.API) {
	api.Register(a, api.Operation{ID: "my-reports", Method: http.MethodGet, Path: "/reports", Tag: tagReports,
		Summary: "The caller's own and joined reports, newest first"}, policy.CaseworkMine, o.myReports)
	api.Register(a, api.Operation{ID: "get-report", Method: http.MethodGet, Path: "/reports/{number}", Tag: tagReports,
		Summary: "One report, as the caller may see it", Errors: []errs.Code{errs.Gone},
		Description: "What it holds follows from `as`: the author sees their words and the answers, one who joined the term and the answers, an officer all of it, a stranger what is public. `actions` lists what the caller may do now. The number of a report that was merged, its author's or of one who joined it, answers the report that took it in, as its participants see it; `filed` asks for the author's words. A report that the caller may not know of is answered like one that doesn't exist. Reading another's report is recorded."},
		policy.CaseworkRead, o.report_)
	api.Register(a, api.Operation{ID: "report-history", Method: http.MethodGet, Path: "/reports/{number}/history", Tag: tagReports,
		Summary:     "Everything that was done in a report, oldest first",
		Description: "Officers see each step with who did it; the author the steps of which they are told. Reading another's history is recorded."},
		policy.CaseworkHistory, o.history)
	api.Register(a, api.Operation{ID: "join-report", Method: http.MethodPost, Path: "/reports/{number}/join", Tag: tagReports, Create: true,
		Summary:     "Join an open public report instead of filing the same",
		Description: "Gives a number of one's own, with the term, notices and a rating of one's own, and nothing of the author's correspondence. Joining twice answers the same number."},
		policy.CaseworkJoin, o.join_)
	api.Register(a, api.Operation{ID: "unjoin-report", Method: http.MethodDelete, Path: "/reports/{number}/join", Tag: tagReports, Repeatable: true, Status: http.StatusNoContent,
		Summary:     "Take back that one joined an open report",
		Description: "Ends the notices; its author may withdraw it again once nobody else waits. Done twice, the second finds nothing (404). Joining again gives a new number."},
		policy.CaseworkUnjoin, o.unjoin)
	api.Register(a, api.Operation{ID: "rate-joined-report", Method: http.MethodPut, Path: "/reports/{number}/joined-rating", Tag: tagReports, Repeatable: true,
		Summary: "Rate an answered report as one who joined it", Status: http.StatusNoContent,
		Description: "Changes nothing for the author. Rating again replaces the rating. The author rates by the action `rate`."},
		policy.CaseworkRate, o.rateJoined)
	api.Register(a, api.Operation{ID: "set-visibility", Method: http.MethodPut, Path: "/reports/{number}/visibility", Tag: tagReports, Repeatable: true,
		Summary: "Close one's own report to strangers, or open it", Status: http.StatusNoContent,
		Description: "The author's alone, at any stage. Opened, a report shows strangers what one that was filed open shows, and nothing before moderation. Those who joined keep their page. The same again changes nothing."},
		policy.CaseworkVisibility, o.setVisibility)
}

type myReport struct {
	ReportState
	Kind         string      `json:"kind" enum:"author,joined,merged" doc:"How it is the caller's: filed, joined, or joined by a merger"`
	Topic        topicRef    `json:"topic" doc:"What it is about"`
	Title        string      `json:"title,omitempty" doc:"Beginning of the caller's own words"`
	Place        reportPlace `json:"place" doc:"Where it is"`
	Organisation *officeRef  `json:"organisation,omitempty" doc:"Who answers"`
	People       int64       `json:"people" doc:"The author and those who joined"`
	RegisteredAt *time.Time  `json:"registered_at,omitempty" doc:"Moment of filing; absent of a report that the caller joined"`
	JoinedAt     *time.Time  `json:"joined_at,omitempty" doc:"Moment when the caller joined; absent of their own reports"`
}

func (o *operations) myReports(ctx context.Context, c api.Call, in *struct{ api.PageInput }) (*struct{ Body api.Page[myReport] }, error) {
	const list = "casework.mine"
	at, err := c.Cursor(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	var after id.ID
	if at != nil {
		after = at.ID
	}
	rows, more, err := o.Cases.Mine(ctx, citizenOf(c.Actor), after, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[myReport] }{}
	out.Body.Items = make([]myReport, len(rows))
	for i := range rows {
		m := &rows[i]
		row := myReport{ReportState: o.state(&m.Case, c.Request.Lang, false, c.Request.Now), Kind: m.Kind, Topic: o.topic(c.Request.Lang, m.Fact),
			Title: m.Title, Place: o.place(c.Request.Lang, m.State.Territory, m.Place), People: m.People, RegisteredAt: moment(m.RegisteredAt)}
		row.Number = m.MyNumber
		if m.Kind != "author" {
			row.RegisteredAt, row.JoinedAt = nil, row.RegisteredAt
		}
		if office, ok := o.Cases.offices.Office(m.Organisation); ok {
			ref := refOf(c.Request.Lang, office)
			row.Organisation = &ref
		}
		out.Body.Items[i] = row
	}
	if more {
		out.Body.Next = c.Next(&web.Cursor{ID: rows[len(rows)-1].ID}, list)
	}
	return out, nil
}

// ReasonInput is demanded of roles that see words only with a reason.
type ReasonInput struct {
	Reason string `query:"reason" maxLength:"500" doc:"Why the caller reads it: administrators must say it, and it is recorded"`
}

// read finds the nearest relation in which the caller may see a report: for
// the organisation of the token, else as a person. actor is who reads then.
func (o *operations) read(ctx context.Context, a policy.Actor, number, reason string) (v *View, actor policy.Actor, err error) {
	v, err = o.Cases.Read(ctx, a, number, reason)
	if a.Organisation == id.Nil || !hidden(err) {
		return v, a, err
	}
	person := citizenOf(a)
	if v, err2 := o.Cases.Read(ctx, person, number, ""); !hidden(err2) {
		return v, person, err2
	}
	return nil, a, err
}

// hidden tells whether an error says that this reader sees no such thing; one
// that asks for a reason doesn't.
func hidden(err error) bool {
	var e *errs.Error
	return errors.As(err, &e) && (e.Code == errs.NotFound || e.Code == errs.Forbidden && e.Key == "")
}

func (o *operations) report_(ctx context.Context, c api.Call, in *struct {
	NumberPath
	ReasonInput
	Filed bool `query:"filed" doc:"Of a report that was merged: the very report with the caller's words, or the answers that who joined it had, not the one that answers"`
}) (*reportAnswer, error) {
	number, err := in.parse()
	if err != nil {
		return nil, err
	}
	v, actor, err := o.read(ctx, c.Actor, number, in.Reason)
	if in.Filed {
		actor = citizenOf(c.Actor)
		v, err = o.Cases.ReadFiled(ctx, actor, number, "")
	}
	if hidden(err) {
		return o.asStranger(ctx, c, number)
	}
	if err != nil {
		return nil, err
	}
	doc, err := o.document(ctx, c, v)
	if err != nil {
		return nil, err
	}
	if v.As == "office" {
		if err := o.Reads.RecordRead(ctx, actor, policy.CaseworkRead, v.Applicant, v.ID, v.Grant, in.Reason); err != nil {
			return nil, err
		}
	}
	return &reportAnswer{ETag: web.ETag(v.Version), Body: doc}, nil
}

func (o *operations) asStranger(ctx context.Context, c api.Call, number string) (*reportAnswer, error) {
	p, err := o.Cases.ReadPublic(ctx, c.Actor, number)
	if err != nil {
		return nil, err
	}
	row := o.public(c.Request.Lang, p)
	d := reportDocument{As: "stranger", Topic: row.Topic, Place: row.Place, People: p.People, Month: p.Month, MergedInto: p.Into, Children: p.Parts, Excerpt: p.Excerpt,
		Entries: []reportEntry{}, Files: row.Files, Actions: []possibleAction{}}
	d.Number, d.Stage, d.Outcome, d.Solved, d.State = p.Number, p.Stage, p.Outcome, p.Solved, publicState(c.Request.Lang, p).Text
	return &reportAnswer{Body: d}, nil
}

// historyStep is one fact of a report.
type historyStep struct {
	At           time.Time  `json:"at" doc:"The moment"`
	Action       string     `json:"action" doc:"What was done: the name of an action, or file, join, unjoin, joined_rated, lapse, recompute, alarm, vacate (whoever had it works there no more)" example:"redirect"`
	Person       *personRef `json:"person,omitempty" doc:"Who did it; absent where the program did, or the caller may not know"`
	Role         string     `json:"role,omitempty" doc:"In which role" example:"coordinator"`
	Organisation *officeRef `json:"organisation,omitempty" doc:"On whose behalf"`
	Reason       string     `json:"reason,omitempty" doc:"Code of the reason, or of the alarm" example:"no_place"`
	Changes      []changed  `json:"changes" doc:"What it changed"`
	Version      int64      `json:"version,omitempty" doc:"Version of the report after it"`
}

type changed struct {
	Field  string          `json:"field" doc:"Name of the field" example:"review_date"`
	Before json.RawMessage `json:"before,omitempty" doc:"Value before" example:"\"2026-12-01\""`
	After  json.RawMessage `json:"after,omitempty" doc:"Value after" example:"\"2026-12-07\""`
}

// toldFields are fields of the state that history tells of, those before the
// mark to the author too.
var toldFields = []string{"stage", "outcome", "organisation", "fact", "review_date", "execution_date", "people", "mark", "solved", "reopened", "extended", "hidden"}
var officeFields = append(slices.Clone(toldFields), "handler", "territory", "parent", "excerpt", "released")

// toldActions are the steps of which the author is told.
var toldActions = []Action{Filed, Joined, Unjoined, Accept, Reject, Assign, Take, Redirect, Ask, Reply, Resume, SplitUp, Merge, Extend, Approve, Add, Withdraw, Rate, Reopen, Lapse, Recompute, Visibility}

func (o *operations) history(ctx context.Context, c api.Call, in *struct {
	NumberPath
	ReasonInput
	api.PageInput
}) (*struct{ Body api.Page[historyStep] }, error) {
	number, err := in.parse()
	if err != nil {
		return nil, err
	}
	filter := "casework.history " + number
	at, err := c.Cursor(in.Cursor, filter)
	if err != nil {
		return nil, err
	}
	v, actor, err := o.read(ctx, c.Actor, number, in.Reason)
	if err != nil {
		return nil, err
	}
	grant, err := policy.Check(actor, policy.CaseworkHistory, objectOf(&v.Case))
	if err == nil {
		err = grant.Reason(in.Reason)
	}
	if err != nil {
		return nil, err
	}
	var after journal.Place
	if at != nil {
		after = journal.Place{At: time.UnixMilli(at.Int(0)), ID: at.ID}
	}
	facts, err := journal.Of(ctx, o.Cases.db, v.ID, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[historyStep] }{}
	if len(facts) > in.Limit {
		facts = facts[:in.Limit]
		last := facts[len(facts)-1]
		out.Body.Next = c.Next(&web.Cursor{Sort: []any{last.At.UnixMilli()}, ID: last.ID}, filter)
	}
	if out.Body.Items, err = o.steps(ctx, c.Request.Lang, facts, v.As == "office"); err != nil {
		return nil, err
	}
	if v.As == "office" {
		if err := o.Reads.RecordRead(ctx, actor, policy.CaseworkHistory, v.Applicant, v.ID, grant, in.Reason); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (o *operations) steps(ctx context.Context, lang string, facts []journal.Entry, office bool) ([]historyStep, error) {
	names := map[id.ID]string{}
	if office {
		var who []id.ID
		for _, f := range facts {
			if f.Person != id.Nil && !slices.Contains(who, f.Person) {
				who = append(who, f.Person)
			}
		}
		var err error
		if names, err = o.People.Names(ctx, who); err != nil {
			return nil, err
		}
	}
	out := []historyStep{}
	for _, f := range facts {
		action := strings.TrimPrefix(f.Kind, "casework.")
		if !office && !slices.Contains(toldActions, Action(action)) {
			continue
		}
		var body Changed
		if err := f.Decode(&body); err != nil {
			return nil, fmt.Errorf("history of %s: %w", f.Subject, err)
		}
		step := historyStep{At: f.At.UTC(), Action: action, Role: f.Role, Reason: f.Reason, Version: f.Version, Changes: []changed{}}
		if name, ok := names[f.Person]; ok {
			step.Person = &personRef{f.Person.String(), name}
		}
		if of, ok := o.Cases.offices.Office(f.Organisation); ok && f.Organisation != id.Nil {
			ref := refOf(lang, of)
			step.Organisation = &ref
		}
		told := toldFields
		if office {
			told = officeFields
		}
		for _, name := range told {
			if after, ok := body.After[name]; ok {
				step.Changes = append(step.Changes, changed{name, something(body.Before[name]), something(after)})
			}
		}
		out = append(out, step)
	}
	return out, nil
}

// something leaves out an id of nobody and null.
func something(v json.RawMessage) json.RawMessage {
	if text := string(v); text == "null" || text == `"`+id.Nil.String()+`"` {
		return nil
	}
	return v
}

// reportReceipt is what one who joins gets.
type reportReceipt struct {
	Number string `json:"number" doc:"The caller's own number for it" example:"120045057717"`
	Repeat bool   `json:"repeat,omitempty" doc:"The caller had it before"`
}

type joinedAnswer struct {
	Location string `header:"Location" doc:"Address of the report in the API"`
	Body     reportReceipt
}

func (o *operations) join_(ctx context.Context, c api.Call, in *struct{ NumberPath }) (*joinedAnswer, error) {
	number, err := in.parse()
	if err != nil {
		return nil, err
	}
	r, err := o.Cases.JoinKeyed(ctx, citizenOf(c.Actor), number, c.Key)
	if err != nil {
		return nil, inWords(c.Request.Lang, err)
	}
	return &joinedAnswer{api.Prefix + "/reports/" + r.Number, reportReceipt{r.Number, r.Repeat}}, nil
}

func (o *operations) unjoin(ctx context.Context, c api.Call, in *struct{ NumberPath }) (*struct{}, error) {
	number, err := in.parse()
	if err != nil {
		return nil, err
	}
	return &struct{}{}, inWords(c.Request.Lang, o.Cases.Unjoin(ctx, citizenOf(c.Actor), number))
}

type ratingInput struct {
	Mark   int64  `json:"mark" minimum:"1" maximum:"5" doc:"How good the answer is" example:"4"`
	Solved string `json:"solved" enum:"yes,no" doc:"Whether the problem is solved, apart from the mark" example:"yes"`
}

func (o *operations) rateJoined(ctx context.Context, c api.Call, in *struct {
	NumberPath
	Body ratingInput
}) (*struct{}, error) {
	number, err := in.parse()
	if err != nil {
		return nil, err
	}
	if err := policy.Gate(c.Actor, policy.CaseworkRate); err != nil { // a token that only reads
		return nil, err
	}
	err = o.Cases.RateJoined(ctx, citizenOf(c.Actor), number, Input{Mark: in.Body.Mark, Solved: in.Body.Solved})
	return &struct{}{}, inWords(c.Request.Lang, err)
}

type visibilityInput struct {
	Hidden bool `json:"hidden" doc:"Strangers see nothing of the report"`
}

func (o *operations) setVisibility(ctx context.Context, c api.Call, in *struct {
	NumberPath
	Body visibilityInput
}) (*struct{}, error) {
	number, err := in.parse()
	if err != nil {
		return nil, err
	}
	if err := policy.Gate(c.Actor, policy.CaseworkVisibility); err != nil { // a token that only reads
		return nil, err
	}
	_, err = o.Cases.SetVisibility(ctx, citizenOf(c.Actor), number, in.Body.Hidden)
	return &struct{}{}, err
}
