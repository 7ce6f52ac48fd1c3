package casework

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

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

// bulkView asks for what an action on several cases needs.
type bulkView struct {
	ui.Page
	Base, Query string
	Work        ui.Workspace
	Action      Action
	Numbers     []string
	Before      int           // cases that this very form has been done to already
	Failed      []bulkFailure // told before anything was done: numbers of no case that the officer may open
	OfficeText  string
	People      []Officer
	Form        Input
	Errors      []errs.Field
	Options     []ui.Option // of a merge: the cases, one of which stays
	Against     []string    // of a merge: why they may be different matters
}

// bulkFailure is a number, as it was sent where it names nothing, and why
// nothing was done to its case.
type bulkFailure struct{ Number, Why string }

// list is the address of the list with the cases still ticked.
func (v *bulkView) list() string { return v.Base + withTicks(v.Query, v.Numbers) }

// bulk does one action to each of the chosen cases, in a transaction each:
// what can be done is done; the list then says by number why the others
// weren't, and keeps its filter and their ticks.
func (w *Web) bulk(ctx context.Context, r *web.Request) (web.Response, error) {
	actor, err := w.Acting.Acting(ctx, r.Actor, r.PathValue("org"))
	if err != nil {
		return nil, err
	}
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f := filterOf(r.URL.Query())
	v := &bulkView{Base: "/w/" + r.PathValue("org"), Query: f.query(map[string]string{"after": f.After}), Action: Action(form.Raw("do"))}
	known := false
	for _, b := range bulkActions {
		known = known || b.action == v.Action
	}
	if !known {
		return web.Redirect(v.Base+v.Query).Message("warning", "work.bulk_unknown"), nil
	}
	in, fields, err := w.actionInput(ctx, r)
	if err != nil {
		return nil, err
	}
	// Each case has a version of its own: none stands in the form.
	v.Form, v.Errors = in, slices.DeleteFunc(fields, func(f errs.Field) bool { return f.Name == "version" })
	if v.Numbers, v.Failed, err = w.chosen(ctx, r.Lang, actor, form.All("case", MaxPageSize)); err != nil {
		return nil, err
	}
	if err := w.beforehand(ctx, actor, v); err != nil {
		return nil, err
	}
	switch {
	case len(v.Numbers)+len(v.Failed) == 0 && v.Before > 0:
		return v.done(v.Before), nil
	case len(v.Numbers)+len(v.Failed) == 0:
		return web.Redirect(v.Base+v.Query).Message("warning", "work.nothing_chosen"), nil
	case len(v.Numbers) == 0:
		return w.bulkFailed(ctx, r, actor, v.Before, v.Failed)
	}
	if v.asks() {
		ask, err := w.askBulk(ctx, r, actor, v)
		if ask != nil || err != nil {
			return ask, err
		}
	}
	done, failed, wrong, err := w.doBulk(ctx, r, actor, v)
	switch {
	case err != nil:
		return nil, err
	case len(wrong) > 0: // what the form says fits none of them
		v.Errors = wrong
		return w.asked(actor, v, web.Rejected(bulkPage(v))), nil
	case len(failed) > 0:
		return w.bulkFailed(ctx, r, actor, done, failed)
	}
	return v.done(done), nil
}

// done leads back to the list and says to how many cases it was done.
func (v *bulkView) done(count int) web.Response {
	return web.Redirect(v.Base+v.Query).Message("success", "work.bulk_done", i18n.Args{"Count": count})
}

// beforehand takes out of the chosen cases those that the same form was done to
// when it was sent before, a double click say, and counts them: the second
// answer is the first one's. It looks after they were chosen, for one that was
// redirected in between is no longer the officer's.
func (w *Web) beforehand(ctx context.Context, actor policy.Actor, v *bulkView) error {
	in, before := v.input(), map[string]bool{}
	look := func(sent string) error {
		n, ok := id.ParseNumber(sent)
		if !ok {
			return nil
		}
		done, err := w.Cases.doneOnce(ctx, actor, n, v.Action, in)
		if err != nil && !errs.Is(err, errs.IdempotencyMismatch) { // that is said by the action itself
			return err
		}
		if done != nil && !before[n] {
			before[n], v.Before = true, v.Before+1
		}
		return nil
	}
	for _, n := range v.Numbers {
		if err := look(n); err != nil {
			return err
		}
	}
	for _, f := range v.Failed {
		if err := look(f.Number); err != nil {
			return err
		}
	}
	if len(before) == 0 {
		return nil
	}
	v.Numbers = slices.DeleteFunc(v.Numbers, func(n string) bool { return before[n] })
	v.Failed = slices.DeleteFunc(v.Failed, func(f bulkFailure) bool {
		n, ok := id.ParseNumber(f.Number)
		return ok && before[n]
	})
	return nil
}

// input is what the form says of each of its cases.
func (v *bulkView) input() Input {
	in := v.Form
	in.Version = 0
	if into, ok := id.ParseNumber(in.Into); ok {
		in.Into = into
	}
	return in
}

// asks tells whether the action needs more than a choice of cases.
func (v *bulkView) asks() bool {
	return v.Action == Assign || v.Action == Redirect || v.Action == Merge
}

