package casework

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"okno/internal/platform/errs"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

func (o *operations) registerPublic(a *api.API) {
	api.Register(a, api.Operation{ID: "list-public-reports", Method: http.MethodGet, Path: "/public/reports", Tag: tagPublic, Open: true,
		Summary:     "Public reports: the newest, or those inside a box",
		Description: "What strangers may see: topic, place to the house, month, state, number of people. With `bbox` those inside it, thinned where there are many; without it the newest of the region."},
		policy.CaseworkPublicRead, o.publicList)
	api.Register(a, api.Operation{ID: "get-public-report", Method: http.MethodGet, Path: "/public/reports/{number}", Tag: tagPublic, Open: true,
		Summary: "One report as a stranger sees it", Description: "Also the excerpt and photos that the moderator released."},
		policy.CaseworkPublicRead, o.publicOne)
}

type publicListInput struct {
	Box      string `query:"bbox" maxLength:"100" doc:"west,south,east,north in degrees" example:"31.40,60.08,31.50,60.12"`
	Category string `query:"category" maxLength:"60" pattern:"^[a-z0-9_-]*$" doc:"Code of a category of the rubricator; only with bbox" example:"roads"`
	Open     bool   `query:"open" doc:"Only those on which work goes on; only with bbox"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"At most so many"`
}

func (o *operations) publicList(ctx context.Context, c api.Call, in *publicListInput) (*struct{ Body api.Page[PublicReport] }, error) {
	var all []Public
	if in.Box == "" {
		if in.Category != "" || in.Open {
			return nil, errs.InvalidFields(errs.Field{Name: "bbox", Rule: "required"})
		}
		var err error
		if all, err = o.Cases.LatestPublic(ctx, c.Actor, in.Limit); err != nil {
			return nil, err
		}
	} else {
		b, err := parseBox(in.Box)
		if err != nil {
			return nil, err
		}
		inside, err := o.Cases.PublicIn(ctx, c.Actor, o.Atlas.Inside(b.south, b.west, b.north, b.east), in.Category, in.Open, 60)
		if err != nil {
			return nil, err
		}
		for _, p := range inside { // cells cover the box with a margin
			if p.Lat >= b.south && p.Lat <= b.north && p.Lon >= b.west && p.Lon <= b.east && len(all) < in.Limit {
				all = append(all, p)
			}
		}
	}
	out := &struct{ Body api.Page[PublicReport] }{}
	out.Body.Items = make([]PublicReport, len(all))
	for i := range all {
		out.Body.Items[i] = o.public(c.Request.Lang, &all[i])
	}
	return out, nil
}

type box struct{ west, south, east, north int64 }

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
