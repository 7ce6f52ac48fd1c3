package privacy

import (
	"context"
	"net/http"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

// AuditAPI registers who read what in an organisation, for its administrator.
func AuditAPI(a *api.API, w *AuditWeb) {
	api.Register(a, api.Operation{ID: "list-organisation-reads", Method: http.MethodGet, Path: "/organisations/{code}/reads", Tag: "Organisations",
		Summary:     "Who read what in an organisation, newest first",
		Description: "For its administrator, and for the region's. It names who read, which case or list, and why; nothing of whom a case is about."},
		policy.PrivacyAudit, w.apiAudit)
	api.Register(a, api.Operation{ID: "list-all-organisations-reads", Method: http.MethodGet, Path: "/reads", Tag: "Organisations",
		Summary:     "Who read what in all organisations, newest first",
		Description: "For the region's administrator. As the list of one organisation, with what the program's operator read; nothing of people who read for themselves."},
		policy.PrivacyAudit, w.apiAuditAll)
}

// AuditJSON is one act of reading as an administrator is told of it.
type AuditJSON struct {
	At       time.Time     `json:"at" doc:"The moment"`
	PersonID string        `json:"person_id,omitempty" doc:"Id of who read; absent: whoever runs the program, by its command line"`
	Name     string        `json:"name,omitempty" doc:"Who read; absent where the account is no more"`
	Role     string        `json:"role" doc:"By which role"`
	Office   string        `json:"organisation,omitempty" doc:"Code of the organisation on whose behalf; absent of the operator" example:"roads"`
	What     policy.Action `json:"what" doc:"Code of what was read: casework.read, attachment.read …" example:"casework.read"`
	Number   string        `json:"number,omitempty" doc:"Public number of the case; absent of a list"`
	Reason   string        `json:"reason,omitempty" doc:"Why, as the reader said"`
	Filter   string        `json:"filter,omitempty" doc:"Of a list: what it was narrowed by"`
	Shown    int           `json:"shown,omitempty" doc:"Of a list: how many rows were shown"`
}

// AuditInput narrows the lists of readings.
type AuditInput struct {
	PersonID string        `query:"person_id" maxLength:"36" doc:"Only what this person read"`
	What     policy.Action `query:"what" enum:"casework.read,casework.history,attachment.read,casework.list" doc:"Only readings of this kind"`
	Number   string        `query:"number" maxLength:"40" doc:"Only readings of the case with this public number"`
	Before   time.Time     `query:"before" doc:"Only readings before this moment"`
	api.PageInput
}

type auditOutput struct{ Body api.Page[AuditJSON] }

func (w *AuditWeb) apiAudit(ctx context.Context, c api.Call, in *struct {
	Code string `path:"code" maxLength:"64" doc:"Code of the organisation" example:"roads"`
	AuditInput
}) (*auditOutput, error) {
	org, err := w.Offices.IDOf(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return w.apiList(ctx, c, org, in.AuditInput)
}

func (w *AuditWeb) apiAuditAll(ctx context.Context, c api.Call, in *AuditInput) (*auditOutput, error) {
	return w.apiList(ctx, c, id.Nil, *in)
}

// apiList answers with readings of one organisation, or of all (Nil).
func (w *AuditWeb) apiList(ctx context.Context, c api.Call, org id.ID, in AuditInput) (*auditOutput, error) {
	if _, err := policy.Check(c.Actor, policy.PrivacyAudit, policy.Object{Organisation: org}); err != nil {
		return nil, err
	}
	f := AuditFilter{What: in.What, Until: in.Before}
	var err error
	if in.PersonID != "" {
		if f.Person, err = id.Parse(in.PersonID); err != nil {
			return nil, errs.InvalidFields(errs.Field{Name: "person_id", Rule: "unknown"})
		}
	}
	if f.Thing, err = w.caseOf(ctx, in.Number); err != nil {
		return nil, err
	}
	list := []any{"privacy.audit", org.String(), in.PersonID, in.What, in.Number, in.Before.UnixMilli()}
	at, err := c.Cursor(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	p := Page{N: in.Limit}
	if at != nil {
		p.At, p.ID = time.UnixMilli(at.Int(0)).UTC(), at.ID
	}
	rows, more, err := w.Privacy.Audited(ctx, c.Actor, org, f, p)
	if err != nil {
		return nil, err
	}
	out := &auditOutput{}
	if out.Body.Items, err = w.auditRows(ctx, c.Request.Lang, rows); err != nil {
		return nil, err
	}
	if more {
		last := rows[len(rows)-1]
		out.Body.Next = c.Next(&web.Cursor{Sort: []any{last.At.UnixMilli()}, ID: last.ID}, list)
	}
	return out, nil
}

// noCase is the id of no case: what nobody ever opened.
var noCase = id.ID{15: 1}

// caseOf is the case of a number ("": none). A number of nothing is like that of
// a case that nobody opened: the record tells nothing of cases.
func (w *AuditWeb) caseOf(ctx context.Context, number string) (id.ID, error) {
	if number == "" {
		return id.Nil, nil
	}
	thing, err := w.Cases.ByNumber(ctx, number)
	if errs.Is(err, errs.NotFound) {
		return noCase, nil
	}
	return thing, err
}

func (w *AuditWeb) auditRows(ctx context.Context, lang string, rows []Record) ([]AuditJSON, error) {
	var people, things, orgs []id.ID
	for _, r := range rows {
		if r.Person != id.Nil {
			people = append(people, r.Person)
		}
		if r.Thing != id.Nil {
			things = append(things, r.Thing)
		}
		if r.Organisation != id.Nil {
			orgs = append(orgs, r.Organisation)
		}
	}
	offices, err := w.Offices.NamesOf(ctx, lang, orgs)
	if err != nil {
		return nil, err
	}
	names, err := w.People.Names(ctx, people)
	if err != nil {
		return nil, err
	}
	numbers, err := w.Cases.Numbers(ctx, things)
	if err != nil {
		return nil, err
	}
	out := make([]AuditJSON, len(rows))
	for i, r := range rows {
		out[i] = AuditJSON{At: r.At.UTC(), Name: names[r.Person], Role: r.Role, Office: offices[r.Organisation].Code, What: r.What, Number: numbers[r.Thing], Reason: r.Reason, Filter: r.Filter, Shown: r.Shown}
		if r.Person != id.Nil {
			out[i].PersonID = r.Person.String()
		}
	}
	return out, nil
}
