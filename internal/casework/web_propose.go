package casework

import (
	"context"
	"math"
	"strconv"

	"okno/internal/platform/id"
	"okno/internal/platform/web"
)

func (w *Web) findTopics(_ context.Context, r *web.Request) (web.Response, error) {
	type item struct {
		Value string `json:"value"`
		Text  string `json:"text"`
		Note  string `json:"note,omitempty"`
	}
	items := []item{}
	for _, t := range w.Topics.Find(r.Lang, r.URL.Query().Get("q"), 12) {
		items = append(items, item{t.Code, t.Name, t.Path})
	}
	return web.JSON(items), nil
}

// whereabouts is where the reader of a form is: what the page says, else where they
// reported last; 0,0 where neither is known.
func (w *Web) whereabouts(ctx context.Context, r *web.Request) (lat, lon int64, err error) {
	q := r.URL.Query()
	x, err1 := strconv.ParseFloat(q.Get("lat"), 64)
	y, err2 := strconv.ParseFloat(q.Get("lon"), 64)
	if err1 == nil && err2 == nil && math.Abs(x) <= 90 && math.Abs(y) <= 180 {
		return int64(x * 1e6), int64(y * 1e6), nil
	}
	if !r.Actor.SignedIn() {
		return 0, 0, nil
	}
	rows, _, err := w.Cases.Mine(ctx, citizenOf(r.Actor), id.Nil, 1)
	if err != nil || len(rows) == 0 {
		return 0, 0, err
	}
	return rows[0].Place.Lat, rows[0].Place.Lon, nil
}

func (w *Web) findPlaces(ctx context.Context, r *web.Request) (web.Response, error) {
	type item struct {
		Value string  `json:"value"`
		Text  string  `json:"text"`
		Note  string  `json:"note,omitempty"`
		Lat   float64 `json:"lat,omitempty"`
		Lon   float64 `json:"lon,omitempty"`
	}
	items := []item{}
	lat, lon, err := w.whereabouts(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, s := range w.Atlas.Search(r.URL.Query().Get("q"), 8, lat, lon) {
		if s.Place == id.Nil { // without a value it is written, and the address goes on
			items = append(items, item{Text: s.Text, Note: s.note(r.Lang)})
			continue
		}
		items = append(items, item{s.Place.String(), s.Text, s.note(r.Lang), float64(s.Lat) / 1e6, float64(s.Lon) / 1e6})
	}
	return web.JSON(items), nil
}

func (w *Web) findOffices(_ context.Context, r *web.Request) (web.Response, error) {
	type item struct {
		Value string `json:"value"`
		Text  string `json:"text"`
	}
	items := []item{}
	for _, o := range w.Offices.Find(r.URL.Query().Get("q"), 10) {
		items = append(items, item{o.ID.String(), o.In(r.Lang)})
	}
	return web.JSON(items), nil
}
