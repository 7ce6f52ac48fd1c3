package app

import (
	"context"
	"io"
	"strings"

	"okno/internal/casework"
	"okno/internal/geo"
	"okno/internal/places"
	"okno/internal/platform/blob"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/privacy"
	"okno/internal/taxonomy"
	"okno/internal/ui"
)

// The ports of casework's pages.

type topics struct{ *App }

func topicOf(r *taxonomy.Rubricator, lang string, t *taxonomy.Topic, f *taxonomy.Fact) casework.Topic {
	path := r.Path(t.Code, lang)
	out := casework.Topic{Code: t.Code, Name: t.In(lang), Hint: t.BelongsIn(lang)}
	if len(path) > 1 {
		out.Path = strings.Join(path[:len(path)-1], ". ")
	}
	if f == nil {
		return out
	}
	out.Danger, out.Fast, out.Photo, out.Place = f.Danger, f.FastTrack, f.Requires(taxonomy.FieldPhoto), f.Place != taxonomy.PlaceNone
	for _, name := range f.Required {
		if name != taxonomy.FieldPhoto {
			out.Fields = append(out.Fields, casework.Question{Name: name, Label: i18n.T(lang, taxonomy.FieldKey(name))})
		}
	}
	return out
}

// Topic implements [casework.Topics].
func (a topics) Topic(lang, code string) (casework.Topic, bool) {
	x, ok := rubricator(a).index()
	if !ok {
		return casework.Topic{}, false
	}
	if f, ok := x.Rubricator.Fact(code); ok {
		return topicOf(x.Rubricator, lang, &f.Topic, f), true
	}
	t, ok := x.Rubricator.Topic(code)
	if !ok {
		return casework.Topic{}, false
	}
	return topicOf(x.Rubricator, lang, t, nil), true
}

// Suggest implements [casework.Topics].
func (a topics) Suggest(lang, text string, n int) (out []casework.Topic) {
	x, ok := rubricator(a).index()
	if !ok {
		return nil
	}
	for _, s := range x.Rubricator.Suggest(text, n) {
		out = append(out, topicOf(x.Rubricator, lang, &s.Fact.Topic, s.Fact))
	}
	return out
}

// Find implements [casework.Topics].
func (a topics) Find(lang, query string, n int) (out []casework.Topic) {
	x, ok := rubricator(a).index()
	if !ok {
		return nil
	}
	for _, h := range x.Rubricator.Search(query, 4*n) {
		if h.Fact != nil && len(out) < n {
			out = append(out, topicOf(x.Rubricator, lang, h.Topic, h.Fact))
		}
	}
	return out
}

// Tree implements [casework.Topics].
func (a topics) Tree(lang string) (out []casework.TopicGroup) {
	x, ok := rubricator(a).index()
	if !ok {
		return nil
	}
	for _, c := range x.Rubricator.Categories {
		g := casework.TopicGroup{Code: c.Code, Name: c.In(lang)}
		for _, s := range c.Subcategories {
			sub := casework.TopicGroup{Code: s.Code, Name: s.In(lang)}
			for i := range s.Facts {
				if f := &s.Facts[i]; !f.Retired {
					t := topicOf(x.Rubricator, lang, &f.Topic, f)
					t.Path = ""
					sub.Topics = append(sub.Topics, t)
				}
			}
			g.Groups = append(g.Groups, sub)
		}
		out = append(out, g)
	}
	return out
}

// Categories implements [casework.Topics].
func (a topics) Categories(lang string) (out []casework.Topic) {
	x, ok := rubricator(a).index()
	if !ok {
		return nil
	}
	for _, c := range x.Rubricator.Categories {
		out = append(out, casework.Topic{Code: c.Code, Name: c.In(lang)})
	}
	return out
}

type atlas struct{ *App }

// spotOf is what the search of places found, as a form offers it.
func spotOf(f places.Found) casework.Spot {
	kind := string(f.Kind)
	if f.Kind == places.FoundAsset {
		kind = string(f.Asset)
	}
	s := casework.Spot{Place: f.ID, Kind: kind, Text: f.Text, Lat: int64(f.At.Lat), Lon: int64(f.At.Lon)}
	if name, town, ok := strings.Cut(s.Text, ", "); ok && f.Kind == places.FoundLocality && name == town { // the town that its municipality is called after
		s.Text = name
	}
	if f.Kind == places.FoundAddress {
		s.Text, s.Name = f.Address.Text(), f.Address.Name
	}
	return s
}

// Search implements [casework.Atlas].
func (a atlas) Search(query string, n int, lat, lon int64) (out []casework.Spot) {
	at, _ := geo.Micro(lat, lon) // no point: the larger towns first
	for _, f := range a.Places.Index().SearchPlacesNear(query, n, at) {
		out = append(out, spotOf(f))
	}
	return out
}

// Spot implements [casework.Atlas].
func (a atlas) Spot(place id.ID) (casework.Spot, bool) {
	f, ok := a.Places.Index().Place(place)
	return spotOf(f), ok
}

// Around implements [casework.Atlas].
func (a atlas) Around(lat, lon int64, metres float64) (out []casework.CellRange) {
	p, ok := geo.Micro(lat, lon)
	if !ok {
		return nil
	}
	for _, r := range geo.Ranges(geo.Around(p, metres)) {
		out = append(out, casework.CellRange{Min: r[0], Max: r[1]})
	}
	return out
}

// Inside implements [casework.Atlas].
func (a atlas) Inside(south, west, north, east int64) (out []casework.CellRange) {
	lo, ok1 := geo.Micro(south, west)
	hi, ok2 := geo.Micro(north, east)
	if !ok1 || !ok2 {
		return nil
	}
	for _, r := range geo.Ranges(geo.Box{Min: lo, Max: hi}) {
		out = append(out, casework.CellRange{Min: r[0], Max: r[1]})
	}
	return out
}

