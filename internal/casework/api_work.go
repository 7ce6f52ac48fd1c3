package casework

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

func (o *operations) registerWork(a *api.API) {
	api.Register(a, api.Operation{ID: "list-inbox", Method: http.MethodGet, Path: "/workspace/reports", Tag: tagWork,
		Summary: "Reports of the organisation by deadline", Errors: []errs.Code{errs.NotFound},
		Description: "Reports that the token's organisation holds, or another that the caller may oversee. The nearest deadline comes first. Reading is recorded."},
		policy.CaseworkList, o.inbox)
	api.Register(a, api.Operation{ID: "list-folders", Method: http.MethodGet, Path: "/workspace/folders", Tag: tagWork,
		Summary: "Folders of the organisation's list with their counts, exact up to 1,000"}, policy.CaseworkList, o.folders)
	o.registerTerritory(a)
}

// forOrganisation refuses a token that acts for a person alone.
func forOrganisation(a policy.Actor) error {
	if a.Organisation == id.Nil {
		return errs.New(errs.Forbidden, "api.token_of_person")
	}
	return nil
}

type OfOrganisation struct {
	OrganisationID string `query:"organisation_id" maxLength:"36" doc:"Whose list: the token's organisation by default, or one that the caller oversees"`
}

// whose finds the organisation asked for; one that isn't the caller's to see
// is answered like one that doesn't exist.
func (in OfOrganisation) whose(a policy.Actor) (id.ID, error) {
	if err := forOrganisation(a); err != nil {
		return id.Nil, err
	}
	if in.OrganisationID == "" {
		return a.Organisation, nil
	}
	org, err := id.Parse(in.OrganisationID)
	if err != nil {
		return id.Nil, notFound()
	}
	if _, err := policy.Check(a, policy.CaseworkList, policy.Object{Organisation: org}); err != nil {
		return id.Nil, notFound()
	}
	return org, nil
}

type inboxInput struct {
	OfOrganisation
	Narrowing
}

// Narrowing is what narrows a list.
type Narrowing struct {
	Part      string `query:"part" enum:"open,answered,closed" doc:"Work goes on (the default), answered, or closed; not with stage"`
	Stage     string `query:"stage" enum:"moderation,coordination,execution,waiting,approval,deferred,answered,closed" doc:"Reports in this stage alone"`
	Deadline  string `query:"deadline" enum:"late,today,week" doc:"Late, due today, or within seven days"`
	Category  string `query:"category" maxLength:"60" doc:"Code of a category of the rubricator" example:"roads"`
	Territory string `query:"territory" maxLength:"60" doc:"Code of a territory" example:"mun.03"`
	HandlerID string `query:"handler_id" maxLength:"36" doc:"Id of the officer who has them; me for the caller" example:"me"`
	Free      bool   `query:"free" doc:"Nobody has taken them; not with handler_id"`
	api.PageInput
}

// workRow is a report in an officer's list.
type workRow struct {
	ReportState
	Topic        topicRef    `json:"topic" doc:"What it is about"`
	Title        string      `json:"title,omitempty" doc:"Beginning of the author's words; absent for who sees metadata alone"`
	Place        reportPlace `json:"place" doc:"Where it is"`
	Handler      *personRef  `json:"handler,omitempty" doc:"Who has it; absent where nobody has"`
	Organisation *officeRef  `json:"organisation,omitempty" doc:"Who answers; of a territory's list alone"`
	People       int64       `json:"people" doc:"The author and those who joined"`
	RegisteredAt *time.Time  `json:"registered_at,omitempty" doc:"Moment of filing"`
}

var inboxParts = map[string]int64{"": 0, "open": 0, "answered": 1, "closed": 2}

// filter reads what narrows the list, and tells what of it can't be read.
func (in *Narrowing) filter(a policy.Actor) (InboxFilter, []errs.Field) {
	f := InboxFilter{Bucket: inboxParts[in.Part], Stage: Stage(in.Stage), Deadline: in.Deadline, Category: in.Category, Territory: in.Territory,
		Free: in.Free, Size: in.Limit}
	var x ids
	if in.Part != "" && in.Stage != "" {
		x.fields = append(x.fields, errs.Field{Name: "part", Rule: "unexpected"})
	}
	switch {
	case in.Free && in.HandlerID != "": // nobody's are not somebody's
		x.fields = append(x.fields, errs.Field{Name: "free", Rule: "unexpected"})
	case in.HandlerID == "me":
		f.Handler = orNobody(a.Person)
	default:
		f.Handler = x.one("handler_id", in.HandlerID)
	}
	return f, x.fields
}

