package casework

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
)

// citizenAction takes a form of the report's page: add, reply, withdraw, rate, reopen.
func (w *Web) citizenAction(act Action) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		number, ok := id.ParseNumber(r.PathValue("number"))
		if !ok {
			return nil, notFound()
		}
		actor := citizenOf(r.Actor)
		in, fields, err := w.actionInput(ctx, r)
		if err != nil {
			return nil, err
		}
		v, err := w.Cases.Read(ctx, actor, number, "")
		if err != nil {
			return nil, notYours(err)
		}
		if v.As == "author" { // theirs was merged into another of theirs
			number = v.Number
		}
		var failed error // nothing could be saved
		if act == Rate {
			in.Reopen = in.Solved == "no" && in.Reason != "" && in.Reason != "no"
			if in.Solved == "no" && in.Reason == "" && v.As == "author" && v.Reopened < v.Procedure.Reopens { // the right to reopen isn't lost by a blank
				fields = append(fields, errs.Field{Name: "reason", Rule: "required", Key: "case.reopen_reason"})
			}
			if !in.Reopen {
				in.Reason = ""
			}
		}
		if len(fields) == 0 {
			if act == Rate && v.As == "joined" {
				err = w.Cases.RateJoined(ctx, actor, number, in)
			} else {
				var c *Case
				if c, err = w.Cases.ActForm(ctx, actor, number, act, in); err == nil && (in.Reopen || act == Reopen) && c.Open() {
					return web.Redirect("/reports/"+number).Message("success", "case.done.reopen",
						i18n.Args{"Until": i18n.UntilISO(r.Lang, c.ReviewDate, r.Now, r.Zone)}), nil
				}
			}
			if err == nil {
				return web.Redirect("/reports/"+cmp.Or(v.Me.Number, number)).Message("success", "case.done."+string(act)), nil
			}
			var e *errs.Error
			switch {
			case errs.Is(err, errs.Invalid):
				fields = fieldsOf(err)
			case errors.As(err, &e) && (e.Code == errs.Stale || e.Code == errs.Conflict):
				// what was typed stays; the page shows how the case stands now
				if v, err = w.Cases.Read(ctx, actor, number, ""); err != nil {
					return nil, err
				}
				if v.has(act, in) { // the same form, sent twice
					return web.Redirect("/reports/"+number).Message("success", "case.done."+string(act)), nil
				}
				fields = []errs.Field{{Name: "comment", Rule: string(e.Code), Key: cmp.Or(e.Key, "case.changed_meanwhile"), Args: words(r.Lang, e.Args)}}
			case web.Unsaved(err):
				failed, fields = err, []errs.Field{{Name: "comment", Rule: string(errs.CodeOf(err)), Key: notSaved(err)}}
			default:
				return nil, notYours(err)
			}
		}
		reply, err := w.reportReply(ctx, r, v, act, in, fields)
		if err != nil {
			return nil, err
		}
		if failed != nil {
			return reply.Failing(failed), nil
		}
		return reply.Status(http.StatusUnprocessableEntity), nil
	}
}

// notYours says to who may see a report and may not do what its author may, why.
func notYours(err error) error {
	if errs.Is(err, errs.Forbidden) {
		return errs.New(errs.Forbidden, "case.not_yours")
	}
	return err
}

// has tells whether the case already is what a citizen's form asks for.
func (v *View) has(act Action, in Input) bool {
	said := func(kind EntryKind) bool {
		return slices.ContainsFunc(v.Entries, func(e Entry) bool { return e.Kind == kind && e.Author == v.Applicant && e.Body == in.Comment })
	}
	switch act {
	case Withdraw:
		return v.Outcome == Withdrawn
	case Reply:
		return said(EntryReply)
	case Reopen:
		return v.Reopened > 0 && said(EntryReopen)
	case Rate:
		return in.Reopen && v.Reopened > 0 && said(EntryReopen) || !in.Reopen && v.Outcome == Rated && v.Mark == in.Mark && v.Solved == in.Solved
	}
	return false
}

