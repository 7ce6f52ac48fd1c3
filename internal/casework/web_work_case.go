package casework

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

func (w *Web) openCase(ctx context.Context, r *web.Request, actor policy.Actor, v *workView, number string) error {
	view, err := w.Cases.Read(ctx, actor, number, reasonOf(r))
	if err != nil {
		return err
	}
	v.Case = view
	v.Topic, _ = w.Topics.Topic(r.Lang, view.Fact)
	if v.caseFiles, err = w.filesOf(ctx, r, actor, view, v.Base+"/cases/"+view.Number); err != nil {
		return err
	}
	if v.Past, err = w.pastFor(ctx, r, v); err != nil {
		return err
	}
	facts := v.Past.facts
	people := []id.ID{view.Applicant}
	for _, f := range facts {
		if f.Person != id.Nil && !slices.Contains(people, f.Person) {
			people = append(people, f.Person)
		}
	}
	if view.Handler != id.Nil && !slices.Contains(people, view.Handler) {
		people = append(people, view.Handler)
	}
	if v.Names, err = w.People.Names(ctx, people); err != nil {
		return err
	}
	if !view.Grant.Full() {
		delete(v.Names, view.Applicant)
	}
	v.Log = history(r, view, facts, v.Names)
	if _, changed := v.changed(); changed && v.Form.Version > 0 {
		v.Since = history(r, view, slices.DeleteFunc(slices.Clone(facts), func(f journal.Entry) bool { return f.Version <= v.Form.Version }), v.Names)
	}
	term := deadline(r.Lang, w.Cases.Calendar(), &view.Case, r.Now)
	term.Wide = true
	state := officeState(r.Lang, &view.Case)
	who := v.Names[view.Applicant]
	if view.People > 1 {
		who += " " + r.N("work.and_more", int(view.People-1))
	}
	v.Panel = ui.WorkPanelProps{Open: true, Back: v.Base + v.Query, Title: cmp.Or(v.Topic.Name, view.Title), Deadline: &term, State: &state,
		Meta: r.T("work.meta", i18n.Args{"Number": id.ShowNumber(view.Number), "Date": i18n.DateTime(r.Lang, time.UnixMilli(view.RegisteredAt), r.Zone), "Who": who})}
	lat, lon, known := degreesOf(view.Place.Lat, view.Place.Lon)
	v.ShowMap = ui.MapProps{ID: "place-map", Label: r.T("report.map"), Pin: known, Zoom: 16, Fallback: view.Place.Text, Small: true}
	v.ShowMap.Lat, v.ShowMap.Lon = lat, lon
	w.dressMap(&v.ShowMap)
	v.Forms = formsFor(r, v)
	if v.Doing == SplitUp {
		v.Parts = w.Topics.Tree(r.Lang)
	}
	if !slices.ContainsFunc(v.Forms, func(f actionForm) bool { return f.Open && !f.instant && !f.gone }) { // a form that is open has its own buttons
		v.Panel.Actions = panelActions(v)
	}
	return nil
}

// history tells everything that was done, newest first, with what was written.
func history(r *web.Request, v *View, facts []journal.Entry, names map[id.ID]string) []ui.LogLine {
	byMoment := map[string][]Entry{}
	for _, e := range v.Entries {
		k := fmt.Sprint(e.At.UnixMilli(), e.Author)
		byMoment[k] = append(byMoment[k], e)
	}
	lines := make([]ui.LogLine, 0, len(facts))
	for _, f := range slices.Backward(facts) {
		var body Changed
		if err := f.Decode(&body); err != nil {
			continue
		}
		name := names[f.Person]
		if f.Person == id.Nil {
			name = r.T("work.log.system")
		}
		key := strings.TrimPrefix(f.Kind, "casework.")
		var text string
		switch {
		case key == string(Approve) && body.interim():
			text = r.T("work.log.approve_interim", i18n.Args{"Name": name})
		case key == string(Alarm):
			text = r.T("work.alarm." + f.Reason)
		default:
			text = r.T("work.log."+key, i18n.Args{"Name": name})
		}
		line := ui.LogLine{When: i18n.DateNear(r.Lang, f.At, r.Now, r.Zone) + ", " + i18n.Clock(f.At, r.Zone), DateTime: f.At.Format(time.RFC3339), Text: text}
		var words []string
		for _, e := range byMoment[fmt.Sprint(f.At.UnixMilli(), f.Person)] {
			if e.Kind != EntryText && e.Body != "" {
				words = append(words, e.Body)
			}
		}
		if key == string(Release) || key == string(Accept) {
			words = append(words, body.publishes(r, v.Attachments)...)
		}
		if key == string(Visibility) {
			words = append(words, r.T("work.log.visible_"+yesNo(string(body.After["hidden"]) != "true")))
		}
		var joined JoinedRated
		if key == "joined_rated" && f.Decode(&joined) == nil {
			words = append(words, r.T("work.log.marked", i18n.Args{"Mark": joined.Mark, "Solved": r.T("case.solved." + joined.Solved)}))
		}
		if mark := body.After["mark"]; key == string(Rate) && len(mark) > 0 {
			words = append([]string{r.T("work.log.marked", i18n.Args{"Mark": string(mark), "Solved": r.T("case.solved." + text1(body.After["solved"], v.Solved))})}, words...)
			if f.Reason != "" {
				words = append(words, r.T("case.reopen."+f.Reason)+".")
			}
		}
		if f.Reason == noOtherApprover {
			words = append(words, r.T("work.log.no_other_approver"))
		}
		if before, after := text1(body.Before["review_date"], ""), text1(body.After["review_date"], ""); before != "" && after != "" {
			words = append(words, r.T("work.log.term_moved", i18n.Args{"Before": i18n.ISODate(r.Lang, before), "After": i18n.ISODate(r.Lang, after)}))
		}
		if len(words) > 0 {
			line.Body = ui.Said(strings.Join(words, " "))
		}
		lines = append(lines, line)
	}
	return lines
}

// publishes says in words what a step took back from strangers, and which
// files it let them see.
func (b Changed) publishes(r *web.Request, files []Attachment) (words []string) {
	if string(b.After["excerpt"]) == "null" {
		words = append(words, r.T("work.log.excerpt_gone"))
	}
	if _, changed := b.After["released"]; !changed {
		return words
	}
	before, after := numbersIn(b.Before["released"]), numbersIn(b.After["released"])
	for _, said := range []struct {
		key  string
		list []int64
	}{{"work.log.photos_shown", without(after, before)}, {"work.log.photos_hidden", without(before, after)}} {
		var names []string
		for _, n := range said.list {
			if i := slices.IndexFunc(files, func(a Attachment) bool { return a.N == n }); i >= 0 {
				names = append(names, files[i].Name)
			}
		}
		if len(names) > 0 {
			words = append(words, r.T(said.key, i18n.Args{"Files": strings.Join(names, ", ")}))
		}
	}
	return words
}

// numbersIn are the numbers of a list in a fact; none where there is no list.
func numbersIn(raw json.RawMessage) (list []int64) {
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}
