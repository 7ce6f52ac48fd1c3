package casework

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// deadlines are the filters of a list by term.
var deadlines = []string{"late", "today", "week"}

// unknown names the filters of a list whose value nobody knows: an empty list
// would read as if there were no reports. Empty values don't narrow.
func (w *Web) unknown(lang, category, territory string) (out []errs.Field) {
	if category != "" && !slices.ContainsFunc(w.Topics.Categories(lang), func(t Topic) bool { return t.Code == category }) {
		out = append(out, errs.Field{Name: "category", Rule: "unknown"})
	}
	if territory != "" && w.Atlas.Territory(lang, territory) == "" {
		out = append(out, errs.Field{Name: "territory", Rule: "unknown"})
	}
	return out
}

// unknownIn names the filters of the workspace's list whose value nobody knows.
func (w *Web) unknownIn(ctx context.Context, r *web.Request, actor policy.Actor, f workFilter) (names []string, err error) {
	lang := r.Lang
	if f.Folder != "" && !slices.Contains(folderOrder, f.Folder) && !slices.Contains(overseenFolders, f.Folder) {
		names = append(names, "folder")
	}
	for _, e := range w.unknown(lang, f.Category, f.Territory) {
		names = append(names, e.Name)
	}
	if f.Deadline != "" && !slices.Contains(deadlines, f.Deadline) {
		names = append(names, "deadline")
	}
	if f.Handler != "" && f.Handler != freeHandler {
		person, bad := id.Parse(f.Handler)
		known := false
		if bad == nil {
			if known, err = w.Cases.handles(ctx, actor.Organisation, person); err != nil {
				return nil, err
			}
		}
		if !known {
			names = append(names, "handler")
		}
	}
	for name, values := range r.URL.Query() { // of two values a list can't tell which is meant
		if filterLabels[name] != "" && len(values) > 1 && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// handles tells whether a person is a handler of an organisation, or was and
// still has cases there.
func (s *Service) handles(ctx context.Context, org, person id.ID) (bool, error) {
	if known, err := s.offices.HasRole(ctx, org, person, policy.Handler); known || err != nil {
		return known, err
	}
	n, err := db.One(ctx, s.db, db.Int, `SELECT COUNT(*) FROM (SELECT 1 FROM casework_inbox WHERE organisation_id=$1 AND handler_id=$2 LIMIT 1) x`, org, person)
	return n > 0, err
}

// without is the filter with some of its values dropped.
func (f workFilter) without(names []string) workFilter {
	for name, value := range map[string]*string{"folder": &f.Folder, "category": &f.Category, "territory": &f.Territory, "deadline": &f.Deadline, "handler": &f.Handler} {
		if slices.Contains(names, name) {
			*value = ""
		}
	}
	return f
}

// filterLabels are what the filters of the workspace's list are called.
var filterLabels = map[string]string{"folder": "work.folder_label", "category": "work.topic", "territory": "work.territory",
	"deadline": "work.deadline", "handler": "work.handler"}

// fillUnknown shows, where the list would stand, which filters can't be known,
// and offers the list without them.
func (w *Web) fillUnknown(ctx context.Context, r *web.Request, actor policy.Actor, v *workView, f workFilter) (err error) {
	if v.Work, _, err = w.workspace(ctx, r, actor, v.Base, f.Folder); err != nil {
		return err
	}
	labels := make([]string, len(v.Unknown))
	for i, name := range v.Unknown {
		labels[i] = r.T(filterLabels[name])
	}
	rest := f.without(v.Unknown)
	selects := w.filterSelects(r, rest, v.People)
	v.List = ui.WorkListProps{Title: folderTitle(r.Lang, cmp.Or(rest.Folder, "all")), Filter: ui.Filters(ui.FiltersProps{Action: v.Base, Label: r.T("work.filter"), Hidden: map[string]string{"folder": rest.Folder}, Selects: selects}),
		Applied: filterTags(r.Lang, v.Base, rest, selects),
		Empty: ui.EmptyProps{Title: r.T("work.unknown_filter", i18n.Args{"Names": strings.Join(labels, ", ")}), Text: r.T("work.unknown_filter_text"),
			Action: &ui.ButtonProps{Text: r.T("work.drop_filter"), Kind: ui.Second, Slim: true, Href: v.Base + rest.query(nil)}}}
	return nil
}
