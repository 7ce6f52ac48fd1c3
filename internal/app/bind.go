package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/geo"
	"okno/internal/notify"
	"okno/internal/places"
	"okno/internal/platform/blob"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// The ports of casework, bound to the modules that own what it asks for.

type offices struct{ *App }

func (a offices) tree() *directory.Tree {
	t, err := a.Directory.Tree(context.Background())
	if err != nil {
		a.Log.Error("app: directory not read", "error", err)
		return &directory.Tree{}
	}
	return t
}

func officeOf(o directory.Organisation) casework.Office {
	return casework.Office{ID: o.ID, Code: o.Code, Name: o.Name, NameEN: o.NameEN, ShortName: o.ShortName, ShortNameEN: o.ShortNameEN, Hours: o.Hours, Active: o.Active}
}

// Office implements [casework.Offices].
func (a offices) Office(org id.ID) (casework.Office, bool) {
	o, ok := a.tree().Get(org)
	return officeOf(o), ok
}

// serves tells whether an organisation answers for a territory, by name or as
// a part of a larger one. One that names none answers for all.
func (a *App) serves(org id.ID, territory string) bool {
	o, ok := offices{a}.tree().Get(org)
	if !ok || len(o.Territories) == 0 || territory == "" || slices.Contains(o.Territories, territory) {
		return ok
	}
	return slices.ContainsFunc(o.Territories, func(code string) bool {
		return slices.Contains(below{a.Places}.Below(code), territory)
	})
}

// HasRole implements [casework.Offices].
func (a offices) HasRole(ctx context.Context, org, person id.ID, role policy.Role) (bool, error) {
	return a.Directory.Holds(ctx, a.DB, org, person, role)
}

// Staff implements [casework.Offices].
func (a offices) Staff(ctx context.Context, orgs []id.ID) (map[id.ID][]casework.Duty, error) {
	list, err := a.Directory.Staff(ctx, orgs)
	if err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	out := make(map[id.ID][]casework.Duty, len(orgs))
	for _, o := range list {
		out[o.Organisation] = append(out[o.Organisation], casework.Duty{Person: o.Person, Roles: o.Roles, Absent: o.Absent(now)})
	}
	return out, nil
}

// Find implements [casework.OfficeList].
func (a offices) Find(query string, n int) []casework.Office {
	var out []casework.Office
	for _, o := range a.tree().Find(query, n) {
		out = append(out, officeOf(o))
	}
	return out
}

// staffOf is a role in an organisation.
type staffOf struct {
	org  id.ID
	role policy.Role
}

// Officers implements [casework.OfficeList]: whom a page offers to choose.
// What was chosen is checked anew.
func (a offices) Officers(ctx context.Context, org id.ID, role policy.Role) ([]casework.Officer, error) {
	list, err := a.officers.Get(staffOf{org, role}, func() ([]directory.Named, error) { return a.Directory.OfficersWith(ctx, org, role) })
	if err != nil {
		return nil, err
	}
	out := make([]casework.Officer, len(list))
	for i, o := range list {
		out[i] = casework.Officer{Person: o.Person, Name: o.Name, Title: o.Title}
	}
	return out, nil
}

type rubricator struct{ *App }

func (a rubricator) index() (*taxonomy.Index, bool) {
	x, err := a.Taxonomy.Current(context.Background())
	if err != nil {
		if !errs.Is(err, errs.Unavailable) {
			a.Log.Error("app: rubricator not read", "error", err)
		}
		return nil, false
	}
	return x, true
}

// Fact implements [casework.Rubricator].
func (a rubricator) Fact(code string) (casework.FactInfo, bool) {
	x, ok := a.index()
	if !ok {
		return casework.FactInfo{}, false
	}
	f, ok := x.Rubricator.Fact(code)
	if !ok {
		return casework.FactInfo{}, false
	}
	required := slices.Clone(f.Required)
	if f.Place != taxonomy.PlaceNone {
		required = append(required, "place")
	}
	return casework.FactInfo{Code: f.Code, Category: f.CategoryCode(), Name: f.Name, NameEN: f.NameEN, Term: f.Term,
		FastTrack: f.FastTrack, Required: required, AssetKinds: f.AssetKinds, Proof: len(f.Proof) > 0}, true
}

type ground struct{ *App }

func kindsOf(names []string) []places.AssetKind {
	out := make([]places.AssetKind, len(names))
	for i, n := range names {
		out[i] = places.AssetKind(n)
	}
	return out
}

// Resolve implements [casework.Places].
func (a ground) Resolve(in casework.PlaceInput, assetKinds []string) (casework.Place, error) {
	if in.Address == id.Nil && in.Lat == 0 && in.Lon == 0 {
		return casework.Place{Note: in.Note}, nil
	}
	var at geo.Point
	if in.Lat != 0 || in.Lon != 0 {
		p, ok := geo.Micro(in.Lat, in.Lon)
		if !ok {
			return casework.Place{}, places.OutOfRegion()
		}
		at = p
	}
	r, err := a.Places.Index().Resolve(in.Address, at, kindsOf(assetKinds), a.Clock.Now().Format(time.DateOnly))
	if err != nil {
		return casework.Place{}, err
	}
	p := casework.Place{Territory: r.Territory, Address: r.Address, Text: r.Text, Note: in.Note,
		Lat: int64(r.Point.Lat), Lon: int64(r.Point.Lon), Cell: r.Cell}
	if r.Ownership.Known {
		p.Asset = r.Ownership.Asset.ID
		t := offices(a).tree()
		if o, ok := t.ByCode(r.Ownership.Owner); ok {
			p.Owner = o.ID
		}
		if o, ok := t.ByCode(r.Ownership.Operator); ok {
			p.Operator = o.ID
		}
	}
	return p, nil
}

