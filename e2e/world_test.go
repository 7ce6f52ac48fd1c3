package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"okno/internal/app"
	"okno/internal/casework"
	"okno/internal/demo/competence"
	"okno/internal/demo/photo"
	"okno/internal/demo/region"
	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/platform/blob"
	"okno/internal/platform/config"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

const (
	password      = "Berezka-49-tri"
	sessionCookie = "__Host-okno"
	roads         = "mun.01.roads" // the organisation in which the story's officers work
)

var operator = policy.Machine("operator:test")

// drift is the machine's clock moved by as much as the filling of the world needs.
type drift struct{ by atomic.Int64 }

func (d *drift) Now() time.Time {
	return time.Now().UTC().Add(time.Duration(d.by.Load())).Truncate(time.Millisecond)
}

// world is an installation with a region, an organisation and people in it.
type world struct {
	t      *testing.T
	app    *app.App
	url    string
	clock  *drift
	dir    string
	people map[string]id.ID
	names  map[string]string
	log    *logbook
}

// logbook keeps what the program complained about.
type logbook struct{ bytes.Buffer }

// open starts an installation and serves it until the test ends; set may
// change its configuration.
func open(t *testing.T, set ...func(*config.Config)) *world {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: &drift{}, dir: t.TempDir(), people: map[string]id.ID{}, names: map[string]string{}, log: &logbook{}}
	w.url = fmt.Sprintf("http://localhost:%d", ln.Addr().(*net.TCPAddr).Port)
	level := slog.LevelWarn
	out := os.Stderr
	cfg := config.Config{Data: filepath.Join(w.dir, "data"), Listen: ln.Addr().String(), URL: w.url, Zone: "Europe/Moscow", MaxUpload: 30 << 20, NoLimits: true}
	for _, f := range set {
		f(&cfg)
	}
	w.app, err = app.Open(t.Context(), cfg, app.Options{Clock: w.clock, Log: slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: level}))})
	if err != nil {
		t.Fatal(err)
	}
	w.fill()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- w.app.Run(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := w.app.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// fill loads the region and makes people, offices and reports, by use cases alone.
func (w *world) fill() {
	ctx := w.t.Context()
	r := region.New(region.DefaultSeed)
	w.must(w.app.Places.Load(ctx, operator, r.Register(), nil))
	_, err := w.app.Places.Refresh(ctx)
	w.must(err)
	var orgs []directory.Draft
	for _, o := range region.Organisations() {
		short := []rune(o.ShortName)
		orgs = append(orgs, directory.Draft{ParentCode: o.Parent, Organisation: directory.Organisation{Code: o.Code, Kind: directory.Kind(o.Kind), Name: o.Name,
			ShortName: string(short[:min(60, len(short))]), NameEN: o.NameEN, Territories: o.Territories, Active: true}})
	}
	done, err := w.app.Directory.Put(ctx, operator, orgs)
	w.must(err)
	for _, p := range done.Problems {
		w.t.Fatal(p.Code, p.Err)
	}
	_, err = w.app.Taxonomy.Publish(ctx, operator, taxonomy.Default(), "built-in")
	w.must(err)
	_, err = w.app.Taxonomy.ReplaceRules(ctx, operator, competence.Rules(), "")
	for _, f := range fieldsOf(err) {
		w.t.Logf("%+v", f)
	}
	w.must(err)

	w.person("nina", "Нина Соколова")
	w.person("pavel", "Павел Орлов")
	w.person("olga", "Ольга Рябинина", policy.Moderator)
	w.person("irina", "Ирина Лаптева", policy.Coordinator)
	w.person("timur", "Тимур Ахметов", policy.Handler)
	w.person("vera", "Вера Гусева", policy.Handler)
	w.person("oleg", "Олег Зимин", policy.Approver)
	w.person("anna", "Анна Котова", policy.OrgAdmin, policy.Supervisor)
	town, err := w.app.Identity.Register(ctx, operator, identity.Registration{Login: "town", Name: "Юлия Белова"}) // takes what is handed over
	w.must(err)
	w.must(w.app.Directory.AddOfficer(ctx, operator, w.organisation("mun.01.admin").ID, town, directory.Office{Roles: []policy.Role{policy.Coordinator}, Title: "специалист", TitleEN: "specialist"}))
	w.reports()
}

// person registers somebody; one with roles holds an office in the organisation of the story.
func (w *world) person(login, name string, roles ...policy.Role) {
	ctx := w.t.Context()
	p, err := w.app.Identity.Register(ctx, operator, identity.Registration{Login: login, Name: name, Password: password})
	w.must(err)
	w.people[login], w.names[login] = p, name
	if len(roles) == 0 {
		return
	}
	w.must(w.app.Directory.AddOfficer(ctx, operator, w.office().ID, p, directory.Office{Roles: roles, Title: "специалист", TitleEN: "specialist"}))
}

func (w *world) office() directory.Organisation { return w.organisation(roads) }

func (w *world) organisation(code string) directory.Organisation {
	tree, err := w.app.Directory.Tree(w.t.Context())
	w.must(err)
	o, ok := tree.ByCode(code)
	if !ok {
		w.t.Fatal("the region has no organisation " + code)
	}
	return o
}

// citizen is a person acting for themselves, officer one in their office.
func (w *world) citizen(login string) policy.Actor {
	return policy.Actor{Person: w.people[login], Roles: []policy.Role{policy.Citizen}, Lang: "ru", Zone: "Europe/Moscow"}
}

func (w *world) officer(login string) policy.Actor {
	a, err := w.app.Directory.Acting(w.t.Context(), w.citizen(login), roads)
	w.must(err)
	return a
}

// deed is one step of a report that stands in the world when the story begins.
type deed struct {
	who    string
	action casework.Action
	text   string
	after  time.Duration
}

// reports fills the organisation's lists: something in each stage, late, near its term and fresh.
func (w *world) reports() {
	const day = 24 * time.Hour
	accept := deed{"olga", casework.Accept, "", 2 * time.Hour}
	timur, vera := deed{"irina", casework.Assign, "timur", 3 * time.Hour}, deed{"irina", casework.Assign, "vera", 3 * time.Hour}
	answer := "Здравствуйте. Бригада выехала на место, повреждённый участок вырубили и заделали горячей смесью. Гарантия на ремонт два года."
	submit, approve := deed{"timur", casework.Submit, answer, 2 * day}, deed{"oleg", casework.Approve, "", 3 * time.Hour}
	for i, r := range []struct {
		who, fact, place, text string
		ago                    time.Duration
		photo                  photo.Scene
		deeds                  []deed
	}{
		{"pavel", "roads.surface.pothole", "Верхнеозёрск, Рыбацкая улица, 2", "Яма во всю полосу у остановки, глубина сантиметров пятнадцать. Автобус объезжает её по встречной.", 20 * day, "pothole", []deed{accept, timur}},
		{"nina", "roads.surface.pothole", "Верхнеозёрск, Рыбацкая улица, 8", "Напротив аптеки провалился асфальт, машины бьют колёса. Объехать нельзя: рядом стоянка.", 12 * day, "pothole", []deed{accept, timur, submit, approve}},
		{"pavel", "roads.winter.ice", "Верхнеозёрск, Набережная улица, 5", "Спуск к набережной не посыпан, утром там сплошной лёд. Вчера упала соседка.", 3 * day, "iceroad", []deed{accept, vera}},
		{"nina", "roads.sidewalks.snow", "Верхнеозёрск, Рыбацкая улица, 11", "Тротуар от школы до остановки не чистили с понедельника, дети идут по дороге.", 2 * day, "snow", []deed{accept, timur, {"timur", casework.Ask, "Скажите, пожалуйста, нечётная сторона или чётная? На чётной мы убирали вчера.", 5 * time.Hour}}},
		{"pavel", "roads.crossings.missing", "Верхнеозёрск, Рыбацкая улица, 6", "У садика нет перехода, а ближайший за четыреста метров. Все перебегают.", 5 * day, "crossing", []deed{accept, vera, {"vera", casework.Defer, "Переход включили в план. Разметку и знаки поставим, когда просохнет асфальт.", 6 * time.Hour}, approve}},
		{"nina", "roads.surface.pothole", "Верхнеозёрск, Набережная улица, 12", "После ремонта труб яму засыпали щебнем, его растащило колёсами.", 26 * time.Hour, "trench", []deed{accept}},
		{"pavel", "roads.winter.snow", "Верхнеозёрск, Рыбацкая улица, 1", "Проезд во двор завалили снегом с дороги, скорая проехать не может.", 7 * time.Hour, "snowroad", []deed{accept}},
		{"pavel", "roads.surface.pothole", "Верхнеозёрск, Набережная улица, 20", "Глубокая яма на повороте, её не видно под водой.", 4 * time.Hour, "flood", nil},
		{"nina", "roads.winter.snow", "Верхнеозёрск, Набережная улица, 3", "Снежный вал у перехода выше детской коляски. Прошу убрать.", 2 * time.Hour, "snowroad", nil},
	} {
		w.clock.by.Store(int64(-r.ago))
		ctx := w.t.Context()
		photo := w.upload(r.who, "Фото.jpg", w.picture(r.photo, uint64(i+1), false))
		n := w.file(r.who, r.fact, r.place, r.text, photo)
		for _, d := range r.deeds {
			w.clock.by.Add(int64(d.after))
			in := casework.Input{Comment: d.text}
			switch d.action {
			case casework.Assign:
				in.Comment, in.Handler = "", w.people[d.text]
			case casework.Submit:
				in.Files = []id.ID{w.upload(d.who, "После ремонта.jpg", w.picture("pothole", 7, true))}
			case casework.Defer:
				in.PlanDate = w.clock.Now().AddDate(0, 0, 150).Format(time.DateOnly)
			}
			if _, err := w.app.Cases.Act(ctx, w.officer(d.who), n, d.action, in); err != nil {
				w.t.Fatalf("%s of %q: %v", d.action, r.text, err)
			}
		}
	}
	w.clock.by.Store(0)
}

func (w *world) file(who, fact, place, text string, files ...id.ID) string {
	spots := w.app.Places.Index().SearchAddresses(place, 1)
	if len(spots) == 0 {
		w.t.Fatal("no such place: " + place)
	}
	receipt, err := w.app.Cases.FileReport(w.t.Context(), w.citizen(who), casework.FileInput{Text: text, Fact: fact, Place: casework.PlaceInput{Address: spots[0].ID},
		Files: files, Organisation: w.office().ID, Channel: "portal", Lang: "ru"})
	w.must(err)
	return receipt.Number
}

// picture draws a photo of the scene and gives its file as JPEG.
func (w *world) picture(scene photo.Scene, seed uint64, after bool) string {
	name := filepath.Join(w.dir, fmt.Sprintf("%s-%d-%v.jpg", scene, seed, after))
	if _, err := os.Stat(name); err == nil {
		return name
	}
	var b bytes.Buffer
	w.must(jpeg.Encode(&b, photo.Draw(scene, seed, after, 1200, 900), &jpeg.Options{Quality: 85}))
	w.must(os.WriteFile(name, b.Bytes(), 0o600))
	return name
}

func (w *world) upload(who, name, file string) id.ID {
	f, err := os.Open(file)
	w.must(err)
	defer f.Close()
	p := w.people[who]
	o, err := w.app.Blobs.Upload(w.t.Context(), blob.Upload{Owner: p, Uploader: p, Name: name, Body: f})
	w.must(err)
	return o.ID
}

// session signs somebody in and gives the token of the session.
func (w *world) session(login string) string {
	o, err := w.app.Identity.SignIn(w.t.Context(), policy.Nobody("ru"), identity.SignIn{Login: login, Password: password})
	w.must(err)
	return o.Token
}

// client is a plain HTTP client of somebody who is signed in: a browser without scripts.
func (w *world) client(login string) *client {
	c := &client{t: w.t, url: w.url, http: &http.Client{Jar: &jar{have: map[string]string{}}, Timeout: 20 * time.Second}}
	if login != "" {
		p := c.get("/sign-in")
		p = p.form("/sign-in").set("login", login).set("password", password).send()
		if strings.Contains(p.path, "sign-in") {
			w.t.Fatalf("%s could not sign in: %d %s", login, p.status, p.text())
		}
	}
	return c
}

func fieldsOf(err error) []errs.Field {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

// write keeps a text as a file of that name.
func (w *world) write(name, text string) string {
	name = filepath.Join(w.dir, name)
	w.must(os.WriteFile(name, []byte(text), 0o600))
	return name
}