// setVisibility closes the author's report to strangers, or opens it.
func (w *Web) setVisibility(ctx context.Context, r *web.Request) (web.Response, error) {
	number, ok := id.ParseNumber(r.PathValue("number"))
	if !ok {
		return nil, notFound()
	}
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	hidden := form.NeedChoice("hidden", "yes", "no")
	if err := form.Err(); err != nil {
		return nil, err
	}
	if _, err := w.Cases.SetVisibility(ctx, citizenOf(r.Actor), number, hidden == "yes"); err != nil {
		return nil, notYours(err)
	}
	key := "case.done.shown"
	if hidden == "yes" {
		key = "case.done.hidden"
	}
	return web.Redirect("/reports/"+number).Message("success", key), nil
}

// words turns codes among the values of a sentence into words.
func words(lang string, args map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range args {
		out[k] = v
		if s, ok := v.(string); ok && k == "Stage" {
			out[k] = i18n.T(lang, "case.stage."+s)
		}
	}
	return out
}

// numbersOf reads numbers of attachments; what is none is left out.
func numbersOf(sent []string) (out []int64) {
	for _, s := range sent {
		if n, ok := parseN(s); ok {
			out = append(out, n)
		}
	}
	return out
}

// actionInput reads the form of an action and keeps the files that came along.
func (w *Web) actionInput(ctx context.Context, r *web.Request) (Input, []errs.Field, error) {
	form, err := r.Form()
	if err != nil {
		return Input{}, nil, err
	}
	in := Input{Version: form.Version(), Key: form.Raw("key"), Comment: form.Lines("comment", 4*MaxText), Shared: form.Lines("shared", 4*MaxText), Reason: form.Text("reason", 60),
		Fact: form.Text("fact", 200), Organisation: form.ID("organisation"), Handler: form.ID("handler"), PlanDate: form.Text("plan_date", 10),
		Solved: form.Raw("solved"), Into: form.Text("into", 40)}
	if in.Fact == "" {
		in.Fact = form.Text("fact_text_id", 200)
	}
	if in.Organisation == id.Nil {
		in.Organisation = form.ID("office_id")
	}
	if form.Has("office") {
		in.Organisation = w.officeOf(form.Text("office", 300), in.Organisation)
	}
	if form.Has("fact_text") {
		in.Fact = w.topicOf(r.Lang, form.Text("fact_text", 200), in.Fact)
	}
	if n, ok := form.Int("mark", 1, 5); ok {
		in.Mark = n
	}
	in.Released, in.Again = numbersOf(form.All("released", 20)), numbersOf(form.All("again", 64))
	if form.Has("released_all") { // the form shows what strangers see: what it lacks is taken back
		in.NoExcerpt = in.Comment == ""
		if in.Released == nil {
			in.Released = []int64{}
		}
	}
	for _, p := range w.partsOf(r.Lang, form) {
		if p.Fact != "" || p.Text != "" || p.topic != "" {
			in.Parts = append(in.Parts, p)
		}
	}
	fields := form.Broken()
	for _, s := range form.All("attachment", 64) {
		if b, err := id.Parse(s); err == nil && len(in.Files) < 4*MaxFiles { // too many are told
			in.Files = append(in.Files, b)
		}
	}
	for _, h := range form.Files("files") {
		if h.Size == 0 {
			continue
		}
		file, err := h.Open()
		if err != nil {
			return in, nil, errs.Wrap(errs.Internal, err)
		}
		info, err := w.keepFile(ctx, r, in.Key, h.Filename, h.Size, file)
		if err = errors.Join(err, file.Close()); err != nil {
			fields = append(fields, fileError(err))
			continue
		}
		in.Files = append(in.Files, info.Blob)
	}
	return in, fields, nil
}
