package casework

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

func (o *operations) registerPublic(a *api.API) {
	api.Register(a, api.Operation{ID: "list-public-reports", Method: http.MethodGet, Path: "/public/reports", Tag: tagPublic, Open: true,
		Summary:     "Public reports, of the region or inside a box",
		Description: "What strangers may see: topic, place to the house, month, state, number of people. Newest first, by pages; with `bbox` those inside it. A page may hold fewer rows than asked for though there is a next one: go on while `next` is there."},
		policy.CaseworkPublicRead, o.publicList)
	api.Register(a, api.Operation{ID: "get-public-report", Method: http.MethodGet, Path: "/public/reports/{number}", Tag: tagPublic, Open: true,
		Summary: "One report as a stranger sees it", Description: "Also the excerpt and photos that the moderator released."},
		policy.CaseworkPublicRead, o.publicOne)
}

type publicListInput struct {
	Box      string `query:"bbox" maxLength:"100" doc:"west,south,east,north in degrees" example:"31.40,60.08,31.50,60.12"`
	Category string `query:"category" maxLength:"60" pattern:"^[a-z0-9_-]*$" doc:"Code of a category of the rubricator" example:"roads"`
	Open     bool   `query:"open" doc:"Only those on which work goes on"`
	api.PageInput
}

func (o *operations) publicList(ctx context.Context, c api.Call, in *publicListInput) (*struct{ Body api.Page[PublicReport] }, error) {
	list := []any{"casework.public", in.Box, in.Category, in.Open}
	at, err := c.Cursor(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	var after id.ID
	if at != nil {
		after = at.ID
	}
	if err := errs.InvalidFields(o.unknown(c.Request.Lang, in.Category, "")...); err != nil {
		return nil, err
	}
	filter, inside := PublicFilter{Category: in.Category, Open: in.Open}, box{-180e6, -90e6, 180e6, 90e6}
	if in.Box != "" {
		if inside, err = parseBox(in.Box); err != nil {
			return nil, err
		}
		filter.Ranges = o.Atlas.Inside(inside.south, inside.west, inside.north, inside.east)
	}
	out := &struct{ Body api.Page[PublicReport] }{}
	out.Body.Items = []PublicReport{}
	if in.Box != "" && len(filter.Ranges) == 0 {
		return out, nil
	}
	rows, next, err := o.Cases.PublicPage(ctx, c.Actor, filter, after, in.Limit)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if in.Box == "" || inside.holds(&rows[i]) { // cells cover the box with a margin
			out.Body.Items = append(out.Body.Items, o.public(c.Request.Lang, &rows[i]))
		}
	}
	if next != id.Nil {
		out.Body.Next = c.Next(&web.Cursor{ID: next}, list)
	}
	return out, nil
}

type box struct{ west, south, east, north int64 }

// holds tells whether a report is shown inside the box.
func (b box) holds(p *Public) bool {
	return p.Lat >= b.south && p.Lat <= b.north && p.Lon >= b.west && p.Lon <= b.east
}

func parseBox(text string) (box, error) {
	bad := errs.InvalidFields(errs.Field{Name: "bbox", Rule: "invalid"})
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return box{}, bad
	}
	var v [4]int64
	for i, p := range parts {
		d, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if bound := float64(180 - 90*(i%2)); err != nil || !(d >= -bound && d <= bound) {
			return box{}, bad
		}
		v[i] = micro(d)
	}
	b := box{v[0], v[1], v[2], v[3]}
	if b.west >= b.east || b.south >= b.north {
		return box{}, bad
	}
	return b, nil
}

func (o *operations) publicOne(ctx context.Context, c api.Call, in *struct{ NumberPath }) (*struct{ Body PublicReport }, error) {
	number, err := in.parse()
	if err != nil {
		return nil, err
	}
	p, err := o.Cases.ReadPublic(ctx, c.Actor, number)
	if err != nil {
		return nil, err
	}
	return &struct{ Body PublicReport }{o.public(c.Request.Lang, p)}, nil
}
