package casework

import (
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

// freeHandler stands in the place of an officer for cases that nobody has.
const freeHandler = "free"

// filterSelects are the controls behind «Отбор», each with what is chosen.
func (w *Web) filterSelects(r *web.Request, f workFilter, officers []Officer) []ui.SelectProps {
	deadlines := []ui.Option{{Value: "late", Text: r.T("work.folder.late")}, {Value: "today", Text: r.T("work.folder.today")}, {Value: "week", Text: r.T("work.week")}}
	return []ui.SelectProps{
		{FieldProps: ui.FieldProps{ID: "category", Label: r.T("work.topic")}, Value: f.Category, Empty: r.T("map.any"), Options: topicList(w.Topics.Categories(r.Lang))},
		{FieldProps: ui.FieldProps{ID: "territory", Label: r.T("work.territory")}, Value: f.Territory, Empty: r.T("work.any"), Options: topicList(w.Atlas.Territories(r.Lang))},
		{FieldProps: ui.FieldProps{ID: "deadline", Label: r.T("work.deadline")}, Value: f.Deadline, Empty: r.T("work.any"), Options: deadlines},
		{FieldProps: ui.FieldProps{ID: "handler", Label: r.T("work.handler")}, Value: f.Handler, Empty: r.T("work.any"), Options: append([]ui.Option{{Value: freeHandler, Text: r.T("work.free")}}, officerOptions(officers)...)},
	}
}

// filterForm is the form behind «Отбор».
func filterForm(base string, f workFilter, selects []ui.SelectProps, label string) templ.Component {
	return ui.Filters(ui.FiltersProps{Action: base, Label: label, Hidden: map[string]string{"folder": f.Folder}, Selects: selects})
}

// filterTags are what the list is narrowed by, each with an address without it.
func filterTags(lang, base string, f workFilter, selects []ui.SelectProps) (out []ui.TagProps) {
	for _, s := range selects {
		i := slices.IndexFunc(s.Options, func(o ui.Option) bool { return o.Value == s.Value })
		if s.Value == "" || i < 0 {
			continue
		}
		text := s.Label + ": " + s.Options[i].Text
		out = append(out, ui.TagProps{Text: text, RemoveHref: base + f.query(map[string]string{s.ID: ""}), RemoveLabel: i18n.T(lang, "work.remove_filter", i18n.Args{"Filter": text})})
	}
	return out
}

// FilterWords says in words what a list was narrowed by, as it stands in the record of its reading.
func (w *Web) FilterWords(lang, filter string) string {
	var out []string
	for pair := range strings.SplitSeq(filter, ",") {
		name, value, _ := strings.Cut(pair, "=")
		if v, err := url.QueryUnescape(value); err == nil {
			value = v
		}
		switch {
		case name == "folder" && (slices.Contains(folderOrder, value) || slices.Contains(overseenFolders, value)):
			pair = i18n.T(lang, "work.read_folder", i18n.Args{"Folder": folderTitle(lang, value)})
		case name == "organisation":
			if org, err := id.Parse(value); err == nil {
				if office, ok := w.Cases.offices.Office(org); ok {
					value = office.In(lang)
				}
			}
			pair = i18n.T(lang, "work.organisation") + ": " + value
		case name == "category":
			pair = i18n.T(lang, "work.topic") + ": " + nameIn(w.Topics.Categories(lang), value)
		case name == "territory":
			pair = i18n.T(lang, "work.territory") + ": " + nameIn(w.Atlas.Territories(lang), value)
		case name == "deadline" && value == "week":
			pair = i18n.T(lang, "work.deadline") + ": " + i18n.T(lang, "work.week")
		case name == "deadline" && slices.Contains(folderOrder, value):
			pair = i18n.T(lang, "work.deadline") + ": " + i18n.T(lang, "work.folder."+value)
		case name == "stage" && i18n.Has(lang, "case.stage."+value):
			pair = i18n.T(lang, "work.read_stage", i18n.Args{"Stage": i18n.T(lang, "case.stage."+value)})
		case name == "part" && inboxPartNames[value] != "":
			pair = i18n.T(lang, inboxPartNames[value])
		case name == "free" && value == "false":
			continue
		case name == "free", name == "handler" && value == freeHandler:
			pair = i18n.T(lang, "work.handler") + ": " + i18n.T(lang, "work.free")
		case name == "handler":
			pair = i18n.T(lang, "work.read_handler")
		case name == "after":
			pair = i18n.T(lang, "work.read_after")
		}
		out = append(out, pair)
	}
	return strings.Join(out, "; ")
}

// nameIn is the name of a code in a list; a code that is gone stands for itself.
func nameIn(list []Topic, code string) string {
	if i := slices.IndexFunc(list, func(t Topic) bool { return t.Code == code }); i >= 0 {
		return list[i].Name
	}
	return code
}

// inboxPartNames are the parts of a list as programs ask for them, in words.
var inboxPartNames = map[string]string{"open": "work.read_open", "answered": "work.folder.answered", "closed": "work.folder.closed"}
