package casework

import (
	"context"

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

func (w *Web) findPlaces(_ context.Context, r *web.Request) (web.Response, error) {
	type item struct {
		Value string  `json:"value"`
		Text  string  `json:"text"`
		Note  string  `json:"note,omitempty"`
		Lat   float64 `json:"lat,omitempty"`
		Lon   float64 `json:"lon,omitempty"`
	}
	items := []item{}
	for _, s := range w.Atlas.Search(r.URL.Query().Get("q"), 8) {
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
