package casework

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
)

// workAction takes the form of an action in the panel.
func (w *Web) workAction(ctx context.Context, r *web.Request) (web.Response, error) {
	actor, err := w.Acting.Acting(ctx, r.Actor, r.PathValue("org"))
	if err != nil {
		return nil, err
	}
	number, ok := id.ParseNumber(r.PathValue("number"))
	if !ok {
		return nil, notFound()
	}
	act := Action(r.PathValue("action"))
	in, fields, err := w.actionInput(ctx, r)
	if err != nil {
		return nil, err
	}
	back := func(c *Case) web.Response {
		to := "/w/" + r.PathValue("org")
		if c.Organisation == actor.Organisation {
			to += "/cases/" + number
		}
		return web.Redirect(to+filterOf(r.URL.Query()).query(nil)).Message("success", "work.done."+string(act))
	}
	if done, err := w.Cases.DoneByForm(ctx, actor, number, act, in); err != nil {
		return nil, err
	} else if done != nil { // the same form, sent twice
		return back(done), nil
	}
	if act == Redirect && len(fields) == 0 {
		if fields, err = w.unsure(ctx, r, in.Organisation, number); err != nil {
			return nil, err
		}
	}
	if act == SplitUp && len(fields) == 0 && !slices.ContainsFunc(in.Parts, func(p Part) bool { return p.Fact == "" || p.Text == "" }) && len(in.Parts) > 1 {
		if offered, err := w.offerParts(ctx, r, actor, number, in.Parts); err != nil {
			return nil, err
		} else if offered {
			return w.workPage(ctx, r, actor, act, in, nil)
		}
		if i := slices.IndexFunc(in.Parts, func(p Part) bool { return p.office != "" && p.Organisation == id.Nil }); i >= 0 {
			fields = []errs.Field{{Name: "parts", Rule: "office", Key: "case.part_office", Args: map[string]any{"N": i + 1}}}
		}
	}
	if len(fields) == 0 {
		c, err := w.Cases.ActForm(ctx, actor, number, act, in)
		if err == nil {
			return back(c), nil
		}
		var e *errs.Error
		switch {
		case errs.Is(err, errs.Invalid):
			fields = fieldsOf(err)
			if act == SplitUp { // the topic of one of its parts
				for i := range fields {
					fields[i].Name = "parts"
				}
			}
		case errors.As(err, &e) && (e.Code == errs.Stale || e.Code == errs.Conflict):
			fields = []errs.Field{{Name: "comment", Rule: string(e.Code), Key: cmp.Or(e.Key, "case.changed_meanwhile"), Args: words(r.Lang, e.Args)}}
		default:
			return nil, err
		}
	}
	return w.workPage(ctx, r, actor, act, in, fields)
}