// Distance implements [casework.Atlas].
func (a atlas) Distance(lat1, lon1, lat2, lon2 int64) float64 {
	p, ok1 := geo.Micro(lat1, lon1)
	q, ok2 := geo.Micro(lat2, lon2)
	if !ok1 || !ok2 {
		return 1e9
	}
	return geo.Distance(p, q)
}

// Territory implements [casework.Atlas].
func (a atlas) Territory(lang, code string) string {
	t, ok := a.Places.Index().Territory(code)
	if !ok {
		return ""
	}
	if lang == i18n.English && t.NameEN != "" {
		return t.NameEN
	}
	return t.Name
}

// Territories implements [casework.Atlas].
func (a atlas) Territories(lang string) (out []casework.Topic) {
	for _, t := range a.Places.Index().Territories() {
		if t.Parent != "" {
			name := t.ShortName
			if lang == i18n.English && t.NameEN != "" {
				name = t.NameEN
			}
			out = append(out, casework.Topic{Code: t.Code, Name: name})
		}
	}
	return out
}

// areas are the territories as choices of a form.
func (a *App) areas(lang string) (out []ui.Option) {
	for _, t := range a.Places.Index().Territories() {
		name := t.ShortName
		if lang == i18n.English && t.NameEN != "" {
			name = t.NameEN
		}
		out = append(out, ui.Option{Value: t.Code, Text: name})
	}
	return out
}

// IDOf implements [privacy.AuditOffices].
func (a offices) IDOf(ctx context.Context, code string) (id.ID, error) {
	t, err := a.Directory.Tree(ctx)
	if err != nil {
		return id.Nil, err
	}
	o, ok := t.ByCode(code)
	if !ok {
		return id.Nil, errs.New(errs.NotFound, "")
	}
	return o.ID, nil
}

// NamesOf implements [privacy.AuditOffices].
func (a offices) NamesOf(ctx context.Context, lang string, ids []id.ID) (map[id.ID]privacy.AuditOffice, error) {
	t, err := a.Directory.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]privacy.AuditOffice, len(ids))
	for _, org := range ids {
		if o, ok := t.Get(org); ok {
			out[org] = privacy.AuditOffice{Code: o.Code, Name: o.ShortIn(lang)}
		}
	}
	return out, nil
}

type store struct{ *App }

// Upload implements [casework.Store].
func (a store) Upload(ctx context.Context, actor policy.Actor, name string, _ int64, key string, r io.Reader) (casework.FileInfo, error) {
	if err := policy.Allow(actor, policy.AttachmentUpload); err != nil {
		return casework.FileInfo{}, err
	}
	return a.put(ctx, actor.Person, name, key, r)
}

func (a store) put(ctx context.Context, by id.ID, name, key string, r io.Reader) (casework.FileInfo, error) {
	o, err := a.Blobs.Upload(ctx, blob.Upload{Owner: by, Uploader: by, Name: name, Body: r, Key: key})
	if err != nil {
		return casework.FileInfo{}, err
	}
	return fileInfo(o), nil
}

// Forget implements [casework.Store].
func (a store) Forget(ctx context.Context, actor policy.Actor, which id.ID) error {
	return a.Blobs.Discard(ctx, which, actor.Person)
}

// Shut implements [casework.Store].
func (a store) Shut(ctx context.Context, actor policy.Actor, which []id.ID) (map[id.ID]casework.FileState, error) {
	list, err := a.Blobs.Objects(ctx, a.DB, which)
	if err != nil {
		return nil, err
	}
	out := map[id.ID]casework.FileState{}
	for _, o := range list {
		sender := o.Uploader == actor.Person && actor.SignedIn()
		switch {
		case o.Deleted || o.State == blob.Infected:
			out[o.ID] = casework.FileGone
		case o.Ready() || sender:
		case o.State == blob.Unscannable:
			out[o.ID] = casework.FileUncertain
		default:
			out[o.ID] = casework.FileChecked
		}
	}
	return out, nil
}

// Serve implements [casework.Store].
func (a store) Serve(ctx context.Context, actor policy.Actor, which id.ID, size string) (web.Response, error) {
	variant := map[string]string{"thumb": blob.Thumb, "large": blob.Large}[size]
	c, err := a.Blobs.Open(ctx, which, variant, actor.Person)
	if err != nil {
		return nil, err
	}
	kept := "private, max-age=3600"
	if !actor.SignedIn() { // what was released may be taken back: asked for each time
		kept = "private, no-cache"
	}
	reply := web.File(c.Name, c.MIME, a.Clock.Now(), c).Set("ETag", c.ETag).Set("Cache-Control", kept)
	if c.Inline {
		reply.Inline()
	}
	return reply, nil
}

type reads struct{ *App }

// RecordRead implements [casework.Reads]. A reading that needs a reason and
// has none is refused: what isn't recorded isn't sent.
func (a reads) RecordRead(ctx context.Context, actor policy.Actor, what policy.Action, subject, thing id.ID, grant policy.Grant, reason string) error {
	if err := grant.Reason(reason); err != nil {
		return err
	}
	return a.Privacy.Record(ctx, actor, privacy.Read{What: what, Subject: subject, Thing: thing, Grant: grant, Reason: reason})
}

// RecordList implements [casework.Reads].
func (a reads) RecordList(ctx context.Context, actor policy.Actor, what policy.Action, filter string, shown int) error {
	grant, err := policy.Check(actor, what, policy.Object{Organisation: actor.Organisation})
	if err != nil {
		return err
	}
	return a.Privacy.Record(ctx, actor, privacy.Read{What: what, Grant: grant, Filter: filter, Shown: shown})
}
