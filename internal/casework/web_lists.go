package casework

import (
	"cmp"
	"context"
	"net/url"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

// mineView is the list of a person's own cases.
type mineView struct {
	Lang     string
	Rows     []MineRow
	Topics   map[string]Topic
	Offices  map[id.ID]string
	Pager    ui.PagerProps
	Headed   bool // each title is a heading
	Now      time.Time
	zone     *time.Location
	calendar *calendar.Calendar
	proc     func(*Case) *Procedure
}

func (w *Web) mine(ctx context.Context, r *web.Request) (web.Response, error) {
	const list = "casework.mine"
	if typed := r.URL.Query().Get("number"); typed != "" {
		if number, ok := id.ParseNumber(typed); ok {
			return web.Redirect("/reports/" + number), nil
		}
		return nil, errs.New(errs.NotFound, "")
	}
	at, err := r.Cursors().Decode(r.URL.Query().Get("after"), list)
	if err != nil {
		return nil, err
	}
	var after id.ID
	if at != nil {
		after = at.ID
	}
	rows, more, err := w.Cases.Mine(ctx, citizenOf(r.Actor), after, 12)
	if err != nil {
		return nil, err
	}
	v := w.mineView(r, rows)
	v.Headed = true
	if more {
		next := url.Values{"after": {r.Cursors().Encode(web.Cursor{ID: rows[len(rows)-1].ID}, list)}}
		v.Pager = ui.PagerProps{Next: "/reports?" + next.Encode(), NextText: r.T("case.older")}
	}
	return web.Page(minePage(w.Page(ctx, r, r.T("case.mine"), NavReports), v)), nil
}

// mineView finds the names that a person's cases are shown with.
func (w *Web) mineView(r *web.Request, rows []MineRow) *mineView {
	v := &mineView{Lang: r.Lang, Rows: rows, Topics: map[string]Topic{}, Offices: map[id.ID]string{}, Now: r.Now, zone: r.Zone, calendar: w.Cases.Calendar(), proc: w.Cases.Procedure}
	for _, m := range rows {
		v.Topics[m.Fact], _ = w.Topics.Topic(r.Lang, m.Fact)
		if o, ok := w.Cases.offices.Office(m.Organisation); ok {
			v.Offices[m.Organisation] = o.ShortIn(r.Lang)
		}
	}
	return v
}

// homeView is the first page: what waits for the reader, what is under way,
// what others report.
type homeView struct {
	SignedIn bool
	Waiting  []MineRow // a question to reply to, an answer to rate
	Open     []MineRow
	Mine     *mineView
	Latest   []Public
	Topics   map[string]Topic
}

func (w *Web) home(ctx context.Context, r *web.Request) (web.Response, error) {
	v := &homeView{SignedIn: r.Actor.SignedIn(), Topics: map[string]Topic{}}
	latest, err := w.Cases.LatestPublic(ctx, r.Actor, 6)
	if err != nil {
		return nil, err
	}
	v.Latest = latest
	for _, p := range latest {
		v.Topics[p.Fact], _ = w.Topics.Topic(r.Lang, p.Fact)
	}
	if v.SignedIn {
		rows, _, err := w.Cases.Mine(ctx, citizenOf(r.Actor), id.Nil, MaxPageSize)
		if err != nil {
			return nil, err
		}
		v.Mine = w.mineView(r, rows)
		for _, m := range rows {
			switch {
			case m.Kind == "author" && m.Stage == StageWaiting, m.Stage == StageAnswered:
				v.Waiting = append(v.Waiting, m)
			case m.Open():
				v.Open = append(v.Open, m)
			}
		}
		v.Waiting, v.Open = v.Waiting[:min(3, len(v.Waiting))], v.Open[:min(4, len(v.Open))]
	}
	return web.Page(homePage(w.Page(ctx, r, r.T("home.title"), NavHome), v)), nil
}

// todo is what waits for the reader as panes of a frame.
func (v *homeView) todo() []ui.TodoItem {
	lang := v.Mine.Lang
	out := make([]ui.TodoItem, len(v.Waiting))
	for i, m := range v.Waiting {
		name, until := "rate", m.RateUntil
		if m.Stage == StageWaiting {
			name, until = "reply", m.WaitUntil
		}
		href := "/reports/" + m.MyNumber
		out[i] = ui.TodoItem{What: i18n.T(lang, "home."+name+"_what", i18n.Args{"Number": id.ShowNumber(m.MyNumber)}), Title: cmp.Or(m.Title, v.Mine.Topics[m.Fact].Name), Href: href, Open: i == 0,
			Text:   sentences(oneLine(m.Place.Text), i18n.T(lang, "home."+name+"_text", i18n.Args{"Office": v.Mine.Offices[m.Organisation], "Until": i18n.Until(lang, clock.FromMilli(until-1), v.Mine.Now, v.Mine.zone)})),
			Action: ui.ButtonProps{Text: i18n.T(lang, "home."+name), Kind: ui.Second, Href: href + "#" + name}}
	}
	if len(out) > 0 {
		out[0].Action.Kind = ui.Primary
	}
	return out
}
