package casework

import (
	"context"
	"slices"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// bulkActions are what may be done to several cases at once.
var bulkActions = []struct {
	action Action
	key    string
	roles  []policy.Role
}{
	{Take, "T", []policy.Role{policy.Handler}},
	{Accept, "", []policy.Role{policy.Moderator}},
	{Assign, "A", []policy.Role{policy.Coordinator}},
	{Redirect, "R", []policy.Role{policy.Coordinator}},
	{Merge, "M", []policy.Role{policy.Coordinator}},
}

// bulkView asks for what an action on several cases needs, and tells how it went.
type bulkView struct {
	ui.Page
	Base, Query string
	Work        ui.Workspace
	Action      Action
	Numbers     []string
	Unknown     []string // numbers, as they were sent, of no case that the officer may open
	OfficeText  string
	People      []Officer
	Failed      []bulkFailure
	Done        int
	Form        Input
	Errors      []errs.Field
}

type bulkFailure struct{ Number, Why string }

// bulk does one action to each of the chosen cases, in a transaction each:
// what can be done is done, what can't is listed with its reason.
func (w *Web) bulk(ctx context.Context, r *web.Request) (web.Response, error) {
	actor, err := w.Acting.Acting(ctx, r.Actor, r.PathValue("org"))
	if err != nil {
		return nil, err
	}
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := &bulkView{Base: "/w/" + r.PathValue("org"), Query: filterOf(r.URL.Query()).query(nil), Action: Action(form.Raw("do"))}
	known := false
	for _, b := range bulkActions {
		known = known || b.action == v.Action
	}
	if !known {
		return web.Redirect(v.Base+v.Query).Message("warning", "work.bulk_unknown"), nil
	}
	if v.Numbers, v.Unknown, err = w.chosen(ctx, actor, form.All("case", 40)); err != nil {
		return nil, err
	}
	if len(v.Numbers)+len(v.Unknown) == 0 {
		return web.Redirect(v.Base+v.Query).Message("warning", "work.nothing_chosen"), nil
	}
	in, fields, err := w.actionInput(ctx, r)
	if err != nil {
		return nil, err
	}
	// Each case has a version of its own: none stands in the form.
	v.Form, v.Errors = in, slices.DeleteFunc(fields, func(f errs.Field) bool { return f.Name == "version" })
	v.OfficeText = form.Text("office", 300)
	if v.Page, v.Work, err = w.WorkspaceFrame(ctx, r, actor, r.T("work.do."+string(v.Action)), ""); err != nil {
		return nil, err
	}
	if len(v.Unknown) > 0 { // nothing is done to the others: the choice itself is wrong
		return web.Rejected(bulkPage(v)), nil
	}
	if v.People, err = w.Offices.Officers(ctx, actor.Organisation, policy.Handler); err != nil {
		return nil, err
	}
	needs := v.Action == Assign || v.Action == Redirect || v.Action == Merge
	if needs && form.Raw("sure") == "" {
		return web.Page(bulkPage(v)), nil
	}
	if v.Action == Redirect && len(v.Errors) == 0 {
		if v.Errors, err = w.unsure(ctx, r, in.Organisation, v.Numbers...); err != nil {
			return nil, err
		}
	}
	if len(v.Errors) > 0 {
		return web.Rejected(bulkPage(v)), nil
	}
	targets := v.Numbers
	if v.Action == Merge {
		into, ok := id.ParseNumber(in.Into)
		if !ok {
			v.Errors = append(v.Errors, errs.Field{Name: "into", Rule: "required"})
			return web.Rejected(bulkPage(v)), nil
		}
		in.Into = into
		targets = slices.DeleteFunc(slices.Clone(targets), func(n string) bool { return n == into })
	}
	in.Version = 0
	for _, n := range targets {
		if _, err := w.Cases.Act(ctx, actor, n, v.Action, in); err != nil {
			if code := errs.CodeOf(err); code == errs.Internal || code == errs.Unavailable {
				return nil, err
			}
			why := i18n.Error(r.Lang, err)
			if f := fieldsOf(err); len(f) > 0 {
				why = i18n.Field(r.Lang, f[0])
			}
			v.Failed = append(v.Failed, bulkFailure{n, why})
			continue
		}
		v.Done++
	}
	if len(v.Failed) > 0 {
		return web.Rejected(bulkPage(v)), nil
	}
	return web.Redirect(v.Base+v.Query).Message("success", "work.bulk_done", i18n.Args{"Count": v.Done}), nil
}

// chosen sorts the numbers of a form into those of cases that the officer may
// open, each once, and the rest. A case of another organisation is like one
// that isn't there.
func (w *Web) chosen(ctx context.Context, actor policy.Actor, sent []string) (numbers, unknown []string, err error) {
	for _, s := range sent {
		n, ok := id.ParseNumber(s)
		if ok {
			if ok, err = w.Cases.knows(ctx, actor, n); err != nil {
				return nil, nil, err
			}
		}
		switch {
		case !ok:
			unknown = append(unknown, s)
		case !slices.Contains(numbers, n) && len(numbers) < MaxPageSize:
			numbers = append(numbers, n)
		}
	}
	return numbers, unknown, nil
}