// House implements [casework.Places].
func (a ground) House(address id.ID) (lat, lon int64, ok bool) {
	h, ok := a.Places.Index().Address(address)
	return int64(h.At.Lat), int64(h.At.Lon), ok
}

type router struct{ *App }

// Route implements [casework.Router].
func (a router) Route(fact string, place casework.Place) (casework.Routed, error) {
	x, ok := rubricator(a).index()
	if !ok {
		return casework.Routed{}, errs.New(errs.Unavailable, "taxonomy.not_published")
	}
	f, ok := x.Rubricator.Fact(fact)
	if !ok {
		return casework.Routed{}, errs.New(errs.NotFound, "")
	}
	t := offices(a).tree()
	party := func(org id.ID) taxonomy.Party {
		o, ok := t.Get(org)
		if !ok {
			return taxonomy.Party{}
		}
		return taxonomy.Party{Code: o.Code, Kind: string(o.Kind)}
	}
	r := x.Competence.Route(a.Clock.Now().Format(time.DateOnly), f, place.Territory, party(place.Owner), party(place.Operator))
	o, ok := t.ByCode(r.Organisation)
	if !ok {
		return casework.Routed{}, errs.New(errs.NotFound, "")
	}
	return casework.Routed{Organisation: o.ID, Why: string(r.Why), Unknown: r.Unknown}, nil
}

type files struct{ *App }

func fileInfo(o blob.Object) casework.FileInfo {
	k, _ := blob.KindOf(o.Kind)
	return casework.FileInfo{Blob: o.ID, Name: o.Name, Kind: k.MIME, Size: o.Size, Uploader: o.Uploader}
}

// Claim implements [casework.Files].
func (a files) Claim(ctx context.Context, uploader id.ID, blobs []id.ID) ([]casework.FileInfo, error) {
	if len(blobs) == 0 {
		return nil, nil
	}
	list, err := a.Blobs.Check(ctx, uploader, blobs, nil)
	if err != nil {
		return nil, err
	}
	out := make([]casework.FileInfo, len(list))
	for i, o := range list {
		out[i] = fileInfo(o)
	}
	return out, nil
}

// Keep implements [casework.Files].
func (files) Keep(tx *db.Tx, uploader id.ID, blobs []id.ID) error {
	blob.Link(tx, uploader, blobs...)
	return nil
}

// world is what the table of competence refers to.
type world struct{ *App }

// Areas implements [taxonomy.World].
func (a world) Areas(context.Context) ([]taxonomy.Area, error) {
	var out []taxonomy.Area
	for _, t := range a.Places.Index().Territories() {
		out = append(out, taxonomy.Area{Code: t.Code, Parent: t.Parent})
	}
	return out, nil
}

// Parties implements [taxonomy.World].
func (a world) Parties(ctx context.Context) ([]taxonomy.Party, error) {
	t, err := a.Directory.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var out []taxonomy.Party
	t.Walk(id.Nil, func(o directory.Organisation, _ int) bool {
		out = append(out, taxonomy.Party{Code: o.Code, Kind: string(o.Kind)})
		return true
	})
	return out, nil
}

// below tells the directory which territories lie below one.
type below struct{ *places.Service }

// Below implements [directory.Territories].
func (b below) Below(code string) (out []string) {
	for _, t := range b.Index().Territories() {
		if t.Parent == code {
			out = append(out, t.Code)
			out = append(out, b.Below(t.Code)...)
		}
	}
	return out
}

// Known implements [directory.Territories].
func (b below) Known(code string) bool {
	return slices.ContainsFunc(b.Index().Territories(), func(t places.Territory) bool { return t.Code == code })
}

// audience tells notify who is to be told of a fact of a case.
type audience struct{ *App }

// tellWithin is how old a fact may be of which people are told: what an
// import or the demonstration writes of a past year is no news.
const tellWithin = 14 * 24 * time.Hour

// Audience implements [notify.Audience].
func (a audience) Audience(ctx context.Context, facts []journal.Entry) (map[id.ID][]notify.To, error) {
	now := a.Clock.Now()
	var steps []casework.Step
	out := make(map[id.ID][]notify.To, len(facts))
	for _, f := range facts {
		if now.Sub(f.At) > tellWithin {
			continue
		}
		if f.Kind == directory.FactOfficerRemoved || f.Kind == directory.FactOfficerChanged {
			to, err := a.toldOfLeaving(ctx, f)
			if err != nil {
				return nil, err
			}
			out[f.ID] = to
			continue
		}
		step := casework.Step{Fact: f.ID, Case: f.Subject, Who: f.Person, Action: casework.Action(strings.TrimPrefix(f.Kind, "casework.")), Reason: f.Reason}
		if err := f.Decode(&step.Body); err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	told, err := a.Cases.Tell(ctx, steps)
	if err != nil {
		return nil, err
	}
	t := offices(a).tree()
	for fact, list := range told {
		for _, p := range list {
			to := notify.To{Person: p.Person, Kind: p.Kind, Number: p.Number, Args: p.Args}
			if o, ok := t.Get(p.Office); ok {
				to.Place = o.Code
			}
			out[fact] = append(out[fact], to)
		}
	}
	return out, nil
}
