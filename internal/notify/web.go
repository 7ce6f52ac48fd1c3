package notify

import (
	"context"
	"encoding/base64"
	"slices"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// Web serves the pages of notify.
type Web struct {
	Notices *Service
	Page    func(ctx context.Context, r *web.Request, title, nav string) ui.Page
	// Subjects tells what the reader's reports with these numbers are about:
	// the topic and the place of each that it knows.
	Subjects func(ctx context.Context, r *web.Request, numbers []string) (map[string]string, error)
}

// Routes registers the pages.
func (w *Web) Routes(s *web.Server) {
	s.Handle("GET "+ui.PathBell, web.SignedIn(policy.NotifyRead), w.list)
}

type view struct {
	Lang  string
	Zone  *time.Location
	Now   time.Time
	List  []Notice
	About map[string]string // by number
	Pager ui.PagerProps
}

// list shows the notices and, by showing them, counts them as read.
func (w *Web) list(ctx context.Context, r *web.Request) (web.Response, error) {
	var after id.ID
	if c := r.URL.Query().Get("after"); c != "" {
		b, err := base64.RawURLEncoding.DecodeString(c)
		if err != nil || len(b) != len(after) {
			return nil, errs.InvalidFields(errs.Field{Name: "after", Rule: "unknown"})
		}
		copy(after[:], b)
	}
	list, more, err := w.Notices.List(ctx, r.Actor, after, 30)
	if err != nil {
		return nil, err
	}
	v := &view{Lang: r.Lang, Zone: r.Zone, Now: r.Now, List: list}
	var numbers []string
	for _, n := range list {
		if n.Place == "" && !slices.Contains(numbers, n.Number) {
			numbers = append(numbers, n.Number)
		}
	}
	if v.About, err = w.Subjects(ctx, r, numbers); err != nil {
		return nil, err
	}
	if more {
		last := list[len(list)-1].Fact
		v.Pager = ui.PagerProps{Next: ui.PathBell + "?after=" + base64.RawURLEncoding.EncodeToString(last[:]), NextText: r.T("notify.older")}
	}
	if len(list) > 0 && list[0].New && after == id.Nil {
		if err := w.Notices.MarkRead(ctx, r.Actor, list[0].Fact); err != nil {
			return nil, err
		}
	}
	byTime(list)
	return web.Page(listPage(w.Page(ctx, r, r.T("notify.title"), ""), v)), nil
}

// byTime puts the newest of a page first: what a file or the demonstration
// brings was written down in another order than it happened.
func byTime(list []Notice) {
	slices.SortStableFunc(list, func(a, b Notice) int { return b.At.Compare(a.At) })
}

// sentence is the notice in a language.
func (n Notice) sentence(lang string, now time.Time, zone *time.Location) string {
	return i18n.T(lang, "notice."+n.Kind, i18n.Args{"Number": id.ShowNumber(n.Number), "Review": i18n.UntilISO(lang, n.Args["review"], now, zone),
		"Execution": i18n.UntilISO(lang, n.Args["execution"], now, zone), "Cases": n.Args["cases"]})
}

func (n Notice) props(v *view) ui.RowProps {
	href := "/reports/" + n.Number
	switch {
	case n.Number == "": // of the organisation's work as a whole
		href = "/w/" + n.Place + "?folder=all&handler=free"
	case n.Place != "":
		href = "/w/" + n.Place + "/cases/" + n.Number
	}
	when := i18n.DateNear(v.Lang, n.At, v.Now, v.Zone) + ", " + i18n.Clock(n.At, v.Zone)
	if about := v.About[n.Number]; about != "" {
		when = about + ". " + when
	}
	return ui.RowProps{Title: n.sentence(v.Lang, v.Now, v.Zone), Href: href, Unread: n.New, Meta: when}
}
