package casework

import (
	"context"
	"net/http"

	"okno/internal/platform/errs"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

func (o *operations) registerTerritory(a *api.API) {
	api.Register(a, api.Operation{ID: "list-territory", Method: http.MethodGet, Path: "/workspace/territory/reports", Tag: tagWork,
		Summary: "Reports of the territory by deadline",
		Description: "Reports that lie in the territories which the token's organisation oversees, whoever holds them: for its coordinators and supervisors. " +
			"The nearest deadline comes first. Where filters leave little, a page may hold fewer than the limit, or nothing, and still name a next one. Reading is recorded."},
		policy.CaseworkList, o.territory)
	api.Register(a, api.Operation{ID: "list-territory-folders", Method: http.MethodGet, Path: "/workspace/territory/folders", Tag: tagWork,
		Summary:     "How many reports of the territory are late or due today, exact up to 1,000",
		Description: "For supervisors of an organisation that oversees territories."}, policy.CaseworkControl, o.territoryFolders)
}

type territoryInput struct{ Narrowing }

func (o *operations) territory(ctx context.Context, c api.Call, in *territoryInput) (*struct{ Body api.Page[workRow] }, error) {
	if err := forOrganisation(c.Actor); err != nil {
		return nil, err
	}
	if _, err := reachOf(c.Actor, policy.CaseworkList); err != nil {
		return nil, err
	}
	f, fields := in.filter(c.Actor)
	if err := errs.InvalidFields(append(o.unknown(c.Request.Lang, in.Category, in.Territory), fields...)...); err != nil {
		return nil, err
	}
	codes := in.text("folder", overseenFolder)
	list := "casework.territory " + codes
	at, err := c.Cursor(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	if at != nil {
		f.After = Mark{At: at.Int(0), ID: at.ID}
	}
	p, err := o.Cases.InTerritory(ctx, c.Actor, f)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[workRow] }{}
	if out.Body.Items, err = o.workRows(ctx, c, true, p.Rows); err != nil {
		return nil, err
	}
	for i := range p.Rows {
		if office, ok := o.Cases.offices.Office(p.Rows[i].Organisation); ok {
			ref := refOf(c.Request.Lang, office)
			out.Body.Items[i].Organisation = &ref
		}
	}
	if p.Next != nil {
		out.Body.Next = c.Next(&web.Cursor{Sort: []any{p.Next.At}, ID: p.Next.ID}, list)
	}
	return out, o.Reads.RecordList(ctx, c.Actor, policy.CaseworkList, codes, len(p.Rows))
}

// controlCount is a part of the territory's list with its size.
type controlCount struct {
	Code  string `json:"code" enum:"late,today" doc:"By deadline, of those in work"`
	Count int64  `json:"count" doc:"How many, exact up to 1,000"`
	More  bool   `json:"more,omitempty" doc:"There are more than count"`
}

func (o *operations) territoryFolders(ctx context.Context, c api.Call, _ *struct{}) (*struct{ Body api.Page[controlCount] }, error) {
	if err := forOrganisation(c.Actor); err != nil {
		return nil, err
	}
	counts, err := o.Cases.Controlled(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[controlCount] }{}
	for _, f := range counts {
		out.Body.Items = append(out.Body.Items, controlCount{f.Code, min(f.Count, CountLimit), f.Count > CountLimit})
	}
	return out, nil
}
