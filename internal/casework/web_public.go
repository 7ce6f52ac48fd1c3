package casework

import (
	"cmp"
	"context"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

// publicView is a report as a stranger sees it.
type publicView struct {
	ui.Page
	*Public
	Topic   Topic
	Place   string
	ShowMap ui.MapProps
	Join    bool
	Zone    string
	Own     string // number under which the reader has it, as author or having joined
}

func (w *Web) publicReport(ctx context.Context, r *web.Request) (web.Response, error) {
	number, ok := id.ParseNumber(r.PathValue("number"))
	if !ok {
		return nil, notFound()
	}
	p, err := w.Cases.ReadPublic(ctx, r.Actor, number)
	if err != nil {
		return nil, err
	}
	v := &publicView{Public: p, Join: p.Face != "answered" && p.Face != "closed", Zone: w.Atlas.Territory(r.Lang, p.Territory)}
	if r.Actor.SignedIn() {
		switch own, err := w.Cases.Read(ctx, citizenOf(r.Actor), number, ""); {
		case err == nil:
			v.Own = cmp.Or(own.Me.Number, own.Number)
		case !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.NotFound):
			return nil, err
		}
	}
	v.Topic, _ = w.Topics.Topic(r.Lang, p.Fact)
	v.Page = w.Page(ctx, r, v.Topic.Name, NavMap)
	lat, lon, known := degreesOf(p.Lat, p.Lon)
	v.ShowMap = ui.MapProps{ID: "place-map", Label: r.T("report.map"), Pin: known, Zoom: 16, Fallback: p.PlaceText, Small: true}
	v.ShowMap.Lat, v.ShowMap.Lon = lat, lon
	w.dressMap(&v.ShowMap)
	return web.Page(publicPage(v)).AllowMap(), nil
}
