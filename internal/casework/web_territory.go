package casework

import (
	"context"
	"slices"
	"strings"

	"okno/internal/platform/i18n"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// overseenFolder stands before the folders of the territory: alone it is all
// that is in work there, with a dot and a folder's name that part.
const overseenFolder = "territory"

// overseenFolders are the parts of a territory's list: who oversees it holds
// none of it, so there is nothing of one's own.
var overseenFolders = func() (out []string) {
	for _, c := range folderOrder {
		switch c {
		case "mine":
		case "all":
			out = append(out, overseenFolder)
		default:
			out = append(out, overseenFolder+"."+c)
		}
	}
	return out
}()

// overseenPart is the folder that a part of the territory's list is called
// like; ok false: the folder is the organisation's own.
func overseenPart(folder string) (part string, ok bool) {
	if folder == overseenFolder {
		return "all", true
	}
	part, ok = strings.CutPrefix(folder, overseenFolder+".")
	return part, ok
}

// folderTitle is a folder in words.
func folderTitle(lang, folder string) string {
	if part, ok := overseenPart(folder); ok {
		return i18n.T(lang, "work.territory_folder", i18n.Args{"Folder": i18n.T(lang, "work.folder."+part)})
	}
	return i18n.T(lang, "work.folder."+folder)
}

// overseen are the folders of the territory for who may list it, with sizes
// for who controls it.
func (w *Web) overseen(ctx context.Context, r *web.Request, actor policy.Actor, base, current string) (ui.FolderGroup, error) {
	if _, err := reachOf(actor, policy.CaseworkList); err != nil {
		return ui.FolderGroup{}, nil // nothing to offer
	}
	counts := map[string]int64{}
	if _, err := reachOf(actor, policy.CaseworkControl); err == nil {
		list, err := w.Cases.Controlled(ctx, actor)
		if err != nil {
			return ui.FolderGroup{}, err
		}
		for _, f := range list {
			counts[f.Code] = f.Count
		}
	}
	group := ui.FolderGroup{Title: r.T("work.territory_group")}
	for _, code := range overseenFolders {
		part, _ := overseenPart(code)
		item := ui.Folder{Text: r.T("work.folder." + part), Href: base + workFilter{Folder: code}.query(nil), Current: code == current, CountText: " "}
		if n, ok := counts[part]; ok {
			item.Count, item.CountText, item.Alarm = int(n), "", part == "late"
			if n > CountLimit {
				item.CountText = r.T("work.more_than", i18n.Args{"Count": i18n.Number(r.Lang, CountLimit)})
			}
		}
		group.Folders = append(group.Folders, item)
	}
	return group, nil
}

// listed is one page of the list that the folder names, and the mark after
// which another follows.
func (w *Web) listed(ctx context.Context, actor policy.Actor, folder string, f InboxFilter) ([]Row, *Mark, error) {
	if _, ok := overseenPart(folder); ok {
		p, err := w.Cases.InTerritory(ctx, actor, f)
		return p.Rows, p.Next, err
	}
	rows, more, err := w.Cases.Inbox(ctx, actor, actor.Organisation, f)
	if err != nil || !more {
		return rows, nil, err
	}
	last := rows[len(rows)-1]
	return rows, &Mark{last.due(), last.ID}, nil
}

// overseenSelects are the filters of the territory's list: the territories are
// those that the organisation oversees, and others' officers have no names here.
func (w *Web) overseenSelects(r *web.Request, actor policy.Actor, f workFilter) []ui.SelectProps {
	selects := w.filterSelects(r, f, nil)
	for i, s := range selects {
		if s.ID == "territory" {
			selects[i].Options = slices.DeleteFunc(slices.Clone(s.Options), func(o ui.Option) bool { return !slices.Contains(actor.Territories, o.Value) })
		}
	}
	return selects
}
