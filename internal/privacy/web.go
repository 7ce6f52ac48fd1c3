package privacy

import (
	"context"
	"time"

	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// PathReads is the page that tells a person who read their data.
const PathReads = "/account/reads"

// TabKey names the page among the account's parts.
const TabKey = "privacy.reads"

// Organisations names organisations for display, in one call a page.
type Organisations interface {
	OrganisationNames(ctx context.Context, lang string, ids []id.ID) (map[id.ID]string, error)
}

// Web serves the pages of privacy.
type Web struct {
	Privacy       *Service
	Organisations Organisations
	// Page makes the frame of a page; tabs are the account's parts.
	Page func(ctx context.Context, r *web.Request, title, nav string) ui.Page
	Tabs func(r *web.Request, current string) []ui.Tab // nil: none
}

// Routes registers the pages.
func (w *Web) Routes(s *web.Server) {
	s.Handle("GET "+PathReads, web.SignedIn(policy.PrivacyOwn), w.reads)
	w.leaveRoutes(s)
}

type readsView struct {
	ui.Page
	Tabs []ui.Tab
	List []line
	Next string
}

// line is a record in words.
type line struct {
	What, Who, When, Reason string
}

func (w *Web) reads(ctx context.Context, r *web.Request) (web.Response, error) {
	var p Page
	cur, err := r.Cursors().Decode(r.URL.Query().Get("after"), PathReads)
	if err != nil {
		return nil, err
	}
	if cur != nil {
		p.At, p.ID = time.UnixMilli(cur.Int(0)).UTC(), cur.ID
	}
	list, more, err := w.Privacy.WhoRead(ctx, r.Actor, p)
	if err != nil {
		return nil, err
	}
	ids := make([]id.ID, 0, len(list))
	for _, x := range list {
		if x.Organisation != id.Nil {
			ids = append(ids, x.Organisation)
		}
	}
	names, err := w.Organisations.OrganisationNames(ctx, r.Lang, ids)
	if err != nil {
		return nil, err
	}
	v := &readsView{Page: w.Page(ctx, r, r.T("privacy.reads"), "")}
	if w.Tabs != nil {
		v.Tabs = w.Tabs(r, PathReads)
	}
	for _, x := range list {
		v.List = append(v.List, line{what(r.Lang, x.What), who(r.Lang, x, names[x.Organisation]), i18n.DateTime(r.Lang, x.At, r.Zone), x.Reason})
	}
	if more {
		last := list[len(list)-1]
		v.Next = PathReads + "?after=" + r.Cursors().Encode(web.Cursor{Sort: []any{last.At.UnixMilli()}, ID: last.ID}, PathReads)
	}
	return web.Page(readsTempl(v)), nil
}

// what says in words what was read.
func what(lang string, a policy.Action) string {
	switch a {
	case policy.CaseworkRead:
		return i18n.T(lang, "privacy.read_case")
	case policy.CaseworkHistory:
		return i18n.T(lang, "privacy.read_history")
	case policy.AttachmentRead:
		return i18n.T(lang, "privacy.read_file")
	}
	return i18n.T(lang, "privacy.read_other")
}

// who says which organisation and role read it, never which person.
func who(lang string, r Record, organisation string) string {
	switch {
	case r.Role == string(policy.Citizen):
		return i18n.T(lang, "privacy.participant")
	case r.Organisation == id.Nil:
		return i18n.T(lang, "privacy.operator")
	}
	role := ""
	switch policy.Role(r.Role) {
	case policy.Moderator, policy.Coordinator, policy.Handler, policy.Approver, policy.Supervisor, policy.OrgAdmin, policy.RegionAdmin:
		role = i18n.T(lang, "directory.role_"+r.Role)
	}
	return i18n.T(lang, "privacy.by", i18n.Args{"Organisation": organisation, "Role": role})
}
