package app

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"log/slog"
	"net/netip"
	"testing"

	"okno/internal/calendar"
	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/places"
	"okno/internal/platform/blob"
	"okno/internal/platform/config"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// caller is one of those who ask.
type caller struct {
	name, office string       // office: code of the organisation, "" for citizens
	person       id.ID        // Nil: nobody
	role         policy.Role  // held there
	cookie       string       // of a session
	token        string       // of the API, for the office
	citizen      policy.Actor // as on citizens' pages
	acting       policy.Actor // as in the office's workspace; the citizen where there is none
}

// known is a case of which the walk knows everything.
type known struct {
	name, number string
	object       policy.Object // as the policy sees it, without who joined
	joined       []id.ID
	words        []string // that only who may read it may see
}

// of is the case as it stands to a person.
func (k known) of(person id.ID) policy.Object {
	o := k.object
	for _, p := range k.joined {
		if p == person {
			o.Participants = []id.ID{person}
		}
	}
	return o
}

// street is an installation with every role in two organisations, those above
// them, and cases of people who are strangers to each other.
type street struct {
	*App
	t       *testing.T
	orgs    map[string]directory.Organisation
	callers []caller
	by      map[string]*caller
	cases   []known // the last is of nobody: its number was never given out
	files   map[string]id.ID
	fact    string

	findings map[string][]string // who, by what is wrong
	missing  map[string]string   // what is answered of a case that isn't there
}

var officerRoles = []policy.Role{policy.Moderator, policy.Coordinator, policy.Handler, policy.Approver, policy.Supervisor, policy.OrgAdmin}

// newStreet builds it on SQLite, through use cases.
func newStreet(t *testing.T) *street {
	t.Helper()
	return newStreetIn(t, t.TempDir(), dbtest.SQLiteURL(t, Migrations()...))
}