// askBulk is the page that asks what the action needs; nil once that is said.
func (w *Web) askBulk(ctx context.Context, r *web.Request, actor policy.Actor, v *bulkView) (reply web.Response, err error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v.OfficeText = form.Text("office", 300)
	if v.Page, v.Work, err = w.WorkspaceFrame(ctx, r, actor, r.T("work.do."+string(v.Action)), ""); err != nil {
		return nil, err
	}
	if v.People, err = w.Offices.Officers(ctx, actor.Organisation, policy.Handler); err != nil {
		return nil, err
	}
	if v.Action == Merge {
		if err := w.compare(ctx, r, actor, v); err != nil {
			return nil, err
		}
	}
	if form.Raw("sure") == "" {
		v.Form.Key = web.NewKey() // this form is another one than the list's
		return w.asked(actor, v, web.Page(bulkPage(v))), nil
	}
	if v.Action == Redirect && len(v.Errors) == 0 {
		if v.Errors, err = w.unsure(ctx, r, v.Form.Organisation, v.Numbers...); err != nil {
			return nil, err
		}
	}
	if v.Action == Merge {
		into, ok := id.ParseNumber(v.Form.Into)
		if !ok {
			v.Errors = append(v.Errors, errs.Field{Name: "into", Rule: "required"})
		}
		v.Form.Into = into
	}
	if len(v.Errors) > 0 {
		return w.asked(actor, v, web.Rejected(bulkPage(v))), nil
	}
	return nil, nil
}

// asked records, of a page that shows citizens' words, that they were read.
func (w *Web) asked(actor policy.Actor, v *bulkView, page *web.Reply) *web.Reply {
	if len(v.Options) == 0 {
		return page
	}
	return page.Before(func(ctx context.Context) error {
		return w.Reads.RecordList(ctx, actor, policy.CaseworkList, v.codes(), len(v.Options))
	})
}

// codes is the list's filter as it is recorded.
func (v *bulkView) codes() string {
	return strings.ReplaceAll(strings.TrimPrefix(v.Query, "?"), "&", ",")
}

// doBulk does the action to each case. wrong are fields of the form by which
// every one of them was refused.
func (w *Web) doBulk(ctx context.Context, r *web.Request, actor policy.Actor, v *bulkView) (done int, failed []bulkFailure, wrong []errs.Field, err error) {
	in, failed, byForm := v.input(), v.Failed, 0
	done = v.Before
	for _, n := range v.Numbers {
		if v.Action == Merge && n == in.Into {
			continue
		}
		_, err := w.Cases.ActOnce(ctx, actor, n, v.Action, in)
		if err == nil {
			done++
			continue
		}
		switch errs.CodeOf(err) {
		case errs.Internal, errs.Unavailable, errs.OutcomeUnknown:
			return 0, nil, nil, err
		}
		fields := fieldsOf(err)
		if v.asks() && len(fields) > 0 {
			wrong, byForm = fields, byForm+1
		}
		failed = append(failed, bulkFailure{n, whyNot(r.Lang, err)})
	}
	if done > 0 || byForm < len(failed)-len(v.Failed) {
		wrong = nil
	}
	return done, failed, wrong, nil
}

// whyNot says in a few words why nothing was done to a case.
func whyNot(lang string, err error) string {
	switch errs.CodeOf(err) {
	case errs.NotFound:
		return i18n.T(lang, "work.bulk_not_found")
	case errs.Stale:
		return i18n.T(lang, "work.bulk_stale")
	}
	if f := fieldsOf(err); len(f) > 0 {
		return i18n.Field(lang, f[0])
	}
	var e *errs.Error
	if errors.As(err, &e) {
		other := *e
		other.Args = words(lang, e.Args)
		err = &other
	}
	return i18n.Error(lang, err)
}

// bulkFailed is the list with what wasn't done, by number and reason, and ticks
// at exactly those cases.
func (w *Web) bulkFailed(ctx context.Context, r *web.Request, actor policy.Actor, done int, failed []bulkFailure) (web.Response, error) {
	v := &workView{Failed: failed, Done: done}
	for _, f := range failed {
		v.Ticked = append(v.Ticked, f.Number)
	}
	reply, err := w.showWork(ctx, r, actor, v)
	if err != nil {
		return nil, err
	}
	return reply.Status(http.StatusUnprocessableEntity), nil
}

// queryOf reads a list's query that this program wrote.
func queryOf(text string) url.Values {
	q, err := url.ParseQuery(strings.TrimPrefix(text, "?"))
	if err != nil {
		return url.Values{}
	}
	return q
}

// withTicks adds to a list's query which of its rows are ticked.
func withTicks(query string, numbers []string) string {
	q := queryOf(query)
	for _, n := range numbers {
		q.Add("case", n)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// chosen sorts the numbers of a form into those of cases that the officer may
// open, each once, and the rest with the reason. A case of another organisation
// is like one that isn't there.
func (w *Web) chosen(ctx context.Context, lang string, actor policy.Actor, sent []string) (numbers []string, rest []bulkFailure, err error) {
	read := make([]string, len(sent))
	for i, s := range sent {
		read[i], _ = id.ParseNumber(s) // what is none finds nothing
	}
	found, err := w.Cases.byNumbers(ctx, read)
	for i, n := range read {
		c, ok := found[n]
		if ok {
			_, unseen := policy.Check(actor, policy.CaseworkRead, objectOf(&c))
			ok = unseen == nil
		}
		switch {
		case !ok:
			rest = append(rest, bulkFailure{sent[i], i18n.T(lang, "work.bulk_not_found")})
		case !slices.Contains(numbers, n):
			numbers = append(numbers, n)
		}
	}
	return numbers, rest, err
}
