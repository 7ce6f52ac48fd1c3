package casework

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

// formSpec says which controls the form of an action has, and its key.
type formSpec struct {
	key     string
	icon    ui.Icon
	kind    ui.Kind
	fields  []string // comment, comment?, shared, handler, fact, fact?, office, plan_date, files, reason, into, parts, released
	instant bool     // one press, no form
}

// formSpecs holds the forms of officers' actions, in the order of the panel.
var formOrder = []Action{Approve, Accept, Take, Submit, Assign, Rework, Defer, Redirect, Ask, Interim, Resume, Return, Classify, Extend, Merge, SplitUp, Release, Reject, Note}

var formSpecs = map[Action]formSpec{
	Accept:   {key: "S", icon: ui.IconCheck, fields: []string{"comment?", "released"}},
	Release:  {key: "L", icon: ui.IconEye, kind: ui.Quiet, fields: []string{"comment?", "released"}},
	Reject:   {key: "D", icon: ui.IconBan, kind: ui.Danger, fields: []string{"reason", "comment"}},
	Classify: {key: "C", icon: ui.IconListTree, kind: ui.Quiet, fields: []string{"fact"}},
	Assign:   {key: "A", icon: ui.IconUserPlus, kind: ui.Second, fields: []string{"handler", "comment?"}},
	Take:     {key: "T", icon: ui.IconUserCheck, instant: true},
	Redirect: {key: "R", icon: ui.IconForward, kind: ui.Second, fields: []string{"office", "comment"}},
	Return:   {key: "B", icon: ui.IconUndo2, kind: ui.Second, fields: []string{"comment"}},
	Ask:      {key: "Q", icon: ui.IconCircleHelp, kind: ui.Second, fields: []string{"comment"}},
	Resume:   {key: "U", icon: ui.IconRotateCcw, kind: ui.Second, instant: true},
	SplitUp:  {key: "Y", icon: ui.IconSplit, kind: ui.Quiet, fields: []string{"parts"}},
	Merge:    {key: "M", icon: ui.IconMerge, kind: ui.Quiet, fields: []string{"into"}},
	Extend:   {key: "E", icon: ui.IconCalendarClock, kind: ui.Quiet, fields: []string{"comment"}},
	Submit:   {key: "S", icon: ui.IconSend, fields: []string{"comment", "shared", "files"}},
	Defer:    {key: "P", icon: ui.IconCalendar, kind: ui.Second, fields: []string{"plan_date", "comment", "shared", "files"}},
	Interim:  {key: "I", icon: ui.IconReply, kind: ui.Second, fields: []string{"comment", "shared", "files"}},
	Rework:   {key: "B", icon: ui.IconUndo2, kind: ui.Second, fields: []string{"comment"}},
	Approve:  {key: "S", icon: ui.IconCheck, instant: true},
	Note:     {key: "N", icon: ui.IconPenLine, kind: ui.Quiet, fields: []string{"comment"}},
}

// actionForm is one action that the officer may do now.
type actionForm struct {
	Action Action
	formSpec
	Title, Text, Submit string
	Reasons             []ui.Option
	Open                bool
	gone                bool // can't be done any more: what was typed is kept to be copied
}

func formsFor(r *web.Request, v *workView) []actionForm {
	var out []actionForm
	keys := map[string]bool{}
	for _, a := range formOrder {
		i := slices.IndexFunc(v.Case.Possible, func(row ActionRow) bool { return row.Code == a })
		if i < 0 && a == v.Doing && !formSpecs[a].instant {
			if _, changed := v.changed(); changed {
				out = append(out, v.goneForm(r, a))
			}
		}
		if i < 0 || a == Take && v.Case.Handler != id.Nil || a == Assign && v.Case.Stage == StageExecution && v.Case.Handler == v.Me {
			continue
		}
		f := actionForm{Action: a, formSpec: formSpecs[a], Title: r.T("work.do." + string(a)), Text: r.T("work.text." + string(a)), Submit: r.T("work.send." + string(a)), Open: v.Doing == a}
		if left := v.Case.Procedure.Deferrals - v.Case.Deferred; a == Defer && v.Case.Deferred > 0 && left > 0 {
			f.Text = r.N("work.defer_again", int(left))
		}
		if keys[f.key] {
			f.key = ""
		}
		keys[f.key] = true
		for _, reason := range v.Case.Possible[i].Reasons {
			f.Reasons = append(f.Reasons, ui.Option{Value: reason, Text: r.T("work.reason." + reason)})
		}
		out = append(out, f)
	}
	return out
}