// newStreetIn is newStreet in a folder; an empty database is SQLite's there.
func newStreetIn(t *testing.T, data, database string) *street {
	t.Helper()
	ctx, operator := t.Context(), policy.Machine("operator:test")
	a, err := Open(ctx, config.Config{Data: data, Listen: "127.0.0.1:0", URL: "https://okno.example", Zone: "Europe/Moscow", NoLimits: true,
		Database: config.DSN(database)}, Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	w := &street{App: a, t: t, orgs: map[string]directory.Organisation{}, by: map[string]*caller{}, files: map[string]id.ID{}, fact: "roads.surface.pothole", findings: map[string][]string{}, missing: map[string]string{}}
	w.must(err)
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	w.must(a.Places.Load(ctx, operator, oneHouse(), nil))
	_, err = a.Places.Refresh(ctx)
	w.must(err)
	hours, err := calendar.Office("Europe/Moscow")
	w.must(err)
	for _, o := range []struct {
		code, parent string
		oversees     bool
	}{{code: "dept"}, {code: "roads", parent: "dept"}, {code: "lamps"}, {code: "gas"}, {code: "centre", oversees: true}, {code: "admins"}} {
		made, err := a.Directory.AddOrganisation(ctx, operator, directory.Organisation{Code: o.code, Kind: directory.Government, Parent: w.orgs[o.parent].ID,
			Name: "Служба " + o.code, Hours: hours, Territories: []string{"reg"}, Oversees: o.oversees})
		w.must(err)
		w.orgs[o.code] = made
	}
	_, err = a.Taxonomy.Publish(ctx, operator, taxonomy.Default(), "test")
	w.must(err)
	_, err = a.Taxonomy.ReplaceRules(ctx, operator, []taxonomy.Rule{{Organisation: "roads"}, {Owner: taxonomy.OwnerUnknown, Organisation: "roads"}}, "")
	w.must(err)
	w.people()
	w.reports()
	return w
}

func (w *street) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// attend puts a coordinator into an organisation who asks nothing here.
func (w *street) attend(org id.ID, login string) {
	person, err := w.Identity.Register(w.t.Context(), policy.Machine("operator:test"), identity.Registration{Login: login, Name: "Служащий"})
	w.must(err)
	w.must(w.Directory.AddOfficer(w.t.Context(), policy.Machine("operator:test"), org, person, directory.Office{Title: "инженер", Roles: []policy.Role{policy.Coordinator}}))
}

// people makes everybody who asks. Passwords are hashed cheaply: by a service
// beside the installation's own, over the same tables.
func (w *street) people() {
	cheap := identity.New(identity.Config{DB: w.DB, Clock: w.Clock, Vault: w.Vault, Hashing: identity.Hashing{Memory: 64, Passes: 1}, Registrations: 1000})
	cheap.Bind(w.Directory)
	add := func(name, shown, office string, role policy.Role) {
		ctx, home := w.t.Context(), netip.MustParseAddr("192.0.2.7")
		person, err := cheap.Register(ctx, policy.Nobody("ru"), identity.Registration{Login: name, Name: shown, Password: "Berezka-49-tri", Address: home})
		w.must(err)
		if office != "" {
			w.must(w.Directory.AddOfficer(ctx, policy.Machine("operator:test"), w.orgs[office].ID, person, directory.Office{Title: "инженер", Roles: []policy.Role{role}}))
		}
		opened, err := cheap.SignIn(ctx, policy.Nobody("ru"), identity.SignIn{Login: name, Password: "Berezka-49-tri", Address: home, Agent: "test"})
		w.must(err)
		session, err := cheap.Resolve(ctx, opened.Token)
		w.must(err)
		_, token, err := cheap.MakeToken(ctx, session.Actor, identity.NewToken{Name: "программа", Organisation: office})
		w.must(err)
		c := caller{name: name, office: office, person: person, role: role, cookie: opened.Token, token: token, citizen: session.Actor, acting: session.Actor}
		if office != "" {
			c.acting, err = w.Directory.Acting(ctx, session.Actor, office)
			w.must(err)
		}
		w.callers = append(w.callers, c)
	}
	w.attend(w.orgs["gas"].ID, "gas_coordinator")
	w.callers = []caller{{name: "nobody", citizen: policy.Nobody("ru"), acting: policy.Nobody("ru")}}
	add("nina", "Нина Сокольская", "", "")
	add("oleg", "Олег Посторонний", "", "")
	add("jana", "Яна Соседкина", "", "")
	for _, office := range []string{"roads", "lamps"} {
		for _, role := range officerRoles {
			add(office+"_"+string(role), "Служащий", office, role)
		}
	}
	add("dept_supervisor", "Служащий", "dept", policy.Supervisor)
	add("dept_approver", "Служащий", "dept", policy.Approver)
	add("dept_admin", "Служащий", "dept", policy.OrgAdmin)
	add("centre_supervisor", "Служащий", "centre", policy.Supervisor)
	add("region_admin", "Служащий", "admins", policy.RegionAdmin)
	add("vera", "Вера Чужеземцева", "", "")
	for i := range w.callers {
		w.by[w.callers[i].name] = &w.callers[i]
	}
}

// reports files the cases: one of Nina's that she keeps closed, one that is
// public and that Jana joined, and Vera's, which another house holds.
func (w *street) reports() {
	file := func(name, who, words string, hidden bool, office string) known {
		ctx, actor := w.t.Context(), w.by[who].citizen
		blobID := w.photo(ctx, w.by[who].person)
		w.files[name] = blobID
		in := casework.FileInput{Text: words, Fact: w.fact, Place: casework.PlaceInput{Address: places.IDOf("adr.01"), Note: "приметы " + name},
			Hidden: hidden, Files: []id.ID{blobID}, Channel: "portal", Lang: "ru"}
		if office != "" {
			in.Organisation = w.orgs[office].ID
		}
		receipt, err := w.Cases.FileReport(ctx, actor, in)
		w.must(err)
		v, err := w.Cases.Read(ctx, actor, receipt.Number, "")
		w.must(err)
		return known{name: name, number: receipt.Number, words: []string{words[:40], "приметы " + name},
			object: policy.Object{Owner: actor.Person, Organisation: v.Organisation, Territory: v.State.Territory, Public: !hidden}}
	}
	own := file("own", "nina", "Нинино тайное слово: яма у подъезда, никому не показывать.", true, "")
	shared := file("shared", "nina", "Нинино открытое дело: яма у остановки во всю полосу движения.", false, "")
	foreign := file("foreign", "vera", "Верина чужая тайна: утечка газа в подвале второго дома.", true, "gas")
	own.words = append(own.words, "Сокольская")
	shared.words = append(shared.words, "Сокольская")
	foreign.words = append(foreign.words, "Чужеземцева", foreign.number, id.ShowNumber(foreign.number))
	for _, k := range []known{own, shared} {
		_, err := w.Cases.Act(w.t.Context(), w.by["roads_moderator"].acting, k.number, casework.Accept, casework.Input{})
		w.must(err)
	}
	_, err := w.Cases.Join(w.t.Context(), w.by["jana"].citizen, shared.number)
	w.must(err)
	shared.joined = []id.ID{w.by["jana"].person}
	w.cases = []known{own, shared, foreign, {name: "missing", number: id.NewNumber()}}
}

// photo is a checked picture of a person's.
func (w *street) photo(ctx context.Context, owner id.ID) id.ID {
	var b bytes.Buffer
	w.must(png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 8, 8))))
	o, err := w.Blobs.Upload(ctx, blob.Upload{Owner: owner, Uploader: owner, Name: "яма.png", Body: &b})
	w.must(err)
	w.must(w.Blobs.Process(ctx, o.ID, nil))
	return o.ID
}

// decide is what the policy says: 200, 401, 403 or 404.
func decide(a policy.Actor, action policy.Action, o policy.Object, reason string) int {
	grant, err := policy.Check(a, action, o)
	if err == nil {
		err = grant.Reason(reason)
	}
	switch errs.CodeOf(err) {
	case "":
		return 200
	case errs.NotFound:
		return 404
	case errs.Unauthenticated:
		return 401
	}
	return 403
}