// text is what narrows the list as the record of its reading keeps it; of says whose list.
func (in *Narrowing) text(of ...string) string {
	return filterText(append(of, "part", in.Part, "stage", in.Stage, "deadline", in.Deadline, "category", in.Category,
		"territory", in.Territory, "handler", in.HandlerID, "free", strconv.FormatBool(in.Free))...)
}

func (o *operations) inbox(ctx context.Context, c api.Call, in *inboxInput) (*struct{ Body api.Page[workRow] }, error) {
	org, err := in.whose(c.Actor)
	if err != nil {
		return nil, err
	}
	f, fields := in.filter(c.Actor)
	if f.Handler != id.Nil && in.HandlerID != "me" {
		known, err := o.Cases.handles(ctx, org, f.Handler)
		if err != nil {
			return nil, err
		}
		if !known && policy.May(c.Actor, policy.CaseworkList, policy.Object{Organisation: org}) {
			fields = append(fields, errs.Field{Name: "handler_id", Rule: "unknown"})
		}
	}
	if err := errs.InvalidFields(append(o.unknown(c.Request.Lang, in.Category, in.Territory), fields...)...); err != nil {
		return nil, err
	}
	codes := in.text("organisation", org.String())
	list := "casework.inbox " + codes
	at, err := c.Cursor(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	if at != nil {
		f.After = Mark{At: at.Int(0), ID: at.ID}
	}
	rows, more, err := o.Cases.Inbox(ctx, c.Actor, org, f)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[workRow] }{}
	grant, err := policy.Check(c.Actor, policy.CaseworkList, policy.Object{Organisation: org})
	if err != nil {
		return nil, err
	}
	if out.Body.Items, err = o.workRows(ctx, c, grant.Full(), rows); err != nil {
		return nil, err
	}
	if more {
		last := &rows[len(rows)-1]
		out.Body.Next = c.Next(&web.Cursor{Sort: []any{last.due()}, ID: last.ID}, list)
	}
	return out, o.Reads.RecordList(ctx, c.Actor, policy.CaseworkList, codes, len(rows))
}

// workRows names everybody in one call. Whose grant is for metadata alone
// (full false) gets no words and no names.
func (o *operations) workRows(ctx context.Context, c api.Call, full bool, rows []Row) (_ []workRow, err error) {
	names := map[id.ID]string{}
	if full {
		var who []id.ID
		for i := range rows {
			if h := rows[i].Handler; h != id.Nil && !slices.Contains(who, h) {
				who = append(who, h)
			}
		}
		if names, err = o.People.Names(ctx, who); err != nil {
			return nil, err
		}
	}
	out := make([]workRow, len(rows))
	for i := range rows {
		r := &rows[i]
		if !full {
			r.Title, r.Place.Note = "", ""
		}
		out[i] = workRow{ReportState: o.state(&r.Case, c.Request.Lang, true, c.Request.Now), Topic: o.topic(c.Request.Lang, r.Fact), Title: r.Title,
			Place: o.place(c.Request.Lang, r.State.Territory, r.Place), People: r.People, RegisteredAt: moment(r.RegisteredAt)}
		if name, ok := names[r.Handler]; ok && r.Handler != id.Nil {
			out[i].Handler = &personRef{r.Handler.String(), name}
		}
	}
	return out, nil
}

// folderCount is a part of the list with its size.
type folderCount struct {
	Code  string `json:"code" enum:"all,mine,late,today,moderation,coordination,execution,approval,waiting,deferred,answered,closed" doc:"all: work goes on; mine: the caller has it; late and today: by deadline; else a stage"`
	Count int64  `json:"count" doc:"How many, exact up to 1,000"`
	More  bool   `json:"more,omitempty" doc:"There are more than count"`
}

func (o *operations) folders(ctx context.Context, c api.Call, in *struct{ OfOrganisation }) (*struct{ Body api.Page[folderCount] }, error) {
	org, err := in.whose(c.Actor)
	if err != nil {
		return nil, err
	}
	all, err := o.Cases.Folders(ctx, c.Actor, org)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Folder) int {
		return cmp.Compare(slices.Index(folderOrder, a.Code), slices.Index(folderOrder, b.Code))
	})
	out := &struct{ Body api.Page[folderCount] }{}
	for _, f := range all {
		out.Body.Items = append(out.Body.Items, folderCount{f.Code, min(f.Count, CountLimit), f.Count > CountLimit})
	}
	return out, nil
}