// goneForm keeps what was typed for an action that the case no longer allows.
func (v *workView) goneForm(r *web.Request, a Action) actionForm {
	f := actionForm{Action: a, formSpec: formSpecs[a], Title: r.T("work.do." + string(a)), Open: true, gone: true}
	if row, ok := v.Case.Procedure.Action(a); ok {
		for _, reason := range row.Reasons {
			f.Reasons = append(f.Reasons, ui.Option{Value: reason, Text: r.T("work.reason." + reason)})
		}
	}
	return f
}

// changedTitle says that the case is not what the officer saw, and what of it.
func (v *workView) changedTitle() string {
	if slices.ContainsFunc(v.Forms, func(f actionForm) bool { return f.gone }) {
		return i18n.T(v.Page.Lang, "work.gone")
	}
	e, _ := v.changed()
	return i18n.Field(v.Page.Lang, e)
}

// url is where the form is sent.
func (v *workView) url(a Action) string {
	return v.Base + "/cases/" + v.Case.Number + "/" + string(a) + v.Query
}

// open is the page on which the form is open, for readers without scripts.
func (v *workView) open(a Action) string {
	q := v.Query
	if q == "" {
		return v.Base + "/cases/" + v.Case.Number + "?do=" + string(a)
	}
	return v.Base + "/cases/" + v.Case.Number + q + "&do=" + string(a)
}

func (v *workView) wrong(f actionForm, name string) string {
	if v.Doing != f.Action {
		return ""
	}
	if _, ok := v.changed(); ok {
		return ""
	}
	for _, e := range v.Errors {
		if e.Name == name {
			return i18n.Field(v.Page.Lang, e)
		}
	}
	return ""
}

// changed tells that the case is no longer what the officer saw: no field is wrong.
func (v *workView) changed() (errs.Field, bool) {
	i := slices.IndexFunc(v.Errors, func(e errs.Field) bool { return e.Rule == string(errs.Stale) || e.Rule == string(errs.Conflict) })
	if i < 0 {
		return errs.Field{}, false
	}
	return v.Errors[i], true
}

func (v *workView) typed(f actionForm) string {
	if v.Doing == f.Action && (v.Form.Version != 0 || v.Form.Comment != "") {
		return v.Form.Comment
	}
	if e, ok := v.returned(f); ok {
		return e.Body
	}
	if f.Action == Release || f.Action == Accept {
		for _, e := range v.Case.Entries {
			if e.N == v.Case.Excerpt {
				return e.Body
			}
		}
	}
	return ""
}

// released are the photos that are ticked in a form: those that strangers see,
// until it was sent and came back.
func (v *workView) released(f actionForm) (out []string) {
	if v.Doing == f.Action && v.Form.Version != 0 {
		for _, n := range v.Form.Released {
			out = append(out, i64(n))
		}
		return out
	}
	for _, a := range v.Case.Attachments {
		if a.Reader == ForAnyone {
			out = append(out, i64(a.N))
		}
	}
	return out
}

func (v *workView) sharedHint(f actionForm) string {
	if v.proposes(f) {
		return "work.shared_proposed"
	}
	return "work.shared_hint"
}

// proposes tells whether the form proposes words for those who joined: not
// where nobody knows what name would have to go from them.
func (v *workView) proposes(f actionForm) bool {
	return v.Doing == f.Action && v.Form.Shared == "" && v.Form.Comment != "" && v.Names[v.Case.Applicant] != ""
}

// sharedText is what those who joined shall read: as typed, or proposed from
// the answer, without the applicant's name, for the officer to check.
func (v *workView) sharedText(f actionForm) string {
	if e, ok := v.returned(f); ok && (v.Doing != f.Action || v.Form.Version == 0) {
		return v.sharedOf(e)
	}
	if !v.proposes(f) {
		return v.Form.Shared
	}
	return WithoutName(v.Form.Comment, v.Names[v.Case.Applicant])
}

// sharedOf is what stands beside an answer or a draft for those who joined.
func (v *workView) sharedOf(e Entry) string {
	for _, s := range v.Case.Entries {
		if s.N == e.N+1 && s.Kind == EntryShared {
			return s.Body
		}
	}
	return ""
}

// planDate is the promised date as typed, or of the draft that was returned.
func (v *workView) planDate(f actionForm) string {
	if _, ok := v.returned(f); ok && (v.Doing != f.Action || v.Form.Version == 0) {
		return v.Case.PlanDate
	}
	return v.Form.PlanDate
}

func control(f actionForm, name string) string {
	if f.Open {
		return name
	}
	return string(f.Action) + "-" + name
}

func officerOptions(list []Officer) []ui.Option {
	out := make([]ui.Option, len(list))
	for i, o := range list {
		out[i] = ui.Option{Value: o.Person.String(), Text: o.Name, Hint: o.Title}
	}
	return out
}

// releasable are the photos that a moderator may show to strangers: the
// applicant's, and others that strangers see.
func (v *workView) releasable() []ui.Option {
	return v.fileOptions(slices.DeleteFunc(slices.Clone(v.Case.Attachments), func(a Attachment) bool {
		return !a.releasable() || a.Uploader != v.Case.Applicant && a.Reader != ForAnyone
	}))
}

// fileOptions are files to be chosen among, by their numbers.
func (v *workView) fileOptions(list []Attachment) (out []ui.Option) {
	for _, a := range list {
		o := ui.Option{Value: i64(a.N), Text: a.Name}
		if a.picture() && v.shut[a.Blob] == "" {
			o.Picture = v.photo(a).Thumb
		}
		out = append(out, o)
	}
	return out
}

func (v *workView) entries(kinds ...EntryKind) (out []Entry) {
	for _, e := range v.Case.Entries {
		if slices.Contains(kinds, e.Kind) {
			out = append(out, e)
		}
	}
	return out
}

// draftTitle says what awaits approval.
func (v *workView) draftTitle() string {
	if v.Case.Interim || v.Case.PlanDate != "" {
		return "work.draft_interim"
	}
	return "work.draft"
}

// filesHint says what to attach, and who sees it; only the final answer proves work.
func (v *workView) filesHint(ctx context.Context, f actionForm) string {
	var said []string
	if f.Action == Submit {
		said = append(said, i18n.Tc(ctx, "work.files_hint"))
	}
	if v.Case.People > 1 {
		said = append(said, i18n.Tc(ctx, "work.files_shared"))
	}
	return strings.Join(said, " ")
}

func (v *workView) draft() (Entry, bool) {
	i := slices.IndexFunc(v.Case.Entries, func(e Entry) bool { return e.N == v.Case.Draft && e.N != 0 })
	if i < 0 {
		return Entry{}, false
	}
	return v.Case.Entries[i], true
}

// facts are where, whose, what and who, side by side.
func (v *workView) facts(ctx context.Context) []ui.Fact {
	c := v.Case
	out := []ui.Fact{{What: i18n.Tc(ctx, "work.where"), Value: c.Place.Text}}
	if c.Place.Note != "" {
		out = append(out, ui.Fact{What: i18n.Tc(ctx, "report.note"), Value: c.Place.Note})
	}
	out = append(out, answersOf(v.Page.Lang, v.Topic, c.Details)...)
	out = append(out, ui.Fact{What: i18n.Tc(ctx, "work.topic"), Value: v.Topic.Path}, ui.Fact{What: i18n.Tc(ctx, "work.office"), Value: c.Office.In(v.Page.Lang)})
	if n := v.Names[c.Handler]; n != "" {
		out = append(out, ui.Fact{What: i18n.Tc(ctx, "work.handler"), Value: n})
	}
	if c.Mark > 0 {
		out = append(out, ui.Fact{What: i18n.Tc(ctx, "work.mark"), Value: i18n.Tc(ctx, "work.mark_value", i18n.Args{"Mark": c.Mark, "Solved": i18n.Tc(ctx, "case.solved."+c.Solved)})})
	}
	if said := v.voices(ctx); said != "" {
		out = append(out, ui.Fact{What: i18n.Tc(ctx, "work.voices"), Value: said})
	}
	if c.Reopened > 0 {
		out = append(out, ui.Fact{What: i18n.Tc(ctx, "work.reopened"), Value: i18n.Nc(ctx, "work.times", int(c.Reopened))})
	}
	return out
}

// voices is what those who joined say of the answer; "" where nobody has.
func (v *workView) voices(ctx context.Context) string {
	var out []string
	if n := v.Case.Voices.Unsolved; n > 0 {
		out = append(out, i18n.Nc(ctx, "work.voices_no", int(n)))
	}
	if n := v.Case.Voices.Solved; n > 0 {
		out = append(out, i18n.Nc(ctx, "work.voices_yes", int(n)))
	}
	return strings.Join(out, ", ")
}

func panelActions(v *workView) templ.Component { return actionBar(v) }
